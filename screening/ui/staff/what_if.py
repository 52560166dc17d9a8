"""On the page of a response: which other answer would drop a flag, and which flags are one answer away."""

from __future__ import annotations

import streamlit as st

from screening.ui.html import Html, each, html, show
from screening.ui.staff.page import PageContext
from screening.use_cases.opened_response import OpenedResponse
from screening.use_cases.other_answers import OtherAnswer, dropping, near_misses

MOST = 8
"""So many lines of each; how many more there are is said."""


def of_flag(context: PageContext, opened: OpenedResponse, rule: str) -> None:
    """The answers of which each alone would leave this flag out, where somebody asks for them."""
    place = f"what-if {opened.record.reference} {rule}"
    if not st.toggle("What would change this?", key=place):
        return
    found = dropping(opened, rule)
    if not found:
        show("<p>No single other answer would leave it out.</p>")
        return
    show("<p>It would not be raised with any one of these:</p><ul>{}</ul>", _list([_line(one) for one in found]))


def nearly(context: PageContext, opened: OpenedResponse) -> None:
    """Pressing flags that one other answer would raise."""
    if not st.toggle("What is one answer away?", key=f"nearly {opened.record.reference}"):
        return
    found = near_misses(opened)
    if not found:
        show("<p>No urgent or high flag is one other answer away.</p>")
        return
    lines = [
        html(
            '<span class="pill {}">{}</span> {}: {}',
            one.tier,
            context.tier(one.tier).split(":")[0],
            context.review.worklist.rule_title(one.rule),
            _line(one.answer),
        )
        for one in found
    ]
    show("<p>One other answer would raise these; ask where an answer may be a slip.</p><ul>{}</ul>", _list(lines))


def _line(one: OtherAnswer) -> Html:
    return html("{} <strong>{}</strong> (said: {})", one.question, one.instead, one.now)


def _list(lines: list[Html]) -> Html:
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return each("<li>{}</li>", [*lines[:MOST], *more])
