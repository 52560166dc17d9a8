"""A drawing of the body on which a person points to where it hurts.

The caller's `chosen` is always the truth; the drawing only reports presses. A plain list of the same regions, drawn
after the map, is the equal alternative. Both agree in one run like this:

    listed = st.session_state.get(list_key("pain"))          # what the list holds if it was changed just now
    if listed is not None: saved = keep(in_order(codes, listed))
    new = body_map(regions, saved, key="pain", label=..., words=...)
    if new != saved: keep(new)                               # before any other call of Streamlit: it may end the run
    if list_key("pain") not in st.session_state: st.session_state[list_key("pain")] = new
    st.multiselect(..., key=list_key("pain"))
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_SVG = (_HERE / "body_map.svg").read_text("utf-8")

DRAWN: frozenset[str] = frozenset(re.findall(r'data-code="([^"]+)"', _SVG))
"""Codes of the regions that have a shape, in either view."""

_draw = st.components.v2.component(
    "body_map",
    html=f'<div class="map" role="group">\n{_SVG}</div>',
    css=(_HERE / "body_map.css").read_text("utf-8"),
    js=(_HERE / "body_map.js").read_text("utf-8"),
)


@dataclass
class Heard:
    """What one session has already taken from one map: the number of the last press."""

    session: str
    turn: int = 0


def in_order(known: Sequence[str], codes: Collection[str]) -> list[str]:
    """The codes that are known, each once, in the order of `known`."""
    return [code for code in known if code in codes]


def _codes(sent: Any) -> list[str]:
    """The texts in what a browser sent as a list of codes."""
    return [code for code in sent if isinstance(code, str)] if isinstance(sent, list) else []


def merge_presses(known: Sequence[str], chosen: Sequence[str], picked: Any, heard: Heard) -> list[str]:
    """What is chosen once the presses reported in `picked` are added to `chosen`; `heard` moves on.

    `picked` comes from a browser: {"session", "turn", "base", "on", "off"}, or anything at all. It stays there after it
    was heard, so only a newer turn counts. A session that began after the press (the server restarted) cannot know
    whether it was heard: it counts only if nothing has changed since, that is, if `chosen` still is the press's `base`.
    """
    before = in_order(known, chosen)
    if not isinstance(picked, Mapping):
        return before
    turn = picked.get("turn")
    if type(turn) is not int or turn <= heard.turn:
        return before
    heard.turn = turn
    base, on, off = (_codes(picked.get(name)) for name in ("base", "on", "off"))
    if picked.get("session") != heard.session and in_order(known, base) != before:
        return before
    return [code for code in known if code in on or (code in before and code not in off)]


def list_key(key: str) -> str:
    """The key for the caller's list beside the map `key`: another one after every press, so that the list starts
    afresh.

    Setting the list's old key instead is not safe: a quick next press ends the run between keeping and setting, and the
    list's old value would then look like a change.
    """
    return f"{key}.list.{_heard(key).turn}"


def body_map(
    regions: Sequence[tuple[str, str]], chosen: Sequence[str], *, key: str, label: str, words: Mapping[str, str]
) -> list[str]:
    """Draw the map; return the codes chosen now, a press of this very run included, in the order of `regions`.

    `regions`: (code, name) in the person's language, without "not sure" and the like. A region that has no shape keeps
    its state; a shape that is not named cannot be chosen. `words`: `front`, `back`, `chosen` (with `{list}`),
    `none_chosen`, `left_right`, and if wanted `left` and `right`, written beside the figures.
    """
    known = [code for code, _ in regions]
    heard = _heard(key)
    result = _draw(
        key=key,
        data={
            "regions": [[code, name] for code, name in regions],
            "chosen": in_order(known, chosen),
            "session": heard.session,
            "heard": heard.turn,
            "label": label,
            "words": dict(words),
        },
        default={"picked": None},
        on_picked_change=_nothing,
    )
    return merge_presses(known, chosen, result.get("picked"), heard)


def _heard(key: str) -> Heard:
    heard: Heard = st.session_state.setdefault(f"{key}.heard", Heard(secrets.token_hex(8)))
    return heard


def _nothing() -> None:
    # Streamlit wants a callback for each state; a callback is lost when the server restarts, so no work is done in one.
    return None
