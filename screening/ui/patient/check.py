"""Everything that was answered, with a way back to each topic, and the button that sends it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import CHECK, DONE
from screening.model.section import Section
from screening.ui.form import widgets
from screening.ui.form.answers import shown
from screening.ui.form.form import Form
from screening.ui.form.help import help_block, help_kinds
from screening.ui.html import each, html, show
from screening.ui.patient import frame
from screening.ui.patient.session import PatientSession
from screening.ui.visitor import address
from screening.use_cases.intake import NotReady, NotSaved, TooMany

ss = st.session_state


def draw(session: PatientSession, go: Callable[[str], None]) -> None:
    """Draw the page."""
    form = session.form
    title = form.say("check-title")
    frame.top(session, title)
    facts = form.facts
    session.changing = False
    for kind in help_kinds(form):
        help_block(form, kind)
    if ss.get("not-saved"):
        words = form.say("not-saved", **form.site())
        heading = form.say("not-saved-title")
        show('<div class="summary" role="alert"><h2>{}</h2><p>{}</p></div>', heading, words)
    show("<p>{}</p>", form.say("check-intro"))
    blank = sum(facts.status(plan.number) == "skipped" for plan in facts.asked)
    if blank:
        show("<p>{}</p>", form.say("check-blank", n=blank))
    for section in form.intake.content.sections:
        _section_answers(session, section, go)
    _phone(form)
    if form.problems:
        show('<p class="problem">{}</p>', form.say("check-problems"))
    with st.container(horizontal=True):
        back = st.button(form.say("back"), key="back")
        ready = st.button(form.say("submit"), type="primary", key="next", disabled=bool(form.problems))
    if back:
        go(form.intake.content.sections[-1].section)
    if ready:
        send(session, go)
    frame.bottom(session, CHECK, title, form.say("not-saved-title") if ss.get("not-saved") else None)


def send(session: PatientSession, go: Callable[[str], None]) -> None:
    """Hand the form to the clinic and go to the last page; say so where that failed."""
    form, progress = session.form, session.progress
    try:
        progress.receipt = form.intake.submit(
            progress.form, form.given(), form.language, progress.agreed or {}, session.autosave.draft, address()
        )
    except (NotSaved, NotReady, TooMany):
        ss["not-saved"] = True
        session.tries += 1
        st.rerun()
    ss.pop("not-saved", None)
    go(DONE)


def _phone(form: Form) -> None:
    """Once more, gently, the telephone number, where there is none: without it nobody can call."""
    program = form.intake.content.program
    plan = program.items[program.numbers[form.intake.content.site.staff.items.phone]]
    if form.asks(plan) and form.facts.status(plan.number) == "skipped":
        show("<p>{}</p>", form.say("check-phone"))
        widgets.ask_all(form, [plan])


def _section_answers(session: PatientSession, section: Section, go: Callable[[str], None]) -> None:
    form = session.form
    title = section.title[form.language]
    problems = form.problems
    rows = []
    for plan in form.plans(section):
        if form.asks(plan):
            link_id = plan.item.link_id
            text = shown(form, plan.item)
            answer = html("<dd>{}</dd>", text) if text else html('<dd class="open">{}</dd>', form.say("left-out"))
            if link_id in problems:
                answer += html('<dd class="problem">{}</dd>', form.problem_words(plan.item, problems[link_id]))
            rows.append((plan.item.text[form.language], answer))
    show('<h2>{}</h2><dl class="answers">{}</dl>', title, each("<dt>{}</dt>{}", rows))
    if st.button(form.say("check-change", topic=title), key=f"change-{section.section}"):
        session.changing = True
        go(section.section)
