"""One response, opened: everything that staff may know of it, its body map and its prep sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from screening.engine.answer_text import chosen
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.result import Result
from screening.engine.screen import facts_of
from screening.records.accounts.account import StaffSession
from screening.records.reader import Reader
from screening.records.record import Record
from screening.records.work import Entry
from screening.records.work_state import State
from screening.use_cases.access import Access, NotDone, reader
from screening.use_cases.worklist import WorklistRow
from screening.use_cases.worklist_rows import WorklistRows


@dataclass(frozen=True)
class OpenedResponse:
    """One response, opened. content: the version it was answered under, or the newest where that cannot be read any
    more.

    row: its line of the worklist. original: the answers as sent, where staff amended them. perhaps: other responses of
    what is probably the same person, of which nothing is decided. linked: those that staff said are, oldest first.
    apart: references of those that staff said are not.
    """

    record: Record
    content: Content
    facts: ResponseFacts
    result: Result
    state: State
    row: WorklistRow
    entries: tuple[Entry, ...]
    original: Mapping[str, Any] | None
    perhaps: tuple[Record, ...]
    linked: tuple[Record, ...]
    apart: tuple[str, ...]

    def judged(self) -> dict[str, Entry]:
        """rule -> what a clinician last said of its flag."""
        return {entry.said["rule"]: entry for entry in self.entries if entry.kind == "feedback"}


class Responses:
    """Opens responses."""

    def __init__(self, access: Access, worklist: WorklistRows) -> None:
        self._access, self._worklist = access, worklist

    def open(self, by: StaffSession, reference: str, already_open: bool = False) -> OpenedResponse:
        """One response with everything about it. `already_open`: it is on this person's screen already, so that no
        second line is audited.

        Raises NotDone when there is no such response.
        """
        self._access.require(by, "open", reference[:16])
        who = reader(by, "open", again=already_open)
        record = self._access.store.record(who, reference)
        if record is None:
            raise NotDone("There is no response with this reference. It may have been deleted.")
        again, beside = replace(who, again=True), reader(by, "beside", again=True)
        content, _ = self._access.content_of(record)
        rows, twins = self._worklist.all()
        same = self._worklist.links().same(record.reference)
        perhaps = [row for row in rows if row.id in twins.get(record.id, ()) and row.opens]
        linked = [row for row in rows if row.reference in same and row.opens]
        original = self._access.work.original(again, record) if record.amendments else None
        return OpenedResponse(
            record,
            content,
            facts_of(record.answers, record.day, content)[0],
            Result.of(record.result, record.answers),
            self._access.work.state(record.id),
            next(row for row in rows if row.id == record.id),
            tuple(self._access.work.entries(again, record)),
            original,
            self._records(beside, perhaps),
            self._records(beside, linked),
            tuple(sorted(self._worklist.links().apart(record.reference))),
        )

    def _records(self, who: Reader, rows: list[WorklistRow]) -> tuple[Record, ...]:
        """The responses of these lines, oldest first."""
        found = [
            self._access.store.record(who, row.reference)
            for row in sorted(rows, key=lambda row: (row.authored, row.id))
        ]
        return tuple(one for one in found if one)

    def body(self, opened: OpenedResponse) -> tuple[str, list[str]]:
        """The body map of an opened response as SVG, and the names of the regions that were chosen."""
        from exports.prep_sheet import body_map

        item = opened.content.body_map
        given = opened.facts.response.answers.get(item.link_id) if item else None
        if item is None or not isinstance(given, tuple):
            return "", []
        return body_map(str(code) for code in given), list(chosen(item, given, opened.content.languages[0]))

    def sheet(self, by: StaffSession, opened: OpenedResponse, since: Mapping[str, Any] | None = None) -> bytes:
        """The prep sheet as a PDF. since: what changed since the person's last form, as the template shows it."""
        self._access.require(by, "sheet", opened.record.reference)
        from exports.prep_sheet import prep_sheet  # typesetting is only loaded when somebody wants a sheet

        self._access.store.note(by.account.name, "sheet", opened.record.reference)
        template = self._access.intake.directory / "prep-sheet.typ"
        return prep_sheet(opened.record, opened.content, template, since)
