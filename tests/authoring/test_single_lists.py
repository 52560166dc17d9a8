"""A rule that looks at one list is raised by exactly the choices that it names, alone or among all others, and is never
settled by what is left open. Written once, so that no worked case has to say it for one choice after the other."""

from __future__ import annotations

from datetime import date

import pytest

from screening.engine.facts import ResponseFacts
from screening.engine.response import respond
from screening.model.condition import ItemTest
from tests.conftest import shipped

CONTENT = shipped()
DAY = date(2026, 11, 23)
PLANS = [
    plan
    for plan in CONTENT.program.rules
    if isinstance(when := plan.rule.when, ItemTest) and when.codes and CONTENT.item(when.item).enable_when is None
]
each = pytest.mark.parametrize("plan", PLANS, ids=[plan.rule.id for plan in PLANS])


def outcome(plan, given):
    facts = ResponseFacts(respond({plan.rule.when.item: given}, DAY, CONTENT), CONTENT.program)
    return {1: "raised", 0: "not-raised"}.get(plan.test.when.value(facts.vector), "cannot-tell")


@each
def test_each_choice_alone_raises_where_the_rule_names_it_and_what_is_open_settles_nothing(plan):
    named = plan.rule.when.codes
    item = CONTENT.item(plan.rule.when.item)
    for option in item.options:
        left = "cannot-tell" if option.meaning else "not-raised"
        expected = "raised" if option.code in named else left
        assert outcome(plan, item.choosing(option.code)) == expected, option.code


@each
def test_no_other_choice_hides_one_that_the_rule_names_or_stands_for_it(plan):
    item = CONTENT.item(plan.rule.when.item)
    named = [option.code for option in item.options if option.code in plan.rule.when.codes and not option.alone]
    others = tuple(option.code for option in item.options if option.code not in named and not option.alone)
    if item.many:
        assert outcome(plan, others) == "not-raised"
        for code in named:
            assert outcome(plan, (*others, code)) == outcome(plan, (code,)) == "raised"


def test_there_are_many_such_rules():
    assert len(PLANS) > 40
