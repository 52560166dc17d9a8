"""Everything in content can happen, or it is found out: what the solver says is what trying every form says."""

from __future__ import annotations

import json
import re
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from screening.__main__ import app
from screening.authoring.cases import DAY
from screening.authoring.proof.entries import UNREADABLE
from screening.authoring.proof.goals import goals
from screening.authoring.proof.meaning import ContentFormulas
from screening.authoring.proof.patient import Patient
from screening.authoring.proof.reach import reach, witnesses
from screening.authoring.proof.solver import Proofs, replayed
from screening.engine.facts import ResponseFacts
from screening.engine.response import read, respond
from screening.engine.screen import screen
from screening.model.item import ShowHelp
from screening.model.item_types import Date, MultiChoice, Quantity
from tests.engine.worlds import choice, every_form, medicines, number, rule, small, texts, worlds

A, B = {"item": "a", "is": "yes"}, {"item": "b", "is": "yes"}
NOT_A = {"item": "a", "any_of": ["no", "perhaps"]}
SOME = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
WORDS = {"patient": texts("words")}
CLASSES = {"sleepy": ["zedapam", "bexodone"], "opioid": ["bexodone"]}


def found(content):
    return [(one.code, one.what) for one in reach(content).findings]


def codes(content):
    return [code for code, _ in found(content)]


@pytest.fixture(scope="module")
def shipped(content):
    return reach(content)


# ---------------------------------------------------------------- what cannot happen is found


def test_a_branch_that_its_own_skip_logic_forbids_is_never_true(content):
    made = small(content, [choice("a", None), choice("b", A)], [rule("r", {"any": [A, {"all": [NOT_A, B]}]})])
    assert [code for code, what in found(made) if "is never true" in what] == ["X007"]


def test_a_branch_that_is_only_true_where_another_is_enough_is_named_and_can_go(content):
    made = small(content, [choice("a", None), choice("b", A)], [rule("r", {"any": [A, B]})])
    (one,) = reach(made).findings
    assert one.code == "X007" and '"b is yes"' in one.what and "every form then comes out the same" in one.remedy


def test_a_branch_that_only_makes_a_rule_unable_to_tell_is_named_otherwise(content):
    made = small(
        content, [choice("a", None), choice("b", None)], [rule("r", {"any": [A, {"all": [A, {"none": [A]}, B]}]})]
    )
    (one,) = reach(made).findings
    assert "is never true" in one.what and "every form then comes out the same" in one.remedy
    made = small(
        content, [choice("a", None), choice("b", None)], [rule("r", {"any": [A, {"all": [B, {"none": [B]}]}]})]
    )
    (one,) = reach(made).findings
    assert "is never true" in one.what and "unable to tell" in one.remedy


def test_an_item_behind_a_chain_of_gates_that_contradict_each_other_can_never_be_asked(content):
    last = {"all": [B, NOT_A]}
    made = small(content, [choice("a", None), choice("b", A), choice("c", last)], [rule("r", B)])
    assert found(made) == [("X001", 'Item "c" can never be asked.')]
    assert reach(made).reached["answers"] == 8 and reach(made).total["answers"] == 12


def test_an_answer_outside_its_own_range_can_never_be(content):
    impossible = number("n", None).model_copy(update={"min": 5})
    assert codes(small(content, [choice("a", None), impossible], [rule("r", A)])) == ["X002", "X002"]


def test_a_rule_for_children_behind_a_gate_for_adults_can_never_be_raised(content):
    born = Date.model_validate({"link_id": "born", "type": "date", "text": texts("born")})
    scores = [{"id": "age", "age": "born"}]
    adult, child = {"score": "age", "at_least": 18}, {"score": "age", "below": 12}
    made = small(content, [born, choice("a", adult)], [rule("r", {"all": [A, child]}), rule("s", child)], scores)
    assert found(made) == [("X003", "Rule r can never be raised.")]


def test_a_score_cut_beyond_the_highest_score_can_never_be_raised(content):
    items, scores = [choice("a", None), choice("b", None)], [{"id": "sum", "sum": ["a", "b"]}]
    assert codes(small(content, items, [rule("r", {"score": "sum", "at_least": 4})], scores)) == []
    assert codes(small(content, items, [rule("r", {"score": "sum", "above": 4})], scores)) == ["X003"]


