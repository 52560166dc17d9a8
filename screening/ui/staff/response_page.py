"""One response: what to discuss first, what is still to ask, and what the person said, in their words and order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

import streamlit as st

from screening.engine.answer_text import said, without_invisible
from screening.engine.result import Flag
from screening.ui.staff import answers, call_list, verdict, work_panel
from screening.ui.staff.page import PageContext, show_flash
from screening.use_cases.review import Case, Entry, NotDone

ss = st.session_state


def draw(context: PageContext) -> None:
    """The response that the address names."""
    reference = str(st.query_params.get("r", ""))
    try:
        case = context.review.open(context.by, reference, already_open=ss.get("opened") == reference)
    except NotDone as error:
        st.title("Response", anchor=False)
        st.html(f"<p>{escape(str(error))}</p>")
        return
    ss["opened"] = reference
    call_list.forget_others(case)
    st.title(_name(case), anchor=False)
    show_flash()
    _facts(context, case)
    work_panel.draw(context, case)
    _flags(context, case)
    call_list.draw(context, case)
    answers.draw(context, case)
    work_panel.history(context, case)


def _name(case: Case) -> str:
    # A heading reads Markdown: what could be read as such is taken out of a name, which stands below as it was typed.
    name = _text(case, case.content.site.staff.items.name)
    return (
        "".join(char if char.isalnum() or char in " '.,-" else " " for char in without_invisible(name)).strip()
        or "Name not given"
    )


def _text(case: Case, link_id: str) -> str:
    given = case.record.answers.get(link_id)
    return given if isinstance(given, str) else ""


def _facts(context: PageContext, case: Case) -> None:
    record, items = case.record, case.content.site.staff.items
    sent = datetime.fromisoformat(record.received).astimezone(context.review.zone)
    language = case.content.questionnaire.languages.get(record.language, record.language)
    facts = {
        "Name": _text(case, items.name) or "not given",
        "Born": _text(case, items.birth_date) or "not given",
        "Telephone": _text(case, items.phone) or "not given",
        "Reference": record.reference,
        "Sent": f"{sent:%d %B %Y, %H:%M}, in {language}",
        "Content": f"{case.content.questionnaire.version} · {record.content[:12]}"
        + (
            "" if case.content.hash == record.content else " (that version cannot be read any more: shown with today's)"
        ),
    }
    if record.amendments:
        facts["Amended"] = (
            f"{record.amendments} time{'s' if record.amendments > 1 else ''} by staff, after asking the person"
        )
    st.html(
        '<dl class="facts">'
        + "".join(f"<dt>{name}</dt><dd class='typed'>{escape(value)}</dd>" for name, value in facts.items())
        + "</dl>"
    )


def _flags(context: PageContext, case: Case) -> None:
    flags = [flag for flag in case.result.to_discuss() if flag.tier != "info"]
    background = [flag for flag in case.result.to_discuss() if flag.tier == "info"]
    covered = [flag for flag in case.result.flags if flag.superseded]
    none = "" if flags else "<p>Nothing above background was raised. That says nothing about the person's health.</p>"
    st.html(f"<h2>To discuss ({len(flags)})</h2>{none}")
    judged = case.judged()
    for flag in flags:
        _card(context, case, flag, judged)
    if background:
        with st.expander(f"Background ({len(background)})"):
            for flag in background:
                _card(context, case, flag, judged)
    if covered:
        with st.expander(f"Also raised, and covered by a more specific one above ({len(covered)})"):
            for flag in covered:
                st.html(_flag(context, case, flag))


def _card(context: PageContext, case: Case, flag: Flag, judged: Mapping[str, Entry]) -> None:
    with st.container(key=f"flag-{flag.rule}"):
        st.html(_flag(context, case, flag))
        if context.can("judge"):
            verdict.draw(context, case, flag.rule, judged.get(flag.rule))
        elif flag.rule in judged:
            st.html(f"<p>{escape(verdict.words(judged[flag.rule]))}</p>")


def _flag(context: PageContext, case: Case, flag: Flag) -> str:
    language = case.content.languages[0]
    tier = context.review.staff.tiers.get(flag.tier, flag.tier)
    answers = [
        (
            case.content.question(one.link_id, language),
            said(one.link_id, one.given, case.content, language).words or "no answer",
        )
        for one in flag.evidence
    ]
    reasons = "".join(
        f"<li>{escape(question)} <strong class='typed'>{escape(words)}</strong></li>" for question, words in answers
    )
    rule = case.content.rules_by_id.get(flag.rule)
    cited = [(one, case.content.sources[one.cite]) for one in rule.sources] if rule else []
    sources = "; ".join(
        f"{source.title}, {source.year}{' (' + citation.where + ')' if citation.where else ''}"
        for citation, source in cited
    )
    draft = " · not yet reviewed by a clinician" if rule and rule.status == "draft" else ""
    return (
        f'<div class="flag {escape(flag.tier)}"><p class="tier">{escape(tier)}</p><p '
        f'class="clinician">{escape(rule.clinician if rule else flag.rule)}</p>'
        f"<p>Because:</p><ul>{reasons}</ul>"
        f'<p class="source">Source: {escape(sources or "none given")}</p><p class="rule">Rule '
        f"{escape(flag.rule)}{draft}</p></div>"
    )
