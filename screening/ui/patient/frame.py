"""What every page has: the help line, the heading, progress, and the component that moves the focus."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

import streamlit as st

from screening.model.questionnaire import HelpKind
from screening.ui.form.visit import Visit, hide
from screening.ui.page_frame import page_frame

_HERE = Path(__file__).parent
_STYLE = f"<style>{(_HERE / 'style.css').read_text('utf-8')}</style>"


def top(visit: Visit, title: str, *, step: tuple[int, int] | None = None) -> None:
    """The beginning of a page: style, local help, language, progress and the heading."""
    progress = ""
    if step:
        number, total = step
        progress = (
            f'<p class="progress">{escape(visit.say("topic-of", n=number, total=total))}</p>'
            f'<div class="bar" aria-hidden="true"><span style="width:{100 * number // total}%"></span></div>'
        )
    line = visit.intake.content.site.help.line[visit.language]
    st.html(
        f'{_STYLE}<aside class="help-line" '
        f'aria-label="{escape(visit.say("help-name"))}">{escape(line)}</aside>{progress}'
    )
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
            listed = "".join(f"<li>{escape(text)}</li>" for text in texts)
            st.html(f"<p>{escape(visit.say('other-window-both'))}</p><ul>{listed}</ul>")


def _notice(title: str, words: str) -> None:
    st.html(f'<div class="note" role="status"><h2>{escape(title)}</h2><p>{escape(words)}</p></div>')


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
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    heading = escape(visit.say("errors-title"))
    st.html(f'<div class="summary" role="alert"><h2>{heading}</h2><ul>{items}</ul></div>')


def problem(words: str) -> None:
    """A problem beside its field."""
    st.html(f'<p class="problem">{escape(words)}</p>')


def help_kinds(visit: Visit) -> list[HelpKind]:
    """The kinds of help that the answers ask for now, emergency first."""
    return sorted({block for _, block in visit.facts.help_blocks()}, reverse=True)


def help_block(visit: Visit, kind: HelpKind) -> None:
    """The local crisis or emergency block, in the person's language."""
    block = getattr(visit.intake.content.site.help, kind)
    language = visit.language
    actions = "".join(
        f'<a href="{escape(action.href)}">{escape(action.text[language])}</a>' for action in block.actions
    )
    lines = "".join(f"<li>{escape(line[language])}</li>" for line in block.lines)
    st.html(
        f'<div class="help-block" role="alert"><h2>{escape(block.title[language])}</h2>'
        f'<div class="actions">{actions}</div><ul>{lines}</ul></div>'
    )


def _language(visit: Visit) -> None:
    for code, name in visit.intake.content.questionnaire.languages.items():
        if code != visit.language and st.button(name, type="tertiary", key=f"language-{code}"):
            visit.speak(code)
            st.rerun()
