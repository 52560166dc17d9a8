"""How the clinic does between two days: sentences, each with its table."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from screening.ui.html import show
from screening.ui.staff import statistics_tables
from screening.ui.staff.page import PageContext, day, iso
from screening.use_cases.clinic_figures import ClinicFigures

MONTH = timedelta(days=30)


def draw(context: PageContext) -> None:
    """The days, whether small counts are hidden, and the figures."""
    st.title("Clinic figures", anchor=False)
    today = context.review.today()
    since, until = (day(st.query_params.get(name, "")) for name in ("since", "until"))
    left, right = st.columns(2)
    since = left.date_input("Sent from", value=since or today - MONTH, key="figures-since") or today - MONTH
    until = right.date_input("Sent until", value=until or today, key="figures-until") or today
    for name, value in (("since", iso(since)), ("until", iso(until))):
        if st.query_params.get(name, "") != value:
            st.query_params[name] = value
    open_ = context.can("list") and st.checkbox("Show counts below 5 people too", key="figures-open")
    with st.spinner("Counting", show_time=True):
        found = context.review.figures.clinic(context.by, since, until, hidden=not open_)
    _draw(found)


def _draw(found: ClinicFigures) -> None:
    show("<p>{} forms, sent from {} until {}.</p>", found.total or "Too few", found.since, found.until)
    if found.hidden:
        show("<p>No count below five people is shown: rows are joined until each holds five or more.</p>")
    of = {row.code: row.count or 0 for row in found.reached.rows}
    hours = "" if found.hours is None else f"; half of them within {found.hours:.0f} hours of sending"
    sentences = {
        found.reached: f"{of.get('same-day', 0)} of {found.reached.of} urgent people were reached the same day{hours}"
        if "same-day" in of
        else "Too few urgent people to say",
        found.ages: f"{found.ages.of} responses wait",
        found.owners: f"{next((row.count for row in found.owners.rows if not row.code), 0) or 0} of them have nobody",
        found.left_open: _most("The question left open most is", found),
        found.pages: statistics_tables.where_they_stop(found.pages),
    }
    for table, sentence in sentences.items():
        show("<h2>{}</h2><p><strong>{}.</strong></p>{}", table.title, sentence, statistics_tables.as_table(table))


def _most(begins: str, found: ClinicFigures) -> str:
    counted = [row for row in found.left_open.rows if row.count]
    return (
        f"{begins} “{counted[0].label}”: {counted[0].count} of {found.left_open.of}" if counted else "Nothing to name"
    )
