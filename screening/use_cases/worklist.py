"""The worklist: who waits, most pressing and newest first; filters, search, and forms that one person may have sent
twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property

from screening.engine.summary import Brief
from screening.model.rule import TIERS
from screening.model.site import Staff
from screening.use_cases.search import Person, Query

NOBODY = "-"
"""The filter for responses that nobody has taken."""


@dataclass(frozen=True)
class Row:
    """One line. received: ISO 8601 in UTC; opens: False when the record is damaged or its key is not here."""

    id: int
    reference: str
    received: str
    authored: str
    brief: Brief
    status: str
    assigned: str | None
    contacted: str | None
    opens: bool = True

    @cached_property
    def person(self) -> Person:
        """What the person is found by."""
        return Person(self.brief.name, self.brief.birth, self.brief.phone, self.reference)

    def waiting(self, today: date) -> int:
        """Days since the form was sent."""
        return max(0, (today - date.fromisoformat(self.authored)).days)


@dataclass(frozen=True)
class Wanted:
    """What to show; empty shows all that is not done. `text` is what search reads: parts of a name, a date, digits of a
    telephone, a reference.

    Everything but `text` may stand in an address: it holds no personal data.
    """

    status: str = ""
    tier: str = ""
    assigned: str = ""
    since: str = ""
    until: str = ""
    twice: bool = False
    rule: str = ""
    text: str = ""


def ordered(rows: Iterable[Row]) -> list[Row]:
    """Most pressing first; the newest first among equals."""
    return sorted(sorted(rows, key=lambda row: row.id, reverse=True), key=lambda row: row.brief.pressing)


def matching(rows: Sequence[Row], wanted: Wanted, staff: Staff, twins: set[int]) -> list[Row]:
    """The rows that are wanted, in their order. `twins`: ids of rows that have a likely duplicate."""
    done = {status.code for status in staff.statuses if status.done}
    query = Query(wanted.text)

    def wants(row: Row) -> bool:
        if wanted.status == "" and not query:
            fits = row.status not in done  # who searches for somebody finds them, done or not
        else:
            fits = wanted.status in ("", "all", row.status)
        return (
            fits
            and wanted.tier in ("", row.brief.tier or "none")
            and wanted.assigned in ("", row.assigned or NOBODY)
            and (not wanted.since or row.authored >= wanted.since)
            and (not wanted.until or row.authored <= wanted.until)
            and (not wanted.twice or row.id in twins)
            and (not wanted.rule or wanted.rule in row.brief.rules)
            and query.finds(row.person)
        )

    return [row for row in rows if wants(row)]


def filter_words(wanted: Wanted) -> str:
    """The filter as it is audited: never what was searched for."""
    said = {name: value for name, value in asdict(wanted).items() if value}
    if "text" in said:
        said["text"] = "typed"
    return " ".join(f"{name}={value}" for name, value in said.items()) or "open"


def duplicates(rows: Iterable[Row]) -> dict[int, list[int]]:
    """id -> ids of other responses that the same person probably sent: the same name and birth date, or name and
    telephone."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        name = row.person.same_name
        phone = row.person.digits[-9:]
        if name and row.brief.birth:
            groups.setdefault((name, "birth", row.brief.birth), []).append(row.id)
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
