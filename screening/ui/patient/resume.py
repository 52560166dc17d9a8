"""Stopping and coming back: the code, the page that opens a form again, and clearing a shared computer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import COME_BACK, DONE, WELCOME
from screening.ui.html import show
from screening.ui.patient import frame
from screening.ui.patient.code_card import code_card, code_of_address
from screening.ui.patient.session import HIDDEN, PatientSession, leave
from screening.ui.visitor import address, device
from screening.use_cases.intake import NotSaved, TooMany

ss = st.session_state


def code(session: PatientSession, first: bool) -> None:
    """The person's code and how to use it: open on the first page, folded on the others; clearing asks first."""
    form = session.form
    if not session.autosave.code:
        return
    with st.expander(form.say("code-title"), expanded=first, key="code"):
        code_card(form, session.autosave.code)
        if not session.leaving:
            session.leaving = st.button(form.say("code-leave"), key="leave")
            if session.leaving:
                st.rerun()
            return
        show('<p class="problem" role="alert">{}</p>', form.say("code-leave-sure"))
        if st.button(form.say("code-leave-now"), type="primary", key="leave-now"):
            clear(session)
        if st.button(form.say("code-leave-not"), key="leave-not"):
            session.leaving = False
            st.rerun()


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
        led = code_of_address()
        if led:
            _by_code(session, led, go)
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
    except TooMany as many:
        words = session.form.say("resume-too-often", minutes=many.minutes, **session.form.site())
        ss["resume-problem"] = words
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
