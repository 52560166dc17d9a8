"""Several responses at once: give them to somebody, or say how far they are, with what was before to go back to."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from screening.ui.html import each, show
from screening.ui.staff.page import PageContext, flash
from screening.use_cases import tickets
from screening.use_cases.access import NotDone
from screening.use_cases.changes import Bulk
from screening.use_cases.prep_sheets import prep_sheets

ss = st.session_state
_PICKED, _UNDO, _SHEETS = "picked", "bulk-undo", "bulk-sheets-ready"


def picked() -> set[str]:
    """The references that are chosen; they stay so from page to page."""
    return set(ss.get(_PICKED, ()))


def pick(references: Iterable[str], on: bool) -> None:
    """Choose these, or choose them no more."""
    chosen = picked()
    ss[_PICKED] = chosen | set(references) if on else chosen - set(references)
    st.rerun()


def draw(context: PageContext, references: set[str]) -> None:
    """What can be done with what is chosen, and the way back from what was done last."""
    if last := ss.get(_UNDO):
        _undo(context, last)
    if not references or not context.can("work"):
        return
    staff = context.review.staff
    statuses = {"": "No change", **{one.code: one.text for one in staff.statuses}}
    people = ["", "-", *context.review.colleagues()]
    names = {"": "No change", "-": "Nobody"}
    with st.container(key="bulk", border=True):
        show("<p><strong>{} chosen</strong></p>", len(references))
        first, second, third, fourth = st.columns(4, vertical_alignment="bottom")
        who = first.selectbox("Give to", people, format_func=lambda one: names.get(one, one), key="bulk-who")
        status = second.selectbox("Mark as", list(statuses), format_func=statuses.__getitem__, key="bulk-status")
        if third.button(f"Change {len(references)}", type="primary", key="bulk-do", disabled=not (who or status)):
            done = context.review.changes.change_many(context.by, sorted(references), status or None, who or None)
            ss[_UNDO] = done
            ss.pop(_PICKED)
            flash(_words(done), problem=bool(done.refused))
            st.rerun()
        _print(context, sorted(references))
        if fourth.button("Choose none", key="bulk-none"):
            ss.pop(_PICKED)
            st.rerun()


def _print(context: PageContext, references: list[str]) -> None:
    """The sheets of those who are chosen as one file, opened in a tab of its own."""
    if not context.can("sheet"):
        return
    if ready := ss.pop(_SHEETS, None):
        st.link_button("Open the sheets to print", f"/take/{ready}", key="bulk-sheets", type="primary")
    elif st.button(f"Print {len(references)} {'sheet' if len(references) == 1 else 'sheets'}", key="bulk-print"):
        try:
            with st.spinner("Making the sheets", show_time=True):
                body, closed = prep_sheets(context.review, context.by, references)
        except NotDone as error:
            show('<p class="problem" role="alert">{}</p>', error)
            return
        ss[_SHEETS] = tickets.issue(
            context.by.id, lambda: body, tickets.SHORT, "prep-sheets.pdf", "application/pdf", shown=True
        )
        if closed:
            flash(f"{len(closed)} did not open and are left out: {', '.join(closed)}. See the operator.", problem=True)
        st.rerun()


def _words(done: Bulk) -> str:
    changed = f"{len(done.before)} changed."
    return f"{changed} {len(done.refused)} not changed: see below." if done.refused else changed


def _undo(context: PageContext, last: Bulk) -> None:
    with st.container(key="bulk-undo"):
        if last.refused:
            show("<ul>{}</ul>", each("<li>{}: {}</li>", last.refused.items()))
        left, right = st.columns([1, 4])
        if last.before and left.button(f"Undo ({len(last.before)})", key="bulk-undo-do"):
            back = context.review.changes.undo_many(context.by, last)
            ss.pop(_UNDO)
            flash(_words(back), problem=bool(back.refused))
            st.rerun()
        if right.button("Close", key="bulk-undo-close"):
            ss.pop(_UNDO)
            st.rerun()
