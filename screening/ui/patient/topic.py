"""One topic: its questions from top to bottom."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import CHECK, CONSENT
from screening.ui.form import widgets
from screening.ui.html import show
from screening.ui.patient import frame, resume, send_now
from screening.ui.patient.session import PatientSession


def draw(session: PatientSession, go: Callable[[str], None], *, number: int) -> None:
    """Draw the page of the topic `number`, from 0."""
    form = session.form
    sections = form.intake.content.sections
    section = sections[number]
    title = section.title[form.language]
    frame.top(session, title, step=(number + 1, len(sections)))
    plans = form.plans(section)
    session.returned = ""
    refused = [
        (f"#q-{plan.item.link_id}", f"{plan.item.text[form.language]} {words}")
        for plan in plans
        if (words := form.refusal(plan.item))
    ]
    if refused:
        frame.summary(session, refused)
    if introduction := section.introduction(form.for_another):
        show("<p>{}</p>", introduction[form.language])
    widgets.ask_all(form, plans, session.save)
    send_now.offer(session, go)
    back, on = frame.buttons(session)
    resume.code(session, first=number == 0)
    if back:
        go(sections[number - 1].section if number else CONSENT)
    if on:
        wrong = form.problems
        form.refused = {plan.item.link_id for plan in plans if plan.item.link_id in wrong}
        if not form.refused:
            go(sections[number + 1].section if number + 1 < len(sections) and not session.changing else CHECK)
        session.tries += 1
        st.rerun()
    place = f"q-{session.changing}" if session.changing else ""
    frame.bottom(session, section.section, title, form.say("errors-title") if refused else None, place=place)
