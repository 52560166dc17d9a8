"""The worklist: who waits, most pressing and newest first."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from screening.ui.staff.page import PageContext, show_flash
from screening.use_cases.worklist import NOBODY, Row, Wanted, tiers

PAGE = 50
WANTED = "wanted"
"""In the session: what the worklist shows now, which an export takes."""
_HERE = Path(__file__).parent
_table = st.components.v2.component(
    "worklist",
    html='<div class="worklist">\n</div>',
    css=(_HERE / "worklist.css").read_text("utf-8"),
    js=(_HERE / "worklist.js").read_text("utf-8"),
)


def draw(context: PageContext) -> None:
    """Filters, the list, and pages of it."""
    st.title("Worklist", anchor=False)
    show_flash()
    wanted = st.session_state[WANTED] = _wanted(context)
    rows, twins = context.review.rows(context.by, wanted)
    urgent = sum(row.brief.tier == "urgent" and not row.contacted for row in rows)
    count = f"{len(rows)} response{'' if len(rows) == 1 else 's'}"
    alarm = f"; {urgent} urgent and not yet contacted" if urgent else ""
    st.html(f"<p role='status' class='count'>{count}{alarm}.</p>")
    pages = max(1, -(-len(rows) // PAGE))
    page = min(int(st.session_state.get("page") or 1), pages)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    opened = _table(
        key="rows",
        data={
            "head": list(_HEAD),
            "rows": [_line(context, row, twins) for row in shown],
            "none": "Nobody is waiting here.",
        },
        on_open_change=_nothing,
    ).open
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")
    if opened:
        context.go("response", r=str(opened))


_HEAD = ("Person", "Most pressing", "Pain", "Flags", "To ask", "Status", "Who", "Sent")


def _line(context: PageContext, row: Row, twins: dict[int, list[int]]) -> dict[str, Any]:
    staff = context.review.staff
    brief = row.brief
    sent = datetime.fromisoformat(row.received).astimezone(context.review.zone)
    days = row.waiting(context.review.today())
    under = [f"born {brief.birth}" if brief.birth else "", row.reference, "sent twice?" if row.id in twins else ""]
    return {
        "reference": row.reference,
        "tier": brief.tier or "none",
        "name": (brief.name or "Name not given") if row.opens else "This record does not open: see the operator",
        "under": " · ".join(part for part in under if part),
        "cells": [
            staff.tiers.get(brief.tier or "", "No flags"),
            ", ".join(brief.pain) or "not given",
            str(brief.flags),
            str(brief.ask),
            staff.status(row.status),
            row.assigned or "nobody",
            f"{sent:%d %b %Y, %H:%M}, {'today' if not days else f'{days} day' + ('s' if days > 1 else '') + ' ago'}",
        ],
    }


def _wanted(context: PageContext) -> Wanted:
    """The filters: all but the search box stand in the address, so that a list can be kept as a bookmark."""
    staff = context.review.staff
    statuses = {"": "Open ones", "all": "All", **{one.code: one.text for one in staff.statuses}}
    levels = {"": "Every tier", **dict(staff.tiers), "none": "No flags"}
    people = {"": "Everybody's", NOBODY: "Nobody's", **{name: name for name in context.review.colleagues()}}
    with st.container(key="filters"):
        text = st.text_input(
            "Search by name, birth date (1980-01-31) or reference", key="search", type="search", max_chars=100
        )
        columns = st.columns(3)
        status = columns[0].selectbox(
            "Status", list(statuses), format_func=statuses.__getitem__, key="status", bind="query-params"
        )
        tier = columns[1].selectbox(
            "Most pressing", list(levels), format_func=levels.__getitem__, key="tier", bind="query-params"
        )
        who = columns[2].selectbox(
            "Who has it", list(people), format_func=people.__getitem__, key="who", bind="query-params"
        )
        with st.expander("More filters"):
            since = st.date_input("Sent from", value=None, key="from", bind="query-params", format="YYYY-MM-DD")
            until = st.date_input("Sent until", value=None, key="until", bind="query-params", format="YYYY-MM-DD")
            twice = st.checkbox("Only people who may have sent the form twice", key="twice", bind="query-params")
    assert (tier or "") in ("", *tiers())
    return Wanted(
        status=status or "",
        tier=tier or "",
        assigned=who or "",
        since=_iso(since),
        until=_iso(until),
        twice=twice,
        text=text or "",
    )


def _iso(day: Any) -> str:
    return day.isoformat() if isinstance(day, date) else ""


def _nothing() -> None:
    """Streamlit hands a component's event over only where a function is named."""
