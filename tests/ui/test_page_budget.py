"""No page goes on without an end, whatever it is given to draw."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from screening.ui import page_budget


def endless():
    import streamlit as st

    from screening.ui.page_budget import page_budget

    with page_budget():
        while True:
            st.text("more")


def small():
    import streamlit as st

    from screening.ui.page_budget import page_budget

    with page_budget():
        st.text("all")
    st.text("after")


def test_a_page_without_an_end_is_ended():
    drawn = AppTest.from_function(endless, default_timeout=300).run()
    assert len(drawn.text) <= page_budget.MOST_MESSAGES and drawn.exception


def test_a_page_that_takes_too_much_processor_time_is_ended(monkeypatch):
    monkeypatch.setattr(page_budget, "LONGEST_RUN", 0.0)
    drawn = AppTest.from_function(endless, default_timeout=300).run()
    assert len(drawn.text) == 0 and drawn.exception


def test_any_other_page_is_drawn_whole():
    drawn = AppTest.from_function(small, default_timeout=300).run()
    assert [one.value for one in drawn.text] == ["all", "after"] and not drawn.exception
