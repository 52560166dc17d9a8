"""What staff take away: files of responses, each audited, and what they chose for the last one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from exports.choices import Choices
from exports.formats import Kind
from screening.engine.content import Content
from screening.records.accounts.account import StaffSession
from screening.records.exported import note_export
from screening.records.sealed_file import SealedFile
from screening.use_cases.access import Access, NotDone, reader
from screening.use_cases.export_files import ExportFiles
from screening.use_cases.worklist import Wanted, filter_words
from screening.use_cases.worklist_rows import WorklistRows


class StaffExports:
    """The exports of one clinic."""

    def __init__(self, access: Access, worklist: WorklistRows) -> None:
        self._access, self._worklist = access, worklist
        self.files = ExportFiles(access.store, access.content, access.work, self._content_of)

    def export(
        self,
        by: StaffSession,
        wanted: Wanted,
        choices: Choices,
        kind: Kind,
        progress: Callable[[float], None],
        only: Collection[str] = (),
    ) -> tuple[SealedFile, int, int]:
        """Write what is wanted, of that `only` these references where some are named; (the file, how many responses are
        in it, how many did not open and are left out).

        CSV comes as a ZIP with its codebook. The file is sealed on disk, and read once. Raises NotDone for choices
        that cannot be.
        """
        self._access.require(by, "export-deidentified" if choices.deidentified else "export")
        rows = [row for row in self._worklist.matching(by, wanted)[0] if not only or row.reference in only]
        try:
            file, taken, unopened = self.files.write(
                reader(by, "export"), [row.id for row in rows], choices, kind, progress
            )
        except ValueError as error:
            raise NotDone(f"This export cannot be made: {error}.") from None
        form = f"{kind} {'de-identified' if choices.deidentified else 'identified'}"
        said = f"{filter_words(wanted)}{f' chosen={len(only)}' if only else ''}"
        note_export(self._access.store, form, said, taken, by.account.name, datetime.now(UTC))
        return file, len(taken), unopened

    def preview(
        self, by: StaffSession, wanted: Wanted, choices: Choices, only: Collection[str] = ()
    ) -> tuple[list[str], list[list[str]]]:
        """The columns of an export, and the first rows of it."""
        self._access.require(by, "export-deidentified" if choices.deidentified else "export")
        rows = [row for row in self._worklist.matching(by, wanted)[0] if not only or row.reference in only]
        try:
            return self.files.preview(reader(by, "preview", again=True), [row.id for row in rows], choices)
        except ValueError as error:
            raise NotDone(f"This export cannot be made: {error}.") from None

    def _content_of(self, content: str) -> Content | None:
        """The content of that hash; None where it cannot be read any more."""
        intake = self._access.intake.under(content)
        return intake.content if intake else None

    def columns(self, choices: Choices) -> list[str]:
        """The names of the columns that such an export has."""
        from exports.sheet import Sheet

        return [column.name for column in Sheet(self._access.content, choices, b"only the names of columns").columns]

    def choices(self, by: StaffSession) -> Mapping[str, Any]:
        """What this person chose for the last export."""
        return self._access.accounts.choices(by.account.id)

    def remember(self, by: StaffSession, kind: str, choices: Choices) -> None:
        """Keep the choices for this person's next export."""
        kept = choices.model_dump(exclude={"columns", "language"}) | {
            "kind": kind,
            "columns": sorted(choices.columns or ()),
        }
        before = self._access.accounts.choices(by.account.id)
        self._access.accounts.remember(by.account.id, before | kept)
