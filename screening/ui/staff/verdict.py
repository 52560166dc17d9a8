"""A clinician's word on one flag: discussed, not relevant and why, or to follow up."""

from __future__ import annotations

import streamlit as st

from screening.records.work import Entry
from screening.ui.html import show
from screening.ui.staff.page import PageContext, flash
from screening.use_cases.access import NotDone
from screening.use_cases.changes import Verdict
from screening.use_cases.opened_response import OpenedResponse

ss = st.session_state

WORDS: dict[Verdict, str] = {"discussed": "Discussed", "not-relevant": "Not relevant", "follow-up": "Follow up"}


def words(entry: Entry) -> str:
    """What was said of a flag, in words."""
    verdict, reason = entry.said["verdict"], entry.said["reason"]
    return f"{WORDS.get(verdict, verdict)}{f' ({reason})' if reason else ''}, says {entry.actor}"


def draw(context: PageContext, opened: OpenedResponse, rule: str, last: Entry | None) -> None:
    """The choice below a flag; a verdict is kept at once, and "not relevant" once it has a reason."""
    place = f"{opened.record.reference} {rule}"
    before = ss.setdefault(
        f"judged {place}", last.said["verdict"] if last else None
    )  # what this person saw or said last
    with st.container(key=f"judge {place}"):
        verdict = st.segmented_control(
            f"Your word on {rule}",
            list(WORDS),
            default=before,
            format_func=WORDS.__getitem__,
            key=f"verdict {place}",
            label_visibility="collapsed",
        )
        if last:
            show("<p>{}</p>", words(last))
        if verdict == before or verdict is None:
            return
        if verdict == "not-relevant":
            reasons = list(context.review.staff.not_relevant)
            reason = st.selectbox("Why is it not relevant?", reasons, index=None, key=f"reason {place}")
            more = st.text_input("In your words, if you like (no names)", key=f"more {place}", max_chars=500)
            if not st.button("Save", key=f"keep {place}"):
                return
            said = ": ".join(part for part in (reason, (more or "").strip()) if part)
        else:
            said = ""
        try:
            context.review.changes.judge(context.by, opened, rule, verdict, said)
        except NotDone as error:
            flash(str(error), problem=True)
        else:
            ss[f"judged {place}"] = verdict
            flash("Saved.")
        st.rerun()
