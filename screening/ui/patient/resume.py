"""Stopping and coming back: the code, the page that opens a form again, and clearing a shared computer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import COME_BACK, DONE, WELCOME
from screening.ui.html import html, show
from screening.ui.patient import frame
from screening.ui.patient.session import HIDDEN, PatientSession, leave
from screening.ui.visitor import address, device
from screening.use_cases.intake import NotSaved, TooMany

ss = st.session_state


def code(session: PatientSession, first: bool) -> None:
    """The person's code and how to use it: open on the first page, folded on the others."""
    if not session.autosave.code:
        return
    how = session.form.say("code-how", days=session.form.intake.content.site.draft_days)
    show(
        '<details class="code"{}><summary>{}</summary><p>{}</p><p class="reference">{}</p><p>{}</p></details>',
        html(" open") if first else "",
        session.form.say("code-title"),
        session.form.say("code-your"),
        session.autosave.code,
        how,
    )
    if st.button(session.form.say("code-leave"), type="tertiary", key="leave"):
        clear(session)


def clear(session: PatientSession) -> None:
    """Clear the screen and this device, once everything is saved."""
    session.save()
    if session.autosave.unsaved:
        st.rerun()  # the notice says that the last answers are not saved
    try:
        leave(session)
    except NotSaved:
        session.autosave.unsaved = True
    st.rerun()


def come_back(session: PatientSession, go: Callable[[str], None]) -> None:
    """Open a form again: the one of this device, or one by its code."""
    title = session.form.say("resume-here-title") if session.waiting else session.form.say("resume-title")
    frame.top(session, title)
    tried = ss.get("resume-problem", "")
    if session.waiting:
        _of_this_device(session, go)
    else:
        if tried:
            frame.summary(session, [("#resume-code", tried)])
        typed = st.text_input(session.form.say("resume-box"), key="resume-code", max_chars=60, autocomplete="off")
        if st.button(session.form.say("resume-go"), type="primary", key="next"):
            _by_code(session, typed, go)
        if st.button(session.form.say("back"), key="back"):
            ss.pop("resume-problem", None)
            go(WELCOME)
    frame.bottom(session, COME_BACK, title, session.form.say("errors-title") if tried else None)


def _of_this_device(session: PatientSession, go: Callable[[str], None]) -> None:
    draft = session.waiting
    assert draft is not None
    words = session.form.say("idle") if session.hidden else session.form.say("resume-here")
    show("<p>{}</p>", words)
    if st.button(session.form.say("resume-mine"), type="primary", key="next"):
        ss.pop(HIDDEN, None)
        session.adopt(draft)
        go(DONE if session.progress.receipt else session.progress.furthest or WELCOME)
    if st.button(session.form.say("resume-not-mine"), key="not-mine"):
        try:
            leave(session)
        except NotSaved:
            session.autosave.unsaved = True
        st.rerun()


def _by_code(session: PatientSession, typed: str, go: Callable[[str], None]) -> None:
    try:
        draft = session.form.intake.resume(typed, address(), device())
    except TooMany:
        ss["resume-problem"] = session.form.say("resume-too-often", **session.form.site())
    except NotSaved:
        ss["resume-problem"] = session.form.say("not-kept-title")
    else:
        if draft:
            ss.pop("resume-problem", None)
            session.adopt(draft)
            go(session.progress.furthest or WELCOME)
        ss["resume-problem"] = session.form.say("resume-unknown", days=session.form.intake.content.site.draft_days)
    session.tries += 1
    st.rerun()
