"""One cell of a CSV file that a spreadsheet will open: text that can never become a formula.

A spreadsheet may split the same file at commas, semicolons or tabs, by its owner's country. So a cell is made harmless not
only at its start but after everything that could begin a cell in any of these readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

Cell = str | int | float | date | datetime | None
"""What one cell holds, typed: text, a number, a day, a time in UTC without its zone, or nothing."""

# Formula starters, in their full-width forms too.
_STARTER = "=+\\-@＝＋－＠"
_BEFORE = re.compile(rf"(^|[,;\t\n\r:|\"'])(\s*)(?=[{_STARTER}])")


def harmless(text: str) -> str:
    """`text` with an apostrophe before everything that could begin a formula in any reading of the file."""
    return _BEFORE.sub(r"\1\2'", text)


def quoted(cells: Iterable[Cell]) -> str:
    """Cells as they stand in a line of the file: harmless, all quoted, with commas between."""
    return ",".join([_quoted(cell) for cell in cells])


def _quoted(cell: Cell) -> str:
    if cell is None:
        return '""'
    if not isinstance(cell, str):
        return f'"{cell.isoformat() if isinstance(cell, date) else cell}"'
    return '"' + harmless(cell).replace('"', '""') + '"'
