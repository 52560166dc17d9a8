"""What all responses together show: statistics, and how the rules do in practice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.records.accounts.account import StaffSession
from screening.records.reader import PROGRAM
from screening.use_cases.access import Access, reader
from screening.use_cases.clinic_figures import ClinicFigures, clinic_figures, whole_months
from screening.use_cases.clinic_figures import hidden as without_small_cells
from screening.use_cases.small_cells import masked
from screening.use_cases.statistics import Statistics, statistics
from screening.use_cases.worklist_rows import WorklistRows


@dataclass(frozen=True)
class Judgements:
    """What clinicians made of one rule's flags. reasons: why flags were not relevant, the most frequent first, with how
    often."""

    rule: str
    raised: int
    discussed: int
    not_relevant: int
    follow_up: int
    reasons: tuple[tuple[str, int], ...]


class Figures:
    """Counts over everybody; nothing of one person."""

    def __init__(self, access: Access, worklist: WorklistRows) -> None:
        self._access, self._worklist = access, worklist
        self._statistics: Statistics | None = None
        self._counted_at = 0
        self._counting = threading.Lock()

    def judgements(self, by: StaffSession) -> list[Judgements]:
        """For each rule how often it is raised, and what clinicians last said of its flags; the most often set aside
        first."""
        self._access.require(by, "judgements")
        raised = Counter(rule for row in self._worklist.all()[0] for rule in row.summary.rules)
        entries = self._access.work.all_entries(reader(by, "judgements", again=True), "feedback")
        last = {(reference, entry.said["rule"]): entry.said for reference, entry in entries}
        said: dict[str, list[Mapping[str, Any]]] = {}
        for (_, rule), one in last.items():
            said.setdefault(rule, []).append(one)
        found = [Judgements(rule, raised[rule], *_counted(said.get(rule, []))) for rule in {*raised, *said}]
        return sorted(found, key=lambda one: (-one.not_relevant, -one.raised, one.rule))

    def statistics(self, by: StaffSession, hidden: bool) -> Statistics:
        """What all responses together look like; `hidden`: no count is below five people, as it always
        is for somebody who reads no responses. Counted anew when something changed."""
        self._access.require(by, "pictures")
        self._access.store.read_by(reader(by, "pictures", again=True), ["-"])
        with self._counting:
            seen, touched = self._access.work.touched(self._counted_at, reads=False)
            if self._statistics is None or touched:
                unopened: list[str] = []
                records = self._access.store.records(PROGRAM, unopened=unopened.append)
                self._statistics = statistics(
                    records,
                    self._access.work.reached(),
                    self._access.content,
                    self._access.staff.items.pain,
                    self._access.intake.today(),
                )
            self._counted_at = seen
            return masked(self._statistics) if hidden or not self._access.can(by, "list") else self._statistics

    def clinic(self, by: StaffSession, since: date, until: date, hidden: bool) -> ClinicFigures:
        """How the clinic does between two days; `hidden` as for `statistics`, then of whole months for somebody who
        reads no responses."""
        self._access.require(by, "pictures")
        self._access.store.read_by(reader(by, "pictures", again=True), ["-"])
        closed = not self._access.can(by, "list")
        since, until = min(since, until), max(since, until)
        if closed:
            since, until = whole_months(since, until)
        unopened: list[str] = []
        records = self._access.store.records(PROGRAM, since.isoformat(), until.isoformat(), unopened=unopened.append)
        found = clinic_figures(
            self._worklist.all()[0],
            records,
            self._access.work.reached(),
            self._access.content,
            self._access.zone,
            since,
            until,
            self._access.now(),
        )
        return without_small_cells(found) if hidden or closed else found


def _counted(said: list[Mapping[str, Any]]) -> tuple[int, int, int, tuple[tuple[str, int], ...]]:
    verdicts = Counter(one["verdict"] for one in said)
    reasons = Counter(one["reason"] for one in said if one["verdict"] == "not-relevant")
    return verdicts["discussed"], verdicts["not-relevant"], verdicts["follow-up"], tuple(reasons.most_common())
