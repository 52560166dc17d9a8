"""What staff are told of medicines besides flags: an entry to ask about once, what no rule looks at, what a sum leaves out."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from exports.prep_sheet import sheet_values
from screening.engine.screen import screen_answers
from tests.conftest import shipped
from tests.stored import stored

CONTENT = shipped()
DAY = date(2026, 11, 23)
OPEN = ["calium 5 mg", "zorblaxin", "my inhaler", "hydro", "levo 50"]


def screened(*entries):
    return screen_answers({"medicines": list(entries)}, DAY, CONTENT)


@settings(deadline=None, max_examples=10)
@given(st.lists(st.sampled_from(OPEN), min_size=1, max_size=3, unique=True))
def test_an_entry_that_nobody_read_is_asked_about_once_and_not_once_a_rule(entries):
    outcome = screened("lisinopril", *entries)
    together = outcome.result.to_ask_together()
    alone = {ask.missing: rules for ask, rules in together if all(one.link_id == "medicines" for one in ask.missing)}
    assert len(alone) == sum(all(one.link_id == "medicines" for one in ask.missing) for ask, _ in together)
    waiting = {rule for rules in alone.values() for rule in rules}
    assert waiting == {
        ask.rule for ask in outcome.result.to_ask if all(one.link_id == "medicines" for one in ask.missing)
    }
    assert len(waiting) > len(alone)


def test_what_was_recognised_and_no_rule_looks_at_is_said_once():
    result = screened("vitamin c", "ascorbic acid 500", "warfarin", "zorblaxin", "hydro").result
    assert result.no_rule_looks_at(CONTENT) == ["ascorbic acid"]


def test_a_sum_says_what_it_leaves_out_and_what_to_know_about_a_factor():
    factors = CONTENT.program.opioids
    mme = screened("levorphanol 2 mg", "methadone 10 mg twice a day", "oxycodone 5 mg bid").result.mme
    without, caution = mme.notes(factors)
    assert "levorphanol" in without and caution.startswith("Methadone: ")
    assert screened("oxycodone 5 mg bid").result.mme.notes(factors) == ()


def test_the_prep_sheet_has_room_for_all_of_it():
    person = {"medicines": ["levorphanol 2 mg", "vitamin c", "Vivitrol"]}
    values = sheet_values(stored(CONTENT, person), CONTENT)
    assert values["no_rule"] == ["ascorbic acid"] and "levorphanol" in values["mme"]["notes"][0]
    assert [one["weeks"] for one in values["medicines"]] == [None, None, 6]
