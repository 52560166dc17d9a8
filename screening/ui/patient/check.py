"""Everything that was answered, with a way back to each topic, and the button that sends it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import CHECK, DONE
from screening.ui.form import widgets
from screening.ui.form.form import Form
from screening.ui.form.help import help_block, help_kinds
from screening.ui.html import show
from screening.ui.patient import frame
from screening.ui.patient.check_list import check_list
from screening.ui.patient.page_order import before, page_of
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
    if session.changing:
        session.returned, session.changing = session.changing, ""
    for kind in help_kinds(form):
        help_block(form, kind)
    if "not-saved" in ss:
        minutes = ss["not-saved"]
        words = form.say("not-saved", **form.site())
        if minutes:
            words = form.say("sent-too-often", minutes=minutes, **form.site())
        heading = form.say("not-saved-title")
        show('<div class="summary" role="alert"><h2>{}</h2><p>{}</p></div>', heading, words)
    show("<p>{}</p>", form.say("check-intro"))
    blank = sum(facts.status(plan.number) == "skipped" for plan in facts.asked)
    if blank:
        show("<p>{}</p>", form.say("check-blank", n=blank))
    change = check_list(form, session.returned)
    _phone(form)
    if form.problems:
        show('<p class="problem">{}</p>', form.say("check-problems"))
    with st.container(horizontal=True, key="send"):
        back = st.button(form.say("back"), key="back")
        ready = st.button(form.say("submit"), type="primary", key="next", disabled=bool(form.problems))
    if change:
        session.changing = change
        go(page_of(form, change))
    if back:
        go(before(form, CHECK))
    if ready:
        send(session, go)
    refused = form.say("not-saved-title") if "not-saved" in ss else None
    frame.bottom(session, CHECK, title, refused, place=f"a-{session.returned}" if session.returned else "")


def send(session: PatientSession, go: Callable[[str], None], *, goes_on: bool = False) -> None:
    """Hand the form to the clinic and go to the last page; say so where that failed. goes_on: the person may answer
    more afterwards."""
    form, progress = session.form, session.progress
    draft, agreed = session.autosave.draft, progress.agreed or {}
    try:
        receipt = form.intake.submit(
            progress.form, form.given(), form.language, agreed, draft, address(), before=progress.sent, goes_on=goes_on
        )
    except TooMany as many:
        ss["not-saved"] = many.minutes
    except (NotSaved, NotReady):
        ss["not-saved"] = 0
    else:
        ss.pop("not-saved", None)
        if goes_on:
            progress.sent = receipt
        else:
            progress.receipt = receipt
        go(DONE)
    session.tries += 1
    st.rerun()


def _phone(form: Form) -> None:
    """Once more, gently, the telephone number, where there is none: without it nobody can call."""
    program = form.intake.content.program
    plan = program.items[program.numbers[form.intake.content.site.staff.items.phone]]
    if form.asks(plan) and form.facts.status(plan.number) == "skipped":
        show("<p>{}</p>", form.say("check-phone"))
        widgets.ask_all(form, [plan])
