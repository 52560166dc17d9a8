"""One person's filling-in of the form, in the session. What was typed is the truth; widgets mirror it, a draft keeps
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from screening.engine.facts import ResponseFacts
from screening.engine.program import ItemPlan
from screening.engine.response import Problem
from screening.model.questionnaire import Item
from screening.model.section import Section
from screening.use_cases.intake import (
    Draft,
    DraftGone,
    Intake,
    NotSaved,
    Receipt,
    Secret,
    missing,
    new_form,
    open_intake,
)

_KEY = "visit"
_ANSWER = "answer "
HIDDEN = "hidden"
"""In the session after nobody touched the page for a while: what is saved is only shown again when somebody asks for
it."""


@dataclass
class Visit:
    """What one person typed, and how far they came.

    typed: link_id -> the value as the widgets gave it; it may not be acceptable yet and is kept all the same.
    furthest: the address of the furthest page they came to.
    refused: link_ids whose problems are shown, because Continue was pressed over them.
    resumed: whether the draft of this device was just opened by itself, after a reload or a lost connection.
    waiting: a draft of this device that nobody has said is theirs yet.
    both: link_ids that were answered differently in another window; None when no other window is known of.
    """

    intake: Intake
    language: str
    form: str = field(default_factory=new_form)
    typed: dict[str, Any] = field(default_factory=dict)
    agreed: dict[str, Any] | None = None
    consents: bool = False
    furthest: str = ""
    tries: int = 0
    refused: set[str] = field(default_factory=set)
    receipt: Receipt | None = None
    copy_ticket: str | None = None
    list_kept: list[Any] = field(default_factory=list)
    changing: bool = False
    widget_generation: int = 0
    draft: Draft | None = None
    code: str = ""
    waiting: Draft | None = None
    hidden: bool = False
    resumed: bool = False
    unsaved: bool = False
    gone: bool = False
    conflicts: list[str] | None = None
    _dirty: set[str] = field(default_factory=set)
    _progress: dict[str, Any] | None = None
    _ground: tuple[ResponseFacts, tuple[Problem, ...]] | None = None

    # ------------------------------------------------------------ saved as they go

    def save(self) -> bool:
        """Save what changed since the last time; whether there is something new to tell the person. Never raises."""
        before = (self.unsaved, self.gone, self.conflicts, self.receipt)
        if self.agreed and not self.receipt and not self.gone:
            try:
                self._save()
                self.unsaved = False
            except NotSaved:
                self.unsaved = True
            except DraftGone as error:
                self.draft = None
                if error.receipt:
                    self.receipt = _receipt(error.receipt)
                else:
                    self.gone = True
        return before != (self.unsaved, self.gone, self.conflicts, self.receipt)

    def _save(self) -> None:
        progress = {"language": self.language, "furthest": self.furthest, "agreed": self.agreed, "form": self.form}
        if self.draft is None:
            values = {f"{_ANSWER}{link_id}": value for link_id, value in self.typed.items()}
            self.draft, self.code = self.intake.begin(device(), {**values, "way": progress}, self.furthest)
            self._dirty, self._progress = set(), progress
            return
        dirty = set(self._dirty)
        values = {f"{_ANSWER}{link_id}": self.typed.get(link_id) for link_id in dirty}
        if progress != self._progress:
            values["way"] = progress
        if not values:
            return
        came = self.furthest != (self._progress or {}).get("furthest") and self.furthest != "before-you-start"
        saved = self.intake.save(self.draft, values, self.furthest if came else "")
        self._dirty -= dirty
        self._progress = progress
        others = {name.removeprefix(_ANSWER): value for name, value in saved.others.items() if name.startswith(_ANSWER)}
        conflicts = [name.removeprefix(_ANSWER) for name in saved.conflicts if name.startswith(_ANSWER)]
        if others or conflicts:
            self._take(others)
            self.conflicts = [*(self.conflicts or []), *conflicts]
            self.widget_generation += 1

    def adopt(self, draft: Draft) -> None:
        """Go on with a draft, under the content that it was begun with."""
        self.intake = self.intake.under(draft.content) or self.intake
        self.draft, self.waiting, self.hidden = draft, None, False
        self.widget_generation += 1
        values = draft.values
        self.code = values.get("code", "")
        progress = values.get("way") or {}
        self.language, self.furthest = progress.get("language", self.language), progress.get("furthest", "")
        self.agreed, self.form = progress.get("agreed"), progress.get("form", self.form)
        self.consents, self._progress = bool(self.agreed), progress
        self.typed = {}
        self._take({name.removeprefix(_ANSWER): value for name, value in values.items() if name.startswith(_ANSWER)})
        if values.get("receipt"):
            self.receipt = _receipt(values["receipt"])

    def _take(self, answers: Mapping[str, Any]) -> None:
        for link_id, value in answers.items():
            if value is None:
                self.typed.pop(link_id, None)
            else:
                self.typed[link_id] = value
        self._ground = None

    # ------------------------------------------------------------ what is drawn

    def speak(self, language: str) -> None:
        """Change the language. Widgets are drawn anew: a browser keeps what it shows, and those words would be unknown
        now."""
        self.language = language
        self.widget_generation += 1

    def key(self, name: str) -> str:
        """The key of a widget."""
        return f"{name}~{self.widget_generation}" if self.widget_generation else name

    def say(self, key: str, **values: object) -> str:
        """The app's own words in the person's language."""
        return self.intake.content.words[key][self.language].format_map(values)

    def content_word(self, key: str) -> str:
        """The app's own words with their braces left in, for a part that fills them in by itself."""
        return self.intake.content.words[key][self.language]

    def site(self) -> Mapping[str, str]:
        """The clinic's particulars, for `say`."""
        clinic = self.intake.content.site.clinic
        return {
            "clinic": clinic.name[self.language],
            "phone": clinic.phone,
            "hours": clinic.hours[self.language],
            "within": clinic.read_within[self.language],
        }

    def answer(self, link_id: str, value: Any) -> None:
        """Keep what a widget holds; None means that it is empty."""
        if value == self.typed.get(link_id):
            return
        if value is None:
            del self.typed[link_id]
        else:
            self.typed[link_id] = value
        self._dirty.add(link_id)
        self._ground = None

    @property
    def facts(self) -> ResponseFacts:
        """The facts of what is typed now."""
        return self._read()[0]

    @property
    def problems(self) -> dict[str, str]:
        """link_id -> code of what cannot be accepted, and of required items that are empty; only items that are
        asked."""
        return missing(*self._read(), self.typed)

    def refusal(self, item: Item) -> str:
        """What is still wrong with an answer over which Continue was pressed, in words; empty for nothing."""
        code = self.problems.get(item.link_id) if item.link_id in self.refused else None
        return self.problem_words(item, code) if code else ""

    def problem_words(self, item: Item, code: str) -> str:
        """A problem in the person's language."""
        return self.say(f"problem-{code}", min=getattr(item, "min", ""), max=getattr(item, "max", ""))

    def asks(self, plan: ItemPlan) -> bool:
        """Whether the item is asked now."""
        mask = self.facts.vector[3 * plan.number]
        return bool(mask) and self.facts.status(plan.number) != "unsettled"

    def plans(self, section: Section) -> list[ItemPlan]:
        """The items of a section, asked or not."""
        program = self.intake.content.program
        return [program.items[program.numbers[item.link_id]] for item in section.items]

    def _read(self) -> tuple[ResponseFacts, tuple[Problem, ...]]:
        if self._ground is None:
            self._ground = self.intake.facts(self.typed)
        return self._ground


