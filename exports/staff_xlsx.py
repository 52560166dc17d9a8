"""A workbook for intake staff: responses as typed cells, the codebook, the rules explained, and what no cell can
hold.

Text is written as text, never read: it cannot become a formula, a number, a date or a link, and it reads back as it was
stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exports.cell import Cell
from exports.choices import Attached, Choices
from exports.columns import Column
from exports.sheet import RULES, Sheet
from exports.staff_csv import CODEBOOK, codebook_rows
from exports.workbook import Workbook, Writable
from screening.engine.content import Content
from screening.records.record import Record

LONGEST = 32_767
"""What a cell holds."""
PIECE = 16_000
CUT = " … [cut here: the whole stands on the sheet “long cells”]"
LONG = ("reference", "column", "part", "text")


def write(
    records: Iterable[Record],
    content: Content,
    out: Writable,
    choices: Choices = Choices(),  # noqa: B008
    key: bytes = b"",
    attached: Attached = Attached(),  # noqa: B008
) -> int:
    """Write the workbook; the number of responses. Memory does not grow with it.

    Raises OSError; ValueError for choices that cannot be, and above MOST_ROWS responses.
    """
    sheet = Sheet(content, choices, key, attached)
    book = Workbook(out)
    names = [column.name for column in sheet.columns]
    long: list[tuple[str, str, int, str]] = []
    with book.sheet("responses", names, [_width(column) for column in sheet.columns], _frozen(names)) as page:
        for record in records:
            page.add(_whole(sheet.cells(record), names, long))
    for name, head, lines, widths in (
        ("codebook", CODEBOOK, codebook_rows(sheet), (26, 60, 14, 80)),
        ("rules", RULES, sheet.rules(), (30, 32, 26, 10, 110)),
        ("long cells", LONG, long, (20, 26, 8, 110)),
    ):
        if lines:
            with book.sheet(name, head, widths, 1) as explained:
                for line in lines:
                    explained.add(_whole(line, head, []))
    book.finish()
    return page.rows


def _frozen(names: list[str]) -> int:
    """How many columns stay on the screen: up to the name, where there is one."""
    return names.index("full_name") + 1 if "full_name" in names[:3] else 1


def _width(column: Column) -> int:
    return {"0/1": 6, "number": 8, "integer": 8, "date": 11, "time": 18, "text": 24}.get(column.kind, 20)


def _whole(cells: Iterable[Cell], header: Sequence[str], long: list[tuple[str, str, int, str]]) -> list[Cell]:
    """A row in which every text fits its cell. What does not is put into `long` in pieces, and its cell says so: no
    cell is cut in silence."""
    row = list(cells)
    for place, cell in enumerate(row):
        if isinstance(cell, str) and len(cell) > LONGEST // 2 and _units(cell) > LONGEST:
            pieces = [cell[start : start + PIECE] for start in range(0, len(cell), PIECE)]
            long += [(str(row[0]), header[place], number, piece) for number, piece in enumerate(pieces, 1)]
            row[place] = pieces[0] + CUT
    return row


def _units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
