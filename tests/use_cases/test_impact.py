"""Impact: which rules come out differently for whom under a proposed content, and why, without a word of what anybody answered."""

from __future__ import annotations

from screening.loading.load import load
from screening.use_cases.impact import Change, impact
from screening.use_cases.intake import new_form
from tests.conftest import CONSENT, command

READING = {"knows-blood-pressure": "yes", "systolic": 155, "diastolic": 80}


def send(intake, answers):
    return intake.submit(new_form(), {"full-name": "Ana", **answers}, "en", CONSENT).reference


def test_the_same_content_changes_nothing(intake):
    send(intake, READING)
    found = impact(intake.store, intake.content, intake.content)
    assert (found.responses, found.changed, found.changes, found.unread) == (1, 0, {}, {})


def test_a_lower_limit_raises_the_rule_for_exactly_those_between_both_limits(intake, spoilt):
    between, _, _ = (
        send(intake, READING),
        send(intake, {**READING, "systolic": 149}),
        send(intake, {**READING, "systolic": 165}),
    )
    found = impact(
        intake.store, intake.content, load(spoilt("site.yaml", "bp-high-systolic: 160", "bp-high-systolic: 150"))
    )
    change = Change("cv-htn-uncontrolled", "cannot tell", "raised, high")
    assert (found.responses, found.changed) == (3, 1)
    assert found.changes[change] == {between: ("knows-blood-pressure", "systolic", "diastolic")}
    with intake.store.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT action FROM audit ORDER BY seq DESC LIMIT 1").scalar() == "impact"


def test_another_tier_a_retired_rule_and_an_answer_that_is_no_longer_taken_are_told_apart(intake, spoilt):
    reference = send(intake, {"now-signs": ["chest-pain"], "heart-conditions": ["angina"], **READING})
    spoilt(
        "sections/right-now.yaml",
        "  - id: cv-chest-pain-now\n    title: Chest pain now or new\n    status: draft\n    reviewed: pending\n    tier: urgent",
        "  - id: cv-chest-pain-now\n    title: Chest pain now or new\n    status: draft\n    reviewed: pending\n    tier: high",
    )
    title = "  - id: cv-cad\n    title: Coronary artery disease\n"
    spoilt("sections/heart.yaml", f"{title}    status: draft", f"{title}    status: retired")
    proposed = load(spoilt("sections/heart.yaml", "max: 300", "max: 150"))
    found = impact(intake.store, intake.content, proposed)
    assert found.changes[Change("cv-chest-pain-now", "raised, urgent", "raised, high")] == {reference: ("now-signs",)}
    assert found.changes[Change("cv-cad", "raised, high", "no such rule")] == {reference: ("heart-conditions",)}
    assert found.unread == {"systolic": 1}
    assert found.counts[0][1] == 1


def test_the_command_says_counts_first_then_who_and_why_and_never_an_answer(intake, settings, spoilt):
    reference = send(intake, {**READING, "pain-goal": "walk the dog"})
    copy = spoilt("site.yaml", "bp-high-systolic: 160", "bp-high-systolic: 150")

    def run(proposed, expect=0):
        return command("impact", "--proposed", proposed, expect=expect, records=settings.data).stdout

    lines = run(copy).splitlines()
    assert lines[0] == "1 responses, 1 of them change."
    assert "     1  cv-htn-uncontrolled: cannot tell -> raised, high" in lines
    assert (
        f"{reference}  cv-htn-uncontrolled: cannot tell -> raised, high (knows-blood-pressure, systolic, diastolic)"
        in lines
    )
    for answer in ("Ana", "walk the dog", "155"):
        assert answer not in "\n".join(lines)
    run(copy / "missing", expect=3)
