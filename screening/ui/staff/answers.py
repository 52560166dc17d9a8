"""What the person said: medicines as typed beside as read, scores, body map, every answer, and other responses of
theirs."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from screening.engine.answer_text import in_words
from screening.engine.response import read
from screening.engine.result import Result
from screening.medicines.formulary import Reading
from screening.model.score import Score
from screening.ui.staff.page import PageContext, table
from screening.use_cases.review import Case


def draw(context: PageContext, case: Case) -> None:
    """All of it, in the order of the form."""
    _medicines(case)
    _scores(case)
    _body(context, case)
    _answers(case)
    _others(context, case)


def _medicines(case: Case) -> None:
    found = case.result.medicines
    st.html("<h2>Medicines</h2>")
    item = case.content.medicines
    given = case.record.answers.get(item.link_id) if item else None
    if isinstance(given, str) and item:
        st.html(f"<p>{escape(in_words(item, given, case.content.languages[0], case.content))}</p>")
    if not found:
        st.html("<p>None were read.</p>")
        return
    rows = [[one.text, _as_read(one), ", ".join(one.classes).replace("-", " ")] for one in found]
    st.html(table(["As typed", "Read as", "Classes"], rows))
    mme = case.result.mme
    if mme and mme.medicines:
        value = (
            f"{mme.value:g} a day" if mme.value is not None else f"cannot tell, at least {mme.at_least or 0:g} a day"
        )
        why = "; ".join(f"{one.text}: {one.why}" for one in mme.medicines if one.why)
        st.html(
            f"<p>Opioids as morphine milligram equivalents: "
            f"{escape(value)}{escape(' (' + why + ')') if why else ''}</p>"
        )


def _as_read(reading: Reading) -> str:
    words = ", ".join(reading.ingredients) or "not recognised"
    notes = ["confirmed by the person"] if reading.confirmed else []
    if reading.status == "suggested" and not reading.confirmed:
        notes.append(
            "a guess, not confirmed; perhaps " + ", ".join(reading.suggestions)
            if reading.suggestions
            else "a guess, not confirmed"
        )
    if reading.use != "current":
        notes.append(reading.use)
    if reading.how:
        notes.append(reading.how.replace("-", " "))
    return words + (f" ({'; '.join(notes)})" if notes else "")


def _scores(case: Case) -> None:
    now = case.result.scores
    shown = {score.id: score for score in now if score.status != "not-asked"}
    if not shown:
        return
    st.html("<h2>Scores</h2>")
    earlier = case.earlier
    before = [Result.of(one.result, one.answers) for one in earlier]
    heads = ["Score", f"Now ({case.record.authored})", *(f"{one.authored} ({one.reference})" for one in earlier)]
    titles = {plan.definition.id: plan.definition.title for plan in case.content.program.scores}
    language = case.content.languages[0]
    words = {name: title[language] if (title := titles.get(name)) else name for name in shown}
    rows = [[words[name], _score(shown[name]), *(_score(result.score(name)) for result in before)] for name in shown]
    st.html(table(heads, rows))


def _score(score: Score | None) -> str:
    if not score or score.status == "not-asked":
        return "not asked"
    if score.value is not None:
        return f"{score.value:g}"
    open_ = score.low is None or score.high is None
    return "incomplete" if open_ else f"incomplete: {score.low:g} to {score.high:g}"


def _body(context: PageContext, case: Case) -> None:
    picture, regions = context.review.body(case)
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
    before = (
        read(case.original, case.facts.response.authored, content)[0].answers if case.original is not None else None
    )
    for section in content.sections:
        rows = []
        for item in section.items:
            status = case.facts.status(content.program.numbers[item.link_id])
            if status in ("not-asked", "unsettled"):
                continue
            text = in_words(item, case.facts.response.answers.get(item.link_id), language, content)
            answer = f"<dd>{escape(text)}</dd>" if text else '<dd class="open">left blank</dd>'
            if before is not None and before.get(item.link_id) != case.facts.response.answers.get(item.link_id):
                old = in_words(item, before.get(item.link_id), language, content) or "left blank"
                answer += f'<dd class="open">asked by staff; as sent: {escape(old)}</dd>'
            rows.append(f"<dt>{escape(item.text[language])}</dt>{answer}")
        if rows:
            with st.expander(section.title[language]):
                st.html(f'<dl class="answers">{"".join(rows)}</dl>')
    lost = {one: given for one, given in case.record.answers.items() if one not in content.program.numbers}
    if lost:
        st.html(
            table(["Question that is no longer there", "Answer"], [[one, str(given)] for one, given in lost.items()])
        )


def _others(context: PageContext, case: Case) -> None:
    """Other responses of what is probably the same person, side by side. Nothing is merged."""
    for other in case.earlier:
        with st.expander(f"Perhaps the same person: {other.reference} of {other.authored}, side by side"):
            response, _ = read(other.answers, case.facts.response.authored, case.content)
            rows = _differences(case, response.answers)
            mine = {flag.rule for flag in case.result.flags}
            theirs = {flag.rule for flag in Result.of(other.result, other.answers).flags}
            rows += [
                [
                    "Raised only in one",
                    "; ".join(sorted(mine - theirs)) or "none",
                    "; ".join(sorted(theirs - mine)) or "none",
                ]
            ]
            st.html(
                table(["What differs", f"This one ({case.record.reference})", f"The other ({other.reference})"], rows)
            )
            if st.button("Open the other", key=f"other {other.reference}"):
                context.go("response", r=other.reference)


def _differences(case: Case, theirs: Mapping[str, Any]) -> list[list[str]]:
    content, language = case.content, case.content.languages[0]
    ours = case.facts.response.answers
    return [
        [
            item.text[language],
            *(in_words(item, one.get(item.link_id), language, content) or "no answer" for one in (ours, theirs)),
        ]
        for item in content.items
        if ours.get(item.link_id) != theirs.get(item.link_id)
    ]
