"""The work on a response: how far it is, who has it, what came of a call, notes, and everything that was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import streamlit as st

from screening.records.work import Entry
from screening.records.work_state import Changed, State
from screening.ui.html import show
from screening.ui.staff import answers, note, verdict
from screening.ui.staff.page import OUTCOMES, PageContext, flash, outcome_words, span, table
from screening.use_cases import tickets
from screening.use_cases.access import NotDone
from screening.use_cases.changes import LONGEST_NOTE, Outcome
from screening.use_cases.opened_response import OpenedResponse
from screening.use_cases.queues import NAMES, due
from screening.use_cases.since_last import on_sheet

ss = st.session_state
SEEN = "seen"
"""In the session: how far the work was when this person last looked."""


@dataclass(frozen=True)
class Wish:
    """One thing that somebody has just asked for on this page: in words, and how it is done."""

    words: str
    do: Callable[[], None]


def draw(context: PageContext, opened: OpenedResponse) -> None:
    """What this person may do with the response: first everything is drawn, then what they asked for is done."""
    if not context.can("work"):
        return
    seen = _seen(opened)
    with st.container(key="work", border=True):
        if context.can("sheet"):
            _sheet(context, opened)
            note.draw(opened)
        wishes = [*_state(context, replace(opened, state=seen)), *_call(context, replace(opened, state=seen))]
        _note(context, opened)
    if wishes:
        _apply(context, wishes[0])
    if opened.state != seen:
        del ss[SEEN]
        flash(f"Somebody else changed this response meanwhile: {_words(context, opened.state)}.")
        st.rerun()


def stands(context: PageContext, opened: OpenedResponse) -> None:
    """Where it stands now: in which queue, since when, and what came of the last call."""
    state, row, staff, now = opened.state, opened.row, context.review.staff, context.review.now()
    until = due(row.summary, row.since, staff) if row.queue in ("call", "ask", "decide") else None
    words = [NAMES[row.queue] if row.queue == "done" else f"{NAMES[row.queue]}: waiting {span(now - row.since)}"]
    if until and until < now:
        words.append(f"it was due {span(now - until)} ago")
    if state.urgent_since and row.queue == "call":
        words.append("newly urgent by what was asked on the telephone")
    if state.outcome and state.tried:
        words.append(f"last call: {outcome_words(state.outcome)}, {context.when(state.tried)}{_by(opened)}")
    if row.queue == "call":
        show('<p class="bar" role="note"><strong>Urgent, and not yet reached.</strong> {}.</p>', "; ".join(words))
    else:
        show('<p class="stands">{}.</p>', "; ".join(words))


def _by(opened: OpenedResponse) -> str:
    last = next((entry for entry in reversed(opened.entries) if entry.kind == "call"), None)
    return f" by {last.actor}" if last else ""


def _state(context: PageContext, opened: OpenedResponse) -> Iterator[Wish]:
    """Status and who has it."""
    review, by, state = context.review, context.by, opened.state
    texts = {one.code: one.text for one in review.staff.statuses}
    if not state.contacted and state.status != review.staff.contacted:
        texts.pop(review.staff.contacted)  # a call says so
    texts.setdefault(state.status, state.status)
    people = ["", *dict.fromkeys([*review.colleagues(), *([state.assigned] if state.assigned else [])])]
    left, middle = st.columns(2, vertical_alignment="bottom")
    key = f"{opened.record.reference} {state.version}"
    status = left.selectbox(
        "Status", list(texts), list(texts).index(state.status), format_func=texts.__getitem__, key=f"status {key}"
    )
    who = middle.selectbox(
        "Who has it",
        people,
        people.index(state.assigned or ""),
        format_func=lambda one: one or "Nobody",
        key=f"who {key}",
    )
    if status and status != state.status:
        yield Wish(f"status “{texts[status]}”", lambda: review.changes.set_status(by, opened, status))
    if (who or None) != state.assigned:
        yield Wish(f"“{who or 'nobody'}” has it", lambda: review.changes.assign(by, opened, who or None))


def _call(context: PageContext, opened: OpenedResponse) -> Iterator[Wish]:
    """What came of a call: one press, and one to take it back."""
    review, by = context.review, context.by
    key = f"{opened.record.reference} {opened.state.version}"
    outcome: Outcome | None = st.segmented_control(
        "How did the call go?", list(OUTCOMES), format_func=OUTCOMES.__getitem__, key=f"outcome {key}"
    )
    if outcome == "not-needed":
        reason = st.text_input("Why is no call needed?", key=f"why {key}", max_chars=500)
        if st.button("Save", key=f"not-needed {key}"):
            yield Wish("no call needed", lambda: review.changes.called(by, opened, "not-needed", reason or ""))
    elif outcome:
        yield Wish(f"call: {OUTCOMES[outcome].lower()}", lambda: review.changes.called(by, opened, outcome))
    if review.changes.last_call(opened) and st.button("Take the last call back", key=f"undo {key}", type="tertiary"):
        yield Wish("the last call taken back", lambda: review.changes.undo_call(by, opened))


def _apply(context: PageContext, wish: Wish) -> None:
    try:
        wish.do()
    except Changed as changed:
        flash(
            f"Somebody else changed this response a moment ago. It now stands at: {_words(context, changed.state)}. "
            f"Your change was not saved: {wish.words}. Please choose again.",
            problem=True,
        )
    except NotDone as error:
        flash(str(error), problem=True)
    else:
        flash(f"Saved: {wish.words}.")
    ss.pop(SEEN, None)
    st.rerun()


def _seen(opened: OpenedResponse) -> State:
    """How far the work was when this person last looked: what they choose is a change of that, and of nothing newer."""
    reference, state = ss.setdefault(SEEN, (opened.record.reference, opened.state))
    if reference != opened.record.reference:
        ss[SEEN] = (opened.record.reference, opened.state)
        return opened.state
    return state  # type: ignore[no-any-return]


def _words(context: PageContext, state: State) -> str:
    contacted = f", reached {context.when(state.contacted)}" if state.contacted else ""
    return f"status “{context.review.staff.status(state.status)}”, {state.assigned or 'nobody'} has it{contacted}"


def _sheet(context: PageContext, opened: OpenedResponse) -> None:
    """The prep sheet: made when somebody asks for it, then opened in a tab of its own or saved."""
    place = f"{opened.record.reference} {opened.record.amendments}"
    ready = ss.pop("sheet", None)
    if ready and ready[0] == place:
        left, right = st.columns(2)
        left.link_button("Open the prep sheet", f"/take/{ready[1]}", key="sheet-open", width="stretch")
        right.link_button("Save the prep sheet (PDF)", f"/take/{ready[2]}", key="sheet-link", width="stretch")
    elif st.button("Prep sheet", key="sheet-make", width="stretch"):
        body = context.review.responses.sheet(context.by, opened, on_sheet(opened))
        name, pdf = f"prep-{opened.record.reference}.pdf", "application/pdf"
        ss["sheet"] = (
            place,
            *(
                tickets.issue(context.by.id, lambda: body, tickets.SHORT, name, pdf, shown=shown)
                for shown in (True, False)
            ),
        )
        st.rerun()


def _note(context: PageContext, opened: OpenedResponse) -> None:
    """A note; what is begun is kept for this person until they save it, whatever happens to the page."""
    review, by, turn = context.review, context.by, ss.get("note-turn", 0)
    key = f"note {opened.record.reference} {turn}"
    kept = f"kept {key}"
    if kept not in ss:
        ss[kept] = review.changes.begun(by, opened, "note") or ""
    text = st.text_area("Add a note for your colleagues", value=ss[kept], key=key, max_chars=LONGEST_NOTE, height=80)
    if (text or "") != ss[kept]:
        review.changes.keep_begun(by, opened, "note", text or None)
        ss[kept] = text or ""
    if st.button("Save the note", key="note-keep"):
        try:
            review.changes.note(by, opened, text or "")
        except NotDone as error:
            show('<p class="problem" role="alert">{}</p>', error)
            return
        review.changes.keep_begun(by, opened, "note", None)
        ss["note-turn"] = turn + 1
        flash("The note is saved.")
        st.rerun()
    if text:
        show('<p class="hint" role="status">Not saved yet. What you have written is kept for you.</p>')


def history(context: PageContext, opened: OpenedResponse) -> None:
    """Notes, and everything that was done with it, newest first."""
    rows = [[context.when(entry.at), entry.actor, _entry(context, opened, entry)] for entry in reversed(opened.entries)]
    rows.append([context.when(opened.record.received), "patient", "sent the form"])
    show("<h2>Notes and history</h2>{}", table(["When", "Who", "What"], rows))


def _entry(context: PageContext, opened: OpenedResponse, entry: Entry) -> str:
    said = entry.said
    if entry.kind == "status":
        return f"status: {context.review.staff.status(said['status'])}"
    if entry.kind == "assigned":
        return f"given to {said['assigned'] or 'nobody'}"
    if entry.kind == "call":
        return f"call: {outcome_words(said['outcome'])}" + (f" ({said['reason']})" if said["reason"] else "")
    if entry.kind == "undone":
        return f"took back: {outcome_words(said['outcome'])}"
    if entry.kind == "note":
        return f"note: {said['text']}"
    if entry.kind == "feedback":
        return f"{context.review.worklist.title(context.by, said['rule'])}: {verdict.words(entry)}"
    if entry.kind == "linked":
        what = {True: "the same person", False: "somebody else", None: "undecided again"}[said["same"]]
        return f"{said['other']} is {what}"
    if entry.kind == "amended":
        known = [one for one in said["changed"] if one in opened.content.program.numbers]
        mine = [one for one in known if answers.readable(context, opened, one)]
        words = [opened.content.question(one, opened.content.languages[0]) for one in mine]
        more = [f"{len(known) - len(mine)} that a clinician reads"] if len(mine) < len(known) else []
        return "asked the person, and added: " + "; ".join(words + more)
    return entry.kind
