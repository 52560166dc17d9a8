"""Export files on their way out: sealed beside the records, until whoever asked has taken them."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence

from exports.choices import Attached, Choices
from exports.formats import FILE_FORMATS, Kind
from screening.engine.content import Content
from screening.records.reader import Reader
from screening.records.record import Record
from screening.records.sealed_file import SealedFile
from screening.records.store import Store
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
        self, reader: Reader, ids: Sequence[int], choices: Choices, kind: Kind, progress: Callable[[float], None]
    ) -> tuple[SealedFile, list[int], int]:
        """Write these records; (the file, the records in it, how many did not open and are left out).

        progress: told the share that is done. Raises OSError, and ValueError for choices that cannot be.
        """
        unopened: list[str] = []
        taken: list[int] = []

        def records() -> Iterator[Record]:
            for record in self._store.records(reader, unopened=unopened.append, ids=ids):
                taken.append(record.id)
                if len(taken) % 100 == 0:
                    progress(len(taken) / len(ids))
                yield record

        key = self._store.keys.derived("de-identified export")
        self._place.mkdir(mode=0o700, exist_ok=True)
        file = SealedFile(self._place / secrets.token_hex(16))
        try:
            with file:
                attached = self._attached(reader, choices, ids)
                FILE_FORMATS[kind].write(records(), self._content, file, choices, key, attached)
        except BaseException:
            file.remove()
            raise
        return file, taken, len(unopened)

    def preview(self, reader: Reader, ids: Sequence[int], choices: Choices) -> tuple[list[str], list[list[str]]]:
        """The names of the columns, and the cells of the first responses as text."""
        from exports.sheet import Sheet

        key = self._store.keys.derived("de-identified export")
        first = ids[:PREVIEW]
        sheet = Sheet(self._content, choices, key, self._attached(reader, choices, first))
        rows = [sheet.cells(record) for record in self._store.records(reader, ids=first)]
        names = [column.name for column in sheet.columns]
        return names, [["" if cell is None else str(cell) for cell in row] for row in rows]

    def _attached(self, reader: Reader, choices: Choices, ids: Sequence[int]) -> Attached:
        history: dict[str, list[str]] = {}
        notes: dict[str, list[str]] = {}
        kinds = [
            *(("status", "assigned", "contacted", "call", "undone", "amended") if choices.history else ()),
            *(("note",) if choices.notes else ()),
        ]
        for reference, entry in self._work.all_entries(reader, *kinds, only=set(ids)) if kinds else ():
            lines = notes if entry.kind == "note" else history
            said = next((entry.said[name] for name in _SAID if entry.said.get(name)), "")
            lines.setdefault(reference, []).append(f"{entry.at} {entry.actor} {entry.kind} {said}".rstrip())
        work = {} if choices.deidentified else {line.reference: line.state for line in self._work.lines()}
        return Attached(history, notes, work, self._content_of)
