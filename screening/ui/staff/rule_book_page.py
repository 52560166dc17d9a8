"""The rule book: every rule in plain words, what `check` finds, made-up patients, and what another answer would do."""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

from screening.ui.form import widgets
from screening.ui.form.form import Form
from screening.ui.html import Html, each, html, show
from screening.ui.staff.page import PageContext, table
from screening.use_cases.review import open_review
from screening.use_cases.rule_desk import Raised, RuleDesk

ss = st.session_state


@cache
def _desk() -> RuleDesk:
    return RuleDesk(open_review())


def draw(context: PageContext) -> None:
    """Find a rule, read it, and try it on somebody who does not exist."""
    st.title("Rule book", anchor=False)
    review = _desk()
    book = review.book(context.by)
    show("<p>{}. Content {}. Nothing on this page is of a real person.</p>", book.counts, book.content[:12])
    _findings(context, review)
    words = (st.text_input("Search in rules", key="rule-search", type="search", max_chars=100) or "").casefold().split()
    tiers = {"": "Every tier", **context.review.staff.tiers}
    tier = st.selectbox("Tier", list(tiers), format_func=tiers.__getitem__, key="rule-tier")
    rules = {rule.id: rule for rule in book.rules if tier in ("", rule.tier.tier) and _holds(rule, words)}
    show('<p role="status" class="count">{} {}.</p>', len(rules), "rule" if len(rules) == 1 else "rules")
    if not rules:
        return
    asked = st.query_params.get("rule", "")
    chosen = st.selectbox(
        "Rule",
        list(rules),
        list(rules).index(asked) if asked in rules else 0,
        key=f"rule {asked} {tier} {words}",
        format_func=lambda one: f"{context.review.worklist.rule_title(one)} ({one})",
    )
    if chosen:
        _rule(context, rules[chosen])
        _what_if(context, review, chosen)


def _findings(context: PageContext, review: RuleDesk) -> None:
    found = review.findings(context.by)
    with st.expander(f"What check finds: {len(found)} findings" if found else "What check finds: no findings"):
        if found:
            rows = [[f"{one.code} {one.file}:{one.line}", one.what, one.remedy] for one in found]
            show("{}", table(["Where", "What", "What to do"], rows))
        else:
            show("<p>No findings in the content in use.</p>")


def _holds(rule: Any, words: list[str]) -> bool:
    text = " ".join(
        [rule.id, rule.title, rule.clinician, *(rule.patient or {}).values(), *rule.when.lines()]
    ).casefold()
    return all(word in text for word in words)


def _rule(context: PageContext, rule: Any) -> None:
    others = each("<li>{} ({}) when: {}</li>", [(one.words, one.tier, _clause(one.when)) for one in rule.other_tiers])
    gates = each("<li>{}</li>", [_clause(one) for one in rule.gates])
    limits = "; ".join(f"{one.name} = {one.value}" for one in rule.limits)
    facts = {
        "Tier": context.tier(rule.tier.tier),
        "Status": f"{rule.status}, {rule.reviewed}",
        "Limits": limits or "none",
        "Instead of": ", ".join(rule.supersedes) or "no other rule",
        "Covered by": ", ".join(rule.superseded_by) or "no other rule",
    }
    patient = each('<p lang="{}">{}</p>', (rule.patient or {}).items()) or html("<p>Nothing.</p>")
    show(
        '<h2>{}</h2><p class="rule">{}</p><dl class="facts">{}</dl><h3>For clinicians</h3><p>{}</p>'
        "<h3>For the patient</h3>{}<h3>When</h3><ul><li>{}</li></ul>{}{}<h3>Sources</h3><ul>{}</ul>",
        rule.title,
        rule.id,
        each("<dt>{}</dt><dd>{}</dd>", facts.items()),
        rule.clinician,
        patient,
        _clause(rule.when),
        html("<h3>Another tier</h3><ul>{}</ul>", others) if others else "",
        html("<h3>When its questions are asked</h3><ul>{}</ul>", gates) if gates else "",
        each("<li>{}</li>", rule.sources),
    )
    cases = [
        [
            case.name,
            "; ".join(f"{one.question} {one.answer}" for one in case.answers) or "nothing answered",
            case.expect,
        ]
        for case in rule.cases
    ]
    with st.expander(f"Worked cases ({len(cases)})"):
        show("{}", table(["Case", "Answers", "Comes out"], cases))


def _clause(clause: Any) -> Html:
    parts = each("<li>{}</li>", [_clause(part) for part in clause.parts])
    return html("{}{}", clause.text, html("<ul>{}</ul>", parts) if parts else "")


def _what_if(context: PageContext, review: RuleDesk, rule: str) -> None:
    """A made-up patient's answers under the form's own questions, and the flags before and now."""
    show("<h2>Try it on somebody who does not exist</h2>")
    if ss.get("trying") != rule:
        if st.button("Show made-up patients for this rule", key="try"):
            ss["trying"] = rule
            st.rerun()
        return
    with st.spinner("Looking for patients"):
        patients = review.patients(context.by, rule)
    name = st.selectbox("Patient", list(patients), key=f"patient {rule}")
    place = f"what-if {rule} {name}"
    if ss.get("what-if", ("",))[0] != place:
        ss["what-if"] = (
            place,
            Form(
                context.review.form(context.review.content.hash),
                review.content.languages[0],
                typed=dict(patients[name]),
            ),
        )
    form: Form = ss["what-if"][1]
    before = review.flags(context.review.form(context.review.content.hash).facts(patients[name])[0])
    with widgets.asking(form), st.container(border=True, key="what-if-questions"):
        show("<p>The questions that this rule reads. Change an answer: nothing is stored.</p>")
        widgets.ask_all(form, review.asked_by(rule), lambda: True)
    now = review.flags(form.facts)
    gone = {one.rule for one in before} - {one.rule for one in now}
    come = {one.rule for one in now} - {one.rule for one in before}
    titles = context.review.worklist.rule_title
    new, lost = (", ".join(map(titles, sorted(rules))) or "none" for rules in (come, gone))
    show('<p role="status"><strong>New: {}. Gone: {}.</strong></p>', new, lost)
    left, right = st.columns(2)
    show("<h3>Flags before</h3>{}", _listed(context, before), inside=left)
    show("<h3>Flags now</h3>{}", _listed(context, now), inside=right)


def _listed(context: PageContext, flags: list[Raised]) -> Html:
    if not flags:
        return html("<p>None.</p>")
    rows = [
        (context.review.worklist.rule_title(one.rule), context.tier(one.tier), "; ".join(one.because)) for one in flags
    ]
    return html("<ul>{}</ul>", each("<li><strong>{}</strong>, {}<br>because: {}</li>", rows))
