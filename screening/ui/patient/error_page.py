"""What a patient sees when the program fails: plain words, the clinic's number, and where help is."""

from __future__ import annotations

from contextlib import suppress

from screening.ui.form.help import help_block, help_kinds
from screening.ui.html import show
from screening.ui.patient.session import patient_session


def error_page() -> None:
    """Say so, in the person's language. Answers are in the session and stay there."""
    here = patient_session().form
    line = here.intake.content.site.help.line[here.language]
    show(
        '<div class="summary" role="alert"><h2>{}</h2><p>{}</p><p>{}</p></div>',
        here.say("error-title"),
        here.say("error", **here.site()),
        line,
    )
    with suppress(Exception):  # what failed may be the answers themselves
        for kind in help_kinds(here):
            help_block(here, kind)
