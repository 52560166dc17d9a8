"""One cell of a CSV file that a spreadsheet will open: text that can never become a formula.

A spreadsheet may split the same file at commas, semicolons or tabs, by its owner's country. So a cell is made harmless
not only at its start but after everything that could begin a cell in any of these readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

Cell = str | int | float | date | datetime | None
"""What one cell holds, typed: text, a number, a day, a time in UTC without its zone, or nothing."""

# Formula starters, in their full-width forms too.
_STARTER = "=+\\-@＝＋－＠"
_SEPARATOR = ",;\\t\\n\\r:|\"'"
_BEFORE = re.compile(rf"(^|[{_SEPARATOR}])(\s*)(?=[{_STARTER}])")
# The same in two that only look: far faster, and most text holds neither.
_AT_START = re.compile(rf"\s*[{_STARTER}]")
_WITHIN = re.compile(rf"[{_SEPARATOR}]\s*[{_STARTER}]")


def harmless(text: str) -> str:
    """`text` with an apostrophe before everything that could begin a formula in any reading of the file."""
    if _AT_START.match(text) or _WITHIN.search(text):
        return _BEFORE.sub(r"\1\2'", text)
    return text


def quoted(cells: Iterable[Cell]) -> str:
    """Cells as they stand in a line of the file: harmless, all quoted, with commas between."""
    return ",".join([quoted_one(cell) for cell in cells])


def quoted_one(cell: Cell) -> str:
    """One cell as it stands in a line of the file."""
    if isinstance(cell, str):
        return '"' + harmless(cell).replace('"', '""') + '"'
    if cell is None:
        return '""'
    return f'"{cell.isoformat() if isinstance(cell, date) else cell}"'
