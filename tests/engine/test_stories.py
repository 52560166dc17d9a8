"""Whole patients, written from the clinical text and not from the rules: what is raised, what is not, and what must be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from screening.authoring.cases import DAY
from screening.engine.response import Problem
from screening.engine.result import Result
from screening.engine.screen import screen_answers
from screening.loading import document
from screening.model.item import HELP_KINDS
from screening.settings import ROOT

FOLDER = ROOT / "tests" / "stories"
BASE: dict[str, Any] = document.read(FOLDER / "base.yaml").data["answers"]
STORIES = [story for path in sorted(FOLDER.glob("[0-9]*.yaml")) for story in document.read(path).data]
KEYS = {"name", "story", "language", "answers", "medicines", "tier", "raised", "must_not", "to_ask", "only", "help"}
COMPLETE = ("urgent", "high")
"""Every flag of these tiers must be listed by the story, so that firing too often is seen as well as missing."""

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])


def raw(story: dict[str, Any]) -> dict[str, Any]:
    """The answers of the base patient with what this story changes, as typed."""
    return BASE | story.get("answers", {}) | {"medicines": story.get("medicines", "none")}


def told(story: dict[str, Any], content: Any) -> tuple[Result, tuple[Problem, ...], date]:
    """The screening of the base patient with what this story changes."""
    outcome = screen_answers(raw(story), DAY, content)
    return outcome.result, outcome.problems, outcome.response.authored


@each_story
def test_story(story, content):
    screening, problems, _ = told(story, content)
    tiers = {flag.rule: flag.tier for flag in screening.flags}
    asked = {ask.rule for ask in screening.to_ask if ask.about == "raised"}
    listed = story["raised"]
    assert problems == ()
    assert {rule: tiers.get(rule) for rule in listed} == listed
    assert {rule for rule, tier in tiers.items() if tier in COMPLETE or story.get("only")} <= set(listed)
    wrongly = set(story.get("must_not", ())) & tiers.keys()
    assert not wrongly
    assert set(story.get("to_ask", ())) <= asked


@each_story
def test_a_story_is_written_with_known_words(story, content):
    rules = {rule.id for rule in content.rules}
    assert set(story) <= KEYS and story["story"]
    assert {*story["raised"], *story.get("must_not", ()), *story.get("to_ask", ())} <= rules


HELP = {"none": set(), "same-day": {"same-day"}, "emergency": {"emergency"}, "crisis": {"crisis", "gentle"}}
"""What a story says of help, and the blocks that are it."""


@pytest.mark.parametrize("story", [story for story in STORIES if "tier" in story], ids=lambda story: story["name"])
def test_a_story_has_its_most_pressing_tier_and_sees_the_help_that_fits(story, content):
    outcome = screen_answers(raw(story), DAY, content)
    assert (outcome.result.tier or "none") == story["tier"]
    blocks = [block for _, block in outcome.facts.help_blocks()]
    first = min(blocks, key=HELP_KINDS.index, default=None)
    assert {first} & HELP[story["help"]] if first else story["help"] == "none"


def test_a_well_person_is_asked_at_most_forty_eight_questions(content):
    assert len(screen_answers(raw({}), DAY, content).facts.asked) <= 48


def test_there_are_a_hundred_and_twenty_people_with_names_of_their_own():
    assert len({story["name"] for story in STORIES}) == len(STORIES) >= 120


def test_the_stories_reach_every_tier(content):
    assert {tier for story in STORIES for tier in story["raised"].values()} == {"urgent", "high", "moderate", "info"}


OMITTED = {
    "nitroglycerin 0.4 mg": {"heart-conditions": ["angina"]},
    "phenytoin 100 mg": {"brain-conditions": ["seizures"]},
    "latanoprost eye drops": {"brain-conditions": ["glaucoma"]},
    "methimazole 10 mg": {"told-conditions": ["thyroid-overactive"]},
    "insulin glargine": {"told-conditions": ["diabetes"]},
    "risperidone 1 mg": {"mind-conditions": ["psychosis"]},
    "lithium 300 mg": {"mind-conditions": ["bipolar"]},
    "donepezil 10 mg": {"brain-conditions": ["memory"]},
    "acamprosate 333 mg": {"substances-ever": ["in-recovery"]},
    "amiodarone 200 mg": {"heart-conditions": ["irregular"]},
    "tiotropium inhaler": {"lung-conditions": ["copd"]},
}
"""Each medicine that clinical practice ties to a condition, and the answer that reports the condition."""


@pytest.mark.parametrize("medicine, reported", OMITTED.items(), ids=OMITTED)
def test_a_medicine_for_a_condition_that_was_not_reported_is_noticed(content, medicine, reported):
    rule = "incons-med-suggests-condition"
    (link_id,) = reported

    def outcome(answers: dict[str, Any]) -> str:
        screening = told({"answers": answers, "medicines": [medicine]}, content)[0]
        if any(flag.rule == rule for flag in screening.flags):
            return "raised"
        return "cannot-tell" if any(ask.rule == rule for ask in screening.to_ask) else "not-raised"

    assert [outcome({}), outcome(reported), outcome({link_id: ["not-sure"]})] == ["raised", "not-raised", "cannot-tell"]


def _open_answers(content):
    for section in content.sections:
        for item in section.items:
            if item.safety_critical and item.link_id in BASE | {"medicines": None}:
                codes = {option.code for option in item.options} & {"not-sure", "declined"}
                for given in (None, *sorted(codes)):
                    several = isinstance(BASE.get(item.link_id), list)
                    yield item.link_id, [given] if several and given else given


def test_a_safety_critical_answer_that_is_open_is_always_asked_about_at_its_tier(content):
    tiers = {rule.id: {rule.tier, *(other.tier for other in rule.tier_when)} for rule in content.rules}
    assert told({}, content)[0].to_ask == ()
    tried = 0
    for link_id, given in _open_answers(content):
        story = {"medicines": given} if link_id == "medicines" else {"answers": {link_id: given}}
        screening, problems, _ = told(story, content)
        assert problems == ()
        # "Not sure" may itself raise a flag, or open a follow-up question that is then the one to ask.
        assert screening.to_ask or any(one.link_id == link_id for flag in screening.flags for one in flag.evidence), (
            link_id,
            given,
        )
        asks = [ask for ask in screening.to_ask if any(one.link_id == link_id for one in ask.missing)]
        for ask in asks:
            pressing = tiers[ask.rule] & {"urgent", "high"}
            assert ask.tier == "high" if pressing == tiers[ask.rule] else ask.tier in ("high", "moderate"), (
                link_id,
                ask,
            )
        tried += 1
    assert tried > 60
