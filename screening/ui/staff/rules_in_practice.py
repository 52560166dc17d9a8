"""How often each rule fires, and how often clinicians set its flags aside, with their reasons."""

from __future__ import annotations

import streamlit as st

from screening.ui.html import html, show
from screening.ui.staff.page import PageContext, table


def draw(context: PageContext) -> None:
    """A line for each rule that was raised, the most often set aside first."""
    st.title("Rules in practice", anchor=False)
    found = context.review.figures.judgements(context.by)
    if not found:
        show("<p>No rule was raised yet.</p>")
        return
    show(
        "<p>What clinicians said of each flag. A rule that is often set aside may need another wording or "
        "limit: its reasons say which.</p>"
    )
    rows = []
    for one in found:
        said = one.discussed + one.not_relevant + one.follow_up
        title = context.review.worklist.rule_title(one.rule)
        name = html('<a data-go href="/rule-book?rule={}">{}</a>', one.rule, title)
        reasons = "; ".join(f"{reason} ({count})" for reason, count in one.reasons)
        aside = f"{one.not_relevant} of {said}" if said else "–"
        rows.append([name, str(one.raised), aside, str(one.discussed), str(one.follow_up), reasons])
    heads = ["Rule", "Raised", "Not relevant", "Discussed", "Follow up", "Reasons why not"]
    show("{}", table(heads, rows))
