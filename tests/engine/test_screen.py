"""`screen` is total and pure: any JSON in, one screening out, the same each time."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.authoring.samples.generate import responses
from screening.cli.screen import printed
from screening.engine import reasons
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.engine.screen import screen, screen_answers
from tests.conftest import command, shipped

CONTENT = shipped()
DAY = date(2026, 11, 23)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
codes = st.sampled_from(sorted({option.code for item in CONTENT.items for option in item.options}))
links = st.sampled_from([item.link_id for item in CONTENT.items])


def result(raw):
    return printed(screen_answers(raw, DAY, CONTENT), CONTENT)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(links | st.text(max_size=12), anything | codes | st.lists(codes, max_size=4), max_size=25))
def test_any_json_is_screened_the_same_twice_and_prints_as_json(raw):
    first = result(raw)
    assert result(raw) == first
    json.dumps(first, allow_nan=False).encode("utf-8", "surrogatepass")
    refused = {problem["item"] for problem in first["problems"]}
    assert all(link in refused or link in CONTENT.program.numbers for link in raw if len(link) < 20 and link.isascii())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_each_flag_of_a_made_up_patient_is_raised_by_its_evidence_alone(seed):
    raw = next(responses(CONTENT, 1, seed, DAY))
    response, _ = read(raw["answers"], DAY, CONTENT)
    facts = ResponseFacts(response, CONTENT.program)
    plans = {plan.rule.id: plan for plan in CONTENT.program.rules}
    for flag in screen(facts, CONTENT).flags:
        kept = 0
        for one in flag.evidence:
            if one.medicine is not None:
                kept |= 1 << (len(CONTENT.program.items) + one.medicine)
            else:
                kept |= 1 << CONTENT.program.numbers[one.link_id]
        assert plans[flag.rule].test.when.value(ResponseFacts(response, CONTENT.program, kept).vector) == 1, flag.rule


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_made_up_patients_honour_skip_logic_and_are_accepted_whole(seed):
    raw = next(responses(CONTENT, 1, seed, DAY))
    response, problems = read(raw["answers"], DAY, CONTENT)
    facts = ResponseFacts(response, CONTENT.program)
    assert problems == ()
    assert set(response.answers) <= {plan.item.link_id for plan in facts.asked}


def test_an_empty_response_raises_nothing_and_asks_about_every_safety_critical_rule():
    found = result({})
    assert found["flags"] == []
    asked = {one["rule"] for one in found["to_ask"]}
    assert {"cv-chest-pain-now", "mh-suicide-current", "preg-possible", "combo-opioid-benzo"} <= asked


BAD = [
    ("no-such-item", "x", "unknown-item"),
    ("high-blood-pressure", "perhaps", "unknown-option"),
    ("high-blood-pressure", 1, "wrong-type"),
    ("high-blood-pressure", ["yes"], "wrong-type"),
    ("systolic", math.nan, "not-a-number"),
    ("systolic", math.inf, "not-a-number"),
    ("systolic", 10**400, "out-of-range"),
    ("systolic", 120.5, "not-whole"),
    ("systolic", True, "wrong-type"),
    ("birth-date", "2999-01-01", "in-the-future"),
    ("birth-date", "1826-01-01", "too-long-ago"),
    ("birth-date", "17.5.1984", "not-a-date"),
    ("full-name", "x" * 10_000_000, "too-long"),
    ("full-name", "a\ud800", "unreadable-text"),
    ("weight", {"value": 70, "unit": "stone"}, "unknown-unit"),
    ("weight", {"value": 70, "unit": ["kg"]}, "unknown-unit"),
    ("weight", {"value": "70", "unit": "kg"}, "wrong-type"),
    ("weight", {"value": math.nan, "unit": "kg"}, "not-a-number"),
    ("heart-conditions", ["none", "heart-failure"], None),
    ("medicines", ["x"] * 1_000, "too-many"),
    ("medicines", [1], "wrong-type"),
]


@pytest.mark.parametrize("link_id, value, code", BAD, ids=[f"{link} {code}" for link, _, code in BAD])
def test_a_bad_answer_is_a_named_problem_and_counts_as_not_answered(link_id, value, code):
    response, problems = read({link_id: value}, DAY, CONTENT)
    assert link_id not in response.answers
    assert [one.link_id for one in problems] == [link_id]
    assert code is None or problems[0].code == code


@pytest.mark.parametrize(
    "typed, rule",
    [
        ("antidepressant", "med-maoi"),
        ("a sleeping pill", "med-benzodiazepine"),
        ("an opioid painkiller", "med-opioid-50mme"),
        ("zzqy", "combo-opioid-benzo"),
    ],
)
def test_a_medicine_that_is_only_half_known_is_never_no(typed, rule):
    found = result({"medicines": [typed, "oxycodone"] if rule.startswith("combo") else [typed]})
    assert rule in {one["rule"] for one in found["to_ask"]} | {one["rule"] for one in found["flags"]}


def test_a_stopped_medicine_raises_nothing_and_opens_nothing():
    found = result({"medicines": ["stopped oxycodone last year", "lisinopril"]})
    assert "med-opioid" not in {one["rule"] for one in found["flags"] + found["to_ask"]}
    assert found["medicines"][0]["use"] == "stopped"


def test_invisible_characters_are_dropped_from_what_was_typed():
    response, problems = read({"full-name": "Ana\x00 \u202eMaría"}, DAY, CONTENT)
    assert response.answers["full-name"] == "Ana María" and problems == () and response.dropped == {"full-name": 2}


def test_the_command_line_screens_one_json_a_line():
    line = json.dumps(
        {"answers": {"now-signs": ["chest-pain"]}, "medicines": ["oxycodone", "alprazolam"], "authored": "2026-11-23"}
    )
    done = command("screen", "-", stdin=f"{line}\n{line}\n")
    first, second = (json.loads(one) for one in done.stdout.splitlines())
    assert first == second
    raised = {flag["rule"]: flag for flag in first["flags"]}
    assert {"cv-chest-pain-now", "combo-opioid-benzo"} <= set(raised)
    assert {one["answer"] for one in raised["combo-opioid-benzo"]["evidence"]} == {"oxycodone", "alprazolam"}
    assert raised["cv-chest-pain-now"]["sources"][0]["title"]


def test_no_search_for_what_to_ask_is_cut_short_by_its_limit(monkeypatch):
    made = [person["answers"] for person in responses(shipped(), 40, 3, date(2026, 11, 23))]
    found = [result(answers)["to_ask"] for answers in made]
    monkeypatch.setattr(reasons, "MOST_TRIALS", reasons.MOST_TRIALS // 5)
    assert [result(answers)["to_ask"] for answers in made] == found
    monkeypatch.setattr(reasons, "MOST_TRIALS", 1)
    assert [result(answers)["to_ask"] for answers in made] != found


@pytest.mark.parametrize("bad", ["{", "[]", '{"answers": 3}', '{"authored": "soon"}', "[" * 100_000])
def test_malformed_json_is_one_plain_line_and_exit_1(bad):
    done = command("screen", "-", stdin=bad, expect=1)
    assert done.stdout == ""
    assert "Line 1 is not a response" in done.stderr


def test_missing_content_is_exit_3_with_what_to_do(tmp_path):
    assert "D002" in command("questions", "--content", tmp_path, expect=3).stderr


def test_questions_are_listed_with_options_gates_and_sections():
    listed = json.loads(command("questions", "--json").stdout)
    assert [one["link_id"] for one in listed] == [item.link_id for item in CONTENT.items]
    by_link = {one["link_id"]: one for one in listed}
    assert by_link["systolic"]["gate"] == {"item": "knows-blood-pressure", "is": "yes"}
    assert {option["code"] for option in by_link["high-blood-pressure"]["options"]} == {
        "yes",
        "no",
        "not-sure",
        "declined",
    }
