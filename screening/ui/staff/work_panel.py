"""The work on a response: status, who has it, contacted, the prep sheet, notes and what became of it."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from screening.ui.staff import verdict
from screening.ui.staff.page import Room, table, told
from screening.use_cases.review import Case, Changed, Entry, NotDone, State

ss = st.session_state
_SEEN = "seen"


def draw(room: Room, case: Case) -> None:
    """What this person may do with the response, and how far it is."""
    staff, state = room.desk.staff, case.state
    if room.may("sheet"):
        _sheet(room, case)
    if not room.may("work"):
        return
    seen = _seen(case)
    texts = {one.code: one.text for one in staff.statuses}
    texts.setdefault(seen.status, seen.status)
    people = ["", *dict.fromkeys([*room.desk.colleagues(), *([seen.assigned] if seen.assigned else [])])]
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
        st.html(f"<p>Contacted {room.when(state.contacted)}{' by ' + escape(last.actor) if last else ''}.</p>")
    elif case.record.tier == "urgent":
        st.html('<div class="summary" role="note"><p><strong>Urgent, and not yet contacted.</strong></p></div>')
    as_seen = replace(case, state=seen)
    if status and status != seen.status:
        _try(room, f"status “{texts[status]}”", lambda: room.desk.set_status(room.by, as_seen, status))
    if (who or None) != seen.assigned:
        _try(room, f"“{who or 'nobody'}” has it", lambda: room.desk.assign(room.by, as_seen, who or None))
    if reached:
        _try(room, "contacted just now", lambda: room.desk.contacted(room.by, as_seen))
    if state != seen:
        del ss[_SEEN]
        told(f"Somebody else changed this response meanwhile: {_stands(room, state)}.")
        st.rerun()


def _seen(case: Case) -> State:
    """How far the work was when this person last looked: what they choose is a change of that, and of nothing newer."""
    reference, state = ss.setdefault(_SEEN, (case.record.reference, case.state))
    if reference != case.record.reference:
        ss[_SEEN] = (case.record.reference, case.state)
        return case.state
    return state  # type: ignore[no-any-return]


def _stands(room: Room, state: State) -> str:
    contacted = f", contacted {room.when(state.contacted)}" if state.contacted else ""
    return f"status “{room.desk.staff.status(state.status)}”, {state.assigned or 'nobody'} has it{contacted}"


def _try(room: Room, wish: str, do: Any) -> None:
    try:
        do()
    except Changed as changed:
        told(
            f"Somebody else changed this response a moment ago. It now stands at: {_stands(room, changed.state)}. "
            f"Your change was not kept: {wish}. Please choose again.",
            problem=True,
        )
    except NotDone as error:
        told(str(error), problem=True)
    ss.pop(_SEEN, None)
    st.rerun()


def _sheet(room: Room, case: Case) -> None:
    from screening.use_cases import tickets

    ready = ss.get("sheet")
    if ready and ready[0] == f"{case.record.reference} {case.record.amendments}":
        st.link_button("Save the prep sheet (PDF, ready for one minute)", f"/take/{ready[1]}", key="sheet-link")
        ss.pop("sheet")
    elif st.button("Prep sheet", key="sheet-make"):
        body = room.desk.sheet(room.by, case)
        ticket = tickets.issue(
            room.by.id, lambda: body, tickets.SHORT, f"prep-{case.record.reference}.pdf", "application/pdf"
        )
        ss["sheet"] = (f"{case.record.reference} {case.record.amendments}", ticket)
        st.rerun()


def history(room: Room, case: Case) -> None:
    """Notes, and everything that was done with it, newest first."""
    st.html("<h2>Notes and history</h2>")
    if room.may("work"):
        turn = ss.get("note-turn", 0)
        text = st.text_area(
            "Add a note for your colleagues", key=f"note {case.record.reference} {turn}", max_chars=4000
        )
        if st.button("Keep the note", key="note-keep"):
            try:
                room.desk.note(room.by, case, text or "")
            except NotDone as error:
                told(str(error), problem=True)
            else:
                ss["note-turn"] = turn + 1
                told("The note is kept.")
            st.rerun()
    rows = [[room.when(entry.at), entry.actor, _entry(room, case, entry)] for entry in reversed(case.entries)]
    rows.append([room.when(case.record.received), "patient", "sent the form"])
    st.html(table(["When", "Who", "What"], rows))


def _entry(room: Room, case: Case, entry: Entry) -> str:
    found = entry.said
    if entry.kind == "status":
        return f"status: {room.desk.staff.status(found['status'])}"
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