def visit() -> Visit:
    """The visit of this session; a new one where there is none, with the draft of this device where there is one."""
    if _KEY not in st.session_state:
        fresh = Visit(open_intake(), _first_language(), hidden=bool(st.session_state.get(HIDDEN)))
        st.session_state[_KEY] = fresh
        draft = _on_device(fresh.intake)
        if (
            draft
            and not fresh.hidden
            and draft.touched > fresh.intake.now() - timedelta(minutes=fresh.intake.content.site.idle_minutes)
        ):
            fresh.adopt(draft)
            fresh.resumed = True
        elif draft:
            fresh.waiting = draft
    current: Visit = st.session_state[_KEY]
    return current


def visitor() -> str:
    """Who the front says this browser is; empty where there is no front."""
    return str(st.user.get("visitor") or "")


def device() -> Secret | None:
    """What opens the drafts of this browser; None where there is no front."""
    key = str(st.user.get("draft") or "")
    return Secret(visitor(), bytes.fromhex(key)) if key and visitor() else None


def address() -> str:
    """Where this browser calls from, to count tries; never stored."""
    return st.context.ip_address or ""


def forget() -> None:
    """Clear everything that this person typed from the session."""
    for key in list(st.session_state):
        del st.session_state[key]


def hide() -> None:
    """Take the answers off the screen and out of the session; they are in the draft."""
    forget()
    st.session_state[HIDDEN] = True


def leave(visit: Visit) -> None:
    """Clear the session, and let this device open the draft no more; the code still does. Raises NotSaved."""
    own = device()
    if own:
        visit.intake.leave(own)
    forget()


def _on_device(intake: Intake) -> Draft | None:
    own = device()
    try:
        return intake.on_device(own) if own else None
    except NotSaved:
        return None  # they can still answer; the code opens the draft later


def _receipt(values: list[str]) -> Receipt:
    return Receipt(values[0], datetime.fromisoformat(values[1]))


def _first_language() -> str:
    languages = open_intake().content.languages
    preferred = (st.context.locale or "").split("-")[0]
    return preferred if preferred in languages else languages[0]
