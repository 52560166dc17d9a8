"""The worklist: queues with counts, one line a person, why they wait and what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from screening.ui.html import each, html, show
from screening.ui.staff import bulk
from screening.ui.staff.page import PageContext, day, iso, outcome_words, show_flash, span
from screening.ui.staff.worklist_address import address, asked_for, go
from screening.use_cases.access import NotDone
from screening.use_cases.queues import MEANINGS, NAMES, QUEUES, due
from screening.use_cases.worklist import NOBODY, Wanted, WorklistRow

ss = st.session_state
PAGE = 50
REASONS = 3
"""Why somebody waits, in so many titles at most."""
_HERE = Path(__file__).parent
_table = st.components.v2.component(
    "worklist",
    html='<div class="worklist">\n</div>',
    css=(_HERE / "worklist.css").read_text("utf-8"),
    js=(_HERE / "worklist.js").read_text("utf-8"),
)


def draw(context: PageContext) -> None:
    """Search, queues, the list, and pages of it."""
    st.title("Worklist", anchor=False)
    show_flash()
    wanted, sort, number, not_understood = asked_for(context)
    wanted = _search(wanted)
    rows, twins = context.review.worklist.rows(context.by, wanted, sort)
    ss["known-urgent"] = context.review.worklist.unreached(context.by)
    _queues(context, wanted)
    _views(context)
    _filters(context, wanted, sort)
    pages = max(1, -(-len(rows) // PAGE))
    number = min(number, pages)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    _count(wanted, len(rows), number, len(shown), not_understood)
    ss["list"] = ([row.reference for row in rows], address(wanted, sort, number))
    picked = bulk.picked()
    bulk.draw(context, picked)
    pressed = _table(
        key="rows",
        data={
            "head": _head(wanted, sort),
            "rows": [_line(context, row, twins) | {"picked": row.reference in picked} for row in shown],
            "none": _nobody(wanted),
        },
        on_pick_change=_nothing,
    ).pick
    if pressed:
        bulk.pick(pressed["references"], bool(pressed["on"]))
    if pages > 1:
        _pager(wanted, sort, number, pages)


# ---------------------------------------------------------------- above the list


def _search(wanted: Wanted) -> Wanted:
    """The search box: kept until it is cleared, and never in an address."""
    text = st.text_input(
        "Search: name, birth date, telephone or reference",
        value=ss.get("searched", ""),
        key=f"search {ss.get('search-turn', 0)}",
        type="search",
        placeholder="Name, birth date, telephone or reference",
        label_visibility="collapsed",
    )
    ss["searched"] = (text or "")[:100]
    return replace(wanted, text=ss["searched"])


def _queues(context: PageContext, wanted: Wanted) -> None:
    """The queues as links, each with how many stand in it."""
    counted = context.review.worklist.queues(context.by)
    names = [("", "Everything open", sum(counted.values()) - counted["done"], "All that is not done.")]
    names += [(queue, NAMES[queue], counted[queue], MEANINGS[queue]) for queue in QUEUES]
    links = each(
        '<li><a data-go href="{}" {} title="{}" class="{}">{} <b>{}</b></a></li>',
        [
            (
                address(Wanted(queue=queue)),
                html('aria-current="page"') if wanted.queue == queue else "",
                meaning,
                "call" if queue == "call" and count else "",
                name,
                count,
            )
            for queue, name, count, meaning in names
        ],
    )
    show('<nav class="queues" aria-label="Queues"><ul>{}</ul></nav>', links)


def _filters(context: PageContext, wanted: Wanted, sort: str) -> None:
    staff = context.review.staff
    statuses = {"": "Any open", "all": "Any, done ones too", **{one.code: one.text for one in staff.statuses}}
    levels = {"": "Any", **dict(staff.tiers), "none": "No flags"}
    people = {"": "Anybody", NOBODY: "Nobody", **{name: name for name in context.review.colleagues()}}
    asked = replace(wanted, queue="", text="") != Wanted()
    with st.expander("Filters: on" if asked else "Filters", expanded=asked, key="filters"):
        columns = st.columns(6, vertical_alignment="bottom")
        status = _choice(columns[0], "Status", statuses, wanted.status)
        tier = _choice(columns[1], "Most pressing flag", levels, wanted.tier)
        who = _choice(columns[2], "Who has it", people, wanted.assigned)
        since = columns[3].date_input("Sent from", value=day(wanted.since), key=f"since {wanted.since}")
        until = columns[4].date_input("Sent until", value=day(wanted.until), key=f"until {wanted.until}")
        twice = columns[5].checkbox("Perhaps sent twice", value=wanted.twice, key=f"twice {wanted.twice}")
        if asked:
            show('<p><a data-go href="{}">Clear the filters</a></p>', address(Wanted(queue=wanted.queue)))
        _save_view(context, address(wanted, sort))
    chosen = replace(wanted, status=status, tier=tier, assigned=who, since=iso(since), until=iso(until), twice=twice)
    if chosen != wanted:
        go(chosen, sort)


def _views(context: PageContext) -> None:
    """The lists that this person saved, as links."""
    if views := context.review.views.all(context.by):
        links = each('<li><a data-go href="{}">{}</a></li>', [(where, name) for name, where in views.items()])
        show('<nav class="queues views" aria-label="Saved lists"><ul>{}</ul></nav>', links)


def _save_view(context: PageContext, where: str) -> None:
    """A name for the list as it is filtered now; or one to forget."""
    views = context.review.views
    name, keep, old, drop = st.columns([3, 1, 3, 1], vertical_alignment="bottom")
    typed = name.text_input(
        "Save this list as (no names of people)", key=f"view {ss.get('view-turn', 0)}", max_chars=40
    )
    forget = old.selectbox("Saved lists", list(views.all(context.by)), index=None, key="view-old")
    try:
        if keep.button("Save the list", key="view-keep", width="stretch"):
            views.keep(context.by, typed or "", where)
        elif drop.button("Remove it", key="view-drop", width="stretch", disabled=not forget):
            views.drop(context.by, str(forget))
        else:
            return
    except NotDone as error:
        show('<p class="problem" role="alert">{}</p>', error)
        return
    ss["view-turn"] = ss.get("view-turn", 0) + 1
    st.rerun()


def _choice(column: Any, label: str, options: dict[str, str], now: str) -> str:
    names = list(options)
    chosen = column.selectbox(label, names, names.index(now), format_func=options.__getitem__, key=f"{label} {now}")
    return str(chosen or "")


def _count(wanted: Wanted, count: int, number: int, shown: int, not_understood: list[str]) -> None:
    first = (number - 1) * PAGE
    words = f"{first + 1} to {first + shown} of {count}" if count > PAGE else f"{count}"
    found = "person found" if wanted.text and count == 1 else "people found" if wanted.text else "responses"
    found = "response" if found == "responses" and count == 1 else found
    where = f" in “{NAMES[wanted.queue]}”" if wanted.queue in NAMES else ""
    show('<p role="status" class="count">{} {}{}</p>', words, found, where)
    if not_understood:
        show(
            '<p class="summary" role="alert">The address names {}, which means nothing here: it is left out, so the '
            "list may be longer than you expect.</p>",
            ", ".join(not_understood),
        )


def _nobody(wanted: Wanted) -> str:
    if wanted.text:
        return (
            "Nobody found. Try a part of the name, the year of birth, or the last digits of the telephone; "
            "a queue or a filter may leave somebody out."
        )
    return "Nobody is waiting here."


def _pager(wanted: Wanted, sort: str, number: int, pages: int) -> None:
    ends = [(number - 1, "Newer page" if sort == "newest" else "Previous"), (number + 1, "Next")]
    links = each(
        '<a data-go class="as-link" href="{}">{}</a>',
        [(address(wanted, sort, page), words) for page, words in ends if 1 <= page <= pages],
    )
    show('<nav class="pager" aria-label="Pages"><span>Page {} of {}</span> {}</nav>', number, pages, links)


# ---------------------------------------------------------------- one line

_HEAD = (("Person", "name"), ("Why", ""), ("Waiting since", "oldest"), ("Who", "who"), ("Next step", None))


def _head(wanted: Wanted, sort: str) -> list[dict[str, Any]]:
    return [
        {"title": title}
        if order is None
        else {"title": title, "sort": order, "href": address(wanted, order), "now": order == sort}
        for title, order in _HEAD
    ]


def _line(context: PageContext, row: WorklistRow, twins: dict[int, list[int]]) -> dict[str, Any]:
    staff, summary, state = context.review.staff, row.summary, row.state
    now = context.review.now()
    until = due(summary, row.since, staff) if row.queue != "done" else None
    late = until is not None and until < now
    under = [context.age(summary.birth), "sent twice?" if row.id in twins else ""]
    return {
        "reference": row.reference,
        "href": f"/response?r={row.reference}",
        "tier": summary.tier or ("open" if summary.ask_tier else "none"),
        "alarm": row.queue == "call",
        "name": (summary.name or "Name not given") if row.opens else "This record does not open: see the operator",
        "under": " · ".join(part for part in under if part),
        "pill": _pill(context, row),
        "why": _why(context, row),
        "waiting": "" if row.queue == "done" else span(now - row.since),
        "due": "" if until is None or state.status != staff.statuses[0].code else _due(until, now),
        "late": late,
        "sent": f"Sent {context.when(row.received)} · {row.reference}",
        "assigned": state.assigned or "–",
        "next": _next(context, row),
    }


def _pill(context: PageContext, row: WorklistRow) -> str:
    if row.summary.tier and row.summary.tier != "info":
        return context.tier(row.summary.tier).split(":")[0]
    return "Not answered" if row.summary.ask_tier in ("urgent", "high") else "No flags"


def _why(context: PageContext, row: WorklistRow) -> list[str]:
    """The titles of the flags that press most; or what is not known, where nothing presses more than that."""
    summary = row.summary
    titles = [context.review.worklist.title(context.by, rule) for rule in summary.top]
    titles = list(dict.fromkeys(titles))
    why = titles[:REASONS] + ([f"and {len(titles) - REASONS} more"] if len(titles) > REASONS else [])
    if row.almost_empty:
        return [*why, "almost nothing answered"]
    if summary.ask and (summary.ask_tier in ("urgent", "high") or not why):
        why.append(f"{summary.ask} to ask")
    return why


def _due(until: datetime, now: datetime) -> str:
    return "overdue" if until < now else f"due in {span(until - now)}"


def _next(context: PageContext, row: WorklistRow) -> str:
    state, words = row.state, context.review.staff.status(row.state.status)
    tried = f"{outcome_words(state.outcome)} {context.short(state.tried)}" if state.outcome and state.tried else ""
    if row.queue == "call":
        return f"Call again ({tried})" if tried else "Call"
    if row.queue in ("waiting", "done"):
        return " · ".join(part for part in (words, tried) if part)
    return {"ask": "Ask what is open", "decide": "Clinician reads it", "ready": "Set a date"}[row.queue]


def _nothing() -> None:
    """Streamlit hands a component's event over only where a function is named."""
