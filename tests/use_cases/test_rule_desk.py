"""The content desk: every rule can be read, has made-up patients who do what they say, and shows what another answer would do."""

from __future__ import annotations

import pytest

from screening.records.accounts.accounts import Accounts
from screening.use_cases.intake import Intake
from screening.use_cases.permissions import NotAllowed
from screening.use_cases.review import StaffReview
from screening.use_cases.rule_desk import RuleDesk
from tests.use_cases.test_review import ADMIN, CLINICIAN


@pytest.fixture
def rules(content, embedded):
    return RuleDesk(StaffReview(Intake(content, embedded), Accounts(embedded.database, embedded.keys)))


def raised(rules, answers):
    return {one.rule: one for one in rules.flags(rules.review.intake.facts(answers)[0])}


def test_every_rule_and_question_of_the_content_is_in_the_book(rules, content):
    book = rules.book(ADMIN)
    assert {rule.id for rule in book.rules} == {rule.id for rule in content.rules}
    assert {question.link_id for section in book.sections for question in section.questions} == {
        item.link_id for item in content.items
    }
    assert {one.code for one in rules.findings(CLINICIAN)} <= {"E003"}, "nothing but what has come to its review"


@pytest.mark.parametrize("rule", ["cv-htn-uncontrolled", "mh-suicide-current", "med-opioid", "body-bmi-high"])
def test_made_up_patients_do_what_they_are_said_to_do(rules, rule):
    patients = rules.patients(CLINICIAN, rule)
    assert any(name == "Proven: raised" for name in patients) and any(
        name.endswith("(cannot-tell)") for name in patients
    )
    for name, answers in patients.items():
        wanted = name.endswith(("(raised)", ": raised")) or "raised as" in name
        assert (rule in raised(rules, answers)) == wanted, name


def test_another_answer_shows_what_comes_and_what_goes(rules):
    patient = rules.patients(CLINICIAN, "mh-suicide-current")["Proven: raised"]
    before = raised(rules, patient)
    after = raised(rules, {**patient, "phq-item-9": "not-at-all", "now-signs": ["chest-pain"]})
    assert "mh-suicide-current" in before and "mh-suicide-current" not in after
    assert before["mh-suicide-current"].because == (
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    )
    assert set(after) - set(before)


def test_the_questions_that_a_rule_reads_are_those_that_can_be_changed(rules):
    assert [plan.item.link_id for plan in rules.asked_by("cv-htn-uncontrolled")][:2] == [
        "high-blood-pressure",
        "blood-pressure-problem",
    ]


def test_who_has_no_right_to_it_learns_nothing(rules, monkeypatch):
    monkeypatch.setattr(
        "screening.use_cases.permissions.MAY",
        {role: frozenset() for role in ("front-desk", "clinician", "exporter", "admin")},
    )
    with pytest.raises(NotAllowed):
        rules.book(ADMIN)
