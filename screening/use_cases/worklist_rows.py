"""The lines of the worklist, kept in memory: who waits, in which queue, and what staff may read of why."""

from __future__ import annotations

import threading
from dataclasses import asdict

from screening.engine.result import Result
from screening.engine.summary import Summary, summary_of
from screening.model.rule import words_of_id
from screening.records.accounts.account import StaffSession
from screening.records.reader import PROGRAM
from screening.records.record import Record
from screening.records.seal import NotOpened
from screening.records.work import ListedResponse
from screening.use_cases.access import Access, reader
from screening.use_cases.queues import Queue, queue_of
from screening.use_cases.same_person import Links
from screening.use_cases.worklist import Wanted, WorklistRow, counts, duplicates, matching, ordered


class WorklistRows:
    """Every response as a line of the list."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._titles = {rule.id: rule.short for rule in access.content.rules}
        self._sections = {rule.id: one.section for one in access.content.sections for rule in one.rules}
        self._rows: dict[str, WorklistRow] = {}
        self._seen = -1
        self._links = Links()
        self._sorted: tuple[list[WorklistRow], dict[int, list[int]]] = ([], {})
        self._lock = threading.Lock()

    def rows(self, by: StaffSession, wanted: Wanted, sort: str = "") -> tuple[list[WorklistRow], dict[int, list[int]]]:
        """The wanted lines in their order, and for ids which others may be the same person's."""
        found, twins = self.matching(by, wanted)
        self._access.store.read_by(reader(by, "list", again=True), [row.reference for row in found])
        return (ordered(found, sort) if sort else found), twins

    def matching(self, by: StaffSession, wanted: Wanted) -> tuple[list[WorklistRow], dict[int, list[int]]]:
        """The same without their order, for what shows none of them: no line says that they were read."""
        self._access.require(by, "list")
        rows, twins = self.all()
        return matching(rows, wanted, self._access.staff, twins.keys()), twins

    def queues(self, by: StaffSession) -> dict[Queue, int]:
        """How many stand in each queue."""
        self._access.require(by, "list")
        return counts(self.all()[0])

    def unreached(self, by: StaffSession) -> frozenset[str]:
        """The references of everybody urgent whom nobody has reached; of nobody for those who see no list."""
        if not self._access.can(by, "list"):
            return frozenset()
        return frozenset(row.reference for row in self.all()[0] if row.queue == "call")

    def title(self, by: StaffSession, rule: str) -> str:
        """The few words by which staff know a flag in a list; of one that they may not read, that a clinician does."""
        self._access.require(by, "list")
        if not self.reads_rule(by, rule):
            return "for a clinician"
        return self.rule_title(rule)

    def rule_title(self, rule: str) -> str:
        """The few words by which a rule is known; those of its id where today's content does not have it."""
        return self._titles.get(rule) or words_of_id(rule)

    def reads_rule(self, by: StaffSession, rule: str) -> bool:
        """Whether somebody may read the flags of a rule. One that today's content does not have could be of any
        section: it is private where anything is."""
        section = self._sections.get(rule)
        return self._access.reads(by, section) if section else self._access.can(by, "private")

    def all(self) -> tuple[list[WorklistRow], dict[int, list[int]]]:
        """Every row, kept in memory; the audit trail says which have changed since the last time."""
        with self._lock:
            first = self._seen < 0
            seen, touched = self._access.work.touched(max(self._seen, 0), reads=False)
            if first or touched:
                fresh = {
                    line.reference: self._row_of(line)
                    for line in self._access.work.lines(None if first or len(touched) > 500 else touched)
                }
                gone = {reference for reference in touched if reference in self._rows and reference not in fresh}
                changed = [row for row in fresh.values() if self._rows.get(row.reference) != row]
                before = {row.reference: self._rows.get(row.reference) for row in changed}
                people = gone or any(
                    (was := before[row.reference]) is None or was.summary != row.summary for row in changed
                )
                for reference in gone:
                    del self._rows[reference]
                self._rows.update(fresh)
                links = self._decided()
                people = people or links != self._links
                self._links = links
                if gone or changed or people:  # most lines of the trail only say that somebody read something
                    rows = ordered(self._rows.values())
                    self._sorted = rows, self._undecided(rows) if people else self._sorted[1]
            self._seen = seen
            return self._sorted

    def links(self) -> Links:
        """Which forms are of one person, as staff decided."""
        self.all()
        return self._links

    def _decided(self) -> Links:
        try:
            return Links.of(self._access.work.all_entries(PROGRAM, "linked"))
        except NotOpened:  # one damaged line must not cost the list
            return self._links

    def _undecided(self, rows: list[WorklistRow]) -> dict[int, list[int]]:
        """Likely duplicates of which nobody said yet whether they are."""
        names = {row.id: row.reference for row in rows}
        apart = {
            one: [other for other in others if self._links.between(names[one], names[other]) is None]
            for one, others in duplicates(rows).items()
        }
        return {one: others for one, others in apart.items() if others}

    def _row_of(self, line: ListedResponse) -> WorklistRow:
        opens, found = True, line.brief
        if found is None or "ask_tier" not in found:  # from before summaries said so, or damaged
            try:
                record = self._access.store.record(PROGRAM, line.reference)
                found = asdict(self._summary(record)) if record else {}
            except NotOpened:
                opens, found = False, {}
        summary, state = Summary.of(found), line.state
        queue = queue_of(summary, state, self._access.staff)
        return WorklistRow(line.id, line.reference, line.received, line.authored, summary, state, queue, opens)

    def _summary(self, record: Record) -> Summary:
        result = Result.of(record.result, record.answers)
        return summary_of(record.answers, result, self._access.content_of(record)[0])
