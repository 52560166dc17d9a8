"""The work on a response: status, who has it, contacted, the prep sheet, notes and what became of it."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from screening.ui.staff import verdict
from screening.ui.staff.page import PageContext, flash, table
from screening.use_cases.review import Case, Changed, Entry, NotDone, State

ss = st.session_state
_SEEN = "seen"


def draw(context: PageContext, case: Case) -> None:
    """What this person may do with the response, and how far it is."""
    staff, state = context.review.staff, case.state
    if context.can("sheet"):
        _sheet(context, case)
    if not context.can("work"):
        return
    seen = _seen(case)
    texts = {one.code: one.text for one in staff.statuses}
    texts.setdefault(seen.status, seen.status)
    people = ["", *dict.fromkeys([*context.review.colleagues(), *([seen.assigned] if seen.assigned else [])])]
    with st.container(key="work"):
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        key = f"{case.record.reference} {seen.version}"
        status = left.selectbox(
            "Status", list(texts), list(texts).index(seen.status), format_func=texts.__getitem__, key=f"status {key}"
        )
        who = middle.selectbox(
            "Who has it",
            people,
            people.index(seen.assigned or ""),
            format_func=lambda one: one or "Nobody",
            key=f"who {key}",
        )
        reached = right.button("Contacted just now", key=f"contacted {key}", width="stretch")
    if state.contacted:
        last = next((entry for entry in reversed(case.entries) if entry.kind == "contacted"), None)
        st.html(f"<p>Contacted {context.when(state.contacted)}{' by ' + escape(last.actor) if last else ''}.</p>")
    elif case.record.tier == "urgent":
        st.html('<div class="summary" role="note"><p><strong>Urgent, and not yet contacted.</strong></p></div>')
    as_seen = replace(case, state=seen)
    if status and status != seen.status:
        _try(context, f"status “{texts[status]}”", lambda: context.review.set_status(context.by, as_seen, status))
    if (who or None) != seen.assigned:
        _try(context, f"“{who or 'nobody'}” has it", lambda: context.review.assign(context.by, as_seen, who or None))
    if reached:
        _try(context, "contacted just now", lambda: context.review.contacted(context.by, as_seen))
    if state != seen:
        del ss[_SEEN]
        flash(f"Somebody else changed this response meanwhile: {_stands(context, state)}.")
        st.rerun()


def _seen(case: Case) -> State:
    """How far the work was when this person last looked: what they choose is a change of that, and of nothing newer."""
    reference, state = ss.setdefault(_SEEN, (case.record.reference, case.state))
    if reference != case.record.reference:
        ss[_SEEN] = (case.record.reference, case.state)
        return case.state
    return state  # type: ignore[no-any-return]


def _stands(context: PageContext, state: State) -> str:
    contacted = f", contacted {context.when(state.contacted)}" if state.contacted else ""
    return f"status “{context.review.staff.status(state.status)}”, {state.assigned or 'nobody'} has it{contacted}"


def _try(context: PageContext, wish: str, do: Any) -> None:
    try:
        do()
    except Changed as changed:
        flash(
            f"Somebody else changed this response a moment ago. It now stands at: {_stands(context, changed.state)}. "
            f"Your change was not kept: {wish}. Please choose again.",
            problem=True,
        )
    except NotDone as error:
        flash(str(error), problem=True)
    ss.pop(_SEEN, None)
    st.rerun()


def _sheet(context: PageContext, case: Case) -> None:
    from screening.use_cases import tickets

    ready = ss.get("sheet")
    if ready and ready[0] == f"{case.record.reference} {case.record.amendments}":
        st.link_button("Save the prep sheet (PDF, ready for one minute)", f"/take/{ready[1]}", key="sheet-link")
        ss.pop("sheet")
    elif st.button("Prep sheet", key="sheet-make"):
        body = context.review.sheet(context.by, case)
        ticket = tickets.issue(
            context.by.id, lambda: body, tickets.SHORT, f"prep-{case.record.reference}.pdf", "application/pdf"
        )
        ss["sheet"] = (f"{case.record.reference} {case.record.amendments}", ticket)
        st.rerun()


def history(context: PageContext, case: Case) -> None:
    """Notes, and everything that was done with it, newest first."""
    st.html("<h2>Notes and history</h2>")
    if context.can("work"):
        turn = ss.get("note-turn", 0)
        text = st.text_area(
            "Add a note for your colleagues", key=f"note {case.record.reference} {turn}", max_chars=4000
        )
        if st.button("Keep the note", key="note-keep"):
            try:
                context.review.note(context.by, case, text or "")
            except NotDone as error:
                flash(str(error), problem=True)
            else:
                ss["note-turn"] = turn + 1
                flash("The note is kept.")
            st.rerun()
    rows = [[context.when(entry.at), entry.actor, _entry(context, case, entry)] for entry in reversed(case.entries)]
    rows.append([context.when(case.record.received), "patient", "sent the form"])
    st.html(table(["When", "Who", "What"], rows))


def _entry(context: PageContext, case: Case, entry: Entry) -> str:
    found = entry.said
    if entry.kind == "status":
        return f"status: {context.review.staff.status(found['status'])}"
    if entry.kind == "assigned":
        return f"given to {found['assigned'] or 'nobody'}"
    if entry.kind == "note":
        return f"note: {found['text']}"
    if entry.kind == "feedback":
        return f"{found['rule']}: {verdict.words(entry)}"
    if entry.kind == "amended":
        language = case.content.languages[0]
        known = [
            case.content.item(one).text[language] for one in found["changed"] if one in case.content.program.numbers
        ]
        return "asked the person, and added: " + "; ".join(known)
    return entry.kind
