"""The page of one response, drawn over real records: who reads what, and what stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from screening.ui.staff.page import PageContext
from tests.use_cases.test_review import CLINICIAN, FRONT, archive, made, send  # noqa: F401


def page(context, reference):
    """The script that AppTest runs: it stands alone."""
    import streamlit as st

    from screening.ui.staff import response_page

    st.query_params["r"] = reference
    response_page.draw(context)


def drawn(review, by, reference):
    """The words of the page."""
    app = AppTest.from_function(page, args=(PageContext(review, by), reference), default_timeout=300).run()
    assert not app.exception
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def answers(content):
    medicines, areas = content.medicines.link_id, content.body_map
    return {medicines: ["sertraline 50 mg", "my blue pill"], areas.link_id: [areas.options[0].code]}


def test_the_front_desk_reads_medicines_as_typed_and_a_clinician_what_they_are(content, embedded, archive, answers):  # noqa: F811
    review = made(content, embedded, archive)
    reference = send(review, **answers)
    front, clinician = drawn(review, FRONT, reference), drawn(review, CLINICIAN, reference)
    for words in (front, clinician):
        assert "sertraline 50 mg" in words and "my blue pill" in words
    assert "Read as" in clinician and "ssri" in clinician.casefold()
    assert "Read as" not in front and "ssri" not in front.casefold()


def test_sections_that_are_kept_for_clinicians_hide_their_pictures_and_tables_too(content, embedded, archive, answers):  # noqa: F811
    kept = [one.section for one in content.sections if {item.link_id for item in one.items} & answers.keys()]
    site = content.site.model_copy(
        update={
            "staff": content.site.staff.model_copy(
                update={"clinician_only": (*content.site.staff.clinician_only, *kept)}
            )
        }
    )
    review = made(replace(content, site=site), embedded, archive)
    reference = send(review, **answers)
    front, clinician = drawn(review, FRONT, reference), drawn(review, CLINICIAN, reference)
    for words in ("sertraline", "my blue pill", "Where it hurts", "data:image"):
        assert words in clinician and words not in front, words


def test_a_clinician_asks_what_would_drop_a_flag_and_what_is_one_answer_away(content, embedded, archive):  # noqa: F811
    review = made(content, embedded, archive)
    reference = send(review, phq_item_9="several-days", high_blood_pressure="no")
    app = AppTest.from_function(page, args=(PageContext(review, CLINICIAN), reference), default_timeout=300).run()
    next(one for one in app.toggle if one.key == f"what-if {reference} mh-suicide-current").set_value(True).run()
    next(one for one in app.toggle if one.label == "What is one answer away?").set_value(True).run()
    assert not app.exception
    words = " ".join(element.proto.body for element in app.get("html"))
    assert "would not be raised with any one of these" in words and "<strong>Not at all</strong>" in words
    assert "ask where an answer may be a slip" in words or "one other answer away" in words


def failing(where):
    """The script that AppTest runs: a page that failed, on one side of the clinic."""
    from screening.settings import Settings, use
    from screening.web.server import _script_error

    use(Settings.at(where))
    assert _script_error(ValueError("Ana Maple"))


def test_when_a_page_of_staff_fails_it_speaks_to_staff(monkeypatch, tmp_path):
    monkeypatch.setattr("screening.web.server.staff_side", lambda: True)
    app = AppTest.from_function(failing, args=(tmp_path,), default_timeout=300).run()
    words = " ".join(element.proto.body for element in app.get("html"))
    assert not app.exception and "tell whoever runs the program" in words and "Maple" not in words
