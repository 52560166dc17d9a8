"""The worklist: who waits, in queues, most pressing and longest waiting first; filters, search, and forms that one
person may have sent twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from screening.engine.summary import Summary
from screening.model.rule import TIERS
from screening.model.site import Staff
from screening.records.work_state import State
from screening.use_cases.queues import QUEUES, Queue
from screening.use_cases.search import Query, SoughtPerson

NOBODY = "-"
"""The filter for responses that nobody has taken."""
FEW = 8
"""A form with fewer answers than these says almost nothing."""


@dataclass(frozen=True)
class WorklistRow:
    """One line. received: ISO 8601 in UTC; opens: False when the record is damaged or its key is not here."""

    id: int
    reference: str
    received: str
    authored: str
    summary: Summary
    state: State
    queue: Queue
    opens: bool = True

    @cached_property
    def person(self) -> SoughtPerson:
        """What the person is found by."""
        return SoughtPerson(self.summary.name, self.summary.birth, self.summary.phone, self.reference)

    @cached_property
    def since(self) -> datetime:
        """Since when somebody waits for us: the form was sent, or answers that staff asked for made it urgent."""
        return datetime.fromisoformat(self.state.urgent_since or self.received)

    @property
    def almost_empty(self) -> bool:
        """Whether so little was answered that the absence of flags says nothing."""
        return self.summary.answers < FEW


@dataclass(frozen=True)
class Wanted:
    """What to show; empty shows all that is not done. `text` is what search reads: parts of a name, a date, digits of a
    telephone, a reference.

    Everything but `text` may stand in an address: it holds no personal data.
    """

    queue: str = ""
    status: str = ""
    tier: str = ""
    assigned: str = ""
    since: str = ""
    until: str = ""
    twice: bool = False
    rule: str = ""
    text: str = ""


SORTS: Mapping[str, Callable[[WorklistRow], Any]] = {
    "": lambda row: (QUEUES.index(row.queue), row.summary.pressing, row.since),
    "name": lambda row: (row.person.names[:1] or ("\U0010ffff",), row.since),
    "newest": lambda row: (-row.since.timestamp(),),
    "oldest": lambda row: (row.since,),
    "who": lambda row: (row.state.assigned or "\U0010ffff", row.summary.pressing, row.since),
}
"""The orders of the list by their name in an address; the first is the one in which nobody pressing is overlooked."""


def ordered(rows: Iterable[WorklistRow], sort: str = "") -> list[WorklistRow]:
    """Queue after queue, most pressing first (open questions count as flags do), the longest waiting first among
    equals; or in another of the SORTS."""
    return sorted(rows, key=SORTS.get(sort, SORTS[""]))


def matching(rows: Sequence[WorklistRow], wanted: Wanted, staff: Staff, twins: Collection[int]) -> list[WorklistRow]:
    """The rows that are wanted, in their order. `twins`: ids of rows that have a likely duplicate."""
    query = Query(wanted.text)
    everything = bool(query) or wanted.status == "all" or wanted.queue == "done"

    def wants(row: WorklistRow) -> bool:
        # Who searches for somebody finds them, done or not; and somebody urgent whom nobody reached is not done.
        open_ = row.queue == "call" or not staff.is_done(row.state.status)
        return (
            (everything or wanted.status != "" or open_)
            and wanted.status in ("", "all", row.state.status)
            and wanted.queue in ("", row.queue)
            and wanted.tier in ("", row.summary.tier or "none")
            and wanted.assigned in ("", row.state.assigned or NOBODY)
            and (not wanted.since or row.authored >= wanted.since)
            and (not wanted.until or row.authored <= wanted.until)
            and (not wanted.twice or row.id in twins)
            and (not wanted.rule or wanted.rule in row.summary.rules)
            and query.finds(row.person)
        )

    return [row for row in rows if wants(row)]


def counts(rows: Iterable[WorklistRow]) -> dict[Queue, int]:
    """How many stand in each queue."""
    found = dict.fromkeys(QUEUES, 0)
    for row in rows:
        found[row.queue] += 1
    return found


def filter_words(wanted: Wanted) -> str:
    """The filter as it is audited: never what was searched for."""
    said = {name: value for name, value in asdict(wanted).items() if value}
    if "text" in said:
        said["text"] = "typed"
    return " ".join(f"{name}={value}" for name, value in said.items()) or "open"


def duplicates(rows: Iterable[WorklistRow]) -> dict[int, list[int]]:
    """id -> ids of other responses that the same person probably sent: the same name and birth date, or name and
    telephone."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        name = row.person.same_name
        phone = row.person.digits[-9:]
        if name and row.summary.birth:
            groups.setdefault((name, "birth", row.summary.birth), []).append(row.id)
        if name and len(phone) >= 7:
            groups.setdefault((name, "phone", phone), []).append(row.id)
    found: dict[int, set[int]] = {}
    for ids in groups.values():
        for one in ids if len(ids) > 1 else ():
            found.setdefault(one, set()).update(other for other in ids if other != one)
    return {one: sorted(others) for one, others in found.items()}


def tiers() -> tuple[str, ...]:
    """The tiers that a filter can name, and `none` for a response without flags."""
    return (*TIERS, "none")
