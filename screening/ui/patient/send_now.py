"""Sending what is there already, and going on afterwards: a name, a number to call, and the button."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import SEND_NOW
from screening.model.section import SectionPage
from screening.ui.form import widgets
from screening.ui.form.help import help_block, help_kinds
from screening.ui.html import show
from screening.ui.patient import frame
from screening.ui.patient.check import send
from screening.ui.patient.session import PatientSession


def offer(session: PatientSession, go: Callable[[str], None], page: SectionPage) -> None:
    """The button to come here: where an answer asks for help, and once the signs that cannot wait and the name are
    asked."""
    form = session.form
    name = form.intake.content.site.staff.items.name
    asks_name = any(item.link_id == name for item in page.items)
    if (asks_name or help_kinds(form)) and st.button(form.say("send-now-title"), key="send-now"):
        go(SEND_NOW)


def draw(session: PatientSession, go: Callable[[str], None]) -> None:
    """Draw the page."""
    form = session.form
    title = form.say("send-now-title")
    frame.top(session, title)
    for kind in help_kinds(form):
        help_block(form, kind)
    show("<p>{}</p>", form.say("send-now"))
    items, program = form.intake.content.site.staff.items, form.intake.content.program
    widgets.ask_all(form, [program.items[program.numbers[one]] for one in (items.name, items.phone)])
    back, on = frame.buttons(session)
    if back:
        go(session.progress.furthest)
    if on:
        if not form.problems:
            send(session, go, goes_on=True)
        form.refused = set(form.problems)
        session.tries += 1
        st.rerun()
    frame.bottom(session, SEND_NOW, title, form.say("errors-title") if form.refused & set(form.problems) else None)
