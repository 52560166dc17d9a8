"""What one other answer would change is what the form itself would say."""

from __future__ import annotations

import pytest

from screening.authoring.samples.generate import responses
from screening.engine.screen import screen_answers
from screening.records.store import Store
from screening.use_cases.intake import new_form
from screening.use_cases.other_answers import PRESSING, _alternatives, dropping, near_misses
from tests.conftest import CONSENT
from tests.stored import DAY
from tests.use_cases.test_review import CLINICIAN, OPEN, URGENT, archive, made  # noqa: F401


@pytest.fixture
def opened(content, embedded: Store, archive):  # noqa: F811
    review = made(content, embedded, archive)

    def sent(**answers):
        reference = review.intake.submit(new_form(), {**OPEN, **answers}, "en", CONSENT).reference
        return review.responses.open(CLINICIAN, reference)

    return sent


def raised(opened, link_id, given):
    answers = {**opened.record.answers, link_id: given}
    return {flag.rule for flag in screen_answers(answers, opened.record.day, opened.content).result.flags}


def test_a_flag_says_the_answers_that_would_drop_it(opened):
    one = opened(**{"phq-item-9": "several-days"})
    found = dropping(one, "mh-suicide-current")
    assert [answer.link_id for answer in found] == ["phq-item-9"]
    assert found[0].now == "Several days" and found[0].instead == "Not at all"
    assert dropping(one, "no-such-rule") == []


def test_what_is_one_answer_away_would_be_raised_by_that_answer_and_is_not_now(content, opened):
    for sample in responses(content, 4, 5, DAY):
        one = opened(**{k: v for k, v in sample["answers"].items() if k not in OPEN})
        now = {flag.rule for flag in one.result.flags}
        found = near_misses(one)
        assert len({near.rule for near in found}) == len(found)
        for near in found[:6]:
            assert near.rule not in now and near.tier in PRESSING and near.answer.now != near.answer.instead
            link_id = near.answer.link_id
            assert any(near.rule in raised(one, link_id, given) for given in _alternatives(one, link_id))


def test_each_answer_that_would_drop_a_flag_does_drop_it(content, opened):
    seen = 0
    for sample in responses(content, 6, 8, DAY):
        one = opened(**{k: v for k, v in sample["answers"].items() if k not in OPEN})
        for flag in one.result.flags[:5]:
            for answer in dropping(one, flag.rule):
                seen += 1
                gone = list(_alternatives(one, answer.link_id))
                assert any(flag.rule not in raised(one, answer.link_id, given) for given in gone)
    assert seen > 3
