"""What every page has: the help line, the heading, progress, and the component that moves the focus."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from screening.model.questionnaire import HelpKind
from screening.ui.form.visit import Visit, hide
from screening.ui.html import each, html, show, stylesheet
from screening.ui.page_frame import page_frame

_HERE = Path(__file__).parent
_STYLE = stylesheet(_HERE / "style.css")


def top(visit: Visit, title: str, *, step: tuple[int, int] | None = None) -> None:
    """The beginning of a page: style, local help, language, progress and the heading."""
    progress = html("")
    if step:
        number, total = step
        progress = html(
            '<p class="progress">{}</p><div class="bar" aria-hidden="true"><span style="width:{}%"></span></div>',
            visit.say("topic-of", n=number, total=total),
            100 * number // total,
        )
    line = visit.intake.content.site.help.line[visit.language]
    show('{}<aside class="help-line" aria-label="{}">{}</aside>{}', _STYLE, visit.say("help-name"), line, progress)
    _language(visit)
    st.title(title, anchor=False)
    _notices(visit)


def _notices(visit: Visit) -> None:
    """What the person must know about what is saved."""
    content = visit.intake.content
    if visit.unsaved:
        _notice(visit.say("not-kept-title"), visit.say("not-kept", **visit.site()))
    if visit.gone:
        _notice(visit.say("gone-title"), visit.say("gone"))
    if visit.conflicts is not None:
        texts = [
            content.program.items[content.program.numbers[one]].item.text[visit.language] for one in visit.conflicts
        ]
        _notice(visit.say("other-window-title"), visit.say("other-window"))
        if texts:
            show("<p>{}</p><ul>{}</ul>", visit.say("other-window-both"), each("<li>{}</li>", texts))


def _notice(title: str, words: str) -> None:
    show('<div class="note" role="status"><h2>{}</h2><p>{}</p></div>', title, words)


def bottom(visit: Visit, page: str, title: str, refused: str | None = None) -> None:
    """The end of a page: after a page turn the focus goes to the heading, after a refusal to the summary of problems.

    After some minutes without a touch, the answers leave the screen.
    """
    shows_answers = bool(visit.typed or visit.receipt)
    left = page_frame(
        at=f"{page} {visit.tries}" if refused else f"{page} {visit.language}",
        sel=".summary" if refused else "h1",
        text=refused or title,
        lang=visit.language,
        idle=visit.intake.content.site.idle_minutes * 60 if shows_answers else 0,
    )
    if left and shows_answers:
        visit.save()
        if visit.receipt or (visit.draft and not visit.unsaved):  # else hiding them would lose them
            hide()
            st.rerun()


def summary(visit: Visit, lines: Iterable[str]) -> None:
    """The list of problems at the top of a page, in the same words as beside each field."""
    show(
        '<div class="summary" role="alert"><h2>{}</h2><ul>{}</ul></div>',
        visit.say("errors-title"),
        each("<li>{}</li>", lines),
    )


def problem(words: str) -> None:
    """A problem beside its field."""
    show('<p class="problem">{}</p>', words)


def help_kinds(visit: Visit) -> list[HelpKind]:
    """The kinds of help that the answers ask for now, emergency first."""
    return sorted({block for _, block in visit.facts.help_blocks()}, reverse=True)


def help_block(visit: Visit, kind: HelpKind) -> None:
    """The local crisis or emergency block, in the person's language."""
    block = getattr(visit.intake.content.site.help, kind)
    language = visit.language
    show(
        '<div class="help-block" role="alert"><h2>{}</h2><div class="actions">{}</div><ul>{}</ul></div>',
        block.title[language],
        each('<a href="{}">{}</a>', [(action.href, action.text[language]) for action in block.actions]),
        each("<li>{}</li>", [line[language] for line in block.lines]),
    )


def _language(visit: Visit) -> None:
    for code, name in visit.intake.content.questionnaire.languages.items():
        if code != visit.language and st.button(name, type="tertiary", key=f"language-{code}"):
            visit.speak(code)
            st.rerun()
