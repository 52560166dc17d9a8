"""The forms in which responses leave: one table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Literal

from exports.choices import Attached, Choices
from exports.workbook import Writable
from screening.engine.content import Content
from screening.records.record import Record

Kind = Literal["csv", "xlsx"]
Write = Callable[[Iterable[Record], Content, Writable, Choices, bytes, Attached], object]


@dataclass(frozen=True)
class FileFormat:
    """One form. words: what staff choose; file: the name that the browser gives it; write: fills the file."""

    words: str
    file: str
    media: str
    write: Write


def _csv(
    records: Iterable[Record], content: Content, out: Writable, choices: Choices, key: bytes, more: Attached
) -> None:
    from exports import staff_csv

    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, mark, lines in staff_csv.files(records, content, choices, key, more):
            encoding = "utf-8-sig" if mark else "utf-8"
            with archive.open(name, "w") as part, TextIOWrapper(part, encoding, newline="") as file:
                for batch in staff_csv.batches(lines):
                    file.write(batch)


def _xlsx(
    records: Iterable[Record], content: Content, out: Writable, choices: Choices, key: bytes, more: Attached
) -> None:
    from exports import staff_xlsx

    staff_xlsx.write(records, content, out, choices, key, more)


FILE_FORMATS: Mapping[Kind, FileFormat] = {
    "xlsx": FileFormat(
        "Excel workbook: text stays text, numbers stay whole",
        "responses.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    "csv": FileFormat("CSV with codebook and rules, in a ZIP", "responses.zip", "application/zip", _csv),
}
"""Every form, the first being the one that is proposed."""
