"""Pictures of all responses together; who reads no responses sees no count below five people."""

from __future__ import annotations

import streamlit as st

from screening.ui.staff import statistics_tables
from screening.ui.staff.page import PageContext


def draw(context: PageContext) -> None:
    """Whether small counts are hidden, and the pictures."""
    st.title("Pictures", anchor=False)
    always = not context.can("list")
    hidden = st.checkbox(
        "Hide every count below 5 people, as for a report that leaves the clinic",
        value=always,
        disabled=always,
        key="hidden",
    )
    with st.spinner("Counting", show_time=True):
        found = context.review.figures.statistics(context.by, hidden)
    statistics_tables.draw(found)
