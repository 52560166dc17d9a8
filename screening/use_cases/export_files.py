"""Export files on their way out: written beside the records, and there until whoever asked has taken them."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from exports.choices import Attached, Choices
from screening.engine.content import Content
from screening.records.store import Record, Store
from screening.records.work import Work


class ExportFiles:
    """The export files of one process. What an earlier process left is removed before the first is made."""

    def __init__(self, store: Store, content: Content, work: Work) -> None:
        self._store, self._content, self._work = store, content, work
        self._place: Path | None = None

    def write(
        self, ids: Sequence[int], choices: Choices, kind: Literal["csv", "xlsx"], progress: Callable[[float], None]
    ) -> tuple[Path, list[int], int]:
        """Write these records; (the file, the records in it, how many did not open and are left out).

        CSV comes as a ZIP with its codebook. progress: told the share that is done.
        Raises OSError, and ValueError for choices that cannot be.
        """
        from exports import staff_csv, staff_xlsx  # writers are only loaded when somebody exports

        unopened: list[str] = []
        taken: list[int] = []

        def records() -> Iterator[Record]:
            for record in self._store.records(unopened=unopened.append, ids=ids):
                taken.append(record.id)
                if len(taken) % 100 == 0:
                    progress(len(taken) / len(ids))
                yield record

        key = self._store.keys.derived("de-identified export")
        directory = Path(tempfile.mkdtemp(dir=self._directory()))
        try:
            attached = self._attached(choices)
            if kind == "csv":
                *files, _ = staff_csv.write(records(), self._content, directory, choices, key, attached)
                path = directory / "responses.zip"
                with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    for file in files:
                        archive.write(file, file.name)
                        file.unlink()
            else:
                path = directory / "responses.xlsx"
                staff_xlsx.write(records(), self._content, path, choices, key, attached)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        return path, taken, len(unopened)

    def _attached(self, choices: Choices) -> Attached:
        history: dict[str, list[str]] = {}
        notes: dict[str, list[str]] = {}
        kinds = [
            *(("status", "assigned", "contacted", "amended") if choices.history else ()),
            *(("note",) if choices.notes else ()),
        ]
        for reference, entry in self._work.all_entries(*kinds) if kinds else ():
            lines = notes if entry.kind == "note" else history
            said = entry.said.get("text") or entry.said.get("status") or entry.said.get("assigned") or ""
            lines.setdefault(reference, []).append(f"{entry.at} {entry.actor} {entry.kind} {said}".rstrip())
        return Attached(history, notes)

    def _directory(self) -> Path:
        if self._place is None:
            self._place = self._store.database.directory / "outgoing"
            shutil.rmtree(self._place, ignore_errors=True)
        self._place.mkdir(mode=0o700, exist_ok=True)
        return self._place
