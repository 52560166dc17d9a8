"""The call: what is still to ask, one question at a time, most pressing first, read out in the person's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from screening.engine.program import ItemPlan
from screening.engine.result import Question
from screening.records.work_state import Changed
from screening.ui.form import cards, widgets
from screening.ui.form.form import Form
from screening.ui.form.help import help_block, help_kinds
from screening.ui.html import each, html, show
from screening.ui.staff import answers
from screening.ui.staff.page import OUTCOMES, PageContext, flash
from screening.ui.staff.work_panel import SEEN
from screening.use_cases.access import NotDone
from screening.use_cases.changes import Outcome
from screening.use_cases.opened_response import OpenedResponse

ss = st.session_state
_KEY = "asking"
AFTER_A_CALL: tuple[Outcome, ...] = ("reached", "voicemail", "no-answer", "wrong-number")
"""What may come of a call that was made."""


@dataclass
class Call:
    """A call that was begun. name: of which response, and after which amendment. at: which question is before them."""

    name: str
    form: Form
    asked: list[str]
    at: int = 0
    kept: dict[str, Any] = field(default_factory=dict)


def questions(context: PageContext, opened: OpenedResponse) -> None:
    """What is open: each question once, most pressing first, under its topic, with what waits for it in words."""
    rows = opened.result.to_ask_by_question(opened.content, context.language)
    show("<h2>Still to ask ({})</h2>", len(rows))
    if not rows:
        show("<p>Nothing is open that a rule needs.</p>")
        return
    mine = [one for one in rows if answers.readable(context, opened, one.link_id)]
    lines = each("<li>{}</li>", [_line(context, one) for one in mine])
    show("<ol>{}</ol>", lines)
    if len(mine) < len(rows):
        show("<p>{} more for a clinician to ask.</p>", len(rows) - len(mine))


def _line(context: PageContext, one: Question) -> object:
    titles = list(dict.fromkeys(context.review.worklist.title(context.by, rule) for rule in one.rules))
    shown = ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
    return html(
        '<span class="topic">{}</span> {} <strong class="typed">{}</strong> <span class="hint">{}: {}</span>',
        one.topic,
        one.text,
        one.said.words,
        context.tier(one.tier).split(":")[0],
        shown,
    )


def receive(context: PageContext, opened: OpenedResponse) -> None:
    """Keep what was answered last, before anything is drawn: a reload may end this page at any moment."""
    call: Call | None = ss.get(_KEY)
    if call and call.name == _name(opened):
        cards.receive(call.form)
        _keep_begun(context, opened, call)


def draw(context: PageContext, opened: OpenedResponse) -> bool:
    """The call, where one is going on, in place of the rest of the page; else the way into it."""
    if not context.can("amend") or opened.content.hash != opened.record.content:
        return False
    call: Call | None = ss.get(_KEY)
    if call is None or call.name != _name(opened):
        ss.pop(_KEY, None)
        _offer(context, opened)
        return False
    _call(context, opened, call)
    return True


def _name(opened: OpenedResponse) -> str:
    return f"{opened.record.reference} {opened.record.amendments}"


def _offer(context: PageContext, opened: OpenedResponse) -> None:
    asked = _most_pressing_first(context, opened)
    if not asked:
        return
    begun = context.review.changes.begun(context.by, opened, "call")
    words = "Go on with the call you began" if begun else f"Ask on the telephone ({len(asked)})"
    if st.button(words, key="call-begin", type="primary"):
        kept = begun["answers"] if begun else {}
        typed = {**opened.record.answers, **kept}
        form = Form(context.review.form(opened.content.hash), opened.record.language, typed=typed)
        ss[_KEY] = Call(_name(opened), form, asked, begun["at"] if begun else 0, kept)
        st.rerun()


def _most_pressing_first(context: PageContext, opened: OpenedResponse) -> list[str]:
    rows = opened.result.to_ask_by_question(opened.content, context.language)
    return [one for one in dict.fromkeys(row.link_id for row in rows) if answers.readable(context, opened, one)]


def _open(opened: OpenedResponse, call: Call) -> list[ItemPlan]:
    """The questions of this call in order: those that were open, each followed by what its answer opens."""
    before, program = opened.facts, opened.content.program
    shut = [plan for plan in program.items if before.status(plan.number) in ("not-asked", "unsettled")]
    first = [program.items[program.numbers[link_id]] for link_id in call.asked]
    after: dict[str, list[ItemPlan]] = {plan.item.link_id: [] for plan in first}
    for plan in shut:
        if plan in first or not call.form.asks(plan):
            continue
        earlier = [one for one in first if one.number < plan.number]
        near = max(earlier, key=lambda one: one.number, default=first[0])
        after[near.item.link_id].append(plan)
    return [one for plan in first if call.form.asks(plan) for one in (plan, *after[plan.item.link_id])]


def _call(context: PageContext, opened: OpenedResponse, call: Call) -> None:
    plans = _open(opened, call)
    call.at = min(call.at, len(plans))
    form = call.form
    with widgets.asking(form), st.container(key="call", border=True):
        _language(opened, form)
        given = _given(opened, call)
        asking = {block for link_id, block in form.facts.help_blocks() if link_id in given}
        for kind in [kind for kind in help_kinds(form) if kind in asking]:  # by this call, not by what was sent
            show('<p class="bar" role="alert"><strong>Read this aloud now, and hand over to a clinician.</strong></p>')
            help_block(form, kind)
        if call.at < len(plans):
            _question(context, opened, call, plans)
        else:
            _end(context, opened, call)
    _keep_begun(context, opened, call)


def _language(opened: OpenedResponse, form: Form) -> None:
    languages = opened.content.questionnaire.languages
    language = st.segmented_control(
        "Language of the questions",
        list(languages),
        default=form.language,
        format_func=languages.__getitem__,
        key="call-language",
        label_visibility="collapsed",
    )
    if language and language != form.language:
        form.speak(language)
        st.rerun()


def _question(context: PageContext, opened: OpenedResponse, call: Call, plans: list[ItemPlan]) -> None:
    """One question as it stands on the form, with its topic; what they do not know stays open."""
    plan = plans[call.at]
    topic = next(one.title[call.form.language] for one in opened.content.sections if plan.item in one.items)
    show('<p class="hint">{} · question {} of {}</p>', topic, call.at + 1, len(plans))
    widgets.ask_all(call.form, [plan])
    back, onward, leave = st.columns([1, 2, 1])
    if back.button("Back", key="call-back", width="stretch", disabled=not call.at):
        call.at -= 1
        st.rerun()
    if onward.button("Next", key="call-next", type="primary", width="stretch"):
        call.at += 1
        st.rerun()
    if leave.button("End the call", key="call-end", width="stretch"):
        call.at = len(plans)
        st.rerun()


def _end(context: PageContext, opened: OpenedResponse, call: Call) -> None:
    """The outcome of the call, which saves what was asked; or back to the questions; or drop it all."""
    changed = len(_given(opened, call))
    new = "1 answer is new" if changed == 1 else f"{changed} answers are new"
    show("<h2>How did the call go?</h2><p>{}. One press saves them with the outcome.</p>", new)
    outcome: Outcome | None = None
    for column, code in zip(st.columns(len(AFTER_A_CALL)), AFTER_A_CALL, strict=True):
        if column.button(OUTCOMES[code], key=f"call-{code}", type="primary" if code == "reached" else "secondary"):
            outcome = code
    back, leave = st.columns(2)
    if back.button("Back to the questions", key="call-again", width="stretch"):
        call.at = 0
        st.rerun()
    if leave.button("Drop these answers", key="call-leave", width="stretch"):
        context.review.changes.keep_begun(context.by, opened, "call", None)
        ss.pop(_KEY)
        st.rerun()
    if outcome:
        _save(context, opened, call, outcome)


def _given(opened: OpenedResponse, call: Call) -> dict[str, Any]:
    """What was answered in this call."""
    before = opened.record.answers
    typed = call.form.typed
    touched = call.form.changed | call.kept.keys()
    return {link_id: typed.get(link_id) for link_id in touched if typed.get(link_id) != before.get(link_id)}


def _keep_begun(context: PageContext, opened: OpenedResponse, call: Call) -> None:
    given = _given(opened, call)
    if given and (given != call.kept or call.form.changed):
        context.review.changes.keep_begun(context.by, opened, "call", {"answers": given, "at": call.at})
        call.kept = given
        call.form.changed.clear()


def _save(context: PageContext, opened: OpenedResponse, call: Call, outcome: Outcome) -> None:
    review, by = context.review, context.by
    try:
        if _given(opened, call):
            review.changes.amend(by, opened, call.form.given(), outcome)
        else:
            review.changes.called(by, opened, outcome)
    except NotDone as error:
        flash(str(error), problem=True)
        call.form.refused = set(call.form.problems)
    except Changed:
        flash(
            "Somebody else changed this response a moment ago. Your answers are still here and were not saved: "
            "please look at both, and ask again what is still open.",
            problem=True,
        )
        call.name = _name(review.responses.open(by, opened.record.reference, already_open=True))
    else:
        review.changes.keep_begun(by, opened, "call", None)
        ss.pop(_KEY)
        ss.pop(SEEN, None)  # what changed is this person's own work
        flash("Saved. What was sent stays beside it.")
    st.rerun()
