"""What every question has, whatever its type: its words as they are seen, its name as it is read out, its widget's
key."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from screening.model.questionnaire import Item
from screening.ui.form.visit import Visit

ss = st.session_state


def label(visit: Visit, item: Item) -> str:
    """The accessible name of a widget: plain words, since Streamlit reads Markdown out sign by sign."""
    parts = (item.stem, item.text, item.hint)
    return " ".join(part[visit.language] for part in parts if part)


def widget_key(visit: Visit, name: str, value: Any) -> str:
    """The key of a widget, with its value in place before it is drawn for the first time on this page."""
    key = visit.key(name)
    if value is not None and key not in ss:
        ss[key] = value
    return key


def heading(visit: Visit, item: Item, names_group: bool = False) -> None:
    """The question as it is seen, with its problem above. Where one widget already says it as its name, it is not read
    out twice."""
    wrong = visit.refusal(item)
    problem = f'<p class="problem">{escape(wrong)}</p>' if wrong else ""
    stem = f'<span class="hint">{escape(item.stem[visit.language])}</span>' if item.stem else ""
    hint = f'<span class="hint">{escape(item.hint[visit.language])}</span>' if item.hint else ""
    needed = f" {visit.say('required')}" if item.required else ""
    hidden = "" if names_group else ' aria-hidden="true"'
    st.html(f'{problem}<div class="question"{hidden}>{stem}{escape(item.text[visit.language] + needed)}{hint}</div>')
