"""One person's answers: accepted as their items accept them, and nothing lost of what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from screening.engine.content import Content
from screening.medicines.entries import read_entry
from screening.medicines.formulary import MedicationStatement
from screening.model.item import Given, Refused
from screening.model.medicines_item import Medicines
from screening.model.text import clean

LONGEST_LINK = 80


@dataclass(frozen=True)
class Problem:
    """Something in an answer that the patient, or whoever sent it, can put right. Never holds the answer."""

    link_id: str
    code: str


@dataclass(frozen=True)
class QuestionnaireResponse:
    """Accepted answers by link_id, on a day. Only what items accept is in it; see `read`."""

    answers: Mapping[str, Given]
    authored: date
    medicines: tuple[MedicationStatement, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    """link_id -> how many invisible characters were taken out of what was typed."""


def read(raw: Mapping[str, Any], authored: date, content: Content) -> tuple[QuestionnaireResponse, tuple[Problem, ...]]:
    """Accept answers of any shape: what cannot be accepted becomes a Problem and counts as not answered."""
    answers: dict[str, Given] = {}
    problems: list[Problem] = []
    numbers = content.program.numbers
    plans = content.program.items
    for link_id, value in raw.items():
        if link_id not in numbers:
            problems.append(Problem(str(link_id)[:LONGEST_LINK].encode("utf-8", "replace").decode(), "unknown-item"))
        elif value is not None:
            try:
                answers[link_id] = plans[numbers[link_id]].item.accept(value, authored)
            except Refused as refused:
                problems.append(Problem(link_id, str(refused)))
    dropped = {link_id: count for link_id, value in raw.items() if link_id in answers and (count := _dropped(value))}
    response = respond(answers, authored, content)
    return replace(response, dropped=dropped) if dropped else response, tuple(problems)


def _dropped(value: Any) -> int:
    """How many characters `clean` takes out of an accepted answer."""
    if isinstance(value, list | tuple):
        return sum(_dropped(one) for one in value)
    return clean(value).dropped if isinstance(value, str) and not value.isprintable() else 0


def respond(answers: Mapping[str, Given], authored: date, content: Content) -> QuestionnaireResponse:
    """A response of answers that are already accepted; medicines are read from what was typed."""
    readings: list[MedicationStatement] = []
    if content.program.medicines is not None:
        item = content.program.items[content.program.medicines].item
        typed = answers.get(item.link_id)
        if isinstance(typed, tuple) and isinstance(item, Medicines):
            readings = [one for entry in typed for one in read_entry(entry, content.formulary, item, authored)]
    return QuestionnaireResponse(answers, authored, tuple(readings))
