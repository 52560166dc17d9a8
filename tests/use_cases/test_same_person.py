"""Forms of one person: linked by a decision that sticks and can be undone, never merged; and what changed between them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from screening.records.store import Store
from screening.records.work import Entry
from screening.ui.staff.page import PageContext
from screening.use_cases.access import NotDone
from screening.use_cases.same_person import Links
from screening.use_cases.since_last import on_sheet, since_last
from screening.use_cases.worklist import Wanted
from tests.ui.test_response_page import page
from tests.use_cases.test_review import CLINICIAN, FRONT, archive, made, send  # noqa: F401

NAMES = "ABCDE"
DECISIONS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([True, False, None])), max_size=12
)


def linked(decisions):
    at = "2026-11-23T10:00:00+00:00"
    return Links.of((one, Entry(at, "x", "linked", {"other": other, "same": same})) for one, other, same in decisions)


@given(DECISIONS)
def test_the_last_word_counts_for_both_and_a_person_is_one_over_any_number_of_links(decisions):
    decisions = [one for one in decisions if one[0] != one[1]]
    links = linked(decisions)
    for one in NAMES:
        for other in NAMES:
            last = [same for a, b, same in decisions if {a, b} == {one, other}]
            if one != other:
                assert links.between(one, other) == (last[-1] if last else None)
                assert (other in links.same(one)) == (one in links.same(other))
                assert (other in links.apart(one)) == (links.between(one, other) is False)
        for near in links.same(one):
            assert links.same(near) - {one} <= links.same(one)


@pytest.fixture
def review(content, embedded: Store, archive):  # noqa: F811
    return made(content, embedded, archive)


def twice(review):
    medicines = review.content.medicines.link_id
    first = send(review, **{medicines: ["warfarin 5 mg", "sertraline 50 mg"]}, phq_item_9="several-days")
    second = send(review, **{medicines: ["sertraline 50 mg", "gabapentin 300 mg"]}, phq_item_9="not-at-all")
    return first, second


def test_a_decision_sticks_for_everybody_and_can_be_taken_back(review):
    first, second = twice(review)
    assert {row.reference for row in review.worklist.rows(FRONT, Wanted(twice=True))[0]} == {first, second}
    review.changes.link(FRONT, review.responses.open(FRONT, second), first, True)
    for here, other in ((first, second), (second, first)):
        opened = review.responses.open(CLINICIAN, here)
        assert [one.reference for one in opened.linked] == [other] and not opened.perhaps
    assert not review.worklist.rows(FRONT, Wanted(twice=True))[0]
    review.changes.link(CLINICIAN, review.responses.open(CLINICIAN, first), second, None)
    again = review.responses.open(FRONT, second)
    assert not again.linked and [one.reference for one in again.perhaps] == [first]
    review.changes.link(FRONT, again, first, False)
    apart = review.responses.open(FRONT, first)
    assert not apart.perhaps and apart.apart == (second,)
    assert since_last(apart) is None and review.store.count() == 2
    with pytest.raises(NotDone):
        review.changes.link(FRONT, apart, "ZZZZ-ZZZZ", True)


def test_what_changed_is_said_with_the_answers_that_differ_on_page_and_sheet(review):
    first, second = twice(review)
    review.changes.link(FRONT, review.responses.open(FRONT, second), first, True)
    opened = review.responses.open(CLINICIAN, second)
    found = since_last(opened)
    assert found.reference == first
    assert found.medicines_new == ("gabapentin 300 mg",) and found.medicines_gone == ("warfarin 5 mg",)
    gone = {one.rule: one for one in found.flags_gone}
    reason = gone["mh-suicide-current"].reasons[0]
    assert (reason.before, reason.now) == ("Several days", "Not at all")
    assert since_last(review.responses.open(CLINICIAN, first)) is None
    app = AppTest.from_function(page, args=(PageContext(review, CLINICIAN), second), default_timeout=300).run()
    words = " ".join(element.proto.body for element in app.get("html"))
    assert "Since last time" in words and "was Several days, now Not at all" in words
    pdf = review.responses.sheet(CLINICIAN, opened, on_sheet(opened))
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    assert "Since last time".upper() in text.upper() and "gabapentin" in text and "warfarin" in text


def test_the_front_desk_reads_no_reason_that_is_kept_for_clinicians(review):
    first, second = twice(review)
    review.changes.link(FRONT, review.responses.open(FRONT, second), first, True)
    app = AppTest.from_function(page, args=(PageContext(review, FRONT), second), default_timeout=300).run()
    words = " ".join(element.proto.body for element in app.get("html"))
    assert "Since last time" in words and "Several days" not in words
