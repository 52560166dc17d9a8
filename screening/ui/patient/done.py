"""The last page: the reference code, what happens next, topics to talk about, and a copy of one's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from screening.model.addresses import DONE, WELCOME
from screening.ui.form.form import Form
from screening.ui.form.help import help_block, help_kinds
from screening.ui.html import each, show
from screening.ui.patient import frame, resume
from screening.ui.patient.session import PatientSession
from screening.ui.visitor import visitor
from screening.use_cases import tickets
from screening.use_cases.intake import Receipt


def draw(session: PatientSession, go: Callable[[str], None]) -> None:
    """Draw the page."""
    form, progress = session.form, session.progress
    receipt = progress.receipt or progress.sent
    if not receipt:
        go(WELCOME)
        return
    title = form.say("done-title")
    frame.top(session, title)
    for kind in help_kinds(form) or session.progress.help_shown:
        help_block(form, kind, sent=True)
    show(
        '<h2>{}</h2><p class="reference">{}</p><p>{}</p><h2>{}</h2><p>{}</p><p>{}</p>',
        form.say("done-reference"),
        receipt.reference,
        form.say("done-keep"),
        form.say("done-next-title"),
        form.say("done-next", **form.site()),
        form.say("welcome-medicines"),
    )
    topics = form.intake.topics(form.facts, form.language)
    if topics:
        show(
            "<h2>{}</h2><p>{}</p><ul>{}</ul>",
            form.say("done-topics-title"),
            form.say("done-topics"),
            each("<li>{}</li>", topics),
        )
    if not progress.receipt:
        show("<p>{}</p>", form.say("sent-so-far", days=form.intake.content.site.draft_days))
        if st.button(form.say("sent-go-on"), type="primary", key="go-on"):
            go(progress.furthest)
        resume.code(session, first=False)
    if form.typed:  # after a reload the answers are with the clinic only
        _copy(session, receipt)
    show("<p>{}</p>", form.say("done-finish-why"))
    if st.button(form.say("done-finish"), key="finish"):
        resume.clear(session)
    frame.bottom(session, DONE, title)


def _copy(session: PatientSession, receipt: Receipt) -> None:
    form = session.form
    show(
        "<h2>{}</h2><p>{}</p>",
        form.say("done-copy-title"),
        form.say("done-copy-minutes", minutes=tickets.SECONDS // 60),
    )
    private = st.checkbox(form.say("done-copy-private", topics=_private(form)), key=form.key("copy-private"))
    make = partial(form.intake.copy, receipt, form.facts, form.language, private)
    ticket = tickets.issue(visitor(), make, tickets.SECONDS, "my-answers.pdf", "application/pdf", again=True)
    st.link_button(form.say("done-copy-link"), f"/take/{ticket}", key="copy-link")


def _private(form: Form) -> str:
    return "; ".join(one.title[form.language] for one in form.intake.content.sections if one.private)
