"""A workbook for intake staff: responses as typed cells, and the codebook as a second sheet.

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
from exports.sheet import Sheet
from exports.staff_csv import CODEBOOK, codebook_rows
from screening.engine.content import Content
from screening.records.store import Record

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
        with xlsxwriter.Workbook(unfinished, {"constant_memory": True}) as book:
            page = _Page(book, "responses", [column.name for column in sheet.columns])
            for record in records:
                page.add(sheet.cells(record))
            explained = _Page(book, "codebook", list(CODEBOOK))
            for line in codebook_rows(sheet):
                explained.add(line)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return page.rows


class _Page:
    """One sheet, written from top to bottom."""

    def __init__(self, book: Any, name: str, header: list[str]) -> None:
        self.page = book.add_worksheet(name)
        self.day, self.time = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        bold = book.add_format({"bold": True})
        for place, title in enumerate(header):
            self.page.write_string(0, place, title, bold)
        self.page.freeze_panes(1, 1)
        self.rows = 0

    def add(self, cells: Iterable[Cell]) -> None:
        """One more row."""
        if self.rows >= MOST_ROWS:
            raise ValueError(f"a workbook holds {MOST_ROWS} responses: choose a shorter time, or CSV")
        self.rows += 1
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    self.page.write_string(self.rows, place, cell)
            elif isinstance(cell, datetime):
                self.page.write_datetime(self.rows, place, cell, self.time)
            elif isinstance(cell, date):
                self.page.write_datetime(self.rows, place, cell, self.day)
            elif cell is not None:
                self.page.write_number(self.rows, place, cell)
