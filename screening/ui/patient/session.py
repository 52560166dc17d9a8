"""One patient's session in the browser: their form, its draft, and how far they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta

import streamlit as st

from screening.ui.form.autosave import Autosave, Progress
from screening.ui.form.form import Form
from screening.ui.turns import is_here
from screening.ui.visitor import device
from screening.use_cases.intake import Draft, Intake, NotSaved, open_intake

_KEY = "patient session"
FRESH = "fresh"
"""In the session of somebody who left: their browser's cookie must not know who comes next."""
HIDDEN = "hidden"
"""In the session after nobody touched the page for a while: what is saved is only shown again when somebody asks for
it."""


@dataclass
class PatientSession:
    """What the patient's pages share.

    tries: how often Continue was pressed over something that needs another look, on this page.
    changing: the question that is being changed from the check page; returned: the one that was.
    leaving: whether clearing the screen was asked for, and not yet said again.
    waiting: a draft of this device that nobody has said is theirs yet; hidden: after nobody touched the page.
    resumed: whether the draft of this device was just opened by itself, after a reload or a lost connection.
    """

    form: Form
    autosave: Autosave = field(default_factory=Autosave)
    progress: Progress = field(default_factory=Progress)
    consents: bool = False
    tries: int = 0
    changing: str = ""
    returned: str = ""
    leaving: bool = False
    waiting: Draft | None = None
    hidden: bool = False
    resumed: bool = False

    def save(self) -> bool:
        """Save what changed; whether there is something new to tell the person."""
        news = self.autosave.save(self.form, self.progress)
        if self.autosave.draft:
            is_here()
        return news

    def adopt(self, draft: Draft) -> None:
        """Go on with a draft."""
        self.progress = self.autosave.adopt(draft, self.form)
        self.consents = bool(self.progress.agreed)
        self.waiting, self.hidden = None, False


def patient_session() -> PatientSession:
    """The session of this browser tab; a new one where there is none, with the draft of this device where there is
    one."""
    if _KEY not in st.session_state:
        form = Form(open_intake(), _first_language())
        fresh = PatientSession(form, hidden=bool(st.session_state.get(HIDDEN)))
        st.session_state[_KEY] = fresh
        draft = _on_device(form.intake)
        if draft and not fresh.hidden and _touched_lately(draft, form.intake):
            fresh.adopt(draft)
            fresh.resumed = True
        elif draft:
            fresh.waiting = draft
            fresh.progress.as_in(draft)
    current: PatientSession = st.session_state[_KEY]
    return current


def _touched_lately(draft: Draft, intake: Intake) -> bool:
    """Whether the idle minutes have not passed; counted in UTC, as clocks are put back once a year."""
    passed = intake.now().astimezone(UTC) - draft.touched.astimezone(UTC)
    return passed < timedelta(minutes=intake.content.site.idle_minutes)


def forget() -> None:
    """Clear everything that this person typed from the session."""
    for key in list(st.session_state):
        del st.session_state[key]


def hide() -> None:
    """Take the answers off the screen and out of the session; they are in the draft."""
    forget()
    st.session_state[HIDDEN] = True


def leave(session: PatientSession) -> None:
    """Clear the session, and let this device open the draft no more; the code still does. Raises NotSaved."""
    own = device()
    if own:
        session.form.intake.leave(own)
    forget()
    st.session_state[FRESH] = True


def _on_device(intake: Intake) -> Draft | None:
    own = device()
    try:
        return intake.on_device(own) if own else None
    except NotSaved:
        return None  # they can still answer; the code opens the draft later


def _first_language() -> str:
    languages = open_intake().content.languages
    preferred = (st.context.locale or "").split("-")[0]
    return preferred if preferred in languages else languages[0]
