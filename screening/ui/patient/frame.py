"""What every page has: the help line, the heading, progress, and the component that moves the focus."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from screening.model.site import HelpBlock
from screening.ui.form.autosave import Look
from screening.ui.form.form import Form
from screening.ui.html import Html, each, html, show, stylesheet
from screening.ui.page_frame import page_frame
from screening.ui.patient.session import FRESH, PatientSession, hide

_HERE = Path(__file__).parent
_STYLE = stylesheet(_HERE / "style.css")


def top(session: PatientSession, title: str, *, step: tuple[int, int] | None = None) -> None:
    """The beginning of a page: the bar that stays in sight (clinic, local help, progress, saved, language), and the
    heading."""
    form = session.form
    with st.container(key="bar"):
        show(
            '{style}{dress}<div class="clinic">{logo}<span>{clinic}</span></div>'
            '<nav class="help-line" aria-label="{name}">{help}</nav><div class="where">{progress}{saved}</div>',
            style=_STYLE,
            dress=_dress(session),
            logo=_logo(form),
            clinic=form.site()["clinic"],
            name=form.say("help-name"),
            help=each('<a href="{}">{}</a>', _help_actions(form)),
            progress=_progress(form, *step) if step else "",
            saved=_saved(session),
        )
        with st.container(horizontal=True, key="tools"):
            _tools(session)
            _language(session)
    st.title(title, anchor=False)
    _notices(session)


def _help_actions(form: Form) -> list[tuple[str, str]]:
    """The numbers of all help blocks, each once, as links: (address, words)."""
    help_ = form.intake.content.site.help
    blocks = [block for _, block in help_ if isinstance(block, HelpBlock)]
    actions = [action for block in reversed(blocks) for action in block.actions]
    return list(dict.fromkeys((action.address(form.language), action.text[form.language]) for action in actions))


def _progress(form: Form, number: int, total: int) -> Html:
    left = max(1, round(form.intake.content.site.minutes * (total - number + 1) / total))
    return html(
        '<p class="progress">{}</p><div class="track" aria-hidden="true"><span style="width:{}%"></span></div>',
        form.say("topic-of", n=number, total=total, minutes=left),
        100 * number // total,
    )


def _saved(session: PatientSession) -> Html:
    """Whether what was typed is saved; the cards keep the words true while one types."""
    form = session.form
    if session.autosave.draft is None or session.progress.receipt:
        return html("")
    saved, saving = form.say("saved"), form.say("saving")
    now = form.say("not-saved-yet") if session.autosave.unsaved else saved
    return html('<p class="saved" data-saved="{}" data-saving="{}">{}</p>', now, saving, now)


def _logo(form: Form) -> Html:
    """The clinic's logo; its name stands beside it in words."""
    logo = form.intake.content.logo
    return html('<img src="{}" alt="">', logo.address) if logo else html("")


def _dress(session: PatientSession) -> Html:
    """The clinic's own colours, light or dim as the person chose, or as their device is set."""
    brand, look = session.form.intake.content.site.brand, session.progress.look
    light, dim = brand.variables(), brand.variables(dim=True)
    if look != "device":
        return html("<style>:root {{ {} }}</style>", dim if look == "dim" else light)
    return html(
        "<style>:root {{ {} }} .st-key-look-light {{ display: none; }} @media (prefers-color-scheme: dark) "
        "{{ :root {{ {} }} .st-key-look-light {{ display: block; }} .st-key-look-dim {{ display: none; }} }}</style>",
        light,
        dim,
    )


def _tools(session: PatientSession) -> None:
    """Reading aloud, where the device has a voice, and dim or light pages. Both are kept with the draft."""
    progress, form = session.progress, session.form
    if progress.listens:
        turned = st.button(form.say("listen-off"), type="tertiary", key="listen-off")
    else:
        turned = st.button(form.say("listen-on"), type="tertiary", key="listen-on")
    if turned:
        progress.listens = not progress.listens
        st.rerun()
    looks: tuple[tuple[Look, str], ...] = (("dim", form.say("look-dim")), ("light", form.say("look-light")))
    for look, words in looks:
        if progress.look != look and st.button(words, type="tertiary", key=f"look-{look}"):
            progress.look = look
            st.rerun()


def _foot(form: Form) -> None:
    """Who the form belongs to, at the end of every page."""
    clinic = form.intake.content.site.clinic
    own = form.intake.content.site.brand.footer
    show(
        '<footer class="foot"><p><strong>{}</strong></p><p><a href="tel:{}">{}</a> · {}</p>{}</footer>',
        clinic.name[form.language],
        "".join(char for char in clinic.phone if char.isdigit() or char == "+"),
        clinic.phone,
        clinic.hours[form.language],
        html("<p>{}</p>", own[form.language]) if own else "",
    )


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


def bottom(session: PatientSession, page: str, title: str, refused: str | None = None, place: str = "") -> None:
    """The end of a page: after a page turn the focus goes to the heading, or to the element `place`; after a refusal to
    the summary of problems.

    After some minutes without a touch, the answers leave the screen.
    """
    _foot(session.form)
    shows_answers = bool(session.progress.agreed or session.progress.receipt)
    left = page_frame(
        at=f"{page} {session.tries}" if refused else f"{page} {session.form.language} {place}",
        sel=".summary" if refused else f"#{place}" if place else "h1",
        text=refused or ("" if place else title),
        lang=session.form.language,
        words={key: session.form.say(f"page-{key}") for key in ("lost", "moment", "skip", "none")},
        listen={"listen": session.form.say("listen")} if session.progress.listens else None,
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


def buttons(session: PatientSession, unread: int = 0) -> tuple[bool, bool]:
    """Back and Continue: which of them was pressed.

    unread: how often something was read that the person must see before the page turns. Continue is a new button each
    time: one that was pressed before the browser showed the reading does not turn the page.
    """
    with st.container(horizontal=True, key="buttons"):
        back = st.button(session.form.say("back"), key="back")
        on = st.button(session.form.say("continue"), type="primary", key=f"next~{unread}" if unread else "next")
    return back, on


def _language(session: PatientSession) -> None:
    for code, name in session.form.intake.content.questionnaire.languages.items():
        if code != session.form.language and st.button(name, type="tertiary", key=f"language-{code}"):
            session.form.speak(code)
            st.rerun()
