"""What every page has: the help line, the heading, progress, and the component that moves the focus."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from screening.ui.html import each, html, show, stylesheet
from screening.ui.page_frame import page_frame
from screening.ui.patient.session import FRESH, PatientSession, hide

_HERE = Path(__file__).parent
_STYLE = stylesheet(_HERE / "style.css")


def top(session: PatientSession, title: str, *, step: tuple[int, int] | None = None) -> None:
    """The beginning of a page: style, local help, language, progress and the heading."""
    progress = html("")
    if step:
        number, total = step
        progress = html(
            '<p class="progress">{}</p><div class="bar" aria-hidden="true"><span style="width:{}%"></span></div>',
            session.form.say("topic-of", n=number, total=total),
            100 * number // total,
        )
    line = session.form.intake.content.site.help.line[session.form.language]
    show(
        '{}<aside class="help-line" aria-label="{}">{}</aside>{}', _STYLE, session.form.say("help-name"), line, progress
    )
    _language(session)
    st.title(title, anchor=False)
    _notices(session)


def _notices(session: PatientSession) -> None:
    """What the person must know about what is saved."""
    content = session.form.intake.content
    if session.autosave.unsaved:
        _notice(session.form.say("not-kept-title"), session.form.say("not-kept", **session.form.site()))
    if session.autosave.gone:
        _notice(session.form.say("gone-title"), session.form.say("gone"))
    if session.autosave.conflicts is not None:
        texts = [
            content.program.items[content.program.numbers[one]].item.text[session.form.language]
            for one in session.autosave.conflicts
        ]
        _notice(session.form.say("other-window-title"), session.form.say("other-window"))
        if texts:
            show("<p>{}</p><ul>{}</ul>", session.form.say("other-window-both"), each("<li>{}</li>", texts))


def _notice(title: str, words: str) -> None:
    show('<div class="note" role="status"><h2>{}</h2><p>{}</p></div>', title, words)


def bottom(session: PatientSession, page: str, title: str, refused: str | None = None) -> None:
    """The end of a page: after a page turn the focus goes to the heading, after a refusal to the summary of problems.

    After some minutes without a touch, the answers leave the screen.
    """
    shows_answers = bool(session.progress.agreed or session.progress.receipt)
    left = page_frame(
        at=f"{page} {session.tries}" if refused else f"{page} {session.form.language}",
        sel=".summary" if refused else "h1",
        text=refused or title,
        lang=session.form.language,
        idle=session.form.intake.content.site.idle_minutes * 60 if shows_answers else 0,
        fresh=bool(st.session_state.pop(FRESH, False)),
    )
    if left and shows_answers:
        session.save()
        if session.progress.receipt or (
            session.autosave.draft and not session.autosave.unsaved
        ):  # else hiding them would lose them
            hide()
            st.rerun()


def summary(session: PatientSession, lines: Iterable[tuple[str, str]]) -> None:
    """The list of problems at the top of a page, in the same words as in each question: (link to it, words)."""
    show(
        '<div class="summary" role="alert"><h2>{}</h2><ul>{}</ul></div>',
        session.form.say("errors-title"),
        each('<li><a href="{}">{}</a></li>', lines),
    )


def buttons(session: PatientSession) -> tuple[bool, bool]:
    """Back and Continue: which of them was pressed."""
    with st.container(horizontal=True, key="buttons"):
        back = st.button(session.form.say("back"), key="back")
        on = st.button(session.form.say("continue"), type="primary", key="next")
    return back, on


def _language(session: PatientSession) -> None:
    for code, name in session.form.intake.content.questionnaire.languages.items():
        if code != session.form.language and st.button(name, type="tertiary", key=f"language-{code}"):
            session.form.speak(code)
            st.rerun()
