"""Stopping and coming back: the code, the page that opens a form again, and clearing a shared computer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.ui.form.visit import HIDDEN, Visit, address, device, leave
from screening.ui.html import html, show
from screening.ui.patient import frame
from screening.use_cases.intake import NotSaved, TooMany

COME_BACK = "come-back"

ss = st.session_state


def code(visit: Visit, first: bool) -> None:
    """The person's code and how to use it: open on the first page, folded on the others."""
    if not visit.code:
        return
    how = visit.say("code-how", days=visit.intake.content.site.draft_days)
    show(
        '<details class="code"{}><summary>{}</summary><p>{}</p><p class="reference">{}</p><p>{}</p></details>',
        html(" open") if first else "",
        visit.say("code-title"),
        visit.say("code-your"),
        visit.code,
        how,
    )
    if st.button(visit.say("code-leave"), type="tertiary", key="leave"):
        clear(visit)


def clear(visit: Visit) -> None:
    """Clear the screen and this device, once everything is saved."""
    visit.save()
    if visit.unsaved:
        st.rerun()  # the notice says that the last answers are not saved
    try:
        leave(visit)
    except NotSaved:
        visit.unsaved = True
    st.rerun()


def come_back(visit: Visit, go: Callable[[str], None]) -> None:
    """Open a form again: the one of this device, or one by its code."""
    title = visit.say("resume-here-title") if visit.waiting else visit.say("resume-title")
    frame.top(visit, title)
    tried = ss.get("resume-problem", "")
    if visit.waiting:
        _of_this_device(visit, go)
    else:
        if tried:
            frame.summary(visit, [tried])
        typed = st.text_input(visit.say("resume-box"), key="resume-code", max_chars=60, autocomplete="off")
        if st.button(visit.say("resume-go"), type="primary", key="next"):
            _by_code(visit, typed, go)
        if st.button(visit.say("back"), key="back"):
            ss.pop("resume-problem", None)
            go("welcome")
    frame.bottom(visit, COME_BACK, title, visit.say("errors-title") if tried else None)


def _of_this_device(visit: Visit, go: Callable[[str], None]) -> None:
    draft = visit.waiting
    assert draft is not None
    words = visit.say("idle") if visit.hidden else visit.say("resume-here")
    show("<p>{}</p>", words)
    if st.button(visit.say("resume-mine"), type="primary", key="next"):
        ss.pop(HIDDEN, None)
        visit.adopt(draft)
        go("done" if visit.receipt else visit.furthest or "welcome")
    if st.button(visit.say("resume-not-mine"), key="not-mine"):
        try:
            leave(visit)
        except NotSaved:
            visit.unsaved = True
        st.rerun()


def _by_code(visit: Visit, typed: str, go: Callable[[str], None]) -> None:
    try:
        draft = visit.intake.resume(typed, address(), device())
    except TooMany:
        ss["resume-problem"] = visit.say("resume-too-often", **visit.site())
    except NotSaved:
        ss["resume-problem"] = visit.say("not-kept-title")
    else:
        if draft:
            ss.pop("resume-problem", None)
            visit.adopt(draft)
            go(visit.furthest or "welcome")
        ss["resume-problem"] = visit.say("resume-unknown", days=visit.intake.content.site.draft_days)
    visit.tries += 1
    st.rerun()
