"""Two contents are equal for every patient, or here are patients whom they treat otherwise."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from screening.__main__ import app
from screening.authoring.cases import DAY
from screening.authoring.proof.compare import compare
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.engine.screen import facts_of, screen
from screening.loading.load import load
from screening.settings import ROOT
from tests.engine.worlds import choice, conditions, every_form, medicines, number, rule, small, worlds

A, B = {"item": "a", "is": "yes"}, {"item": "b", "is": "yes"}
CLASSES = {"sleepy": ["zedapam", "bexodone"], "opioid": ["bexodone"]}


def items(gate=None):
    return [choice("a", None), choice("b", gate), number("n", None)]


def differences(before, now):
    return {(one.place, one.what) for one in compare(before, now).differences}


def told(content, name, answers):
    """What screening says of one rule, as a set of words; for an item, whether it is asked."""
    facts, _ = facts_of(
        {link_id: given for link_id, given in answers.items() if link_id in content.program.numbers}, DAY, content
    )
    if name in content.program.numbers:
        return {plan.item.link_id for plan in facts.asked} & {name}, [
            one for one in facts.help_blocks() if one[0] == name
        ]
    screening = screen(facts, content)
    return {flag.tier for flag in screening.flags if flag.rule == name}, [
        ask.about for ask in screening.to_ask if ask.rule == name
    ]


def replay(comparison):
    """Every patient is treated otherwise when both contents screen them like anyone."""
    for one in comparison.differences:
        name = one.place.partition(" ")[2]
        for patient in one.patients:
            answers = json.loads(json.dumps(patient.answers))
            assert told(comparison.before, name, answers) != told(comparison.now, name, answers), (one.place, patient)


# ---------------------------------------------------------------- the shipped content


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """A copy of the shipped content with five edits, each as a clinic might make it."""
    copy = tmp_path_factory.mktemp("edited") / "content"
    shutil.copytree(ROOT / "content", copy)
    edits = {
        "site.yaml": ("age-older: 65", "age-older: 70"),
        "sections/breathing-sleep.yaml": ("any_of: [home-oxygen, flare-4-weeks]", "any_of: [home-oxygen]"),
        "sections/medicines.yaml": ("when: {takes: maoi, use: lately}", "when: {takes: maoi}"),
        "sections/pregnancy.yaml": (
            "enable_when: {item: pregnant-now, any_of: [maybe, no, not-sure]}\n    answer_value_set",
            "enable_when: {item: pregnant-now, any_of: [maybe, not-sure]}\n    answer_value_set",
        ),
        "sections/heart.yaml": ("supersedes: [cv-cad]", "supersedes: []"),
    }
    for file, (old, new) in edits.items():
        text = (copy / file).read_text("utf-8")
        assert text.count(old) == 1, file
        (copy / file).write_text(text.replace(old, new), "utf-8")
    return copy


def test_the_shipped_content_is_equal_to_itself(content):
    again = compare(content, load(ROOT / "content"))
    assert again.equal and again.rules == len(content.program.rules) and again.items == len(content.items)


@pytest.mark.slow
def test_each_edit_shows_in_just_the_rules_and_items_that_it_touches(content, edited):
    found = compare(content, load(edited))
    assert {(one.place, one.what) for one in found.differences} == {
        ("rule age-65-plus", "comes out otherwise"),
        ("rule combo-older-cns-depressant", "comes out otherwise"),
        ("rule combo-opioid-gabapentinoid", "comes out otherwise"),
        ("rule resp-chronic-lung", "comes out otherwise"),
        ("rule med-maoi", "comes out otherwise"),
        ("rule combo-maoi-sympathomimetic", "comes out otherwise"),
        ("rule combo-maoi-serotonergic", "comes out otherwise"),
        ("item trying-to-conceive", "is asked of other patients"),
        ("rule preg-trying", "comes out otherwise"),
        ("rule combo-pregnancy-teratogen", "comes out otherwise"),
        ("item medicines", "shows help to other patients"),
        ("rule cv-mi-recent", "superseded cv-cad before, nothing now"),
    }
    assert all(one.patients for one in found.differences if "supersede" not in one.what)
    replay(found)
    lung = next(one for one in found.differences if one.place == "rule resp-chronic-lung")
    assert {str(patient) for patient in lung.patients} >= {"raised as high before, raised as moderate now"}


def test_a_part_that_cannot_matter_makes_no_difference(content, spoilt):
    copy = spoilt(
        "sections/pregnancy.yaml",
        "                - {item: period-late, is: late}\n",
        "                - {item: period-late, is: late}\n                - {item: pregnancy-test, is: positive}\n",
    )
    assert compare(content, load(copy)).equal


@pytest.mark.slow
def test_the_command_prints_the_patients_and_says_by_its_exit_whether_all_are_treated_alike(edited):
    done = CliRunner().invoke(app, ["check", "--against", str(edited)])
    assert done.exit_code == 1
    assert "rule age-65-plus: comes out otherwise." in done.stdout
    assert "not raised before, raised as info now." in done.stdout
    assert "What is your date of birth?" in done.stdout


# ---------------------------------------------------------------- small ones


def test_the_same_meaning_in_other_words_is_equal(content):
    one = small(content, items(), [rule("r", {"none": [{"all": [A, B]}]})])
    other = small(content, items(), [rule("r", {"any": [{"none": [B]}, {"none": [A]}]})])
    assert compare(one, other).equal


def test_what_only_makes_a_rule_unable_to_tell_is_a_difference_too(content):
    one = small(content, items(), [rule("r", A)])
    other = small(content, items(), [rule("r", {"any": [A, {"all": [B, {"none": [B]}]}]})])
    (found,) = compare(one, other).differences
    assert [str(patient) for patient in found.patients] == ["not raised before, cannot tell now"]


def test_rules_items_and_answers_that_came_or_went_are_named(content):
    fewer = choice("b", None)
    fewer = fewer.model_copy(update={"answer_option": fewer.answer_option[1:]})
    one = small(content, [choice("a", None), choice("b", None)], [rule("r", A), rule("s", A)])
    other = small(content, [choice("a", None), fewer, number("n", None)], [rule("r", A), rule("t", A)])
    assert differences(one, other) == {
        ("item n", "added"),
        ("item b", 'option "yes" removed'),
        ("rule s", "removed"),
        ("rule t", "added"),
    }


def test_a_rule_on_an_answer_that_is_new_is_raised_for_those_who_give_it(content):
    more = choice("b", None)
    extra = more.answer_option[0].model_copy(update={"code": "often"})
    more = more.model_copy(update={"answer_option": (extra, *more.answer_option)})
    one = small(content, [choice("b", None)], [rule("r", B)])
    other = small(content, [more], [rule("r", {"item": "b", "any_of": ["yes", "often"]})])
    found = compare(one, other)
    assert {"b": "often"} in [patient.answers for one in found.differences for patient in one.patients]


def test_a_range_that_grew_is_a_difference(content):
    wider = number("n", None).model_copy(update={"max": 9})
    high = rule("r", {"item": "n", "above": 3})
    assert differences(small(content, [number("n", None)], [high]), small(content, [wider], [high])) == {
        ("item n", "max was 3, is 9"),
        ("rule r", "comes out otherwise"),
    }


def test_tiers_are_compared_with_what_is_open_about_them(content):
    def raised(*tiers):
        return small(content, items(), [rule("r", A, tier_when=[{"tier": tier, "when": when} for tier, when in tiers])])

    found = compare(raised(("urgent", B)), raised(("urgent", {"none": [{"none": [B]}]})))
    assert found.equal
    found = compare(raised(("urgent", B)), raised(("urgent", {"item": "b", "any_of": ["yes", "not-sure"]})))
    assert [str(patient) for one in found.differences for patient in one.patients] == [
        "raised as high, perhaps urgent before, raised as urgent now"
    ]
    assert compare(raised(("info", B)), raised(("info", B))).equal


def test_an_ingredient_that_left_a_class_shows_and_is_never_called_equal(content):
    taking = rule("r", {"takes": "sleepy"})
    one = small(content, [medicines()], [taking], classes=CLASSES)
    other = small(content, [medicines()], [taking], classes={**CLASSES, "sleepy": ["bexodone"]})
    found = compare(one, other)
    assert {"rule r", "medicines"} == {difference.place for difference in found.differences}
    replay(found)
    assert ("zedapam",) in [
        patient.answers["medicines"] for difference in found.differences for patient in difference.patients
    ]


def test_what_could_not_be_settled_is_never_called_equal(content):
    one = small(content, items(), [rule("r", {"none": [{"all": [A, B]}]})])
    other = small(content, items(), [rule("r", {"any": [{"none": [B]}, {"none": [A]}]})])
    hurried = compare(one, other, effort=1)
    assert not hurried.equal and [found.what for found in hurried.differences] == [
        "could not settle whether it comes out otherwise"
    ]


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(worlds(), st.data())
def test_two_contents_differ_just_where_some_form_comes_out_otherwise(content, world, data):
    asked = [plan.item for plan in world.program.items]
    scores = [one.definition.model_dump(exclude_none=True) for one in world.program.scores]
    choices = [item.link_id for item in asked if item.type == "choice"]
    numbers = [item.link_id for item in asked if item.type == "integer"]
    when = world.program.rules[0].rule.when
    if data.draw(st.booleans()):
        when = rule("x", data.draw(conditions(choices, numbers, [one["id"] for one in scores]))).when
    open_ = data.draw(st.sampled_from([None, *asked]))
    changed = [item.model_copy(update={"enable_when": None}) if item is open_ else item for item in asked]
    one, other = (
        small(content, made, [world.program.rules[0].rule.model_copy(update={"when": test})], scores)
        for made, test in ((asked, world.program.rules[0].rule.when), (changed, when))
    )
    found = {difference.place for difference in compare(one, other).differences}
    expected = set()
    for answers in every_form(asked):
        grounds = [ResponseFacts(read(answers, DAY, made)[0], made.program) for made in (one, other)]
        if (
            len(
                {
                    made.program.rules[0].test.when.value(facts.vector)
                    for made, facts in zip((one, other), grounds, strict=True)
                }
            )
            > 1
        ):
            expected.add("rule the-rule")
        shown = [{plan.item.link_id for plan in facts.asked} for facts in grounds]
        expected |= {f"item {link_id}" for link_id in shown[0] ^ shown[1]}
    assert found == expected
