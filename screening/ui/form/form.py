"""A form that is being filled in: what was typed is the truth; the page mirrors it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from screening.engine.facts import ResponseFacts
from screening.engine.program import ItemPlan
from screening.engine.response import Problem
from screening.model.dates import day_words
from screening.model.item import HelpKind
from screening.model.item_types import Decimal, Integer, Item, Quantity
from screening.model.site import HelpBlock
from screening.model.text import Text
from screening.ui.form import reading
from screening.use_cases.intake import Intake, missing

_EXAMPLE = date(1984, 5, 17)


class _Known(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@dataclass
class Form:
    """Answers as they are typed, what they mean so far, and the words of the questions.

    typed: link_id -> the value as the page gave it; it may not be acceptable yet and is kept all the same.
    changed: link_ids that were answered since the answers were last saved.
    refused: link_ids whose problems are shown, because Continue was pressed over them.
    pending: widget values to set before the page is drawn once more; None when nothing asks for that.
    added, reread: how often medicines joined the list, and how often the words of one were changed.
    """

    intake: Intake
    language: str
    typed: dict[str, Any] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    list_kept: list[Any] = field(default_factory=list)
    widget_generation: int = 0
    added: int = 0
    reread: int = 0
    pending: dict[str, Any] | None = None
    _read_now: tuple[ResponseFacts, tuple[Problem, ...]] | None = None

    # ------------------------------------------------------------ answers

    def answer(self, link_id: str, value: Any) -> None:
        """Keep what the page holds; None means that it is empty."""
        if value != self.typed.get(link_id):
            self.take({link_id: value})
            self.changed.add(link_id)

    def take(self, answers: Mapping[str, Any]) -> None:
        """Put in answers that are saved already; None takes one out."""
        for link_id, value in answers.items():
            if value is None:
                self.typed.pop(link_id, None)
            else:
                self.typed[link_id] = value
        self._read_now = None

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

    def asks(self, plan: ItemPlan) -> bool:
        """Whether the item is asked now."""
        return self.facts.status(plan.number) not in ("not-asked", "unsettled")

    def plans(self, items: Iterable[Item]) -> list[ItemPlan]:
        """The items with their gates, asked or not, in the words of whoever answers."""
        program, another = self.intake.content.program, self.for_another
        plans = [program.items[program.numbers[item.link_id]] for item in items]
        return [replace(plan, item=plan.item.worded(another)) for plan in plans] if another else plans

    @property
    def for_another(self) -> bool:
        """Whether somebody answers for another person."""
        return self.facts.for_another

    def help(self, kind: HelpKind) -> HelpBlock:
        """The clinic's local help of that kind, in the words of whoever answers."""
        return self.intake.content.site.help.block(kind).worded(self.for_another)

    def _read(self) -> tuple[ResponseFacts, tuple[Problem, ...]]:
        if self._read_now is None:
            self._read_now = self.intake.facts(self.given())
        return self._read_now

    def given(self) -> dict[str, Any]:
        """What the engine is asked to accept: what was typed, with numbers and dates read from their boxes."""
        content = self.intake.content
        us = content.site.units == "us"
        return {
            link_id: reading.given(content.item(link_id), value, self.language, us)
            if link_id in content.program.numbers
            else value
            for link_id, value in self.typed.items()
        }

    # ------------------------------------------------------------ words

    def say(self, key: str, **values: object) -> str:
        """The app's own words in the person's language."""
        return self.fill(self.intake.content.words[key], values)

    def fill(self, text: Text, values: Mapping[str, object]) -> str:
        """A text in the person's language with its braces filled in. What nothing fills in any more, in a form that was
        begun under the content of an earlier day, stays as it is written."""
        return text[self.language].format_map(_Known(values))

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

    def problem_words(self, item: Item, code: str) -> str:
        """A problem in the person's language."""
        low, high = getattr(item, "min", ""), getattr(item, "max", "")
        typed = self.typed.get(item.link_id)
        if code == "wrong-type" and isinstance(item, Integer | Decimal | Quantity):
            code = "not-a-number"
        if isinstance(item, Quantity):
            shown: str = reading.boxes(item, typed, self.intake.content.site.units == "us")["unit"]
            unit = reading.FEET if shown == "in" else shown
            if code == "not-a-number" and unit == reading.FEET:
                code = "not-a-height"
            low, high = (self._size(size, unit) for size in reading.limits(item, unit))
        return self.say(f"problem-{code}", min=low, max=high, example=self.day(_EXAMPLE))

    def _size(self, size: int, unit: str) -> str:
        if unit == reading.FEET:
            return f"{size // 12} {self.say('feet').lower()} {size % 12} {self.say('inches').lower()}"
        return f"{size} {unit}"

    def day(self, day: date) -> str:
        """A day as people of the person's language and the clinic's country write it."""
        return day_words(day, self.language, self.intake.content.site.units == "us")

    # ------------------------------------------------------------ widgets

    def speak(self, language: str) -> None:
        """Change the language. Widgets are drawn anew: a browser keeps what it shows, and those words would be unknown
        now."""
        self.language = language
        self.widget_generation += 1

    def key(self, name: str) -> str:
        """The key of a widget."""
        return f"{name}~{self.widget_generation}" if self.widget_generation else name

    def redraw(self, widgets: Mapping[str, Any] | None = None) -> None:
        """Ask for the page to be drawn once more, with these widgets set to these values first."""
        self.pending = {**(self.pending or {}), **(widgets or {})}
