"""A workbook (Office Open XML, ECMA-376) written from top to bottom into one file: no part of it is put down elsewhere,
and memory does not grow with it. Text stands in its cell as text: it cannot become a formula, a number or a link."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Protocol
from xml.sax.saxutils import escape, quoteattr

from exports.cell import Cell

MOST_ROWS = 1_048_575
"""What a sheet holds below its header."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEGIN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN, _BOLD, _DAY, _TIME = range(4)
_STYLES = f"""{_BEGIN}<styleSheet xmlns="{_MAIN}"><numFmts count="2">\
<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/>\
<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>\
<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">\
<border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  a workbook knows no zones
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Writable(Protocol):
    """A file that is only written, from beginning to end."""

    def write(self, plain: bytes, /) -> int:
        """Add bytes."""

    def flush(self) -> None:
        """Hand on what was added."""

    def close(self) -> None:
        """Nothing more comes."""


class Sheet:
    """One sheet that is being written. rows: how many there are below the header."""

    def __init__(self, file: IO[bytes], columns: int) -> None:
        self._file, self.rows = file, 0
        self._names = [_column(number) for number in range(columns)]

    def add(self, cells: Sequence[Cell], style: int = _PLAIN) -> None:
        """One more row. Raises ValueError above MOST_ROWS."""
        number = self.rows + 1 if style == _BOLD else self.rows + 2
        if number > MOST_ROWS + 1:
            raise ValueError(f"a workbook holds {MOST_ROWS} responses: choose a shorter time, or CSV")
        self.rows = number - 1
        places = zip(self._names, cells, strict=True)
        row = "".join(_cell(f"{name}{number}", cell, style) for name, cell in places)
        self._file.write(f'<row r="{number}">{row}</row>'.encode())

    @property
    def all_of_it(self) -> str:
        """Where its cells are, as A1:C9."""
        return f"A1:{self._names[-1]}{self.rows + 1}"


class Workbook:
    """Sheets, one after the other, in a file that need not be able to go back."""

    def __init__(self, file: Writable) -> None:
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._sheets: list[str] = []

    @contextmanager
    def sheet(self, name: str, header: Sequence[str], widths: Sequence[int], frozen: int) -> Iterator[Sheet]:
        """A further sheet with its header, which stays on the screen, as do the `frozen` first columns."""
        self._sheets.append(name)
        with self._archive.open(f"xl/worksheets/sheet{len(self._sheets)}.xml", "w") as file:
            pane = f'xSplit="{frozen}" ySplit="1" topLeftCell="{_column(frozen)}2" activePane="bottomRight"'
            columns = (f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
            file.write(
                f'{_BEGIN}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane {pane} '
                f'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
                f"<cols>{''.join(columns)}</cols><sheetData>".encode()
            )
            made = Sheet(file, len(header))
            made.add(header, _BOLD)
            yield made
            filtered = f'<autoFilter ref="{made.all_of_it}"/>' if made.rows else ""
            file.write(f"</sheetData>{filtered}</worksheet>".encode())

    def finish(self) -> None:
        """What a workbook says of its sheets."""
        numbers = range(1, len(self._sheets) + 1)
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
        )
        self._part(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>',
        )
        self._part("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        named = zip(numbers, self._sheets, strict=True)
        sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in named)
        self._part(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        )
        targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        self._part("xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")]))
        self._part("xl/styles.xml", _STYLES.removeprefix(_BEGIN))
        self._archive.close()

    def _part(self, name: str, xml: str) -> None:
        self._archive.writestr(name, _BEGIN + xml)


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _column(number: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def _cell(place: str, cell: Cell, style: int) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        text = _NOT_XML.sub(lambda one: f"_x{ord(one[0]):04X}_", _LIKE_AN_ESCAPE.sub("_x005F_", cell))
        text = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
        return f'<c r="{place}" s="{style}" t="inlineStr">{text}</c>'
    if isinstance(cell, datetime):
        return f'<c r="{place}" s="{_TIME}"><v>{(cell - _FIRST_DAY).total_seconds() / 86_400!r}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="{_DAY}"><v>{(cell - _FIRST_DAY.date()).days}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{cell + 0}</v></c>'
