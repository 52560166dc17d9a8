"""Opioids a day: only what is known for certain is counted, and where it is not, the reason is said."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.engine.screen import screen
from tests.conftest import shipped

CONTENT = shipped()
DAY = date(2026, 11, 23)


def facts_of(*entries, given=None):
    response, problems = read({"medicines": list(entries) if given is None else given}, DAY, CONTENT)
    assert not problems
    return ResponseFacts(response, CONTENT.program)


def part(entry):
    parts = [one for one in facts_of(entry).parts if one]
    return parts[0] if parts else None


def bounds(*entries, given=None):
    score = next(one for one in facts_of(*entries, given=given).scores if one.id == "opioid-mme")
    return score.low, score.high


def dose(text, value, unit="mg", per_day=None, **said):
    return {"text": text, "dose": {"value": value, "unit": unit, **({"per_day": per_day} if per_day else {})}, **said}


@pytest.mark.parametrize(
    "entry, value",
    [
        ("oxycodone 5 mg twice a day", 15),
        ("oxycodone 10 mg every 6 hours", 60),
        ("MS Contin 15 mg bid", 30),
        ("tramadol 50mg qid", 40),
        ("Norco 5/325 mg 4 times a day", 20),
        ("methadone 10mg three times daily", 141),
        ("Percocet 10/325 four times a day", 60),
        ("Norco 10-325 every 6 hours", 40),
        ("oxycodone 5 mg 2 tabs q6h", 60),
        ("oxycodone 10 mg 5x/day", 75),
        ("oxycodone 5 mg 6 times a day", 45),
        ("oxycodone 5 mg every four hours", 45),
        ("oxycodone 40 mg/day", 60),
        ("oxycodone 10 mg 3 a day", 45),
        ("morphine 15 mg 2 tablets twice a day", 60),
        ("morphine 15 mg 2 tablets daily", 30),
        ("methadone 10 mg two daily", 94),
        ("oxicodona 5 mg cada seis horas", 30),
        ("fentanyl patch 25 mcg per hour", 60),
        (dose("oxycodone 10 mg, 2 tablets", 20, per_day=2), 60),
        ("fentanyl patch 25 mcg/hr every 72 hours", 60),
        ("fentanyl patch 25 mcg/h", 60),
        ("tapentadol 100 mg dos veces al día", 80),
        (dose("dilaudid", 2, per_day=4), 40),
        (dose("codeine", 30, per_day=4), 18),
        (dose("oxymorphone", 5, per_day=2), 30),
        (dose("fentanyl", 12, "mcg-h"), 28.8),
        (dose("oxycodone 5 mg twice a day", 5, per_day=2), 15),
        (dose("oxycodone", 10, per_day=2, how="as-needed", last_taken="within-14-days"), 30),
    ],
)
def test_a_known_dose_is_counted_with_the_factors_of_2022(entry, value):
    found = part(entry)
    assert (found.value, found.why) == (pytest.approx(value), "counted")


@pytest.mark.parametrize(
    "entry, why",
    [
        ("oxycodone", "dose"),
        ("oxy 10 every 6 hours", "dose"),
        ("Tylenol #3", "dose"),
        ("oxycodone 5-10 mg twice a day", "dose"),
        ("oxycodone 5 mg", "times-a-day"),
        ("oxycodone 5 mg as needed", "times-a-day"),
        ("dilaudid 2mg every 6 hours prn", "times-a-day"),
        (dose("oxycodone 5 mg twice a day", 10, per_day=2), "dose"),
        (dose("oxycodone 10 mg twice a day", 10, per_day=3), "times-a-day"),
        (dose("oxycodone 10 mg, 2 tablets", 10, per_day=2), "dose"),
        (dose("oxycodone 10 mg, 2 tablets when it hurts", 10, per_day=2), "dose"),
        ("oxycodone 5 mg every 4-6 hours", "times-a-day"),
        ("oxycodone 5 mg up to 3 a day", "times-a-day"),
        ("Norco 5/325 mg 1-2 tabs every 4-6 hours as needed", "times-a-day"),
        ("oxycodone 5 mg twice a day and 10 mg at bedtime", "dose"),
        ("morphine 500 mcg twice a day", "unit"),
        ("fentanyl lozenge 200 mcg", "times-a-day"),
        (dose("fentanyl", 200, "mcg", 4), "route"),
        (dose("morphine injection", 10, per_day=4), "route"),
        (dose("levorphanol", 2, per_day=3), "no-factor"),
        (dose("kratom", 5, per_day=3), "no-factor"),
        ({"text": "oxycodone", "dose": {"value": 5}}, "unit"),
        ({"text": "oxycodone", "dose": {"unit": "mg", "per_day": 2}}, "dose"),
        (dose("oxycodone", 5), "times-a-day"),
        ("hydro", "which-medicine"),
        ("blue pill zorblaxin", "which-medicine"),
        ("pain pills", "which-medicine"),
    ],
)
def test_where_anything_is_missing_the_reason_is_said_and_no_number(entry, why):
    found = part(entry)
    assert (found.value, found.why, found.low, found.high) == (None, why, 0, math.inf)


@pytest.mark.parametrize("entry", ["buprenorphine 8 mg daily", "Butrans 10 mcg/hr patch", "Suboxone 8/2 mg daily"])
def test_buprenorphine_is_left_out(entry):
    assert (part(entry).value, part(entry).why) == (0, "left-out")


@pytest.mark.parametrize(
    "entry",
    [
        "lisinopril 10 mg",
        "stopped oxycodone 10 mg twice a day",
        "allergic to codeine",
        "my wife takes oxycodone",
        "naloxone",
        "blood thinner",
    ],
)
def test_what_is_no_opioid_or_not_taken_adds_nothing(entry):
    assert part(entry) is None and bounds(entry) == (0, 0)


def test_an_as_needed_opioid_counts_only_within_the_window():
    assert bounds(dose("oxycodone", 10, per_day=2, how="as-needed", last_taken="longer-ago")) == (0, 0)
    assert bounds(dose("oxycodone", 10, per_day=2, how="as-needed")) == (0, 30), "open: from nothing to 30"


def test_the_sum_is_open_upwards_where_one_part_is_open():
    assert bounds("oxycodone 5 mg twice a day", "tramadol 50mg qid") == (55, 55)
    assert bounds("oxycodone 5 mg twice a day", "codeine") == (15, None)
    assert bounds(given="none") == (0, 0)
    assert bounds(given="not-sure") == (0, None)


def test_the_screening_says_the_value_or_why_there_is_none():
    def mme(*entries):
        facts = facts_of(*entries)
        found = asdict(screen(facts, CONTENT).mme)
        return found | {"medicines": list(found["medicines"])}

    assert mme("oxycodone 5 mg twice a day") == {
        "value": 15,
        "at_least": 15,
        "list": "answered",
        "medicines": [{"text": "oxycodone 5 mg twice a day", "ingredient": "oxycodone", "value": 15, "why": "counted"}],
    }
    open_ = mme("oxycodone", "morphine 15 mg bid")
    assert (open_["value"], open_["at_least"]) == (None, 30) and [one["why"] for one in open_["medicines"]] == [
        "dose",
        "counted",
    ]


def test_the_reason_for_the_flag_is_the_fewest_medicines_that_reach_it():
    facts = facts_of("tramadol 50mg qid", "oxycodone 20 mg every 6 hours", "lisinopril", "codeine")
    flag = next(one for one in screen(facts, CONTENT).flags if one.rule == "med-opioid-50mme")
    assert [one.given for one in flag.evidence] == ["oxycodone 20 mg every 6 hours"]


def test_to_ask_names_exactly_the_medicines_whose_dose_is_missing():
    facts = facts_of("tramadol 50mg qid", "codeine", "lisinopril")
    ask = next(one for one in screen(facts, CONTENT).to_ask if one.rule == "med-opioid-50mme")
    assert [one.given for one in ask.missing] == ["codeine"]


@settings(deadline=None)
@given(
    st.text(max_size=40), st.sampled_from(["oxycodone", "morphine", "tramadol", "fentanyl patch"]), st.integers(1, 100)
)
def test_more_words_never_make_another_number(noise, name, amount):
    """Whatever stands around a dose, the sum is either that of the dose or open; it is never a wrong number."""
    plain = part(f"{name} {amount} mg twice a day")
    for found in facts_of(f"{name} {amount} mg twice a day {noise}").parts:
        if found and found.value is not None and found.ingredient == plain.ingredient and found.why == "counted":
            assert found.value == plain.value
