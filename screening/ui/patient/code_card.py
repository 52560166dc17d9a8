"""The resume code as something to take along: copied, shared, or as a picture that another device reads."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import segno
import streamlit as st

from screening.model.addresses import COME_BACK
from screening.ui.form.form import Form
from screening.ui.html import show

_PICTURE = "picture of the code"

_draw = st.components.v2.component(
    "code_card",
    html='<div class="code-card"></div>',
    js=(Path(__file__).parent / "code_card.js").read_text("utf-8"),
    isolate_styles=False,
)


def code_card(form: Form, code: str) -> None:
    """Draw the code, buttons to copy and share it, and its picture."""
    show('<p>{}</p><p class="reference">{}</p>', form.say("code-your"), code)
    words = {"copy": form.say("code-copy"), "copied": form.say("code-copied"), "share": form.say("code-share")}
    _draw(key="code-card", data={"code": code, "page": COME_BACK, **words}, on_code_change=_nothing)
    place = urlsplit(st.context.url or "")
    if place.netloc:
        link = f"{place.scheme}://{place.netloc}/{COME_BACK}#{code}"
        title = form.say("code-picture")
        show('<details class="qr"><summary>{}</summary><img alt="{}" src="{}"></details>', title, title, _picture(link))
    show("<p>{}</p>", form.say("code-how", days=form.intake.content.site.draft_days))


def _picture(link: str) -> str:
    """The link as a picture, made once a session: it takes longer than the whole rest of a page."""
    if st.session_state.get(_PICTURE, ("", ""))[0] != link:
        st.session_state[_PICTURE] = link, segno.make(link, error="m").svg_data_uri(scale=5, border=2)
    return str(st.session_state[_PICTURE][1])


def code_of_address() -> str:
    """The code that a picture led here with; empty where there is none."""
    sent = _draw(key="code-read", data={"reads": True}, on_code_change=_nothing).get("code")
    return sent if isinstance(sent, str) else ""


def _nothing() -> None:
    # Streamlit only hands an event over where a function is named; it is read from what the component returns.
    return None
