"""Other forms of what is probably the same person: side by side, and linked or told apart by a decision. Nothing is
merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from screening.engine.answer_text import in_words
from screening.engine.response import read
from screening.engine.result import Result
from screening.records.record import Record
from screening.ui.html import show
from screening.ui.staff.page import PageContext, flash, table
from screening.use_cases.opened_response import OpenedResponse


def draw(context: PageContext, opened: OpenedResponse) -> None:
    """What is decided and what is not, each with the way to decide or to take it back."""
    if not context.can("work") or not (opened.perhaps or opened.linked or opened.apart):
        return
    for other in opened.perhaps:
        show(
            '<p class="bar" role="note"><strong>Perhaps the same person:</strong> '
            '<a data-go href="/response?r={}">{} of {}</a></p>',
            other.reference,
            other.reference,
            other.authored,
        )
        left, right = st.columns(2)
        if left.button("Same person", key=f"same {other.reference}", width="stretch"):
            _decide(context, opened, other.reference, True, "These forms are linked.")
        if right.button("Somebody else", key=f"apart {other.reference}", width="stretch"):
            _decide(context, opened, other.reference, False, "These forms are told apart.")
        _beside(context, opened, other)
    for reference, day, words in (
        *((one.reference, one.authored, "Same person") for one in opened.linked),
        *((reference, "", "Somebody else") for reference in opened.apart),
    ):
        left, right = st.columns([3, 1], vertical_alignment="center")
        show('<p>{}: <a data-go href="/response?r={}">{} {}</a></p>', words, reference, reference, day, inside=left)
        if right.button("Take back", key=f"back {reference}", type="tertiary"):
            _decide(context, opened, reference, None, "What was said of these forms is taken back.")


def _decide(context: PageContext, opened: OpenedResponse, other: str, same: bool | None, words: str) -> None:
    context.review.changes.link(context.by, opened, other, same)
    flash(words)
    st.rerun()


def _beside(context: PageContext, opened: OpenedResponse, other: Record) -> None:
    if not context.can("private"):
        return
    with st.expander(f"{other.reference} of {other.authored}, side by side"):
        response, _ = read(other.answers, opened.facts.response.authored, opened.content)
        rows = _differences(opened, response.answers)
        mine = {flag.rule for flag in opened.result.flags}
        theirs = {flag.rule for flag in Result.of(other.result, other.answers).flags}
        title = context.review.worklist.rule_title
        only = ["; ".join(map(title, sorted(rules))) or "none" for rules in (mine - theirs, theirs - mine)]
        heads = ["What differs", f"This one ({opened.record.reference})", f"The other ({other.reference})"]
        show("{}", table(heads, [*rows, ["Raised only in one", *only]]))


def _differences(opened: OpenedResponse, theirs: Mapping[str, Any]) -> list[list[str]]:
    content, language = opened.content, opened.content.languages[0]
    ours = opened.facts.response.answers
    return [
        [
            item.text[language],
            *(in_words(item, one.get(item.link_id), language, content) or "no answer" for one in (ours, theirs)),
        ]
        for item in content.items
        if ours.get(item.link_id) != theirs.get(item.link_id)
    ]
