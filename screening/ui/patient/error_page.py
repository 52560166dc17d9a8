"""What a patient sees when the program fails: plain words, the clinic's number, and where help is."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import streamlit as st

from screening.ui.form.visit import visit
from screening.ui.patient.frame import help_block, help_kinds


def error_page() -> None:
    """Say so, in the person's language. Answers are in the session and stay there."""
    here = visit()
    line = here.intake.content.site.help.line[here.language]
    st.html(
        f'<div class="summary" role="alert"><h2>{escape(here.say("error-title"))}</h2>'
        f"<p>{escape(here.say('error', **here.site()))}</p><p>{escape(line)}</p></div>"
    )
    with suppress(Exception):  # what failed may be the answers themselves
        for kind in help_kinds(here):
            help_block(here, kind)
