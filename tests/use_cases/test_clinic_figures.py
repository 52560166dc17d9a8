"""How the clinic does: counts that add up, and none from which one person could be found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from screening.engine.summary import Summary
from screening.records.store import Store
from screening.records.work_state import State
from screening.ui.staff.page import PageContext
from screening.use_cases.clinic_figures import clinic_figures, hidden, whole_months
from screening.use_cases.permissions import NotAllowed
from screening.use_cases.small_cells import SMALLEST
from screening.use_cases.worklist import WorklistRow
from tests.use_cases.test_review import ADMIN, CLINICIAN, FRONT, URGENT, archive, made, send  # noqa: F401

SENT = datetime(2026, 11, 23, 15, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
HOURS = st.one_of(st.none(), st.integers(0, 100))


def row(number, tier, hours, assigned=None, queue="decide"):
    contacted = None if hours is None else (SENT + timedelta(hours=hours)).isoformat()
    state = State("new", assigned=assigned, contacted=contacted)
    sent = SENT.isoformat()
    return WorklistRow(number, f"R{number}", sent, "2026-11-23", Summary(tier=tier), state, queue)


def figures(content, rows, steps=None):
    day = date(2026, 11, 23)
    return clinic_figures(rows, [], steps or {}, content, NEW_YORK, day, day, SENT + timedelta(days=4))


def test_who_is_urgent_was_reached_the_same_day_later_or_not_yet_by_the_clinics_own_clock(content):
    # 15:00 in UTC is 10:00 in New York: thirteen hours later it is still the same day there, fifteen later it is not.
    rows = [row(1, "urgent", 13), row(2, "urgent", 15), row(3, "urgent", None), row(4, "high", 1)]
    found = figures(content, rows)
    assert {one.code: one.count for one in found.reached.rows} == {"same-day": 1, "later": 1, "not-yet": 1}
    assert found.hours == 14 and found.reached.of == 3 and found.total == 4


@given(
    st.lists(
        st.tuples(st.sampled_from(["urgent", "high", None]), HOURS, st.sampled_from([None, "a", "b"])), max_size=60
    )
)
def test_every_table_counts_everybody_and_the_masked_ones_nobody_alone(content, people):
    rows = [row(n, *one) for n, one in enumerate(people)]
    found = figures(content, rows)
    for table in (found.reached, found.ages, found.owners):
        assert sum(one.count for one in table.rows) == table.of
    safe = hidden(found)
    for table in safe.tables:
        assert all(one.count is None or one.count >= SMALLEST for one in table.rows)
    assert safe.hours is None or sum(hours is not None for tier, hours, _ in people if tier == "urgent") >= SMALLEST


def test_days_go_by_whole_months_where_no_responses_are_read():
    assert whole_months(date(2026, 2, 27), date(2028, 2, 1)) == (date(2026, 2, 1), date(2028, 2, 29))


@pytest.fixture
def review(content, embedded: Store, archive):  # noqa: F811
    return made(content, embedded, archive)


def page(context):
    """The script that AppTest runs: it stands alone."""
    from screening.ui.staff import clinic_figures_page

    clinic_figures_page.draw(context)


def test_the_page_is_closed_by_default_and_never_opens_for_an_admin(review):
    for n in range(6):
        send(review, **{**URGENT, "full-name": f"Person {n}", "birth-date": f"19{60 + n}-01-01"})
    one = review.responses.open(CLINICIAN, send(review, **URGENT))
    review.changes.called(CLINICIAN, one, "reached")
    for by, box in ((CLINICIAN, 1), (ADMIN, 0)):
        app = AppTest.from_function(page, args=(PageContext(review, by),), default_timeout=300).run()
        assert not app.exception and len(app.checkbox) == box
        words = " ".join(element.proto.body for element in app.get("html"))
        assert "No count below five people" in words and "<td>1</td>" not in words
    app = AppTest.from_function(page, args=(PageContext(review, CLINICIAN),), default_timeout=300).run()
    app.checkbox[0].check().run()
    words = " ".join(element.proto.body for element in app.get("html"))
    assert "1 of 7 urgent people were reached the same day" in words and "Left open most" in words
    with pytest.raises(NotAllowed):
        review.figures.clinic(FRONT, date(2026, 1, 1), date(2026, 12, 31), hidden=False)
