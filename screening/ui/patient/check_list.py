"""The folded list of everything that was answered, with a way back to each question."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from screening.model.section import Section
from screening.ui.form.answers import shown
from screening.ui.form.form import Form

_draw = st.components.v2.component(
    "check_list",
    html='<div class="check"></div>',
    js=(Path(__file__).parent / "check_list.js").read_text("utf-8"),
    isolate_styles=False,
)


def check_list(form: Form, returned: str) -> str:
    """Draw it, open where something needs another look or where the person comes from.

    returned: the link_id that was changed just now. The link_id to change, where that was pressed; else empty.
    """
    sections = form.intake.content.sections
    topics = [_topic(form, section, returned) for section in sections]
    data = {"topics": [topic for topic in topics if topic["rows"]], "change": form.say("check-change")}
    pressed = _draw(key="check-list", data=data, on_change_change=_nothing).get("change")
    if not isinstance(pressed, Mapping):
        return ""
    asked = [item.link_id for section in sections for item in section.items]
    return next((link_id for link_id in asked if link_id == pressed.get("question")), "")


def _topic(form: Form, section: Section, returned: str) -> dict[str, Any]:
    problems = form.problems
    asked = [plan for plan in form.plans(section.items) if form.asks(plan)]
    rows = []
    for plan in asked:
        item = plan.item
        answer, look = shown(form, item), ""
        if item.link_id in problems:
            answer, look = f"{answer} {form.problem_words(item, problems[item.link_id])}".strip(), "wrong"
        elif not answer:
            answer, look = form.say("left-out"), "open"
        rows.append([item.link_id, item.text[form.language], answer, look])
    answered = sum(look == "" for *_, look in rows)
    return {
        "id": section.section,
        "title": section.title[form.language],
        "count": form.say("check-count", n=answered, total=len(rows)),
        "open": any(look == "wrong" or link_id == returned for link_id, *_, look in rows),
        "rows": rows,
    }


def _nothing() -> None:
    # Streamlit only hands an event over where a function is named; it is read from what the component returns.
    return None
