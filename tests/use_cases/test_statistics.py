"""Pictures count as a person would by hand; without small cells nobody can be counted out, not even by who knows how it is done."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.authoring.samples.generate import responses
from screening.use_cases.small_cells import OTHERS, SMALLEST, _each, _parts, _reached, masked
from screening.use_cases.statistics import (
    NO_FLAGS,
    NOT_ANSWERED,
    NOT_KNOWN,
    CountRow,
    Statistics,
    Table,
    minutes_taken,
    page_titles,
    statistics,
)
from tests.stored import DAY, stored


def begun(record, at):
    """The record of somebody who agreed at that time."""
    return replace(record, consent={**record.consent, "at": at})


@pytest.fixture(scope="module")
def people(content):
    found = []
    for number, one in enumerate(responses(content, 60, 5, DAY), 1):
        record = stored(content, one["answers"], number, DAY - timedelta(days=number % 23))
        started = f"{record.authored}T09:{number % 50:02}:30+00:00" if number % 4 else None
        language = "es" if number % 9 == 0 else "en"
        found.append(begun(replace(record, language=language), started))
    return found


def counted(table):
    return {row.code: row.count for row in table.rows if row.count}


def reached(content, *counts):
    return {("2026-11-01", page): count for page, count in zip(page_titles(content), counts, strict=False)}


# ------------------------------------------------------------ counting


def test_every_count_is_what_one_gets_by_looking_at_each_record(content, people):
    made = statistics(people, {}, content)
    assert made.total == 60
    assert counted(made.days) == Counter(one.authored for one in people)
    assert counted(made.tiers) == Counter(one.tier or NO_FLAGS for one in people)
    assert counted(made.languages) == Counter(one.language for one in people)
    for rule in {rule.id for rule in content.rules}:
        raised = sum(any(flag["rule"] == rule for flag in one.result["flags"]) for one in people)
        assert counted(made.flags).get(rule, 0) == raised
    for table, link_id in ((made.pain_types, "pain-types"), (made.regions, "pain-areas")):
        for option in content.item(link_id).options:
            assert counted(table).get(option.code, 0) == sum(
                option.code in one.answers.get(link_id, ()) for one in people
            )
        assert counted(table).get(NOT_ANSWERED, 0) == sum(link_id not in one.answers for one in people)
    known = sorted(60 - (n % 50) - 0.5 for n in range(1, 61) if n % 4)
    assert sum(counted(made.minutes).values()) == 60 and counted(made.minutes)[NOT_KNOWN] == 60 - len(known)
    assert made.median_minutes == pytest.approx(known[len(known) // 2])


def test_days_without_a_response_are_there_too_up_to_the_day_asked_for(content):
    made = statistics(
        [stored(content, {}, 1, date(2026, 2, 27)), stored(content, {}, 2, date(2026, 3, 2))],
        {},
        content,
        until=date(2026, 3, 3),
    )
    assert [(row.code, row.count) for row in made.days.rows] == [
        ("2026-02-27", 1),
        ("2026-02-28", 0),
        ("2026-03-01", 0),
        ("2026-03-02", 1),
        ("2026-03-03", 0),
    ]


def test_an_empty_store_has_pictures_without_people(content):
    made = statistics([], {}, content)
    assert made.total == 0 and made.median_minutes is None and not made.days.rows and not made.flags.rows
    assert not any(row.count for table in (made.tiers, made.pain_types, made.pages) for row in table.rows)
    assert masked(made).tiers.rows == ()


def test_answers_and_rules_of_another_content_are_counted_under_their_own_names(content):
    record = stored(content, {"pain-types": ["crps"]})
    flag = {"rule": "an-old-rule", "tier": "info", "evidence": []}
    old = replace(
        record,
        answers={"pain-types": ("an-old-kind", "crps"), "gone": 7},
        tier="an-old-tier",
        language="fr",
        result={**record.result, "flags": [flag]},
    )
    odd = replace(
        record, answers={"pain-types": {"value": 3}, "pain-areas": None}, result={**record.result, "flags": []}
    )
    made = statistics([old, odd], {}, content)
    assert counted(made.pain_types) == {"an-old-kind": 1, "crps": 1, NOT_ANSWERED: 1}
    assert [(row.code, row.label, row.count) for row in made.flags.rows] == [("an-old-rule", "an-old-rule", 1)]
    assert counted(made.tiers)["an-old-tier"] == 1 and counted(made.languages)["fr"] == 1
    assert counted(made.regions) == {NOT_ANSWERED: 2}


def test_time_runs_from_agreeing_to_sending_and_a_clock_set_back_tells_nothing(content):
    record = stored(content, {})
    assert minutes_taken(begun(record, f"{DAY}T09:38:00+00:00")) == 22
    assert minutes_taken(begun(record, f"{DAY}T06:08:00-03:00")) == 52
    assert minutes_taken(begun(record, f"{DAY}T10:01:00+00:00")) is None
    assert minutes_taken(record) is None


def test_who_came_to_a_later_page_came_through_the_earlier_ones(content):
    pages = list(page_titles(content))
    steps = {
        ("2026-11-01", pages[0]): 9,
        ("2026-11-02", pages[0]): 3,
        ("2026-11-02", pages[3]): 7,
        ("2026-11-02", "gone"): 99,
    }
    counts = [row.count for row in statistics([], steps, content).pages.rows]
    assert counts == [12, 7, 7, 7] + [0] * (len(pages) - 4)


# ------------------------------------------------------------ without small cells


NO_ROWS = Table("None", ("a", "b"), "each", (), 0)


@dataclass(frozen=True)
class Later(Statistics):
    """Statistics to which somebody added tables and thought of no mask."""

    added: Table = NO_ROWS
    strange: Table = NO_ROWS


def test_a_table_that_is_added_later_is_masked_by_its_kind_and_one_of_no_known_kind_shows_nothing(content):
    made = statistics([stored(content, {}, n) for n in range(1, 20)], {}, content)
    rows = (CountRow("many", "Many", 12), CountRow("one", "One person", 1))
    added, strange = Table("Added", ("a", "b"), "each", rows, 19), Table("Strange", ("a", "b"), "no-mask", rows, 19)
    hidden = masked(Later(**{**vars(made), "added": added, "strange": strange}))
    assert [row.code for row in hidden.added.rows] == [OTHERS], "one small row could be worked out: the next joins it"
    assert hidden.strange.rows == () and hidden.strange.of == 0


def table(counts, kind="parts", of=None):
    rows = tuple(CountRow(f"r{n}", f"r{n}", count) for n, count in enumerate(counts))
    return Table("t", ("a", "b"), kind, rows, sum(counts) if of is None else of)


def told(hidden):
    return tuple((row.code, row.label, row.count, row.said) for row in hidden.rows), hidden.of


def nobody_can_be_counted_out(worlds, mask):
    """Of all that could be, whatever looks the same leaves at least two numbers for every cell that holds one to four."""
    alike = defaultdict(list)
    for counts in worlds:
        alike[told(mask(counts))].append(counts)
    for seen, group in alike.items():
        for cell in range(len(group[0])):
            possible = {counts[cell] for counts in group}
            assert len(possible) > 1 or not 1 <= min(possible) < SMALLEST, (seen, cell, group)


@pytest.mark.parametrize("rows, most", [(2, 14), (3, 11), (4, 7)])
def test_no_part_between_one_and_four_can_be_worked_out(rows, most):
    worlds = [one for one in itertools.product(range(most + 1), repeat=rows) if SMALLEST <= sum(one) <= most]
    nobody_can_be_counted_out(worlds, lambda counts: _parts(table(counts)))


@pytest.mark.parametrize("rows, of", [(2, 9), (2, 14), (3, 8), (3, 13), (4, 6)])
@pytest.mark.parametrize("zeros", [True, False], ids=["all rows", "rows of somebody"])
@pytest.mark.parametrize("alone", [True, False], ids=["one row each", "at least one row each"])
def test_no_overlapping_row_between_one_and_four_can_be_worked_out(rows, of, zeros, alone):
    """Everybody is in at least one row, as those who did not answer have theirs; it may even be known that nobody is in two."""
    worlds = [
        one for one in itertools.product(range(of + 1), repeat=rows) if (sum(one) == of if alone else sum(one) >= of)
    ]

    def mask(counts):
        made = table(counts, "each", of)
        return _each(made if zeros else replace(made, rows=tuple(row for row in made.rows if row.count)))

    nobody_can_be_counted_out(worlds, mask)


@pytest.mark.parametrize("of", [8, 13])
def test_nobody_can_be_counted_out_of_those_who_are_not_in_a_row(of):
    worlds = [one for one in itertools.product(range(of + 1), repeat=3) if sum(one) >= of]
    alike = defaultdict(set)
    for counts in worlds:
        for cell in range(3):
            alike[told(_each(table(counts, "each", of))), cell].add(of - counts[cell])
    assert not [seen for seen, others in alike.items() if len(others) == 1 and 1 <= min(others) < SMALLEST]


def test_no_number_of_people_who_stopped_at_a_page_can_be_worked_out():
    stops = [one for one in itertools.product(range(9), repeat=4) if SMALLEST <= sum(one) <= 10]

    def mask(stopped):
        return _reached(table([sum(stopped[n:]) for n in range(len(stopped))], "reached", sum(stopped)))

    nobody_can_be_counted_out(stops, mask)


counts = st.lists(st.integers(0, 4) | st.integers(0, 60), min_size=1, max_size=12)


@given(counts)
@settings(max_examples=300, deadline=None)
def test_parts_keep_their_sum_and_every_row_holds_five(numbers):
    made = _parts(table(numbers))
    assert all(row.count >= SMALLEST for row in made.rows)
    assert sum(row.count for row in made.rows) == (sum(numbers) if sum(numbers) >= SMALLEST else 0)


@given(counts, st.integers(0, 20))
@settings(max_examples=300, deadline=None)
def test_of_overlapping_rows_only_those_are_shown_that_leave_five_on_either_side(numbers, more):
    of = max(SMALLEST, *numbers) + more
    made = _each(table(numbers, "each", of))
    for row in made.rows:
        assert row.said if row.count is None else SMALLEST <= row.count <= of - SMALLEST
        if row.count is not None:
            assert row.count == numbers[int(row.code[1:])]
    hidden = len(numbers) - sum(row.code != OTHERS for row in made.rows)
    assert (hidden > 0) == any(row.code == OTHERS for row in made.rows) and (hidden > 0) == any(
        number < SMALLEST for number in numbers
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_picture_shows_a_count_below_five(content, people, data):
    chosen = data.draw(st.lists(st.sampled_from(people), max_size=40))
    steps = reached(content, *sorted(data.draw(st.lists(st.integers(0, 40), max_size=18)), reverse=True))
    made = masked(statistics(chosen, steps, content))
    for one in vars(made).values():
        for row in one.rows if isinstance(one, Table) else ():
            assert row.count is None or row.count >= SMALLEST
    assert made.total == (len(chosen) if len(chosen) >= SMALLEST else 0)
    if made.total:
        assert sum(row.count for row in made.days.rows) == sum(row.count for row in made.tiers.rows) == made.total


def test_weeks_with_few_people_are_joined_and_begin_on_a_monday(content):
    days = [date(2026, 9, 2), *[date(2026, 9, 8)] * 6, date(2026, 9, 22), *[date(2026, 10, 1)] * 7]
    made = masked(statistics([stored(content, {}, n, day) for n, day in enumerate(days, 1)], {}, content))
    assert [(row.label, row.count) for row in made.days.rows] == [
        ("2026-08-31 to 2026-09-13", 7),
        ("2026-09-14 to 2026-10-04", 8),
    ]


def test_how_many_sent_the_form_stands_alone(content):
    pages = list(page_titles(content))
    counts = [30, 29, 28, *[20] * (len(pages) - 4), 18]
    rows = masked(
        statistics([stored(content, {}, n) for n in range(1, 19)], reached(content, *counts), content)
    ).pages.rows
    assert [(row.code, row.count) for row in rows] == [(pages[0], 30), (pages[-1], 18)]
