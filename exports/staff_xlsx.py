"""A workbook for intake staff: responses as typed cells, the codebook, the rules explained, and what no cell can
hold.

Text is written as text, never read: it cannot become a formula, a number, a date or a link, and it reads back as it was
stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from exports.cell import Cell
from exports.choices import Attached, Choices
from exports.columns import Column
from exports.sheet import RULES, Sheet
from exports.staff_csv import CODEBOOK, codebook_rows
from screening.engine.content import Content
from screening.records.store import Record

LONGEST = 32_767
"""What a cell holds."""
PIECE = 16_000
CUT = " … [cut here: the whole stands on the sheet “long cells”]"
LONG = ("reference", "column", "part", "text")
MOST_ROWS = 1_048_575
"""What a sheet holds below its header."""


def write(
    records: Iterable[Record],
    content: Content,
    path: Path,
    choices: Choices = Choices(),  # noqa: B008
    key: bytes = b"",
    attached: Attached = Attached(),  # noqa: B008
) -> int:
    """Write the workbook; the number of responses. Memory does not grow with it.

    Raises OSError; ValueError for choices that cannot be, and above MOST_ROWS responses.
    """
    import xlsxwriter  # only staff need it

    sheet = Sheet(content, choices, key, attached)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".part")
    unfinished.touch(mode=0o600)
    try:
        with xlsxwriter.Workbook(unfinished, {"constant_memory": True, "tmpdir": str(unfinished.parent)}) as book:
            long: list[tuple[str, str, int, str]] = []
            names = [column.name for column in sheet.columns]
            page = _Page(book, "responses", names, _frozen(names), [_width(column) for column in sheet.columns], long)
            for record in records:
                page.add(sheet.cells(record))
            page.finish()
            for name, head, lines, widths in (
                ("codebook", CODEBOOK, codebook_rows(sheet), (26, 60, 14, 80)),
                ("rules", RULES, sheet.rules(), (30, 32, 26, 10, 110)),
                ("long cells", LONG, long, (20, 26, 8, 110)),
            ):
                if lines:
                    explained = _Page(book, name, list(head), 1, list(widths))
                    for line in lines:
                        explained.add(line)
                    explained.finish()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return page.rows


def _frozen(names: list[str]) -> int:
    """How many columns stay on the screen: up to the name, where there is one."""
    return names.index("full_name") + 1 if "full_name" in names[:3] else 1


def _width(column: Column) -> int:
    return {"0/1": 6, "number": 8, "integer": 8, "date": 11, "time": 18, "text": 24}.get(column.kind, 20)


class _Page:
    """One sheet, written from top to bottom. long: where what a cell cannot hold is put, in pieces, to be written on a
    sheet of its own."""

    def __init__(
        self, book: Any, name: str, header: list[str], frozen: int, widths: list[int], long: list[Any] | None = None
    ) -> None:
        self.page, self.header, self.long = book.add_worksheet(name), header, long
        self.day, self.time = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        bold = book.add_format({"bold": True})
        for place, width in enumerate(widths):
            self.page.set_column(place, place, width)
        for place, title in enumerate(header):
            self.page.write_string(0, place, title, bold)
        self.page.freeze_panes(1, frozen)
        self.rows = 0

    def add(self, cells: Iterable[Cell]) -> None:
        """One more row."""
        if self.rows >= MOST_ROWS:
            raise ValueError(f"a workbook holds {MOST_ROWS} responses: choose a shorter time, or CSV")
        self.rows += 1
        row = list(cells)
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    fits = len(cell) <= LONGEST // 2 or _units(cell) <= LONGEST
                    self.page.write_string(self.rows, place, cell if fits else self._cut(row, place, cell))
            elif isinstance(cell, datetime):
                self.page.write_datetime(self.rows, place, cell, self.time)
            elif isinstance(cell, date):
                self.page.write_datetime(self.rows, place, cell, self.day)
            elif cell is not None:
                self.page.write_number(self.rows, place, cell)

    def _cut(self, row: list[Cell], place: int, text: str) -> str:
        """The beginning of a text, and where the whole stands: no cell is cut in silence."""
        pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
        if self.long is not None:
            self.long += [(str(row[0]), self.header[place], n, piece) for n, piece in enumerate(pieces, 1)]
        return pieces[0] + CUT

    def finish(self) -> None:
        """The filter of the head, once all rows are known."""
        if self.rows:
            self.page.autofilter(0, 0, self.rows, len(self.header) - 1)


def _units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
