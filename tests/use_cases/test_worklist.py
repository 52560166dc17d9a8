"""Nobody is hidden or silenced: whose turn it is, in which order, and what ends an alarm or begins it anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.engine.content import Content
from screening.engine.summary import Summary
from screening.model.rule import TIERS
from screening.records.deletion import erase
from screening.records.store import Store
from screening.records.work_state import Changed, State
from screening.use_cases.access import NotDone
from screening.use_cases.changes import OUTCOMES, SETTLED
from screening.use_cases.intake import new_form
from screening.use_cases.opened_response import OpenedResponse
from screening.use_cases.queues import QUEUES, due, queue_of
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import SORTS, Wanted, WorklistRow, counts, matching, ordered
from tests.conftest import CONSENT
from tests.use_cases.test_review import CLINICIAN, FRONT, URGENT, archive, made, send, session  # noqa: F401

WHEN = "2026-11-23T10:00:00+00:00"
LEVELS = st.sampled_from([None, *TIERS])


@pytest.fixture
def review(content: Content, embedded: Store, archive: bytes) -> StaffReview:  # noqa: F811
    return made(content, embedded, archive)


def urgent(review: StaffReview, **answers: Any) -> str:
    return review.intake.submit(new_form(), {**URGENT, **answers}, "en", CONSENT).reference


def line(review: StaffReview, reference: str) -> WorklistRow:
    return next(row for row in review.worklist.rows(FRONT, Wanted(status="all"))[0] if row.reference == reference)


def opened(review: StaffReview, reference: str) -> OpenedResponse:
    return review.responses.open(FRONT, reference)


# ---------------------------------------------------------------- queues


@given(LEVELS, LEVELS, st.integers(0, 4), st.booleans(), st.booleans(), st.booleans())
def test_everybody_stands_in_one_queue_and_who_is_urgent_in_call_until_they_were_reached(
    content, tier, ask, status, contacted, tried, newly
):
    staff = content.site.staff
    state = State(
        staff.statuses[status].code,
        contacted=WHEN if contacted else None,
        tried=WHEN if tried or contacted else None,
        urgent_since=WHEN if newly else None,
    )
    queue = queue_of(Summary(tier=tier, ask_tier=ask), state, staff)
    assert queue in QUEUES
    assert (queue == "call") == (tier == "urgent" and not contacted)
    if queue == "ready":
        assert not {tier, ask} & {"urgent", "high"}


def row(
    number: int, tier: str | None, ask: str | None = None, queue: str = "decide", received: str = WHEN
) -> WorklistRow:
    return WorklistRow(
        number, f"R{number}", received, received[:10], Summary(tier=tier, ask_tier=ask), State("new"), queue
    )  # type: ignore[arg-type]


def test_what_was_not_answered_counts_like_a_flag_in_the_order():
    rows = ordered([row(1, "moderate"), row(2, None, "urgent"), row(3, "high"), row(4, None, None)])
    assert [one.id for one in rows] == [2, 3, 1, 4]


@given(st.lists(st.tuples(LEVELS, LEVELS, st.sampled_from(QUEUES), st.integers(0, 59)), max_size=30))
def test_every_order_keeps_everybody(made_up):
    rows = [
        row(n, tier, ask, queue, f"2026-11-23T10:{minute:02}:00+00:00")
        for n, (tier, ask, queue, minute) in enumerate(made_up)
    ]
    for sort in SORTS:
        assert sorted(one.id for one in ordered(rows, sort)) == [one.id for one in rows]
    assert sum(counts(rows).values()) == len(rows)


def test_each_tier_is_due_by_the_clinics_own_hours(content):
    since = datetime(2026, 11, 23, 10, tzinfo=UTC)
    staff = content.site.staff.model_copy(update={"due_hours": {"urgent": 2}})
    assert due(Summary(tier="urgent"), since, staff) == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert due(Summary(ask_tier="urgent"), since, staff) == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert due(Summary(tier="high"), since, staff) is None and due(Summary(), since, staff) is None


def test_a_form_with_almost_nothing_in_it_says_so_and_stands_before_one_moderate_flag(review):
    empty = review.intake.submit(new_form(), {"full-name": "E", "phone": "555 010 0177"}, "en", CONSENT).reference
    found = line(review, empty)
    assert found.almost_empty and found.summary.ask_tier in ("urgent", "high") and found.queue == "ask"
    assert found.summary.pressing <= TIERS.index("high")
    moderate = replace(found, id=99, summary=Summary(tier="moderate", answers=60), queue="ready")
    assert [one.id for one in ordered([moderate, found])] == [found.id, 99]


# ---------------------------------------------------------------- one fact: reached or not


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_reaching_somebody_or_a_reason_why_not_ends_the_alarm(review, outcome):
    reference = urgent(review)
    assert review.worklist.unreached(FRONT) == {reference}
    review.changes.called(FRONT, opened(review, reference), outcome, "Is with us now")
    found = line(review, reference)
    assert (reference in review.worklist.unreached(FRONT)) == (outcome not in SETTLED) == (found.queue == "call")
    assert found.state.outcome == outcome and found.state.tried
    assert [entry.kind for entry in opened(review, reference).entries] == ["call"]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_call_is_taken_back_whole_and_once(review, outcome):
    reference = urgent(review)
    review.changes.set_status(FRONT, opened(review, reference), "in-review")
    before = line(review, reference).state
    review.changes.called(FRONT, opened(review, reference), outcome, "Wrong person")
    review.changes.undo_call(FRONT, opened(review, reference))
    after = line(review, reference).state
    assert replace(after, version=0) == replace(before, version=0) and review.worklist.unreached(FRONT) == {reference}
    with pytest.raises(NotDone):
        review.changes.undo_call(FRONT, opened(review, reference))
    assert [entry.kind for entry in opened(review, reference).entries] == ["status", "call", "undone"]


def test_a_call_is_not_taken_back_over_a_later_one_of_somebody_else(review):
    reference = urgent(review)
    review.changes.called(FRONT, opened(review, reference), "voicemail")
    seen = opened(review, reference)
    review.changes.called(CLINICIAN, opened(review, reference), "reached")
    with pytest.raises(Changed):
        review.changes.undo_call(FRONT, seen)
    assert line(review, reference).state.contacted


def test_no_status_ends_the_alarm_and_the_status_of_a_call_is_set_by_a_call_only(review):
    reference = urgent(review)
    for status in ("contacted", "closed"):
        with pytest.raises(NotDone, match="call"):
            review.changes.set_status(FRONT, opened(review, reference), status)
    review.changes.set_status(FRONT, opened(review, reference), "scheduled")
    assert review.worklist.unreached(FRONT) == {reference}
    review.changes.called(FRONT, opened(review, reference), "reached")
    assert line(review, reference).state.status == "scheduled", "a call does not set the work back"
    review.changes.set_status(FRONT, opened(review, reference), "closed")
    assert line(review, reference).queue == "done"


def test_no_call_needed_wants_a_reason(review):
    with pytest.raises(NotDone, match="why"):
        review.changes.called(FRONT, opened(review, urgent(review)), "not-needed", "  ")


def test_a_new_urgent_answer_rings_again_whatever_was_done_before(review):
    reference = send(review)
    review.changes.called(FRONT, opened(review, reference), "reached")
    review.changes.set_status(FRONT, opened(review, reference), "closed")
    case = opened(review, reference)
    review.changes.amend(FRONT, case, {**case.record.answers, "phq-item-9": "several-days"})
    found = line(review, reference)
    assert found.queue == "call" and found.state.status == "new" and found.state.contacted is None
    assert found.since > datetime.fromisoformat(found.received) or found.state.urgent_since
    assert reference in [row.reference for row in review.worklist.rows(FRONT, Wanted())[0]]
    review.changes.called(FRONT, opened(review, reference), "reached")
    case = opened(review, reference)
    review.changes.amend(FRONT, case, {**case.record.answers, "phq-item-9": "nearly-every-day"})
    assert line(review, reference).state.contacted, "the same flag as before is no new one"


def test_an_older_store_in_which_somebody_urgent_was_closed_shows_them_still(content, review):
    reference = urgent(review)
    staff = content.site.staff
    found = replace(line(review, reference), state=State("closed"))
    found = replace(found, queue=queue_of(found.summary, found.state, staff))
    assert matching([found], Wanted(), staff, ()) == [found]


# ---------------------------------------------------------------- several at once, and two at once


def test_two_who_change_different_things_do_not_disturb_each_other(review):
    reference = send(review)
    first, second = opened(review, reference), opened(review, reference)
    review.changes.set_status(FRONT, first, "in-review")
    review.changes.assign(CLINICIAN, second, "clinician.one")
    review.changes.called(FRONT, first, "voicemail")
    state = line(review, reference).state
    assert (state.status, state.assigned, state.outcome) == ("in-review", "clinician.one", "voicemail")
    with pytest.raises(Changed):
        review.changes.set_status(CLINICIAN, second, "scheduled")


def test_several_are_changed_each_by_itself_and_brought_back_save_where_somebody_went_on(review):
    ordinary, other, pressing = send(review), send(review, full_name="Eve"), urgent(review)
    done = review.changes.change_many(FRONT, [ordinary, other, pressing, "NONE-SUCH"], "closed", "clinician.one")
    assert set(done.before) == {ordinary, other} and set(done.refused) == {pressing, "NONE-SUCH"}
    assert line(review, ordinary).state.status == "closed" and line(review, pressing).queue == "call"
    review.changes.set_status(CLINICIAN, opened(review, other), "scheduled")
    back = review.changes.undo_many(FRONT, done)
    assert set(back.before) == {ordinary} and set(back.refused) == {other}
    assert line(review, ordinary).state.status == "new" and line(review, ordinary).state.assigned is None
    assert line(review, other).state.status == "scheduled"
    assert review.store.complaints() == []


def test_what_is_begun_outlasts_the_page_and_is_its_writers_own(review):
    accounts = {one.name: one for one in review.accounts.all()}
    front = replace(FRONT, account=accounts["front-desk.one"])
    other = replace(CLINICIAN, account=accounts["clinician.one"])
    case = opened(review, send(review))
    review.changes.keep_begun(front, case, "note", "Prefers morn")
    review.changes.keep_begun(front, case, "call", {"high-blood-pressure": "no"})
    assert (
        review.changes.begun(front, case, "note") == "Prefers morn"
        and review.changes.begun(other, case, "note") is None
    )
    assert review.changes.begun(front, case, "call") == {"high-blood-pressure": "no"}
    review.changes.keep_begun(front, case, "note", None)
    assert review.changes.begun(front, case, "note") is None
    erase(review.store, case.record.reference, datetime.now(UTC))
    assert review.changes.begun(front, case, "call") is None
