"""One cell of a CSV file that a spreadsheet will open: text that can never become a formula.

A spreadsheet may split the same file at commas, semicolons or tabs, by its owner's country. So a cell is made harmless not
only at its start but after everything that could begin a cell in any of these readings.
"""

from __future__ import annotations

import re

# Formula starters, in their full-width forms too.
_STARTER = "=+\\-@＝＋－＠"
_BEFORE = re.compile(rf"(^|[,;\t\n\r:|\"'])(\s*)(?=[{_STARTER}])")


def harmless(text: str) -> str:
    """`text` with an apostrophe before everything that could begin a formula in any reading of the file."""
    return _BEFORE.sub(r"\1\2'", text)
