"""One response: what to discuss first, what is still to ask, and what the person said, in their words and order."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from screening.answer_text import in_words, said, seen
from screening.response import read
from screening.review import Case, Changed, Entry, NotDone, State
from screening.ui.staff import asking, judging
from screening.ui.staff.room import Room, news, table, told

ss = st.session_state


def draw(room: Room) -> None:
    """The response that the address names."""
    reference = str(st.query_params.get("r", ""))
    try:
        case = room.desk.open(room.by, reference, again=ss.get("opened") == reference)
    except NotDone as error:
        st.title("Response", anchor=False)
        st.html(f"<p>{escape(str(error))}</p>")
        return
    ss["opened"] = reference
    asking.forget_others(case)
    st.title(_name(case), anchor=False)
    news()
    _conflict()
    _facts(room, case)
    _work(room, case)
    _flags(room, case)
    asking.draw(room, case)
    _medicines(case)
    _scores(case)
    _body(room, case)
    _answers(case)
    _others(room, case)
    _history(room, case)


def _name(case: Case) -> str:
    # A heading reads Markdown: what could be read as such is taken out of a name, which stands below as it was typed.
    name = _text(case, case.content.site.staff.items.name)
    return "".join(char if char.isalnum() or char in " '.,-" else " " for char in seen(name)).strip() or "Name not given"


def _text(case: Case, link_id: str) -> str:
    given = case.record.answers.get(link_id)
    return given if isinstance(given, str) else ""


def _facts(room: Room, case: Case) -> None:
    record, items = case.record, case.content.site.staff.items
    sent = datetime.fromisoformat(record.received).astimezone(room.desk.desk.zone)
    language = case.content.questionnaire.languages.get(record.language, record.language)
    facts = {
        "Name": _text(case, items.name) or "not given",
        "Born": _text(case, items.birth_date) or "not given",
        "Telephone": _text(case, items.phone) or "not given",
        "Reference": record.reference,
        "Sent": f"{sent:%d %B %Y, %H:%M}, in {language}",
        "Content": f"{case.content.questionnaire.version} · {record.content[:12]}"
        + ("" if case.content.hash == record.content else " (that version cannot be read any more: shown with today's)"),
    }
    if record.amendments:
        facts["Amended"] = f"{record.amendments} time{'s' if record.amendments > 1 else ''} by staff, after asking the person"
    st.html(
        '<dl class="facts">' + "".join(f"<dt>{name}</dt><dd class='typed'>{escape(value)}</dd>" for name, value in facts.items()) + "</dl>"
    )


# ---------------------------------------------------------------- work


def _work(room: Room, case: Case) -> None:
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
        status = left.selectbox("Status", list(texts), list(texts).index(seen.status), format_func=texts.__getitem__, key=f"status {key}")
        who = middle.selectbox(
            "Who has it", people, people.index(seen.assigned or ""), format_func=lambda one: one or "Nobody", key=f"who {key}"
        )
        reached = right.button("Contacted just now", key=f"contacted {key}", width="stretch")
    if state.contacted:
        last = next((entry for entry in reversed(case.entries) if entry.kind == "contacted"), None)
        st.html(f"<p>Contacted {_when(room, state.contacted)}{' by ' + escape(last.actor) if last else ''}.</p>")
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


_SEEN = "seen"


def _seen(case: Case) -> State:
    """How far the work was when this person last looked: what they choose is a change of that, and of nothing newer."""
    reference, state = ss.setdefault(_SEEN, (case.record.reference, case.state))
    if reference != case.record.reference:
        ss[_SEEN] = (case.record.reference, case.state)
        return case.state
    return state  # type: ignore[no-any-return]


def _stands(room: Room, state: State) -> str:
    contacted = f", contacted {_when(room, state.contacted)}" if state.contacted else ""
    return f"status “{room.desk.staff.status(state.status)}”, {state.assigned or 'nobody'} has it{contacted}"


def _try(room: Room, wish: str, do: Any) -> None:
    try:
        do()
    except Changed as changed:
        ss["conflict"] = (
            f"Somebody else changed this response a moment ago. It now stands at: {_stands(room, changed.state)}. "
            f"Your change was not kept: {wish}. Please choose again."
        )
    except NotDone as error:
        ss["conflict"] = str(error)
    ss.pop(_SEEN, None)
    st.rerun()


def _conflict() -> None:
    if words := ss.pop("conflict", ""):
        st.html(f'<div class="summary" role="alert"><p>{escape(words)}</p></div>')


def _sheet(room: Room, case: Case) -> None:
    from screening.web import tickets

    ready = ss.get("sheet")
    if ready and ready[0] == f"{case.record.reference} {case.record.amendments}":
        st.link_button("Save the prep sheet (PDF, ready for one minute)", f"/take/{ready[1]}", key="sheet-link")
        ss.pop("sheet")
    elif st.button("Prep sheet", key="sheet-make"):
        body = room.desk.sheet(room.by, case)
        ticket = tickets.issue(room.by.id, lambda: body, tickets.SHORT, f"prep-{case.record.reference}.pdf", "application/pdf")
        ss["sheet"] = (f"{case.record.reference} {case.record.amendments}", ticket)
        st.rerun()


# ---------------------------------------------------------------- flags


def _flags(room: Room, case: Case) -> None:
    every = case.record.result["flags"]
    flags = [flag for flag in every if not flag["superseded"] and flag["tier"] != "info"]
    background = [flag for flag in every if not flag["superseded"] and flag["tier"] == "info"]
    covered = [flag for flag in every if flag["superseded"]]
    none = "" if flags else "<p>Nothing above background was raised. That says nothing about the person's health.</p>"
    st.html(f"<h2>To discuss ({len(flags)})</h2>{none}")
    judged = case.judged()
    for flag in flags:
        _card(room, case, flag, judged)
    if background:
        with st.expander(f"Background ({len(background)})"):
            for flag in background:
                _card(room, case, flag, judged)
    if covered:
        with st.expander(f"Also raised, and covered by a more specific one above ({len(covered)})"):
            for flag in covered:
                st.html(_flag(room, case, flag))


def _card(room: Room, case: Case, flag: Mapping[str, Any], judged: Mapping[str, Entry]) -> None:
    with st.container(key=f"flag-{flag['rule']}"):
        st.html(_flag(room, case, flag))
        if room.may("judge"):
            judging.draw(room, case, flag["rule"], judged.get(flag["rule"]))
        elif flag["rule"] in judged:
            st.html(f"<p>{escape(judging.words(judged[flag['rule']]))}</p>")


def _flag(room: Room, case: Case, flag: Mapping[str, Any]) -> str:
    language = case.content.languages[0]
    tier = room.desk.staff.tiers.get(flag["tier"], flag["tier"])
    answers = [(_question(case, one, language), said(one, case.content, language).words or "no answer") for one in flag["evidence"]]
    reasons = "".join(f"<li>{escape(question)} <strong class='typed'>{escape(words)}</strong></li>" for question, words in answers)
    sources = "; ".join(f"{one['title']}, {one['year']}{' (' + one['where'] + ')' if one.get('where') else ''}" for one in flag["sources"])
    draft = " · not yet reviewed by a clinician" if flag["status"] == "draft" else ""
    return (
        f'<div class="flag {escape(flag["tier"])}"><p class="tier">{escape(tier)}</p><p class="clinician">{escape(flag["clinician"])}</p>'
        f"<p>Because:</p><ul>{reasons}</ul>"
        f'<p class="source">Source: {escape(sources or "none given")}</p><p class="rule">Rule {escape(flag["rule"])}{draft}</p></div>'
    )


def _question(case: Case, one: Mapping[str, Any], language: str) -> str:
    known = one["item"] in case.content.program.numbers
    return case.content.item(one["item"]).text[language] if known else str(one["text"])


# ---------------------------------------------------------------- what they said


def _medicines(case: Case) -> None:
    found = case.record.result["medicines"]
    st.html("<h2>Medicines</h2>")
    item = next((one for one in case.content.items if one.type == "medicines"), None)
    given = case.record.answers.get(item.link_id) if item else None
    if isinstance(given, str) and item:
        st.html(f"<p>{escape(in_words(item, given, case.content.languages[0], case.content.words))}</p>")
    if not found:
        st.html("<p>None were read.</p>")
        return
    rows = [[_as_typed(case, n, one), _as_read(one), ", ".join(one["classes"]).replace("-", " ")] for n, one in enumerate(found)]
    st.html(table(["As typed", "Read as", "Classes"], rows))
    mme = case.record.result.get("mme")
    if mme and mme["medicines"]:
        value = f"{mme['value']:g} a day" if mme["value"] is not None else f"cannot tell, at least {mme['at_least'] or 0:g} a day"
        why = "; ".join(f"{one['text']}: {one['why']}" for one in mme["medicines"] if one["why"])
        st.html(f"<p>Opioids as morphine milligram equivalents: {escape(value)}{escape(' (' + why + ')') if why else ''}</p>")


def _as_typed(case: Case, n: int, one: Mapping[str, Any]) -> str:
    return str(one["text"])


def _as_read(one: Mapping[str, Any]) -> str:
    words = ", ".join(one["ingredients"]) or "not recognised"
    notes = ["confirmed by the person"] if one.get("confirmed") else []
    if one["status"] == "suggested" and not one.get("confirmed"):
        notes.append("a guess, not confirmed; perhaps " + ", ".join(one["suggestions"]) if one["suggestions"] else "a guess, not confirmed")
    if one["use"] != "current":
        notes.append(one["use"])
    if one.get("how"):
        notes.append(str(one["how"]).replace("-", " "))
    return words + (f" ({'; '.join(notes)})" if notes else "")


def _scores(case: Case) -> None:
    now = case.record.result["scores"]
    shown = [name for name, score in now.items() if score["status"] != "not-asked"]
    if not shown:
        return
    st.html("<h2>Scores</h2>")
    earlier = case.earlier
    heads = ["Score", f"Now ({case.record.authored})", *(f"{one.authored} ({one.reference})" for one in earlier)]
    titles = {plan.definition.id: plan.definition.title for plan in case.content.program.scores}
    language = case.content.languages[0]
    words = {name: title[language] if (title := titles.get(name)) else name for name in shown}
    rows = [[words[name], _score(now[name]), *(_score(one.result["scores"].get(name)) for one in earlier)] for name in shown]
    st.html(table(heads, rows))


def _score(score: Mapping[str, Any] | None) -> str:
    if not score or score["status"] == "not-asked":
        return "not asked"
    if score["value"] is not None:
        return f"{score['value']:g}"
    low, high = score.get("low"), score.get("high")
    return f"incomplete: {low:g} to {high:g}" if low is not None and high is not None else "incomplete"


def _body(room: Room, case: Case) -> None:
    picture, regions = room.desk.body(case)
    if regions:
        coded = base64.b64encode(picture.encode()).decode()
        words = escape("; ".join(regions))
        st.html(
            f'<h2>Where it hurts</h2><div class="body"><img alt="{words}" src="data:image/svg+xml;base64,{coded}" '
            f'style="max-width:22rem;width:100%"></div><p>{words}</p>'
        )


def _answers(case: Case) -> None:
    st.html("<h2>Everything they said</h2>")
    content, language = case.content, case.content.languages[0]
    before = read(case.original, case.ground.response.authored, content)[0].answers if case.original is not None else None
    for section in content.sections:
        rows = []
        for item in section.items:
            status = case.ground.status(content.program.numbers[item.link_id])
            if status in ("not-asked", "unsettled"):
                continue
            text = in_words(item, case.ground.response.answers.get(item.link_id), language, content.words)
            answer = f"<dd>{escape(text)}</dd>" if text else '<dd class="open">left blank</dd>'
            if before is not None and before.get(item.link_id) != case.ground.response.answers.get(item.link_id):
                old = in_words(item, before.get(item.link_id), language, content.words) or "left blank"
                answer += f'<dd class="open">asked by staff; as sent: {escape(old)}</dd>'
            rows.append(f"<dt>{escape(item.text[language])}</dt>{answer}")
        if rows:
            with st.expander(section.title[language]):
                st.html(f'<dl class="answers">{"".join(rows)}</dl>')
    lost = {one: given for one, given in case.record.answers.items() if one not in content.program.numbers}
    if lost:
        st.html(table(["Question that is no longer there", "Answer"], [[one, str(given)] for one, given in lost.items()]))


def _others(room: Room, case: Case) -> None:
    """Other responses of what is probably the same person, side by side. Nothing is merged."""
    for other in case.earlier:
        with st.expander(f"Perhaps the same person: {other.reference} of {other.authored}, side by side"):
            response, _ = read(other.answers, case.ground.response.authored, case.content)
            rows = _differences(case, response.answers)
            mine = {flag["rule"] for flag in case.record.result["flags"]}
            theirs = {flag["rule"] for flag in other.result["flags"]}
            rows += [["Raised only in one", "; ".join(sorted(mine - theirs)) or "none", "; ".join(sorted(theirs - mine)) or "none"]]
            st.html(table(["What differs", f"This one ({case.record.reference})", f"The other ({other.reference})"], rows))
            if st.button("Open the other", key=f"other {other.reference}"):
                room.go("response", r=other.reference)


def _differences(case: Case, theirs: Mapping[str, Any]) -> list[list[str]]:
    content, language = case.content, case.content.languages[0]
    ours = case.ground.response.answers
    return [
        [item.text[language], *(in_words(item, one.get(item.link_id), language, content.words) or "no answer" for one in (ours, theirs))]
        for item in content.items
        if ours.get(item.link_id) != theirs.get(item.link_id)
    ]


# ---------------------------------------------------------------- notes


def _history(room: Room, case: Case) -> None:
    st.html("<h2>Notes and history</h2>")
    if room.may("work"):
        turn = ss.get("note-turn", 0)
        text = st.text_area("Add a note for your colleagues", key=f"note {case.record.reference} {turn}", max_chars=4000)
        if st.button("Keep the note", key="note-keep"):
            try:
                room.desk.note(room.by, case, text or "")
            except NotDone as error:
                ss["conflict"] = str(error)
            else:
                ss["note-turn"] = turn + 1
                told("The note is kept.")
            st.rerun()
    rows = [[_when(room, entry.at), entry.actor, _entry(room, case, entry)] for entry in reversed(case.entries)]
    rows.append([_when(room, case.record.received), "patient", "sent the form"])
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
        return f"{found['rule']}: {judging.words(entry)}"
    if entry.kind == "amended":
        language = case.content.languages[0]
        known = [case.content.item(one).text[language] for one in found["changed"] if one in case.content.program.numbers]
        return "asked the person, and added: " + "; ".join(known)
    return entry.kind


def _when(room: Room, iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(room.desk.desk.zone):%d %b %Y, %H:%M}"
