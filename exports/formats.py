"""The forms in which responses leave: one table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exports.choices import Attached, Choices
from screening.engine.content import Content
from screening.records.store import Record

Kind = Literal["csv", "xlsx"]
Write = Callable[[Iterable[Record], Content, Path, Choices, bytes, Attached], None]


@dataclass(frozen=True)
class FileFormat:
    """One form. words: what staff choose; file: the name that the browser gives it; write: fills the file."""

    words: str
    file: str
    media: str
    write: Write


def _csv(records: Iterable[Record], content: Content, path: Path, choices: Choices, key: bytes, more: Attached) -> None:
    from exports import staff_csv

    place = path.parent / "parts"
    staff_csv.write(records, content, place, choices, key, more)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in sorted(place.iterdir()):
            archive.write(file, file.name)
            file.unlink()
    place.rmdir()


def _xlsx(
    records: Iterable[Record], content: Content, path: Path, choices: Choices, key: bytes, more: Attached
) -> None:
    from exports import staff_xlsx

    staff_xlsx.write(records, content, path, choices, key, more)


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
