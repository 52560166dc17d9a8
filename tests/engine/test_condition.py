"""Three values: the whole truth table, and what must hold of every condition."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings

from screening.engine.evaluate import Truth
from screening.engine.reasons import deciding_answers, evidence
from tests.engine.worlds import CODES, NUMBERS, World, build, choice, number, worlds

F, T, U = Truth.FALSE, Truth.TRUE, Truth.UNKNOWN
ANSWER = {F: "no", T: "yes", U: "not-sure"}


def _worth(node: dict, values: tuple[Truth, ...]) -> int:
    items = [choice(f"q{n}", None) for n in range(len(values))]
    world = World(build(items, node), {f"q{n}": ANSWER[value] for n, value in enumerate(values)})
    return world.value(world.answers)


PARTS = [{"item": f"q{n}", "is": "yes"} for n in range(3)]


@pytest.mark.parametrize("values", list(product((F, T, U), repeat=3)))
def test_all_is_false_if_any_part_is_false_else_unknown_if_any_is_unknown(values):
    assert _worth({"all": PARTS}, values) == (F if F in values else U if U in values else T)


@pytest.mark.parametrize("values", list(product((F, T, U), repeat=3)))
def test_any_is_true_if_any_part_is_true_else_unknown_if_any_is_unknown(values):
    assert _worth({"any": PARTS}, values) == (T if T in values else U if U in values else F)


@pytest.mark.parametrize("values", list(product((F, T, U), repeat=3)))
def test_none_is_the_negation_of_any(values):
    any_ = _worth({"any": PARTS}, values)
    assert _worth({"none": PARTS}, values) == {F: T, T: F, U: U}[Truth(any_)]


@pytest.mark.parametrize("values", list(product((F, T, U), repeat=3)))
def test_at_least_two_is_true_with_two_and_false_when_fewer_than_two_can_be(values):
    true, possible = values.count(T), values.count(T) + values.count(U)
    assert _worth({"at_least": 2, "of": PARTS}, values) == (T if true >= 2 else U if possible >= 2 else F)


def test_a_blank_a_not_sure_and_a_declined_answer_are_unknown_and_never_no():
    world = World(build([choice("q0", None)], {"item": "q0", "is": "yes"}), {})
    assert world.value({}) == U
    assert world.value({"q0": "not-sure"}) == U
    assert world.value({"q0": "no"}) == F


def test_a_rule_about_not_sure_itself_is_true_when_that_is_the_answer():
    world = World(build([choice("q0", None)], {"item": "q0", "is": "not-sure"}), {})
    assert world.value({"q0": "not-sure"}) == T
    assert world.value({"q0": "yes"}) == F


def test_an_item_that_is_not_asked_inherits_why():
    items = [choice("q0", None), choice("q1", {"item": "q0", "is": "yes"})]
    world = World(build(items, {"item": "q1", "is": "yes"}), {})
    assert world.value({"q0": "no", "q1": "yes"}) == F, "the gate is shut: what was typed before does not exist"
    assert world.value({"q0": "not-sure", "q1": "yes"}) == U, "the gate is open to doubt, so is the follow-up"
    assert world.value({"q0": "yes", "q1": "yes"}) == T


def _subsets(bits: int):
    atoms = [1 << n for n in range(bits.bit_length()) if bits >> n & 1]
    for size in range(len(atoms) + 1):
        for some in combinations(atoms, size):
            yield sum(some)


@settings(max_examples=400, deadline=None)
@given(worlds())
def test_the_evidence_alone_raises_the_rule_and_nothing_smaller_does(world):
    facts = world.facts()
    plan = world.program.rules[0]
    if plan.test.when.value(facts.vector) != 1:
        return
    found = evidence(plan.test, facts)
    assert world.value(world.answers, found) == 1
    answered = sum(1 << world.program.numbers[link] for link in world.answers)
    assert not any(
        world.value(world.answers, small) == 1 for small in _subsets(answered) if small.bit_count() < found.bit_count()
    )


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_changing_answers_outside_the_evidence_never_removes_a_flag(world):
    facts = world.facts()
    plan = world.program.rules[0]
    if plan.test.when.value(facts.vector) != 1:
        return
    found = evidence(plan.test, facts)
    free = [one for one in world.program.items if not found >> one.number & 1]
    domains = [[None, *(NUMBERS if one.item.type == "integer" else (*CODES, "not-sure"))] for one in free]
    for values in product(*domains[:3]):
        answers = dict(world.answers)
        for one, value in zip(free, values, strict=False):
            answers.pop(one.item.link_id, None)
            if value is not None:
                answers[one.item.link_id] = value
        assert world.value(answers) == 1


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_answering_what_was_blank_never_turns_raised_into_not_raised(world):
    if world.value(world.answers) == 2:
        return
    before = world.value(world.answers)
    for one in world.program.items:
        if one.item.link_id not in world.answers:
            for value in NUMBERS if one.item.type == "integer" else (*CODES, "not-sure"):
                assert world.value({**world.answers, one.item.link_id: value}) == before


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_an_answer_to_an_item_that_is_not_asked_never_matters(world):
    facts = world.facts()
    for one in world.program.items:
        if facts.status(one.number) == "not-asked":
            for value in NUMBERS if one.item.type == "integer" else CODES:
                assert world.value({**world.answers, one.item.link_id: value}) == world.value(world.answers)


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_the_missing_answers_settle_the_rule_whatever_they_turn_out_to_be(world):
    world = world.come_in()
    facts = world.facts()
    plan = world.program.rules[0]
    if plan.test.when.value(facts.vector) != 2:
        return
    found = deciding_answers(plan.test, facts)
    assert _settles(world, found)


@settings(max_examples=300, deadline=None)
@given(worlds(about_open=False))
def test_no_smaller_set_of_missing_answers_settles_the_rule(world):
    world = world.come_in()  # an answer typed for a question that may not be asked does not exist
    facts = world.facts()
    plan = world.program.rules[0]
    if plan.test.when.value(facts.vector) != 2:
        return
    found = deciding_answers(plan.test, facts)
    for left_out in [n for n in range(found.bit_length()) if found >> n & 1]:
        assert not _settles(world, found & ~(1 << left_out))


def test_a_limit_that_no_number_reaches_is_settled_by_that_number_alone():
    when = {"all": [{"item": "a", "is": "yes"}, {"item": "n", "below": 0}]}  # n is from 0 to 3
    world = World(build([choice("a", None), number("n", None)], when), {})
    assert deciding_answers(world.program.rules[0].test, world.facts()) == 0b10


def test_a_score_that_no_weight_can_lower_waits_only_for_whether_it_is_asked():
    items = [choice("a", None), number("n", None), choice("b", {"item": "n", "at_least": 1})]
    program = build(items, {"score": "sum", "at_least": 0}, [{"id": "sum", "sum": ["a", "b"]}])  # weights from 0
    assert deciding_answers(program.rules[0].test, World(program, {}).facts()) == 0b10


def test_a_question_that_not_sure_keeps_shut_is_missing_too_where_another_answer_opens_it():
    sure = {"none": [{"item": "a", "is": "yes"}, {"item": "a", "is": "not-sure"}]}
    when = {"any": [{"item": "a", "is": "yes"}, {"item": "b", "is": "yes"}]}
    world = World(build([choice("a", None), choice("b", sure)], when), {"a": "not-sure"})
    assert deciding_answers(world.program.rules[0].test, world.facts()) == 0b11


def _settles(world: World, atoms: int) -> bool:
    asked = [one for one in world.program.items if atoms >> one.number & 1]
    domains = [NUMBERS if one.item.type == "integer" else CODES for one in asked]
    return all(
        world.value({**world.answers, **{one.item.link_id: value for one, value in zip(asked, values, strict=True)}})
        != 2
        for values in product(*domains)
    )
