"""What the person agrees to, in a version that is stored with the response."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import streamlit as st

from screening.model.addresses import CONSENT, WELCOME
from screening.ui.form.question import widget_key
from screening.ui.html import each, show
from screening.ui.patient import frame
from screening.ui.patient.session import PatientSession


def draw(session: PatientSession, go: Callable[[str], None]) -> None:
    """Draw the page."""
    form, progress = session.form, session.progress
    content = form.intake.content
    told = content.questionnaire.consent
    title = form.say("consent-title")
    frame.top(session, title)
    missing = bool(session.tries) and not session.consents
    if missing:
        frame.summary(session, [("#consent", form.say("consent-missing"))])
    site = content.site
    values = {"days": site.retention_days, "draft_days": site.draft_days, **form.site()}
    words, *points = (form.fill(text, values) for text in (told.text, *(point.text for point in told.points)))
    show("{}<ul>{}</ul>", each("<p>{}</p>", words.splitlines()), each("<li>{}</li>", points))
    session.consents = st.checkbox(form.say("consent-agree"), key=widget_key(form, "consent", session.consents or None))
    if not session.consents:
        progress.agreed, progress.furthest = None, CONSENT
    back, on = frame.buttons(session)
    if back:
        go(WELCOME)
    if on:
        if session.consents:
            progress.agreed = {
                "version": told.version,
                "points": [point.id for point in told.points],
                "language": form.language,
                "at": form.intake.now().astimezone(UTC).isoformat(timespec="seconds"),
            }
            go(content.sections[0].pages[0].address)
        session.tries += 1
        st.rerun()
    frame.bottom(session, "consent", title, form.say("errors-title") if missing else None)
