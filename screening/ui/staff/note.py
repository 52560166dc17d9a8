"""The note for the record on the page of a response: one button that copies it, and its text to read."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from screening.use_cases.opened_response import OpenedResponse
from screening.use_cases.visit_note import visit_note

_draw = st.components.v2.component(
    "visit_note",
    html='<button type="button">Copy as note</button> <span role="status"></span>'
    "<details><summary>Read the note</summary><pre></pre></details>",
    css="button { font: inherit; min-height: 44px; padding: 0 1rem; border: 1px solid #6b7680; border-radius: 0.4rem; "
    "background: #fff; color: #1f2a33; cursor: pointer; } summary { min-height: 36px; line-height: 36px; } "
    "pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; margin: 0; }",
    js=(Path(__file__).parent / "note.js").read_text("utf-8"),
)


def draw(opened: OpenedResponse) -> None:
    """The button and the text."""
    _draw(key="note-copy", data={"note": visit_note(opened)})
