"""The first page: what this is, what it is not, how long it takes, and where help is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from screening.model.addresses import COME_BACK, CONSENT, WELCOME
from screening.ui.html import each, html, show
from screening.ui.patient import frame
from screening.ui.patient.session import PatientSession

_LINES = ("welcome-what", "welcome-not", "welcome-time", "welcome-saved", "welcome-medicines")


def draw(session: PatientSession, go: Callable[[str], None]) -> None:
    """Draw the page."""
    form = session.form
    content = form.intake.content
    title = content.questionnaire.title[form.language]
    frame.top(session, title)
    values = {**form.site(), "minutes": content.site.minutes}
    own = content.site.brand.welcome
    show(
        '{}<p class="notice">{}</p>{}',
        html('<p class="welcome">{}</p>', own[form.language]) if own else "",
        form.say("welcome-emergency"),
        each("<p>{}</p>", [form.say(line, **values) for line in _LINES]),
    )
    if st.button(form.say("start"), type="primary", key="next"):
        go(CONSENT)
    if st.button(form.say("resume-have"), type="tertiary", key="resume-have"):
        go(COME_BACK)
    frame.bottom(session, WELCOME, title)
