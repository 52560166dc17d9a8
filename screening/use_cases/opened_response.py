"""One response, opened: everything that staff may know of it, its body map and its prep sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening.engine.answer_text import chosen
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.result import Result
from screening.engine.screen import facts_of
from screening.records.accounts.accounts import StaffSession
from screening.records.store import Record
from screening.records.work import Entry, State
from screening.use_cases.access import Access, NotDone
from screening.use_cases.worklist import WorklistRow
from screening.use_cases.worklist_rows import WorklistRows


@dataclass(frozen=True)
class OpenedResponse:
    """One response, opened. content: the version it was answered under, or the newest where that cannot be read any
    more.

    row: its line of the worklist. original: the answers as sent, where staff amended them. earlier: other responses of
    what is probably the same person.
    """

    record: Record
    content: Content
    facts: ResponseFacts
    result: Result
    state: State
    row: WorklistRow
    entries: tuple[Entry, ...]
    original: Mapping[str, Any] | None
    earlier: tuple[Record, ...]

    def judged(self) -> dict[str, Entry]:
        """rule -> what a clinician last said of its flag."""
        return {entry.said["rule"]: entry for entry in self.entries if entry.kind == "feedback"}


class Responses:
    """Opens responses."""

    def __init__(self, access: Access, worklist: WorklistRows) -> None:
        self._access, self._worklist = access, worklist

    def open(self, by: StaffSession, reference: str, already_open: bool = False) -> OpenedResponse:
        """One response with everything about it. `already_open`: it is on this person's screen already, so no new line
        is audited.

        Raises NotDone when there is no such response.
        """
        self._access.require(by, "open", reference[:16])
        record = self._access.store.record(reference)
        if record is None:
            raise NotDone("There is no response with this reference. It may have been deleted.")
        if not already_open:
            self._access.store.note(by.account.name, "open", record.reference)
        content, _ = self._access.content_of(record)
        rows, twins = self._worklist.all()
        others = [row for row in rows if row.id in twins.get(record.id, ()) and row.opens]
        earlier = [self._access.store.record(row.reference) for row in sorted(others, key=lambda row: row.id)]
        original = self._access.work.original(record) if record.amendments else None
        return OpenedResponse(
            record,
            content,
            facts_of(record.answers, record.day, content)[0],
            Result.of(record.result, record.answers),
            self._access.work.state(record.id),
            next(row for row in rows if row.id == record.id),
            tuple(self._access.work.entries(record)),
            original,
            tuple(one for one in earlier if one),
        )

    def body(self, opened: OpenedResponse) -> tuple[str, list[str]]:
        """The body map of an opened response as SVG, and the names of the regions that were chosen."""
        from exports.prep_sheet import body_map

        item = opened.content.body_map
        given = opened.facts.response.answers.get(item.link_id) if item else None
        if item is None or not isinstance(given, tuple):
            return "", []
        return body_map(str(code) for code in given), list(chosen(item, given, opened.content.languages[0]))

    def sheet(self, by: StaffSession, opened: OpenedResponse) -> bytes:
        """The prep sheet as a PDF."""
        self._access.require(by, "sheet", opened.record.reference)
        from exports.prep_sheet import prep_sheet  # typesetting is only loaded when somebody wants a sheet

        self._access.store.note(by.account.name, "sheet", opened.record.reference)
        return prep_sheet(opened.record, opened.content, self._access.intake.directory / "prep-sheet.typ")
