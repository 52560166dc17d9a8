"""What Streamlit leaves to every page, patients' and staff's: the language, where the focus goes, and noticing that
nobody is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_draw = st.components.v2.component(
    "page_chrome", js="".join((_HERE / name).read_text("utf-8") for name in ("listen.js", "page_frame.js"))
)


def page_frame(
    *,
    at: str,
    sel: str,
    text: str,
    lang: str,
    idle: int,
    fresh: bool = False,
    words: Mapping[str, str] | None = None,
    listen: Mapping[str, str] | None = None,
) -> bool:
    """Move the focus to the element `sel` that holds `text` when `at` changes.

    words: what to say for a lost line (`lost`), for waiting (`moment`), for the link past the menus (`skip`), and for a
    list without results (`none`); Streamlit's own words where there are none.

    listen: the word of a button that reads a question aloud (`listen`), where the person asked for such buttons.

    fresh: let the server give this browser a new cookie, and begin anew. Whether nobody touched the page for `idle`
    seconds (0: never).
    """
    data = {"at": at, "sel": sel, "text": text, "lang": lang, "idle": idle, "fresh": fresh, "words": dict(words or {})}
    data["listen"] = dict(listen) if listen else None
    return bool(_draw(key="chrome", data=data, on_idle_change=_nothing, height=1).idle)


def _nothing() -> None:
    """Streamlit only hands a component's event over where a function is named; the event itself is read from what it
    returns."""
