"""Export files on their way out: written beside the records, and there until whoever asked has taken them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from exports.choices import Attached, Choices
from exports.formats import FILE_FORMATS, Kind
from screening.engine.content import Content
from screening.records.store import Record, Store
from screening.records.work import Work

PREVIEW = 5
"""How many responses are shown before a file is made."""
_SAID = ("text", "outcome", "status", "assigned")


class ExportFiles:
    """The export files of one process. What an earlier process left is removed at the start."""

    def __init__(self, store: Store, content: Content, work: Work, content_of: Callable[[str], Content | None]) -> None:
        self._store, self._content, self._work, self._content_of = store, content, work, content_of
        self._place = store.database.directory / "outgoing"
        shutil.rmtree(self._place, ignore_errors=True)

    def write(
        self, ids: Sequence[int], choices: Choices, kind: Kind, progress: Callable[[float], None]
    ) -> tuple[Path, list[int], int]:
        """Write these records; (the file, the records in it, how many did not open and are left out).

        progress: told the share that is done. Raises OSError, and ValueError for choices that cannot be.
        """
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
        form = FILE_FORMATS[kind]
        path = directory / form.file
        try:
            form.write(records(), self._content, path, choices, key, self._attached(choices))
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        return path, taken, len(unopened)

    def preview(self, ids: Sequence[int], choices: Choices) -> tuple[list[str], list[list[str]]]:
        """The names of the columns, and the cells of the first responses as text."""
        from exports.sheet import Sheet

        key = self._store.keys.derived("de-identified export")
        sheet = Sheet(self._content, choices, key, self._attached(choices))
        rows = [sheet.cells(record) for record in self._store.records(ids=ids[:PREVIEW])]
        names = [column.name for column in sheet.columns]
        return names, [["" if cell is None else str(cell) for cell in row] for row in rows]

    def _attached(self, choices: Choices) -> Attached:
        history: dict[str, list[str]] = {}
        notes: dict[str, list[str]] = {}
        kinds = [
            *(("status", "assigned", "contacted", "call", "undone", "amended") if choices.history else ()),
            *(("note",) if choices.notes else ()),
        ]
        for reference, entry in self._work.all_entries(*kinds) if kinds else ():
            lines = notes if entry.kind == "note" else history
            said = next((entry.said[name] for name in _SAID if entry.said.get(name)), "")
            lines.setdefault(reference, []).append(f"{entry.at} {entry.actor} {entry.kind} {said}".rstrip())
        work = {} if choices.deidentified else {line.reference: line.state for line in self._work.lines()}
        return Attached(history, notes, work, self._content_of)

    def _directory(self) -> Path:
        self._place.mkdir(mode=0o700, exist_ok=True)
        return self._place