def measured(link_id, unit, low, high):
    return Quantity.model_validate(
        {"link_id": link_id, "type": "quantity", "text": texts(link_id), "unit": unit, "min": low, "max": high}
    )


@pytest.mark.parametrize(
    "when, expected",
    [
        ({"score": "bmi", "at_least": 39.7}, []),
        ({"score": "bmi", "above": 1400}, ["X003"]),
        ({"score": "bmi", "below": 18.5}, []),
        (
            {
                "all": [
                    {"score": "bmi", "at_least": 40},
                    {"item": "height", "at_least": 160},
                    {"item": "height", "at_most": 170},
                ]
            },
            [],
        ),
        (
            {
                "all": [
                    {"score": "bmi", "at_least": 40},
                    {"item": "weight", "below": 21},
                    {"item": "height", "at_least": 160},
                ]
            },
            ["X003"],
        ),
    ],
)
def test_body_mass_is_worked_out_of_weights_and_heights_in_range(content, when, expected):
    items, scores = (
        [measured("weight", "kg", 20, 350), measured("height", "cm", 50, 250)],
        [{"id": "bmi", "bmi": {"weight": "weight", "height": "height"}}],
    )
    assert codes(small(content, items, [rule("r", when)], scores)) == expected
    short = [items[0], measured("height", "cm", 101, 149)]
    assert codes(small(content, short, [rule("r", {"score": "bmi", "at_least": 40})], scores)) == []


def test_a_medicine_that_would_have_to_be_in_a_class_and_not_in_a_wider_one_can_never_be_taken(content):
    narrow = {"all": [{"takes": "opioid"}, {"none": [{"takes": "sleepy"}]}]}
    wide = {"all": [{"takes": "sleepy"}, {"none": [{"takes": "opioid"}]}]}
    assert codes(small(content, [medicines()], [rule("r", narrow)], classes=CLASSES)) == ["X003"]
    assert codes(small(content, [medicines()], [rule("r", wide)], classes=CLASSES)) == []


def test_a_rule_that_always_fires_is_found(content):
    every = ["yes", "no", "perhaps", "not-sure"]
    assert codes(small(content, [choice("a", None)], [rule("r", {"item": "a", "any_of": every})])) == ["X004"]


def test_a_tier_behind_one_that_takes_all_its_patients_is_found(content):
    tiers = [{"tier": "urgent", "when": A}, {"tier": "moderate", "when": {"all": [A, B]}}]
    made = small(content, [choice("a", None), choice("b", None)], [rule("r", {"any": [A, B]}, tier_when=tiers)])
    assert found(made) == [("X005", "Rule r can never be raised as moderate (tier_when 2).")]


def test_help_that_can_never_be_shown_is_found(content):
    crisis = ShowHelp.model_validate({"block": "crisis", "when": {"all": [NOT_A, B]}})
    helped = choice("b", A).model_copy(update={"show_help": (crisis,)})
    assert codes(small(content, [choice("a", None), helped], [rule("r", A)])) == ["X006"]


def test_what_the_solver_is_not_given_the_time_for_is_said_not_to_be_settled(content):
    made = small(content, [choice("a", None), choice("b", A)], [rule("r", {"any": [NOT_A, {"all": [A, B]}]})])
    hurried = reach(made, effort=1)
    assert {one.code for one in hurried.findings} == {"X010"} and not hurried.witnesses
    assert reach(made).findings == ()


# ---------------------------------------------------------------- rules beside rules


def test_two_rules_that_say_the_same_in_other_words_are_found(content):
    same = {"none": [{"item": "a", "any_of": ["no", "perhaps"]}, {"none": [{"item": "b", "is": "yes"}]}]}
    items = [choice("a", None), choice("b", None)]
    plain = {"all": [{"none": [NOT_A]}, B]}
    assert codes(small(content, items, [rule("r", plain), rule("s", same)])) == ["X008"]


