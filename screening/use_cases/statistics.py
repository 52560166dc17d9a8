"""Pictures: what all responses together look like, as plain counts. No answers, no names, nothing of one person but a
count.

A person counts once in every row that fits them. Answers and rules of earlier content are counted too, under their code
where this content no longer knows them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Literal

from screening.engine.content import Content
from screening.engine.result import Result
from screening.model.addresses import CHECK, CONSENT, DONE, WELCOME
from screening.records.record import Record

Kind = Literal["parts", "days", "each", "reached"]
"""parts: every person is in exactly one row. days: the same, a row a day. each: in any number of rows. reached: in
every row up to the last they came to."""

NOT_ANSWERED, NOT_KNOWN, NO_FLAGS = "not-answered", "not-known", "no-flags"
BINS = (0, 5, 10, 15, 20, 30, 60)
"""Where the groups of minutes begin."""


@dataclass(frozen=True)
class CountRow:
    """How many people. `count` is None where it must not be shown; `said` then stands in its place."""

    code: str
    label: str
    count: int | None
    said: str = ""


@dataclass(frozen=True)
class Table:
    """Counts of one matter. `of`: how many people there are to count."""

    title: str
    columns: tuple[str, str]
    kind: Kind
    rows: tuple[CountRow, ...]
    of: int


@dataclass(frozen=True)
class Statistics:
    """Everything that is drawn. `median_minutes`: None where no time is known. `masked`: no count is below five
    people."""

    total: int
    days: Table
    tiers: Table
    flags: Table
    pain_types: Table
    regions: Table
    minutes: Table
    pages: Table
    languages: Table
    median_minutes: float | None
    masked: bool = False


@dataclass
class _Tally:
    total: int = 0
    days: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    minutes: list[float] = field(default_factory=list)

    def add(self, record: Record, kinds: str, regions: str) -> None:
        self.total += 1
        self.days[record.authored] += 1
        self.tiers[record.tier or NO_FLAGS] += 1
        self.languages[record.language] += 1
        self.kinds.update(_codes(record.answers.get(kinds)))
        self.regions.update(_codes(record.answers.get(regions)))
        self.flags.update({flag.rule for flag in Result.of(record.result, record.answers).flags})
        taken = minutes_taken(record)
        if taken is not None:
            self.minutes.append(taken)


def statistics(
    records: Iterable[Record],
    steps: Mapping[tuple[str, str], int],
    content: Content,
    pain_types: str = "pain-types",
    until: date | None = None,
) -> Statistics:
    """Count. `steps`: (ISO day, page) -> how many forms came as far as that page. `pain_types`: the link_id of the item
    that asks for them; places are those of the first body map. `until`: the last day drawn, if later than the last
    response."""
    areas = content.body_map.link_id if content.body_map else ""
    tally = _Tally()
    for record in records:
        tally.add(record, pain_types, areas)
    return Statistics(
        total=tally.total,
        days=_days(tally, until),
        tiers=_table(
            "Most pressing tier",
            ("Tier", "Responses"),
            "parts",
            _known(tally.tiers, {**content.site.staff.tiers, NO_FLAGS: "No flags"}),
            tally.total,
        ),
        flags=_flags(tally, content),
        pain_types=_table(
            "Pain types", ("Kind of pain", "People"), "each", _chosen(tally.kinds, pain_types, content), tally.total
        ),
        regions=_table(
            "Where it hurts", ("Place", "People"), "each", _chosen(tally.regions, areas, content), tally.total
        ),
        minutes=_minutes(tally),
        pages=pages_reached(steps, content),
        languages=_table(
            "Language",
            ("Language", "Responses"),
            "parts",
            _known(tally.languages, content.questionnaire.languages),
            tally.total,
        ),
        median_minutes=median(tally.minutes) if tally.minutes else None,
    )


def minutes_taken(record: Record) -> float | None:
    """Minutes from agreeing to the sent form, breaks included; None where the beginning is not known."""
    if not record.started:
        return None
    begun, received = (datetime.fromisoformat(one) for one in (record.started, record.received))
    taken = (received - begun).total_seconds() / 60
    return taken if taken >= 0 else None  # a clock that was set back


def page_titles(content: Content) -> dict[str, str]:
    """Every page of the form in order: its name in the address -> its title for staff."""
    language = content.languages[0]
    topics = {page.address: page.title[language] for section in content.sections for page in section.pages}
    return {WELCOME: "First page", CONSENT: "Before you start", **topics, CHECK: "Check your answers", DONE: "Sent"}


def _table(title: str, columns: tuple[str, str], kind: Kind, rows: Iterable[CountRow], of: int) -> Table:
    return Table(title, columns, kind, tuple(rows), of)


def _codes(given: Any) -> set[str]:
    """The options of a stored answer, whichever content it was given under."""
    entries = given if isinstance(given, list | tuple) else [given]
    return {one for one in entries if isinstance(one, str)} or {NOT_ANSWERED}


def _known(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[CountRow]:
    """One row for each label, in their order, then what has none."""
    named = {**labels, **{code: code for code in sorted(counts) if code not in labels}}
    return [CountRow(code, label, counts.get(code, 0)) for code, label in named.items()]


def _chosen(counts: Mapping[str, int], link_id: str, content: Content) -> list[CountRow]:
    language = content.languages[0]
    options = content.item(link_id).options if link_id in content.program.numbers else ()
    return _known(counts, {**{option.code: option.text[language] for option in options}, NOT_ANSWERED: "Not answered"})


def _days(tally: _Tally, until: date | None) -> Table:
    """Every day from the first response on, those without one too."""
    rows = []
    if tally.days:
        day = date.fromisoformat(min(tally.days))
        last = max(date.fromisoformat(max(tally.days)), until or day)
        while day <= last:
            rows.append(CountRow(day.isoformat(), day.isoformat(), tally.days[day.isoformat()]))
            day += timedelta(days=1)
    return _table("Responses a day", ("Day", "Responses"), "days", rows, tally.total)


def _flags(tally: _Tally, content: Content) -> Table:
    """Rules that were raised, most frequent first, by the titles of today."""
    titles = {rule.id: rule.short for rule in content.rules}
    ordered = sorted(tally.flags, key=lambda rule: (-tally.flags[rule], rule))
    rows = [CountRow(rule, titles.get(rule, rule), tally.flags[rule]) for rule in ordered]
    return _table("Flags", ("Flag", "People"), "each", rows, tally.total)


def _minutes(tally: _Tally) -> Table:
    groups = Counter(max(start for start in BINS if start <= taken) for taken in tally.minutes)
    rows = [
        CountRow(str(start), _bin(start, after), groups[start])
        for start, after in zip(BINS, (*BINS[1:], 0), strict=True)
    ]
    unknown = CountRow(NOT_KNOWN, "Not known", tally.total - len(tally.minutes))
    return _table("Time to finish", ("Minutes", "Responses"), "parts", [*rows, unknown], tally.total)


def _bin(start: int, after: int) -> str:
    return f"{start} to {after - 1} minutes" if after else f"{start} minutes or more"


def pages_reached(steps: Mapping[tuple[str, str], int], content: Content) -> Table:
    """How many forms came at least as far as each page. Pages that this content no longer has are left out."""
    reached: Counter[str] = Counter()
    for (_, page), count in steps.items():
        reached[page] += count
    rows: list[CountRow] = []
    for page, title in reversed(page_titles(content).items()):
        beyond = rows[-1].count or 0 if rows else 0  # who came to a later page came this far, whatever was counted here
        rows.append(CountRow(page, title, max(reached[page], beyond)))
    rows.reverse()
    return _table("How far people get", ("Page", "Forms that came this far"), "reached", rows, rows[0].count or 0)
