"""The call list: what is still to ask, read out and answered for the person with the form's own questions."""

from __future__ import annotations

from html import escape

import streamlit as st

from screening.engine.program import ItemPlan
from screening.ui.form import widgets
from screening.ui.form.form import Form
from screening.ui.staff.page import PageContext, flash
from screening.use_cases.review import Case, Changed, NotDone

ss = st.session_state
_KEY = "asking"


def forget_others(case: Case) -> None:
    """Drop what was begun on another response, or on this one before it was amended."""
    if ss.get(_KEY, ("",))[0] != _name(case):
        ss.pop(_KEY, None)


def _name(case: Case) -> str:
    return f"{case.record.reference} {case.record.amendments}"


def draw(context: PageContext, case: Case) -> None:
    """Each question once, most pressing first, with the rules that wait for it; then the form's own questions to
    answer."""
    rows = case.result.to_ask_by_question(case.content, case.content.languages[0])
    st.html(f"<h2>Still to ask ({len(rows)})</h2>" + ("" if rows else "<p>Nothing is open that a rule needs.</p>"))
    if not rows:
        return
    tiers = context.review.staff.tiers
    lines = "".join(
        f"<li>{escape(one.text)}{' <strong>' + escape(one.said.words) + '</strong>' if one.said.words else ''} "
        f"<span class='hint'>{escape(tiers.get(one.tier, one.tier))}: {escape(', '.join(one.rules))}</span></li>"
        for one in rows
    )
    st.html(f"<ol>{lines}</ol>")
    if context.can("amend") and case.content.hash == case.record.content:
        _call(context, case)


def _call(context: PageContext, case: Case) -> None:
    if _KEY not in ss:
        if st.button("Answer these with the person on the telephone", key="call-begin", type="primary"):
            form = Form(context.review.form(case.content.hash), case.record.language, typed=dict(case.record.answers))
            ss[_KEY] = (_name(case), form, _missing(case))
            st.rerun()
        return
    _, form, asked = ss[_KEY]
    with widgets.asking(form), st.container(key="call", border=True):
        st.html(
            "<p>Read each question out as it stands and choose what the person says. What they do not know "
            "stays open.</p>"
        )
        languages = case.content.questionnaire.languages
        language = st.segmented_control(
            "Language of the questions",
            list(languages),
            default=form.language,
            format_func=languages.__getitem__,
            key="call-language",
        )
        if language and language != form.language:
            form.speak(language)
            st.rerun()
        widgets.ask_all(form, _open(case, asked))
        keep, leave = st.columns(2)
        if keep.button("Keep these answers", type="primary", key="call-keep", width="stretch"):
            _keep(context, case, form)
        if leave.button("Leave without keeping", key="call-leave", width="stretch"):
            ss.pop(_KEY)
            st.rerun()


def _missing(case: Case) -> list[str]:
    found = {one.link_id for ask in case.result.to_ask for one in ask.missing}
    return [item.link_id for item in case.content.items if item.link_id in found]


def _open(case: Case, asked: list[str]) -> list[ItemPlan]:
    """What is missing, and what the answers given here may open: both under the form's own skip logic."""
    before = case.facts
    plans = case.content.program.items
    return [
        plan for plan in plans if plan.item.link_id in asked or before.status(plan.number) in ("not-asked", "unsettled")
    ]


def _keep(context: PageContext, case: Case, form: Form) -> None:
    try:
        context.review.amend(context.by, case, form.given())
    except NotDone as error:
        flash(str(error), problem=True)
        form.refused = set(form.problems)
    except Changed:
        flash(
            "Somebody else added answers to this response a moment ago. They are shown below; yours are "
            "still in the boxes of this page "
            "and were not kept. Please look at both, and ask again what is still open.",
            problem=True,
        )
        ss[_KEY] = (f"{case.record.reference} {case.record.amendments + 1}", form, _missing(case))
    else:
        ss.pop(_KEY)
        flash("The answers are kept. What was sent stays beside them.")
    st.rerun()
