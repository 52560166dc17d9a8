"""One person's filling-in of the form, in the session. What was typed is the truth; widgets mirror it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from screening.content import Section
from screening.intake import Intake, Receipt, intake, new_form
from screening.program import ItemPlan
from screening.questionnaire import Item
from screening.response import Ground, Problem

_KEY = "visit"


@dataclass
class Visit:
    """What one person typed, and how far they came.

    typed: link_id -> the value as the widgets gave it; it may not be acceptable yet and is kept all the same.
    refused: link_ids whose problems are shown, because Continue was pressed over them.
    """

    desk: Intake
    language: str
    form: str = field(default_factory=new_form)
    typed: dict[str, Any] = field(default_factory=dict)
    agreed: dict[str, Any] | None = None
    consents: bool = False
    furthest: int = 0
    tries: int = 0
    refused: set[str] = field(default_factory=set)
    receipt: Receipt | None = None
    copy_ticket: str | None = None
    list_kept: list[str] = field(default_factory=list)
    changing: bool = False
    drawings: int = 0
    _ground: tuple[Ground, tuple[Problem, ...]] | None = None

    def speak(self, language: str) -> None:
        """Change the language. Widgets are drawn anew: a browser keeps what it shows, and those words would be unknown now."""
        self.language = language
        self.drawings += 1

    def key(self, name: str) -> str:
        """The key of a widget."""
        return f"{name}~{self.drawings}" if self.drawings else name

    def say(self, key: str, **values: object) -> str:
        """The app's own words in the person's language."""
        return self.desk.content.words[key][self.language].format_map(values)

    def content_word(self, key: str) -> str:
        """The app's own words with their braces left in, for a part that fills them in by itself."""
        return self.desk.content.words[key][self.language]

    def site(self) -> Mapping[str, str]:
        """The clinic's particulars, for `say`."""
        clinic = self.desk.content.site.clinic
        return {
            "clinic": clinic.name[self.language], "phone": clinic.phone, "hours": clinic.hours[self.language],
            "within": clinic.read_within[self.language],
        }  # fmt: skip

    def answer(self, link_id: str, value: Any) -> None:
        """Keep what a widget holds; None means that it is empty."""
        if value == self.typed.get(link_id):
            return
        if value is None:
            del self.typed[link_id]
        else:
            self.typed[link_id] = value
        self._ground = None

    @property
    def ground(self) -> Ground:
        """The facts of what is typed now."""
        return self._read()[0]

    @property
    def problems(self) -> dict[str, str]:
        """link_id -> code of what cannot be accepted, and of required items that are empty; only items that are asked."""
        ground, problems = self._read()
        by_link = {one.link_id: one.code for one in problems}
        found = {}
        for plan in ground.asked:
            link_id = plan.item.link_id
            if link_id in by_link:
                found[link_id] = by_link[link_id]
            elif plan.item.required and link_id not in self.typed:
                found[link_id] = "empty"
        return found

    def refusal(self, item: Item) -> str:
        """What is still wrong with an answer over which Continue was pressed, in words; empty for nothing."""
        code = self.problems.get(item.link_id) if item.link_id in self.refused else None
        return self.problem_words(item, code) if code else ""

    def problem_words(self, item: Item, code: str) -> str:
        """A problem in the person's language."""
        return self.say(f"problem-{code}", min=getattr(item, "min", ""), max=getattr(item, "max", ""))

    def asks(self, plan: ItemPlan) -> bool:
        """Whether the item is asked now."""
        mask = self.ground.facts[3 * plan.number]
        return bool(mask) and self.ground.status(plan.number) != "unsettled"

    def plans(self, section: Section) -> list[ItemPlan]:
        """The items of a section, asked or not."""
        program = self.desk.content.program
        return [program.items[program.numbers[item.link_id]] for item in section.items]

    def _read(self) -> tuple[Ground, tuple[Problem, ...]]:
        if self._ground is None:
            self._ground = self.desk.ground(self.typed)
        return self._ground


def visit() -> Visit:
    """The visit of this session; a new one where there is none."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Visit(intake(), _first_language())
    current: Visit = st.session_state[_KEY]
    return current


def visitor() -> str:
    """Who the front says this browser is; empty where there is no front."""
    return str(st.user.get("visitor") or "")


def forget() -> None:
    """Clear everything that this person typed from the session."""
    for key in list(st.session_state):
        del st.session_state[key]


def _first_language() -> str:
    languages = intake().content.languages
    preferred = (st.context.locale or "").split("-")[0]
    return preferred if preferred in languages else languages[0]
