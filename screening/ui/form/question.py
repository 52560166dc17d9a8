"""What every question has, whatever its type: its words as they are seen, its name as it is read out, its widget's
key."""

from __future__ import annotations

from typing import Any

import streamlit as st

from screening.model.item_types import Item
from screening.ui.form.form import Form
from screening.ui.html import html, show

ss = st.session_state


def label(form: Form, item: Item) -> str:
    """The accessible name of a widget: plain words, since Streamlit reads Markdown out sign by sign."""
    parts = (item.stem, item.text, item.hint)
    return " ".join(part[form.language] for part in parts if part)


def widget_key(form: Form, name: str, value: Any) -> str:
    """The key of a widget, with its value in place before it is drawn for the first time on this page."""
    key = form.key(name)
    if value is not None and key not in ss:
        ss[key] = value
    return key


def heading(form: Form, item: Item, names_group: bool = False) -> None:
    """The question as it is seen, with its problem above. Where one widget already says it as its name, it is not read
    out twice."""
    wrong = form.refusal(item)
    small = '<span class="hint">{}</span>'
    show(
        '{problem}<div class="question"{hidden}>{stem}{words}{needed}{hint}</div>',
        problem=html('<p class="problem">{}</p>', wrong) if wrong else "",
        hidden="" if names_group else html(' aria-hidden="true"'),
        stem=html(small, item.stem[form.language]) if item.stem else "",
        words=item.text[form.language],
        needed=f" {form.say('required')}" if item.required else "",
        hint=html(small, item.hint[form.language]) if item.hint else "",
    )
