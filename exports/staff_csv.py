"""CSV for intake staff: one row a response, and a codebook that explains every column.

Files are UTF-8, by choice with a byte order mark, with every cell quoted; dates are ISO. Columns are of the content
that is in use now: an answer to an item that no longer exists stays in the last column, `other_answers`.

Why there is no answer is a code of its own (exports/asked.py), judged by the questions of the day of the form. It
stands in the cell, and for numbers and days in a column beside it, so that these stay numbers and days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import getitem
from pathlib import Path
from typing import Any

from exports.asked import Why
from exports.cell import quoted, quoted_one
from exports.choices import Attached, Choices
from exports.columns import Part
from exports.redcap import dictionary
from exports.sheet import RULES, Sheet
from exports.syntax import r, spss, stata
from screening.engine.content import Content
from screening.records.record import Record

BATCH = 500
"""Lines that are written together."""
REMEMBERED = 5_000
"""Different answers to one item whose text is kept."""
RESPONSES, CODEBOOK_FILE = "responses.csv", "codebook.csv"
CODEBOOK = ("column", "meaning", "type", "codes")


def write(
    records: Iterable[Record],
    content: Content,
    directory: Path,
    choices: Choices = Choices(),  # noqa: B008
    key: bytes = b"",
    attached: Attached = Attached(),  # noqa: B008
) -> tuple[Path, Path, int]:
    """Write responses.csv, codebook.csv and rules.csv into `directory` (for research also a REDCap dictionary and
    syntax for Stata, SPSS and R); the first two paths and the number of responses.

    Memory does not grow with the number of records. Raises OSError, and ValueError for choices that cannot be.
    """
    made = files(records, content, choices, key, attached)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    counts = {name: written(directory / name, rows, mark) - 1 for name, mark, rows in made}
    return directory / RESPONSES, directory / CODEBOOK_FILE, counts[RESPONSES]


def files(
    records: Iterable[Record], content: Content, choices: Choices, key: bytes, attached: Attached
) -> Iterator[tuple[str, bool, Iterable[str]]]:
    """(name, whether it begins with a byte order mark, lines) of each file, to be read in this order. Raises ValueError
    for choices that cannot be."""
    sheet = Sheet(content, choices, key, attached)
    return _files(sheet, records)


def _files(sheet: Sheet, records: Iterable[Record]) -> Iterator[tuple[str, bool, Iterable[str]]]:
    mark = sheet.choices.mark
    yield RESPONSES, mark, lines(sheet, map(sheet.keys, records))
    yield CODEBOOK_FILE, mark, (quoted(row) for row in [CODEBOOK, *codebook_rows(sheet)])
    yield "rules.csv", mark, (quoted(row) for row in [RULES, *sheet.rules()])
    if sheet.choices.purpose == "research":
        yield "redcap_dictionary.csv", False, (quoted(row) for row in dictionary(sheet.columns))
        for name, syntax in (("stata.do", stata), ("spss.sps", spss), ("r.R", r)):
            yield name, False, syntax(sheet.columns).splitlines()


def lines(sheet: Sheet, rows: Iterable[list[Any]]) -> Iterator[str]:
    """The header, then a line for the keys of each response."""
    yield quoted([column.name for column in sheet.columns])
    texts = [_Texts(part) for part in sheet.parts]
    for keys in rows:
        yield ",".join(map(getitem, texts, keys))


class _Texts(dict[Any, str]):
    """The text of a part's cells by its key. What many people answer is made once."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.part = part

    def __missing__(self, key: Any) -> str:
        text = quoted_one(key) if self.part.plain and isinstance(key, str) else quoted(self.part.cells(key))
        if (self.part.few and len(self) < REMEMBERED) or isinstance(key, Why):
            self[key] = text
        return text


def codebook_rows(sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """A line for every column: its name, meaning, type, and the codes that may stand in it."""
    return [(column.name, column.meaning, column.kind, column.codes) for column in sheet.columns]


def written(path: Path, rows: Iterable[str], mark: bool) -> int:
    """Write to a neighbouring file and put it in place when it is whole; the number of lines. mark: whether it begins
    with a byte order mark."""
    unfinished = path.with_suffix(".part")
    count = 0
    with unfinished.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        unfinished.chmod(0o600)

        def counted() -> Iterator[str]:
            nonlocal count
            for row in rows:
                count += 1
                yield row

        for batch in batches(counted()):
            file.write(batch)
    unfinished.replace(path)
    return count


def batches(rows: Iterable[str]) -> Iterator[str]:
    """Lines as they stand in a file, some hundreds together."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield "\r\n".join(batch) + "\r\n"
