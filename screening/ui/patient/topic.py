"""One page of a topic: its questions from top to bottom."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import CHECK
from screening.model.medicines_item import Medicines
from screening.model.section import SectionPage
from screening.ui.form import widgets
from screening.ui.form.form import Form
from screening.ui.form.reading import as_typed
from screening.ui.html import show
from screening.ui.patient import frame, resume, send_now
from screening.ui.patient.page_order import after, before
from screening.ui.patient.session import PatientSession


def draw(session: PatientSession, go: Callable[[str], None], *, number: int, page: SectionPage) -> None:
    """Draw a page of the topic `number`, from 0."""
    form = session.form
    sections = form.intake.content.sections
    section = sections[number]
    title = page.title[form.language]
    frame.top(session, title, step=(number + 1, len(sections)))
    plans = form.plans(page.items)
    session.returned = ""
    refused = [
        (f"#q-{plan.item.link_id}", f"{plan.item.text[form.language]} {words}")
        for plan in plans
        if (words := form.refusal(plan.item))
    ]
    if refused:
        frame.summary(session, refused)
    _for_whom(form)
    begins = page.address == section.section
    introduction = section.introduction(form.for_another)
    if introduction and begins:
        show("<p>{}</p>", introduction[form.language])
    widgets.ask_all(form, plans, session.save)
    send_now.offer(session, go, page)
    lists = any(isinstance(plan.item, Medicines) for plan in plans)
    back, on = frame.buttons(session, form.added + form.reread if lists else 0)
    resume.code(session, first=begins and number == 0)
    if back:
        go(before(form, page.address))
    if on:
        wrong = form.problems
        form.refused = {plan.item.link_id for plan in plans if plan.item.link_id in wrong}
        if not form.refused:
            go(CHECK if session.changing else after(form, page.address))
        session.tries += 1
        st.rerun()
    place = f"q-{session.changing}" if session.changing else ""
    frame.bottom(session, page.address, title, form.say("errors-title") if refused else None, place=place)


def _for_whom(form: Form) -> None:
    """Below every heading, for somebody who answers for another person: for whom."""
    if form.for_another:
        name = as_typed(form.typed.get(form.intake.content.site.staff.items.name))
        words = form.say("for-another", name=name) if name else form.say("for-another-nobody")
        show('<p class="for-whom">{}</p>', words)
