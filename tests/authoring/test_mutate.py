"""Mistakes are made, worked cases catch them or not, and what would catch the rest is a real case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screening.authoring.mutation.mutate import Bench
from screening.authoring.mutation.strength import strength
from screening.authoring.mutation.witness import Search
from screening.engine.program import Program
from screening.loading.load import load
from screening.medicines.formulary import Formulary
from screening.medicines.name_tables import NameTables
from screening.model.medicines_item import Medicines
from screening.model.rule import Rule
from tests.engine.worlds import choice, number, texts

CLASSES = {"sleepy": ["zed", "bex"], "opioid": ["bex"]}


@pytest.fixture
def tiny(content):
    """Three small questions, a medicines question, and one rule with these cases."""

    def build(when, cases, gate=None, **rule):
        typed = {
            "link_id": "medicines",
            "type": "medicines",
            "text": texts("x"),
            "answer_option": [{"code": "none", "text": texts("x")}],
        }
        items = [choice("a", None), choice("b", gate), number("n", None), Medicines.model_validate(typed)]
        program = Program(Formulary(NameTables(()), CLASSES), {}, {})
        program.declare(items, [])
        for item in items:
            program.add_item(item, "only")
        words = {
            "id": "the-rule",
            "status": "draft",
            "reviewed": "pending",
            "tier": "high",
            "clinician": "x",
            "sources": [{"cite": "x"}],
        }
        program.add_rule(
            Rule.model_validate({**words, "when": when, "cases": [{"name": "x", **case} for case in cases], **rule})
        )
        places = {"rule the-rule": ("here", 1), "item b": ("here", 2)}
        return replace(content, program=program, formulary=program.formulary, places=places)

    return build


A, B = {"item": "a", "is": "yes"}, {"item": "b", "is": "yes"}


def case(expect, **answers):
    return {"answers": answers, "expect": expect}


WORKED = [  # kind, condition, the slip in words, and cases that notice it
    ("negate", A, "not a is yes", [case("raised", a="yes")]),
    ("option", A, "a is perhaps in place of yes", [case("raised", a="yes")]),
    ("also", A, "a is also perhaps", [case("not-raised", a="perhaps")]),
    ("drop", {"item": "a", "any_of": ["yes", "no"]}, "a without no", [case("raised", a="no")]),
    ("drop", {"all": [A, B]}, "without b is yes", [case("not-raised", a="yes", b="no")]),
    ("join", {"all": [A, B]}, "any in place of all of [a is yes, b is yes]", [case("not-raised", a="yes", b="no")]),
    ("join", {"any": [A, B]}, "all in place of any of [a is yes, b is yes]", [case("raised", a="yes", b="no")]),
    ("count", {"at_least": 2, "of": [A, B]}, "at least 1 in place of 2 of 2", [case("not-raised", a="yes", b="no")]),
    ("limit", {"item": "n", "at_least": 2}, "n at_least 1 in place of 2", [case("not-raised", n=1)]),
    ("limit", {"item": "n", "at_least": 2}, "n at_least 3 in place of 2", [case("raised", n=2)]),
    ("comparison", {"item": "n", "at_least": 2}, "n at_most 2 in place of at_least", [case("raised", n=3)]),
]


@pytest.mark.parametrize("kind, when, words, cases", WORKED, ids=[words for _, _, words, _ in WORKED])
def test_a_slip_lives_until_a_case_notices_it(tiny, kind, when, words, cases):
    def slip(worked):
        bench = Bench(tiny(when, worked))
        found = [one for one in bench.mutants if one.slip.words == words]
        assert [one.slip.kind for one in found] == [kind]
        return bench, found[0]

    bench, mutant = slip([])
    assert not bench.killed(mutant)
    bench, mutant = slip(cases)
    assert bench.killed(mutant)


def test_the_case_that_is_offered_kills_the_mutant(tiny):
    for _, when, _, _ in WORKED:
        content = tiny(when, [])
        bench = Bench(content)
        for mutant in bench.mutants:
            witness = Search(bench).witness(mutant)
            if witness is not None:
                added = {"answers": dict(witness.answers), "expect": witness.expect[0]}
                richer = Bench(tiny(when, [added]))
                assert richer.killed(richer.mutants[bench.mutants.index(mutant)])


def test_a_class_in_place_of_a_wider_one_is_noticed_by_a_medicine_of_one_only(content):
    bench = Bench(content)
    swap = next(
        one
        for one in bench.mutants
        if one.place == "rule med-opioid" and one.slip.kind == "class" and "cns-depressant" in one.slip.words
    )
    assert bench.killed(swap)


def test_a_slip_in_a_gate_shows_in_the_rules_behind_it(tiny):
    found = strength(tiny(B, [case("raised", a="yes", b="yes"), case("not-raised", a="no")], gate=A))
    assert any("enable_when" in one.what and "a is also perhaps" in one.what for one in found.findings)
    richer = [case("raised", a="yes", b="yes"), case("not-raised", a="no"), case("not-raised", a="perhaps")]
    found = strength(tiny(B, richer, gate=A))
    assert not any("enable_when" in one.what for one in found.findings)


def test_a_tier_is_only_noticed_by_a_case_that_names_it(tiny):
    tiers = [{"tier": "urgent", "when": B}]
    silent = Bench(tiny(A, [case("raised", a="yes", b="yes")], tier_when=tiers))
    named = Bench(tiny(A, [{**case("raised", a="yes", b="yes"), "tier": "urgent"}], tier_when=tiers))
    slips = [n for n, one in enumerate(silent.mutants) if one.slip.words == "not b is yes"]
    assert slips and not any(silent.killed(silent.mutants[n]) for n in slips)
    assert all(named.killed(named.mutants[n]) for n in slips)


def test_what_no_form_can_show_is_proven_and_not_reported(tiny):
    found = strength(
        tiny(
            {"any": [A, {"all": [A, B]}]},
            [case("raised", a="yes"), case("not-raised", a="no"), case("not-raised", a="perhaps")],
        )
    )
    assert found.equivalent > 0 and not any("without all of" in one.what for one in found.findings)


@pytest.mark.slow
def test_a_weakened_set_of_cases_is_reported_with_the_case_that_is_missing(spoilt):
    copy = spoilt("sections/heart.yaml", "systolic: 159, diastolic: 99", "systolic: 120, diastolic: 80")
    found = strength(load(copy)).findings
    assert any(
        one.code == "U001" and "cv-htn-uncontrolled" in one.what and "systolic: 159" in one.remedy for one in found
    )


def test_a_search_that_would_take_too_long_is_said_to_be_given_up(tiny):
    found = strength(tiny({"any": [A, B]}, [case("raised", a="yes")]), effort=1).findings
    assert {one.code for one in found} == {"U002"}


@pytest.mark.slow
def test_every_mistake_in_the_shipped_content_is_caught_or_shows_in_no_form(content):
    found = strength(content)
    assert found.findings == ()
    assert found.killed + found.equivalent == found.mutants > 2_500
