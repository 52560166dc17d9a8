"""Made-up responses that honour skip logic: for trying the app, for load tests and for property tests."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.response import respond
from screening.model.item_types import Item
from screening.model.medicines_item import ASKED_WHEN, Medicines

_FIRST = ("Alex", "Sam", "Rosa", "Luis", "Maya", "Omar", "Ines", "Noah", "Ana", "Kim", "José", "Zoë")
_LAST = ("Example", "Prueba", "Sample", "Ficticia", "Testman", "O'Example", "de la Prueba")
_MEDICINES = (
    "ibuprofen",
    "Tylenol",
    "gabapentin 300 mg",
    "lisinopril",
    "oxycodone 5mg",
    "sertraline",
    "Lyrica",
    "omeprazole",
    "metformin",
    "Xanax",
    "levothyroxine",
    "amlodipine",
    "something from the herbal shop",
)


def responses(content: Content, count: int, seed: int, today: date, fullness: float = 0.85) -> Iterator[dict[str, Any]]:
    """`count` responses as `screen` reads them, the same for the same seed. `fullness`: the share of items answered."""
    for number in range(count):
        yield one(content, random.Random(f"{seed} {number}"), today, fullness)


def one(
    content: Content, chance: random.Random, today: date, fullness: float = 0.85, healthy: float | None = None
) -> dict[str, Any]:
    """One response: item after item, only what is asked. `healthy`: how often "no" is the answer; by default
    anything."""
    answers: dict[str, Any] = {}
    healthy = chance.random() if healthy is None else healthy
    facts = ResponseFacts(respond(answers, today, content), content.program)
    for plan in content.program.items:
        if facts.status(plan.number) != "skipped":
            continue
        if plan.item.required or chance.random() < fullness:
            answers[plan.item.link_id] = plan.item.accept(_answer(plan.item, chance, today, healthy), today)
            facts = ResponseFacts(respond(answers, today, content), content.program)
    return {"answers": _plain(answers), "authored": today.isoformat()}


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    return {link_id: list(value) if isinstance(value, tuple) else value for link_id, value in answers.items()}


def _answer(item: Item, chance: random.Random, today: date, healthy: float) -> Any:
    if isinstance(item, Medicines):
        listed = chance.sample(_MEDICINES, chance.randint(1, 5))
        return "none" if chance.random() < 0.2 else [_entry(item, one, chance) for one in listed]
    if item.identifier == "name":
        return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    return item.example(chance, today, healthy)


def _entry(item: Medicines, text: str, chance: random.Random) -> str | dict[str, str]:
    """A medicine as typed; sometimes with how it is taken."""
    if not item.how_option or chance.random() < 0.5:
        return text
    how = chance.choice(item.how_option).code
    if how not in ASKED_WHEN or not item.last_taken_option:
        return {"text": text, "how": how}
    return {"text": text, "how": how, "last_taken": chance.choice(item.last_taken_option).code}
