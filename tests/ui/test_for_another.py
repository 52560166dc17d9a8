"""Somebody who answers for another person reads words of their own, and what they do not know is never a zero."""

from __future__ import annotations

import re
from datetime import date

import pytest

from screening.engine.screen import screen_answers
from screening.ui.form.form import Form
from tests.conftest import SHIPPED

DAY = date(2026, 11, 23)
DAUGHTER = {"filled-by": "someone-else"}


@pytest.fixture
def form(intake):
    return lambda **typed: Form(intake, "en", {link_id.replace("_", "-"): value for link_id, value in typed.items()})


def texts(form, section):
    plans = form.plans(next(one for one in form.intake.content.sections if one.section == section).items)
    return {plan.item.link_id: plan.item.text[form.language] for plan in plans}


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_answers_for_another_reads_of_the_person_and_everybody_else_of_themselves(form, language):
    own, helped, other, blank = (
        form(**one) for one in ({"filled_by": "self"}, {"filled_by": "with-help"}, {"filled_by": "someone-else"}, {})
    )
    for one in (own, helped, other, blank):
        one.speak(language)
    theirs = texts(other, "mood")
    assert texts(own, "mood") == texts(helped, "mood") == texts(blank, "mood")
    changed = {link_id for link_id, text in texts(own, "mood").items() if theirs[link_id] != text}
    assert changed == {"keep-safe", "mind-now", "mind-conditions", "suicide-attempt-when"}
    mood = next(one for one in own.intake.content.sections if one.section == "mood")
    assert mood.introduction(True) == mood.intro_for_another != mood.introduction(False) == mood.intro


def test_every_help_block_has_words_for_who_answers_for_another_with_the_same_numbers(form):
    own, other = form(), form(filled_by="someone-else")
    for kind in ("emergency", "crisis", "gentle", "same-day"):
        assert own.help(kind).title != other.help(kind).title
        assert own.help(kind).actions == other.help(kind).actions


def test_the_wording_of_instruments_is_the_same_whoever_answers(content):
    for item in content.items:
        if item.instrument:
            worded = item.worded(True)
            assert (worded.text, worded.stem, worded.options) == (item.text, item.stem, item.options)


@pytest.mark.parametrize("name", ["phq-2", "phq-9", "gad-2", "gad-7"])
def test_what_a_helper_does_not_know_leaves_a_score_open_and_never_counts_as_zero(content, name):
    items = next(one.items for section in content.sections for one in section.scores if one.id == name)
    most = dict.fromkeys(items, "nearly-every-day")
    for unknown in items:
        found = screen_answers({**DAUGHTER, **most, unknown: "not-sure"}, DAY, content).result.score(name)
        assert (found.status, found.low, found.high) == ("incomplete", 3 * len(items) - 3, 3 * len(items))


def test_not_knowing_about_item_9_is_asked_about_and_shows_help(content):
    outcome = screen_answers({**DAUGHTER, "phq-item-9": "not-sure"}, DAY, content)
    assert ("phq-item-9", "gentle") in outcome.facts.help_blocks()
    assert "keep-safe" in {plan.item.link_id for plan in outcome.facts.asked}
    assert {flag.rule: flag.tier for flag in outcome.result.flags}["mh-item-9-declined"] == "high"
    assert "mh-suicide-current" in {ask.rule for ask in outcome.result.to_ask}


def test_the_spanish_text_to_988_begins_with_the_word_that_it_answers_in_spanish_to(content):
    action = next(one for one in content.site.help.crisis.actions if one.href == "sms:988")
    assert action.address("es") == "sms:988?&body=AYUDA" and "AYUDA" in action.text["es"]


def test_when_staff_read_a_form_is_said_in_the_clinics_words_alone(content):
    for file in sorted(SHIPPED.rglob("*.yaml")):
        said = file.read_text("utf-8").replace(content.site.clinic.read_within["en"], "")
        said = said.replace(content.site.clinic.read_within["es"], "")
        assert not re.search(r"(business|working) day|día (hábil|laborable)", said), file.name
