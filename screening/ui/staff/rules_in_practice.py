"""How often each rule fires, and how often clinicians set its flags aside, with their reasons."""

from __future__ import annotations

import streamlit as st

from screening.ui.staff.page import PageContext, table


def draw(context: PageContext) -> None:
    """A line for each rule that was raised, the most often set aside first."""
    st.title("Rules in practice", anchor=False)
    found = context.review.figures.judgements(context.by)
    if not found:
        st.html("<p>No rule was raised yet.</p>")
        return
    st.html(
        "<p>What clinicians said of each flag. A rule that is often set aside may need another wording or "
        "limit: its reasons say which.</p>"
    )
    rows = []
    for one in found:
        words = one.discussed + one.not_relevant + one.follow_up
        share = f"{one.not_relevant} ({100 * one.not_relevant / words:.0f} %)" if words else "0"
        reasons = "; ".join(f"{reason} ({count})" for reason, count in one.reasons)
        rows.append([one.rule, str(one.raised), str(one.discussed), share, str(one.follow_up), reasons])
    st.html(table(["Rule", "Raised", "Discussed", "Not relevant", "Follow up", "Reasons why not"], rows))
