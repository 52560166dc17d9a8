"""How the clinic itself does, between two days: who urgent was reached and how soon, what waits, what is left open, and
where people stop. Counts only; each table is masked by its kind where somebody reads no responses."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from screening.engine.content import Content
from screening.engine.result import Result
from screening.records.record import Record
from screening.use_cases.small_cells import SMALLEST, masked_table
from screening.use_cases.statistics import CountRow, Table, pages_reached
from screening.use_cases.worklist import WorklistRow

AGES = (("0", "Under a day", 1), ("1", "1 to 2 days", 3), ("3", "3 to 6 days", 7), ("7", "A week or more", None))
"""Groups of how long somebody has waited: code, words, and the day at which the next group begins."""
MOST_OPEN = 15


@dataclass(frozen=True)
class ClinicFigures:
    """What is drawn. hours: the median hours from sending to the first time that somebody urgent was reached; None
    where nobody was, or too few to show. total: forms that were sent between the days."""

    since: date
    until: date
    total: int
    reached: Table
    hours: float | None
    ages: Table
    owners: Table
    left_open: Table
    pages: Table
    hidden: bool = False

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in the order in which they are read."""
        return self.reached, self.ages, self.owners, self.left_open, self.pages


def whole_months(since: date, until: date) -> tuple[date, date]:
    """The days of the months that these are in: whoever reads no responses must not find one person by moving a day."""
    return since.replace(day=1), until.replace(day=monthrange(until.year, until.month)[1])


def clinic_figures(
    rows: Iterable[WorklistRow],
    records: Iterable[Record],
    steps: Mapping[tuple[str, str], int],
    content: Content,
    zone: ZoneInfo,
    since: date,
    until: date,
    now: datetime,
) -> ClinicFigures:
    """Count. rows and steps of any days; records of those between the two days."""
    sent = [row for row in rows if since.isoformat() <= row.authored <= until.isoformat()]
    urgent = [row for row in sent if row.summary.tier == "urgent"]
    waiting = [row for row in sent if row.queue != "done"]
    inside = {key: count for key, count in steps.items() if since.isoformat() <= key[0] <= until.isoformat()}
    hours = [_hours(row) for row in urgent if row.state.contacted]
    return ClinicFigures(
        since,
        until,
        len(sent),
        _reached(urgent, zone),
        median(hours) if hours else None,
        _ages(waiting, now),
        _owners(waiting),
        _left_open(records, content),
        pages_reached(inside, content),
    )


def hidden(figures: ClinicFigures) -> ClinicFigures:
    """The same without small cells."""
    few = figures.total < SMALLEST
    reached = sum(row.count or 0 for row in figures.reached.rows if row.code != "not-yet")
    shown = figures.hours is not None and reached >= SMALLEST and not few
    hours = round(figures.hours) if shown and figures.hours is not None else None
    return ClinicFigures(
        figures.since,
        figures.until,
        0 if few else figures.total,
        masked_table(figures.reached, few),
        hours,
        masked_table(figures.ages, few),
        masked_table(figures.owners, few),
        masked_table(figures.left_open, few),
        masked_table(figures.pages, few),
        hidden=True,
    )


def _hours(row: WorklistRow) -> float:
    return max((datetime.fromisoformat(row.state.contacted or "") - row.since).total_seconds() / 3600, 0.0)


def _reached(urgent: list[WorklistRow], zone: ZoneInfo) -> Table:
    found: Counter[str] = Counter()
    for row in urgent:
        contacted = row.state.contacted
        if contacted is None:
            found["not-yet"] += 1
            continue
        days = [one.astimezone(zone).date() for one in (row.since, datetime.fromisoformat(contacted))]
        found["same-day" if days[0] >= days[1] else "later"] += 1
    words = {"same-day": "Reached the same day", "later": "Reached later", "not-yet": "Not reached yet"}
    rows = tuple(CountRow(code, label, found[code]) for code, label in words.items())
    return Table("Urgent people", ("When", "People"), "parts", rows, len(urgent))


def _ages(waiting: list[WorklistRow], now: datetime) -> Table:
    found: Counter[str] = Counter()
    for row in waiting:
        waited = now - row.since
        found[next(code for code, _, ends in AGES if ends is None or waited < timedelta(days=ends))] += 1
    rows = tuple(CountRow(code, label, found[code]) for code, label, _ in AGES)
    return Table("What waits, by age", ("Waiting", "Responses"), "parts", rows, len(waiting))


def _owners(waiting: list[WorklistRow]) -> Table:
    found = Counter(row.state.assigned or "" for row in waiting)
    rows = tuple(CountRow(name, name or "Nobody", count) for name, count in sorted(found.items()))
    return Table("What waits, by who has it", ("Who", "Responses"), "parts", rows, len(waiting))


def _left_open(records: Iterable[Record], content: Content) -> Table:
    found: Counter[str] = Counter()
    total = 0
    for record in records:
        total += 1
        asks = Result.of(record.result, record.answers).to_ask
        found.update({one.link_id for ask in asks for one in ask.missing})
    language = content.languages[0]
    most = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_OPEN]
    rows = tuple(CountRow(link_id, content.question(link_id, language), count) for link_id, count in most)
    return Table("Left open most", ("Question", "People"), "each", rows, total)