def test_a_rule_that_another_always_covers_is_found_unless_the_patient_reads_only_one(content):
    items = [choice("a", None), choice("b", None)]

    def beside(**narrow):
        return codes(small(content, items, [rule("wide", A, **WORDS), rule("narrow", {"all": [A, B]}, **narrow)]))

    assert beside(**WORDS) == ["X009"]
    assert beside(**WORDS, supersedes=["wide"]) == []
    assert beside() == []


# ---------------------------------------------------------------- the solver against every form


def agree(content, forms):
    """Every goal: the solver finds a patient where, and only where, some form is one."""
    patient = Patient([content], DAY)
    meaning, proofs = ContentFormulas(content, patient), Proofs(patient)
    grounds = [ResponseFacts(respond(answers, DAY, content), content.program) for answers in forms]
    for goal in goals(meaning):
        answers = proofs.find(goal.wanted)
        assert (answers is not None) == any(goal.holds(facts) for facts in grounds), (goal.kind, goal.words)
        if answers is not None:
            assert goal.holds(ResponseFacts(read(answers, DAY, content)[0], content.program)), (
                goal.kind,
                goal.words,
                answers,
            )


@pytest.mark.slow
@SOME
@given(worlds())
def test_the_solver_finds_just_what_trying_every_form_finds(content, world):
    items = [plan.item for plan in world.program.items]
    made = small(content, items, [], [one.definition.model_dump(exclude_none=True) for one in world.program.scores])
    made.program.add_rule(world.program.rules[0].rule)
    made.places["rule the-rule"] = ("here", 1)
    agree(made, list(every_form(items)))


@st.composite
def about_several(draw, depth=2):
    kind = draw(st.sampled_from(["item"] * 3 + (["all", "any", "none"] if depth else [])))
    if kind != "item":
        return {kind: draw(st.lists(about_several(depth - 1), min_size=1, max_size=3))}
    codes = draw(st.lists(st.sampled_from(["x", "y", "nothing", "not-sure"]), min_size=1, max_size=2, unique=True))
    return draw(st.sampled_from([A, {"item": "m", "any_of": codes}, {"item": "m", "answered": "yes"}]))


@SOME
@given(about_several(), st.booleans())
def test_the_solver_finds_just_what_trying_every_choice_of_several_options_finds(content, when, gated):
    options = [
        {"code": "x"},
        {"code": "y"},
        {"code": "nothing", "exclusive": True},
        {"code": "not-sure", "meaning": "not-sure"},
    ]
    raw = {
        "link_id": "m",
        "type": "multi-choice",
        "text": texts("m"),
        "answer_option": [{**one, "text": texts("x")} for one in options],
    }
    several = MultiChoice.model_validate({**raw, "enable_when": A} if gated else raw)
    made = small(content, [choice("a", None), several], [rule("r", when)])
    chosen = [None, ("x",), ("y",), ("x", "y"), ("nothing",), ("not-sure",)]
    forms = [{"a": a, "m": m} for a in (None, "yes", "no", "perhaps", "not-sure") for m in chosen]
    agree(made, [{link_id: given for link_id, given in form.items() if given} for form in forms])


@st.composite
def about_medicines(draw, depth=1):
    kind = draw(st.sampled_from(["takes"] * 3 + ["item"] + (["all", "any", "none"] if depth else [])))
    if kind == "takes":
        use = draw(st.sampled_from(["now", "regular", "lately", "listed"]))
        return {"takes": draw(st.sampled_from(["sleepy", "opioid", "zedapam", "bexodone", "unrecognised"])), "use": use}
    if kind == "item":
        return draw(st.sampled_from([A, {"item": "medicines", "is": "none"}, {"item": "medicines", "answered": "yes"}]))
    return {kind: draw(st.lists(about_medicines(depth - 1), min_size=1, max_size=2))}


TYPED = ("zedapam", "bexodone", "opioid", "bexdon", UNREADABLE)


def every_list():
    """Lists of up to two entries: no condition here can need a third."""
    ways = [
        {},
        {"how": "regular"},
        {"how": "as-needed"},
        {"how": "as-needed", "last_taken": "earlier"},
        {"how": "stopped", "last_taken": "this-week"},
    ]
    entries = [{"text": text, **way} for text in TYPED for way in ways]
    return [None, "none", "not-sure", *(list(some) for size in (1, 2) for some in combinations(entries, size))]


