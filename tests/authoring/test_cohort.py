"""The made-up clinic: the same people for the same seed, answers that the form can take, and limits that notice a tier for everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from screening.authoring.samples import attention
from screening.authoring.samples.cohort import clinic, cohort
from screening.engine.response import read
from screening.model.site import AttentionLimits

DAY = date(2026, 11, 23)


def everybody(content):
    """The questions that nobody is spared."""
    return [item for item in content.items if item.enable_when is None]


@pytest.fixture(scope="module")
def measured(content):
    return attention.attention(content, DAY, count=300)


def test_the_same_seed_gives_the_same_people_and_another_gives_others(content):
    first, again, others = (list(cohort(content, 20, seed, DAY)) for seed in (1, 1, 2))
    assert first == again != others


def test_every_answer_of_the_clinic_is_one_that_the_form_offers(content):
    options = {item.link_id: {option.code for option in item.options} for item in content.items}
    for trait in clinic().traits:
        for link_id, given in trait.answers.items():
            assert set(given if isinstance(given, list) else [given]) <= options[link_id], trait.id
        for link_id, weights in trait.spread.items():
            assert len(weights) <= len(options[link_id]) and sum(weights) == pytest.approx(1), trait.id


def test_traits_only_name_traits_that_come_before_them():
    known = {"aged", "middle", "young"}
    for trait in clinic().traits:
        assert {*trait.of, *trait.given} - {"low-mood"} <= known | {"aged"}, trait.id
        known.add(trait.id)
    assert {name for taken in clinic().medicines for name in taken.given} <= known


def test_every_answer_of_a_made_up_person_is_accepted_and_asked(content):
    for answers in cohort(content, 100, 3, DAY):
        response, problems = read(answers, DAY, content)
        assert problems == () and response.answers.keys() == answers.keys()


def test_the_clinic_takes_medicines_and_leaves_some_answers_blank(content):
    people = list(cohort(content, 100, 1, DAY))
    assert sum(answers.get("medicines", "none") != "none" for answers in people) > 80
    assert any(
        item.safety_critical and item.link_id not in answers for answers in people for item in everybody(content)
    )


def test_shares_of_tiers_add_up_and_nothing_fires_more_often_than_there_are_people(measured):
    assert sum(measured.tiers.values()) == pytest.approx(1)
    assert max(measured.fired.values()) <= 1 and not set(measured.silent) & set(measured.fired)


def test_a_limit_that_is_passed_is_a_finding_and_one_that_is_not_is_none(content, measured):
    def found(**limits):
        site = content.site.model_copy(update={"attention": AttentionLimits(**limits)})
        return [one.code for one in attention.findings(measured, replace(content, site=site))]

    assert found(urgent=1.0, high=1.0, alone=1.0, first_screen=99, lines=99) == []
    tight = found(urgent=0.0, high=0.0, alone=0.0, first_screen=1, lines=1)
    assert tight[:2] == ["K001", "K001"] and "K002" in tight and tight[-2:] == ["K003", "K003"]
    unlimited = replace(content, site=content.site.model_copy(update={"attention": None}))
    assert list(attention.findings(measured, unlimited)) == []


def test_the_report_says_the_shares_and_which_rules_fire(measured):
    report = "\n".join(measured.lines_of_report())
    assert report.startswith("300 made-up people.") and "Raised most often:" in report
