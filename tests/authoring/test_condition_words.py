"""A condition in plain words: each kind says what it means, and different conditions never read alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from screening.authoring.book.condition_words import ConditionWords
from screening.authoring.proof.slips import Slips
from screening.model.condition import AllOf, AnyOf, AtLeastOf, Condition, ItemTest, Named, NoneOf, ScoreTest
from screening.model.score import ScoreDefinition
from screening.model.section import Section
from tests.engine.worlds import build, choice, conditions, number, texts

READ = TypeAdapter(Condition)

PAIN = "“Has anyone in health care told you that you have high blood pressure?” (high-blood-pressure)"
TOP = "“What was the top number?” (systolic)"
HEART = "“Do you have, or have you had, any of these?” (heart-conditions)"
KINDS = [
    ({"item": "high-blood-pressure", "is": "yes"}, [f"{PAIN} is answered “Yes”"]),
    ({"item": "high-blood-pressure", "any_of": ["not-sure", "yes"]}, [f"{PAIN} is answered “Yes” or “Not sure”"]),
    (
        {"item": "heart-conditions", "is": "angina"},
        [f"{HEART} has among its answers “Angina, or blocked heart arteries”"],
    ),
    ({"item": "high-blood-pressure", "answered": "yes"}, [f"{PAIN} has an answer (not blank, “not sure” or declined)"]),
    ({"item": "systolic", "at_least": 160}, [f"{TOP} is 160 or more"]),
    ({"item": "systolic", "at_most": 160}, [f"{TOP} is 160 or less"]),
    ({"item": "systolic", "above": 160}, [f"{TOP} is more than 160"]),
    ({"item": "systolic", "below": "bp-high-systolic"}, [f"{TOP} is less than 160 (limit “bp-high-systolic”)"]),
    ({"item": "systolic", "at_least": 100, "below": 160}, [f"{TOP} is 100 or more and less than 160"]),
    ({"item": "weight", "below": 50}, ["“How much do you weigh?” (weight) is less than 50 kg"]),
    ({"score": "phq-2", "at_least": 3}, ["The score “PHQ-2 (mood, 0 to 6)” (phq-2) is surely 3 or more"]),
    ({"score": "peg", "above": 7}, ["The score peg is surely more than 7"]),
    (
        {"takes": "opioid"},
        ["A medicine of the class “opioid medicine” (opioid) is taken now, regularly or lately as needed"],
    ),
    ({"takes": "methadone", "use": "regular"}, ["The ingredient methadone is taken regularly, not only as needed"]),
    ({"takes": "maoi", "use": "lately"}, ["is taken now, or was stopped lately"]),
    ({"takes": "methadone", "use": "listed"}, ["The ingredient methadone is taken now, or as needed at any time"]),
    (
        {"takes": "unrecognised"},
        ["An entry of the medicine list that could not be read is taken now, regularly or lately as needed"],
    ),
    (
        {"condition": "hypertension"},
        ["The shared condition “hypertension” holds:", "(high-blood-pressure) is answered “Yes”"],
    ),
    (
        {"all": [{"item": "high-blood-pressure", "is": "yes"}, {"item": "systolic", "above": 160}]},
        ["All of these hold:", f"  {PAIN} is answered “Yes”", f"  {TOP} is more than 160"],
    ),
    (
        {"any": [{"item": "high-blood-pressure", "is": "yes"}, {"item": "systolic", "above": 160}]},
        ["Any of these holds:", f"  {PAIN} is answered “Yes”"],
    ),
    ({"none": [{"item": "high-blood-pressure", "is": "yes"}]}, ["None of these holds:", f"  {PAIN} is answered “Yes”"]),
    (
        {"at_least": 2, "of": [{"item": "high-blood-pressure", "is": "yes"}, {"takes": "opioid"}, {"takes": "maoi"}]},
        ["At least 2 of these 3 hold:"],
    ),
    (
        {"any": [{"all": [{"takes": "opioid"}, {"none": [{"takes": "maoi"}]}]}, {"takes": "methadone"}]},
        ["Any of these holds:", "  All of these hold:", "    None of these holds:"],
    ),
]


@pytest.mark.parametrize("raw, wanted", KINDS, ids=lambda value: str(value)[:60])
def test_each_kind_of_condition_says_what_it_means(content, raw, wanted):
    said = "\n".join(ConditionWords(content, "en").clause(READ.validate_python(raw)).lines())
    for line in wanted:
        assert line in said


def test_every_kind_of_condition_is_in_the_table_above():
    kinds = {type(READ.validate_python(raw)).__name__ for raw, _ in KINDS}
    assert kinds == {"AllOf", "AnyOf", "NoneOf", "AtLeastOf", "Named", "Takes", "ScoreTest", "ItemTest"}


def test_questions_options_and_classes_stand_in_the_language_asked_for(content):
    words = ConditionWords(content, "es")
    assert words.clause(READ.validate_python({"item": "high-blood-pressure", "is": "yes"})).text.endswith(
        "is answered “Sí”"
    )
    assert "“medicina opioide” (opioid)" in words.clause(READ.validate_python({"takes": "opioid"})).text


def test_the_limits_of_a_shared_condition_count_as_those_of_who_uses_it(content):
    assert ConditionWords(content, "en").thresholds(READ.validate_python({"condition": "raised-pressure"})) == [
        "bp-high-systolic",
        "bp-high-diastolic",
    ]


def meaning(node: Condition) -> Any:
    """The condition without the ways of writing the same: one part alone, at least one of, every one of, the order of codes."""
    match node:
        case AllOf(all=inside) | AnyOf(any=inside) | AtLeastOf(of=inside) if len(inside) == 1:
            return meaning(inside[0])
        case AllOf(all=inside):
            return ("at least", len(inside), tuple(map(meaning, inside)))
        case AnyOf(any=inside):
            return ("at least", 1, tuple(map(meaning, inside)))
        case AtLeastOf(at_least=k, of=inside):
            return ("at least", k, tuple(map(meaning, inside)))
        case NoneOf(none=inside):
            return ("none", tuple(map(meaning, inside)))
        case Named(condition=name):
            return ("named", name)
        case ScoreTest() | ItemTest() if node.limits:
            return (getattr(node, "item", None), getattr(node, "score", None), tuple(node.limits))
        case ItemTest():
            return (node.item, frozenset(node.codes), node.answered)
    return node


def test_no_small_mistake_in_any_condition_of_the_content_reads_like_the_condition_itself(content):
    words, slips = ConditionWords(content, "en"), Slips(content.program)
    nodes = [node for rule in content.rules for node in (rule.when, *(other.when for other in rule.tier_when))]
    nodes += [item.enable_when for item in content.items if item.enable_when] + list(
        content.program.conditions.values()
    )
    compared = 0
    for node in nodes:
        own = words.clause(node)
        for slip in slips.of(node):
            if meaning(slip.condition) != meaning(node):
                compared += 1
                assert words.clause(slip.condition) != own, slip.words
    assert compared > 1_000


def small_words(content):
    items = [choice("q0", None), choice("q1", None), number("q2", None)]
    scores = [{"id": "sum", "sum": ["q0", "q1"]}]
    section = Section.model_construct(
        section="only",
        title=texts("only"),
        intro=None,
        items=items,
        conditions=(),
        rules=(),
        scores=tuple(map(ScoreDefinition.model_validate, scores)),
    )
    return ConditionWords(
        replace(content, program=build(items, {"item": "q0", "is": "yes"}, scores), sections=(section,), classes=()),
        "en",
    )


SMALL = conditions(["q0", "q1"], ["q2"], ["sum"]).map(READ.validate_python)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=400)
def test_two_conditions_read_alike_only_when_they_mean_the_same(content, data):
    words = small_words(content)
    one, other = data.draw(SMALL), data.draw(SMALL)
    assert (words.clause(one) == words.clause(other)) == (meaning(one) == meaning(other))
    for slip in list(Slips(words.content.program).of(one))[:20]:
        assert (words.clause(one) == words.clause(slip.condition)) == (meaning(one) == meaning(slip.condition)), (
            slip.words
        )
