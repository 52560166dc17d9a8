"""Content as an author sees it: every text that patients can read, every condition, and the line of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from screening.engine.content import Content
from screening.loading.codes import CODES
from screening.loading.document import Path_
from screening.loading.finding import Finding
from screening.loading.load import Manuscript
from screening.model.condition import AllOf, AnyOf, AtLeastOf, Condition, NoneOf, parts
from screening.model.item_types import Item
from screening.model.rule import Rule

Kind = Literal[
    "title", "intro", "question", "stem", "hint", "option", "prompt", "patient", "word", "consent", "help", "clinic"
]

_KINDS: dict[str, Kind] = {
    "text": "question",
    "stem": "stem",
    "hint": "hint",
    "title": "title",
    "intro": "intro",
    "intro_for_another": "intro",
    "page": "title",
    "patient": "patient",
}
_SKIPPED = {"languages", "scores", "cases", "when", "tier_when", "enable_when", "show_help", "sources", "thresholds"}
_SHORT = {
    "items": "item",
    "rules": "rule",
    "answer_option": "option",
    "answer_sets": "answer-set",
    "words": "word",
    "points": "point",
}


@dataclass(frozen=True)
class Passage:
    """One text that patients can read, in every language, and where it is written. `place` is its name in findings."""

    place: str
    kind: Kind
    words: Mapping[str, str]
    file: str
    path: Path_
    instrument: bool = False


@dataclass(frozen=True)
class ConditionPlace:
    """One condition or part of one: what it belongs to, and where it is written."""

    place: str
    file: str
    path: Path_
    node: Condition


@dataclass(frozen=True)
class LintContext:
    """A manuscript on a day. All checks of the lint look at this."""

    work: Manuscript
    today: date

    @property
    def content(self) -> Content:
        """The content itself."""
        return self.work.content

    def at(self, code: str, file: str, path: Path_, place: str, what: str) -> Finding:
        """A finding at that part of the file."""
        line = self.work.documents[file].line(path)
        return Finding(f"{self.work.directory.name}/{file}", line, code, what, CODES[code].remedy, place)

    def on(self, code: str, passage: Passage, language: str, what: str) -> Finding:
        """A finding on one language of a text."""
        return self.at(
            code, passage.file, (*passage.path, language), passage.place, f"{passage.place} ({language}) {what}"
        )

    @cached_property
    def passages(self) -> list[Passage]:
        """Every text that patients can read."""
        files = ["questionnaire.yaml", "site.yaml", "shared.yaml", "body-regions.yaml", "words.yaml"]
        files += [f"sections/{section.section}.yaml" for section in self.content.sections]
        return [one for file in files for one in self._within(file, self.work.documents[file].data, (), ())]

    def _within(
        self, file: str, value: Any, path: Path_, names: tuple[str, ...], instrument: bool = False
    ) -> Iterator[Passage]:
        if isinstance(value, dict) and value and set(value) <= set(self.content.questionnaire.languages):
            yield Passage(_place(file, names), _kind(file, path), value, file, path, instrument)
        elif isinstance(value, dict):
            published = instrument or "instrument" in value
            for key, one in value.items():
                if key not in _SKIPPED:
                    yield from self._within(file, one, (*path, key), (*names, _SHORT.get(key, str(key))), published)
        elif isinstance(value, list):
            for n, one in enumerate(value):
                name = next(
                    (one[key] for key in ("link_id", "id", "code") if isinstance(one, dict) and key in one), n + 1
                )
                yield from self._within(file, one, (*path, n), (*names, str(name)), instrument)

    def items(self) -> Iterator[tuple[str, Path_, Item]]:
        """(file, path, item) for every item."""
        for section in self.content.sections:
            for n, item in enumerate(section.items):
                yield f"sections/{section.section}.yaml", ("items", n), item

    def where(self, link_id: str) -> tuple[str, Path_]:
        """(file, path) of an item."""
        return next((file, path) for file, path, item in self.items() if item.link_id == link_id)

    def rules(self) -> Iterator[tuple[str, Path_, Rule]]:
        """(file, path, rule) for every rule."""
        for section in self.content.sections:
            for n, rule in enumerate(section.rules):
                yield f"sections/{section.section}.yaml", ("rules", n), rule

    @cached_property
    def spots(self) -> list[ConditionPlace]:
        """Every condition of gates, help, named conditions, rules and tiers, and every part of each."""
        found: list[ConditionPlace] = []
        for file, path, item in self.items():
            place = f"item {item.link_id}"
            if item.enable_when:
                found += _inside(ConditionPlace(place, file, (*path, "enable_when"), item.enable_when))
            for n, shown in enumerate(item.show_help):
                where = ("show_help", n, "when") if len(item.show_help) > 1 else ("show_help", "when")
                found += _inside(ConditionPlace(place, file, (*path, *where), shown.when))
        for file, path, rule in self.rules():
            place = f"rule {rule.id}"
            found += _inside(ConditionPlace(place, file, (*path, "when"), rule.when))
            for n, other in enumerate(rule.tier_when):
                found += _inside(ConditionPlace(place, file, (*path, "tier_when", n, "when"), other.when))
        for section in self.content.sections:
            for n, named in enumerate(section.conditions):
                path = ("conditions", n, "when")
                found += _inside(
                    ConditionPlace(f"condition {named.id}", f"sections/{section.section}.yaml", path, named.when)
                )
        return found


def _inside(spot: ConditionPlace) -> Iterator[ConditionPlace]:
    yield spot
    match spot.node:
        case AllOf():
            key = "all"
        case AnyOf():
            key = "any"
        case NoneOf():
            key = "none"
        case AtLeastOf():
            key = "of"
        case _:
            return
    for n, part in enumerate(parts(spot.node)):
        yield from _inside(ConditionPlace(spot.place, spot.file, (*spot.path, key, n), part))


def _place(file: str, names: tuple[str, ...]) -> str:
    if len(names) > 3 and names[-1] == "text":
        names = names[:-1]
    if file.startswith("sections/") and names[0] not in ("item", "rule"):
        names = ("section", file.removeprefix("sections/").removesuffix(".yaml"), *names)
    return " ".join(names if names[0] != "title" else ("questionnaire", *names))


def _kind(file: str, path: Path_) -> Kind:
    if file == "site.yaml":
        return "help" if path[0] == "help" else "clinic"
    if file == "words.yaml":
        return "word"
    if path[0] == "consent":
        return "consent"
    if "prompts" in path:
        return "prompt"
    if file in ("shared.yaml", "body-regions.yaml") or (len(path) > 3 and "for_another" not in path):
        return "option"
    return _KINDS.get(str(path[-1]), "word")
