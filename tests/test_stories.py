"""Whole patients, written from the clinical text and not from the rules: what is raised, what is not, and what must be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from screening import document
from screening.authoring.cases import DAY
from screening.flag import Screening, screened
from screening.response import Ground, Problem, read
from screening.settings import ROOT

FOLDER = ROOT / "tests" / "stories"
BASE: dict[str, Any] = document.read(FOLDER / "base.yaml").data["answers"]
STORIES = [story for path in sorted(FOLDER.glob("[0-9]*.yaml")) for story in document.read(path).data]
KEYS = {"name", "story", "language", "answers", "medicines", "raised", "must_not", "to_ask", "only"}
COMPLETE = ("urgent", "high")
"""Every flag of these tiers must be listed by the story, so that firing too often is seen as well as missing."""

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])


def told(story: dict[str, Any], content: Any) -> tuple[Screening, tuple[Problem, ...], date]:
    """The screening of the base patient with what this story changes."""
    raw = BASE | story.get("answers", {}) | {"medicines": story.get("medicines", "none")}
    response, problems = read(raw, DAY, content)
    return screened(Ground(response, content.program), content), problems, response.authored


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


def test_there_are_sixty_people_with_names_of_their_own():
    assert len({story["name"] for story in STORIES}) == len(STORIES) >= 60


def test_the_stories_reach_every_tier(content):
    assert {tier for story in STORIES for tier in story["raised"].values()} == {"urgent", "high", "moderate", "info"}