def test_the_words_of_those_lists_are_read_surely_as_a_class_as_a_guess_and_not_at_all(content):
    formulary = small(content, [medicines()], [], classes=CLASSES).formulary
    read = [formulary.read(text)[0] for text in TYPED]
    assert [(one.status, one.ingredients, one.classes) for one in read] == [
        ("matched", ("zedapam",), ("sleepy",)),
        ("matched", ("bexodone",), ("sleepy", "opioid")),
        ("suggested", (), ("opioid",)),
        ("suggested", ("bexodone",), ("sleepy", "opioid")),
        ("unrecognised", (), ()),
    ]


@pytest.mark.slow
@settings(SOME, max_examples=15)
@given(about_medicines(), st.booleans())
def test_the_solver_finds_just_what_trying_every_list_of_medicines_finds(content, when, gated):
    typed = medicines().model_copy(update={"enable_when": rule("x", A).when if gated else None})
    made = small(content, [choice("a", None), typed], [rule("r", when)], classes=CLASSES)
    item = made.program.items[1].item
    lists = [None if one is None else item.accept(one, DAY) for one in every_list()]
    answers = [{"a": a} if a else {} for a in (None, "yes", "no", "not-sure")]
    agree(made, [{**one, "medicines": typed} if typed else one for one in answers for typed in lists])


# ---------------------------------------------------------------- the shipped content


@pytest.mark.slow
def test_all_of_the_shipped_content_can_happen(shipped, content):
    assert shipped.findings == ()
    assert shipped.reached == shipped.total
    assert shipped.total["items"] == len(content.items) and shipped.total["rules"] == shipped.total["quiet"] == len(
        content.program.rules
    )
    assert shipped.total["answers"] >= sum(len(item.options) for item in content.items)


@pytest.mark.slow
def test_every_witness_does_what_its_proof_says_when_it_is_screened_like_anyone(shipped, content):
    numbers = content.program.numbers
    for one in shipped.witnesses:
        facts = replayed(json.loads(json.dumps(one.answers)), content, DAY)
        assert facts, one
        if one.kind in ("items", "answers"):
            assert facts.status(numbers[one.name]) not in ("not-asked", "unsettled"), one
            assert one.kind == "items" or one.name in facts.response.answers, one
        elif one.kind == "help":
            assert one.name in {link_id for link_id, _ in facts.help_blocks()}, one
        elif one.kind in ("rules", "quiet", "tiers"):
            screening = screen(facts, content)
            flags = {flag.rule: flag.tier for flag in screening.flags}
            open_ = {ask.rule for ask in screening.to_ask if ask.about == "raised"}
            assert (one.name in flags) == (one.kind != "quiet") and one.name not in open_, one
            assert one.kind != "tiers" or one.words.startswith(f"raised as {flags[one.name]} "), one


@pytest.mark.slow
def test_the_parts_of_the_shipped_content_that_cannot_matter_would_be_found(spoilt):
    from screening.loading.load import load

    copy = spoilt(
        "sections/pregnancy.yaml",
        "                - {item: period-late, is: late}\n            - none:",
        "                - {item: period-late, is: late}\n                - {item: pregnancy-test, is: positive}\n            - none:",
    )
    _, findings = witnesses(load(copy), "pregnancy-unsettled")
    assert {one.code for one in findings} == {"X007"}
    assert any("pregnancy-test is positive" in one.what for one in findings)
    assert all("every form then comes out the same" in one.remedy for one in findings)


def test_a_witness_is_printed_in_the_words_of_the_form_and_as_a_case():
    done = CliRunner().invoke(app, ["check", "--witness", "cv-bp-very-high"])
    assert done.exit_code == 0
    assert (
        "What was the bottom number? 120" in done.stdout
    )  # which of two limits raises the first one, the solver is free to choose
    assert re.search(
        r"answers: \{knows-blood-pressure: yes, (systolic: 180|diastolic: 120)\}, expect: raised\}", done.stdout
    )
    assert CliRunner().invoke(app, ["check", "--witness", "no-such-rule"]).exit_code == 2
