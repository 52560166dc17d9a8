"""Small made-up questionnaires for Hypothesis: a few items with gates, a score, and one rule over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from hypothesis import strategies as st

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.program import Program
from screening.engine.response import QuestionnaireResponse
from screening.medicines.formulary import Formulary
from screening.medicines.name_tables import NameRow, NameTables
from screening.model.condition import Condition
from screening.model.item_types import Choice, Integer, Item
from screening.model.medicines_item import Medicines
from screening.model.rule import NamedCondition, Rule
from screening.model.score import ScoreDefinition

DAY = date(2026, 11, 23)
CODES = ("yes", "no", "perhaps")
OPEN_CODES = ("not-sure",)
NUMBERS = (0, 1, 2, 3)


@dataclass
class World:
    """One program with one rule, and one response."""

    program: Program
    answers: dict[str, Any]

    def facts(self, kept: int = -1) -> ResponseFacts:
        return ResponseFacts(QuestionnaireResponse(self.answers, DAY), self.program, kept)

    def come_in(self) -> World:
        """The same with the answers that the door lets in: those to items that are asked."""
        facts = self.facts()
        facts.keep_asked()
        return World(self.program, dict(facts.response.answers))

    def value(self, answers: dict[str, Any], kept: int = -1) -> int:
        facts = ResponseFacts(QuestionnaireResponse(answers, DAY), self.program, kept)
        return self.program.rules[0].test.when.value(facts.vector)


def texts(words: str) -> dict[str, str]:
    return {"en": words}


def choice(link_id: str, gate: Any) -> Item:
    options = [{"code": code, "text": texts(code), "weight": n} for n, code in enumerate(CODES)]
    options += [{"code": code, "text": texts(code), "meaning": "not-sure"} for code in OPEN_CODES]
    raw = {"link_id": link_id, "type": "choice", "text": texts(link_id), "answer_option": options, "enable_when": gate}
    return Choice.model_validate({key: value for key, value in raw.items() if value is not None})


def number(link_id: str, gate: Any) -> Item:
    raw = {"link_id": link_id, "type": "integer", "text": texts(link_id), "min": 0, "max": 3, "enable_when": gate}
    return Integer.model_validate({key: value for key, value in raw.items() if value is not None})


def _declare(program: Program, items: list[Item], scores: list[dict[str, Any]]) -> None:
    definitions = [ScoreDefinition.model_validate(score) for score in scores]
    program.declare(items, definitions)
    for score in definitions:
        program.add_score(score)
    for item in items:
        program.add_item(item, "only")


def build(items: list[Item], when: Any, scores: list[dict[str, Any]] | None = None) -> Program:
    program = Program(Formulary(NameTables(()), {}), {}, {})
    _declare(program, items, scores or [])
    rule = {
        "id": "the-rule",
        "status": "draft",
        "reviewed": "pending",
        "tier": "high",
        "when": when,
        "clinician": "words",
        "sources": [{"cite": "x"}],
    }
    program.add_rule(Rule.model_validate(rule))
    return program


@st.composite
def conditions(
    draw: st.DrawFn, choices: list[str], numbers: list[str], scores: list[str], depth: int = 2, about_open: bool = True
) -> Condition:
    kinds = ["choice"] * 3 + (["number"] if numbers else []) + (["score"] if scores else [])
    if depth:
        kinds += ["all", "any", "none", "of"]
    kind = draw(st.sampled_from(kinds))
    if kind == "choice":
        codes = draw(
            st.lists(
                st.sampled_from([*CODES, *(OPEN_CODES if about_open else ())]), min_size=1, max_size=2, unique=True
            )
        )
        return {"item": draw(st.sampled_from(choices)), "any_of": codes}
    if kind in ("number", "score"):
        how = draw(st.sampled_from(["at_least", "at_most", "above", "below"]))
        limit = draw(st.integers(0, 3 if kind == "number" else 5))
        name = draw(st.sampled_from(numbers if kind == "number" else scores))
        return {"item" if kind == "number" else "score": name, how: limit}
    inside = draw(st.lists(conditions(choices, numbers, scores, depth - 1, about_open), min_size=1, max_size=3))
    if kind == "of":
        return {"at_least": draw(st.integers(1, len(inside))), "of": inside}
    return {kind: inside}


@st.composite
def worlds(draw: st.DrawFn, with_scores: bool = True, about_open: bool = True) -> World:
    count = draw(st.integers(2, 5))
    items: list[Item] = []
    choices: list[str] = []
    numbers: list[str] = []
    for n in range(count):
        link_id = f"q{n}"
        summed = ["early"] if with_scores and len(choices) >= 2 else []
        gate = draw(conditions(choices, numbers, summed, 1, about_open)) if choices and draw(st.booleans()) else None
        if draw(st.integers(0, 3)) or not choices:
            items.append(choice(link_id, gate))
            choices.append(link_id)
        else:
            items.append(number(link_id, gate))
            numbers.append(link_id)
    scores = (
        [{"id": "sum", "sum": choices[:3]}, {"id": "early", "sum": choices[:2]}]
        if with_scores and len(choices) > 1
        else []
    )
    when = draw(conditions(choices, numbers, [score["id"] for score in scores], 2, about_open))
    answers: dict[str, Any] = {}
    for item in items:
        options = [None, *NUMBERS] if item.link_id in numbers else [None, *CODES, *OPEN_CODES]
        value = draw(st.sampled_from(options))
        if value is not None:
            answers[item.link_id] = value
    return World(build(items, when, scores), answers)


def medicines() -> Item:
    """A medicines item with how and when each is taken."""
    raw = {
        "link_id": "medicines",
        "type": "medicines",
        "text": texts("medicines"),
        "recent": ["this-week"],
        "answer_option": [
            {"code": "none", "text": texts("none")},
            {"code": "not-sure", "text": texts("not sure"), "meaning": "not-sure"},
        ],
        "how_option": [{"code": code, "text": texts(code)} for code in ("regular", "as-needed", "stopped")],
        "last_taken_option": [{"code": code, "text": texts(code)} for code in ("this-week", "earlier")],
    }
    return Medicines.model_validate(raw)


def rule(id: str, when: Any, **more: Any) -> Rule:
    words = {
        "id": id,
        "status": "draft",
        "reviewed": "pending",
        "tier": "high",
        "clinician": "words",
        "sources": [{"cite": "x"}],
    }
    return Rule.model_validate({**words, "when": when, **more})


def small(
    content: Content,
    items: list[Item],
    rules: list[Rule],
    scores: list[dict[str, Any]] | None = None,
    conditions: dict[str, Any] | None = None,
    classes: dict[str, list[str]] | None = None,
) -> Content:
    """The content with these few items and rules in place of its own. Each class is also a word that people type."""
    named = {
        name: NamedCondition.model_validate({"id": name, "when": when}).when
        for name, when in (conditions or {}).items()
    }
    ingredients = dict.fromkeys(one for members in (classes or {}).values() for one in members)
    rows = [NameRow(one, (one,), "generic") for one in ingredients]
    rows += [NameRow(one, (), "class", classes=(one,)) for one in classes or {}]
    program = Program(Formulary(NameTables(tuple(rows)), classes or {}), {}, named)
    _declare(program, items, scores or [])
    for one in rules:
        program.add_rule(one)
    places = (
        [f"item {item.link_id}" for item in items]
        + [f"rule {one.id}" for one in rules]
        + [f"condition {name}" for name in named]
    )
    return replace(
        content, program=program, formulary=program.formulary, places={place: (place, 1) for place in places}
    )


def every_form(items: list[Item]) -> Iterator[dict[str, Any]]:
    """Every way to answer choices and small numbers, blank included."""
    options = [
        [None, *(option.code for option in item.options)] if item.options else [None, *NUMBERS] for item in items
    ]
    for values in product(*options):
        yield {item.link_id: value for item, value in zip(items, values, strict=True) if value is not None}
