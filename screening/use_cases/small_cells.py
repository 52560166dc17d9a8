"""Counts without small cells: what may be shown where nobody must be recognised.

Nothing below five people is shown, zero included, nor can it be computed from what is shown, even by someone who knows
how this works. Within one table: two tables that are read together, or the same table on two days, are not compared.

* Rows that divide everybody (`parts`) are joined with their neighbours until each holds five or more. Every sum stays
  true, and nothing is hidden beside it that could be subtracted.
* Rows that overlap (`each`) and are too small become one line, "all others", without a number. Since most people are in
at least
  one row, a single small row, or rows which all must hold four, could be worked out from the total: then the
  smallest large row joins them. As nobody is told which is which, any exchange of two of them looks the same.
* In how far people get (`reached`), what can be subtracted is who stopped: pages are joined until each loses five or
more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from screening.use_cases.statistics import NOT_KNOWN, CountRow, Statistics, Table

SMALLEST = 5
UNDER, NEARLY_ALL = f"under {SMALLEST}, or hidden with these", f"all but under {SMALLEST}"
OTHERS = "others"


def masked(statistics: Statistics) -> Statistics:
    """The same without small cells; without any rows where there are fewer than five people.

    Every table is masked by its kind: one that is added later, or of a kind that has no mask, shows nothing too small.
    """
    few = statistics.total < SMALLEST
    tables = {name: one for name, one in vars(statistics).items() if isinstance(one, Table)}
    safe = {name: masked_table(one, few) for name, one in tables.items()}
    known = sum(row.count or 0 for row in statistics.minutes.rows if row.code != NOT_KNOWN)
    minutes = statistics.median_minutes if known >= SMALLEST and not few else None
    return replace(
        statistics,
        total=0 if few else statistics.total,
        median_minutes=None if minutes is None else round(minutes),
        masked=True,
        **safe,
    )


def masked_table(table: Table, few: bool = False) -> Table:
    """One table without small cells, by its kind. few: there are fewer than five people in all, so nothing is shown."""
    return _nothing(table) if few else MASKS.get(table.kind, _nothing)(table)


def joined(counts: Sequence[int]) -> list[slice]:
    """Neighbours joined from the left until each slice holds five or more; what is left over joins the last one."""
    slices: list[slice] = []
    start = held = 0
    for n, count in enumerate(counts):
        held += count
        if held >= SMALLEST:
            slices.append(slice(start, n + 1))
            start, held = n + 1, 0
    if slices and start < len(counts):
        slices[-1] = slice(slices[-1].start, len(counts))
    return slices


def _joined_rows(
    table: Table, parts: Sequence[Sequence[CountRow]], label: Callable[[Sequence[CountRow]], str]
) -> Table:
    rows = []
    for one in joined([_sum(part) for part in parts]):
        inside = [row for part in parts[one] for row in part]
        rows.append(CountRow(inside[0].code, label(inside), _sum(inside)))
    return replace(table, rows=tuple(rows))


def _parts(table: Table) -> Table:
    return _joined_rows(table, [[row] for row in table.rows], lambda inside: " or ".join(row.label for row in inside))


def _days(table: Table) -> Table:
    """Whole weeks, joined where few people came."""

    def monday(row: CountRow) -> date:
        day = date.fromisoformat(row.code)
        return day - timedelta(days=day.weekday())

    weeks = [list(days) for _, days in groupby(table.rows, monday)]
    # A week begins on its Monday whenever its first response came: that day is somebody's.
    weeks = [[replace(week[0], code=monday(week[0]).isoformat()), *week[1:]] for week in weeks]
    made = _joined_rows(table, weeks, lambda inside: f"{inside[0].code} to {monday(inside[-1]) + timedelta(days=6)}")
    return replace(made, title="Responses by week", columns=("Weeks", made.columns[1]))


def _each(table: Table) -> Table:
    small = [row for row in table.rows if (row.count or 0) < SMALLEST]
    nearly = [row for row in table.rows if row not in small and (row.count or 0) > table.of - SMALLEST]
    large = [row for row in table.rows if row not in small and row not in nearly]
    if large and _can_be_worked_out(small, table.of - _sum(large) - (table.of - SMALLEST + 1) * len(nearly)):
        least = min(row.count or 0 for row in large)
        large = [row for row in large if row.count != least]
    kept = [_shown(row, row in large) for row in table.rows if row in large or row in nearly]
    others = [CountRow(OTHERS, "All others", None, UNDER)] if len(kept) < len(table.rows) else []
    return replace(table, rows=(*kept, *others))


def _can_be_worked_out(small: Sequence[CountRow], uncounted: int) -> bool:
    """Whether the total tells the small rows: there is only one, or each must hold four. `uncounted`: people who may be
    in no other row."""
    return _sum(small) > 0 and (len(small) == 1 or uncounted >= (SMALLEST - 1) * len(small))


def _shown(row: CountRow, with_count: bool) -> CountRow:
    return row if with_count else replace(row, count=None, said=NEARLY_ALL)


def _reached(table: Table) -> Table:
    """Joined from the end, so that how many sent the form, which other tables tell, never stands with another page."""
    counts = [row.count or 0 for row in table.rows]
    stopped = [here - beyond for here, beyond in zip(counts, [*counts[1:], 0], strict=True)]
    size = len(counts)
    slices = [slice(size - one.stop, size - one.start) for one in joined(stopped[::-1])][::-1]
    rows = [CountRow(table.rows[one.start].code, _span(table.rows[one]), counts[one.start]) for one in slices]
    return replace(table, rows=tuple(rows), of=rows[0].count or 0 if rows else 0)


def _span(rows: Sequence[CountRow]) -> str:
    return rows[0].label if len(rows) == 1 else f"{rows[0].label} to {rows[-1].label}"


def _sum(rows: Sequence[CountRow]) -> int:
    return sum(row.count or 0 for row in rows)


def _nothing(table: Table) -> Table:
    return replace(table, rows=(), of=0)


MASKS: Mapping[str, Callable[[Table], Table]] = {"parts": _parts, "days": _days, "each": _each, "reached": _reached}
"""How each kind of table is masked."""
