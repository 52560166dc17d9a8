"""The rule book: every rule in plain words, what `check` finds, made-up patients, and what another answer would do."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import streamlit as st

from screening.ui.form import widgets
from screening.ui.form.form import Form
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
    st.html(
        f"<p>{escape(book.counts)}. Content {escape(book.content[:12])}. Nothing on this page is of a real person.</p>"
    )
    _findings(context, review)
    words = (st.text_input("Search in rules", key="rule-search", type="search", max_chars=100) or "").casefold().split()
    tiers = {"": "Every tier", **context.review.staff.tiers}
    tier = st.selectbox("Tier", list(tiers), format_func=tiers.__getitem__, key="rule-tier")
    rules = {rule.id: rule for rule in book.rules if tier in ("", rule.tier.tier) and _holds(rule, words)}
    st.html(f"<p role='status' class='count'>{len(rules)} rule{'' if len(rules) == 1 else 's'}.</p>")
    if not rules:
        return
    chosen = st.selectbox(
        "Rule", list(rules), key=f"rule {tier} {words}", format_func=lambda one: f"{one}: {rules[one].clinician[:80]}"
    )
    if chosen:
        _rule(context, rules[chosen])
        _what_if(context, review, chosen)


def _findings(context: PageContext, review: RuleDesk) -> None:
    found = review.findings(context.by)
    with st.expander(f"What check finds: {len(found)} findings" if found else "What check finds: no findings"):
        if found:
            st.html(
                table(
                    ["Where", "What", "What to do"],
                    [[f"{one.code} {one.file}:{one.line}", one.what, one.remedy] for one in found],
                )
            )
        else:
            st.html("<p>No findings in the content in use.</p>")


def _holds(rule: Any, words: list[str]) -> bool:
    text = " ".join(
        [rule.id, rule.title, rule.clinician, *(rule.patient or {}).values(), *rule.when.lines()]
    ).casefold()
    return all(word in text for word in words)


def _rule(context: PageContext, rule: Any) -> None:
    others = "".join(
        f"<li>{escape(one.words)} ({escape(one.tier)}) when: {_clause(one.when)}</li>" for one in rule.other_tiers
    )
    gates = "".join(f"<li>{_clause(one)}</li>" for one in rule.gates)
    limits = "; ".join(f"{one.name} = {one.value}" for one in rule.limits)
    facts = {
        "Tier": context.review.staff.tiers.get(rule.tier.tier, rule.tier.tier),
        "Status": f"{rule.status}, {rule.reviewed}",
        "Limits": limits or "none",
        "Instead of": ", ".join(rule.supersedes) or "no other rule",
        "Covered by": ", ".join(rule.superseded_by) or "no other rule",
    }
    patient = "".join(f"<p lang='{escape(code)}'>{escape(text)}</p>" for code, text in (rule.patient or {}).items())
    st.html(
        f"<h2>{escape(rule.title)} ({escape(rule.id)})</h2><dl "
        f"class='facts'>{''.join(f'<dt>{k}</dt><dd>{escape(v)}</dd>' for k, v in facts.items())}</dl>"
        f"<h3>For clinicians</h3><p>{escape(rule.clinician)}</p>"
        f"<h3>For the patient</h3>{patient or '<p>Nothing.</p>'}"
        f"<h3>When</h3><ul><li>{_clause(rule.when)}</li></ul>"
        + (f"<h3>Another tier</h3><ul>{others}</ul>" if others else "")
        + (f"<h3>When its questions are asked</h3><ul>{gates}</ul>" if gates else "")
        + f"<h3>Sources</h3><ul>{''.join(f'<li>{escape(one)}</li>' for one in rule.sources)}</ul>"
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
        st.html(table(["Case", "Answers", "Comes out"], cases))


def _clause(clause: Any) -> str:
    parts = "".join(f"<li>{_clause(part)}</li>" for part in clause.parts)
    return escape(clause.text) + (f"<ul>{parts}</ul>" if parts else "")


def _what_if(context: PageContext, review: RuleDesk, rule: str) -> None:
    """A made-up patient's answers under the form's own questions, and the flags before and now."""
    st.html("<h2>Try it on somebody who does not exist</h2>")
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
        st.html("<p>The questions that this rule reads. Change an answer: nothing is stored.</p>")
        widgets.ask_all(form, review.asked_by(rule), lambda: True)
    now = review.flags(form.facts)
    gone = {one.rule for one in before} - {one.rule for one in now}
    come = {one.rule for one in now} - {one.rule for one in before}
    show_flash, lost = ", ".join(sorted(come)) or "none", ", ".join(sorted(gone)) or "none"
    st.html(f"<p role='status'><strong>New: {escape(show_flash)}. Gone: {escape(lost)}.</strong></p>")
    left, right = st.columns(2)
    left.html("<h3>Flags before</h3>" + _listed(context, before))
    right.html("<h3>Flags now</h3>" + _listed(context, now))


def _listed(context: PageContext, flags: list[Raised]) -> str:
    if not flags:
        return "<p>None.</p>"
    rows = []
    for one in flags:
        tier = context.review.staff.tiers.get(one.tier, one.tier)
        rows.append(
            f"<li><strong>{escape(one.rule)}</strong>, {escape(tier)}<br>because: {escape('; '.join(one.because))}</li>"
        )
    return f"<ul>{''.join(rows)}</ul>"
