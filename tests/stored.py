"""Stored records without a store: what exports read, from answers that a person could have given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.engine.screen import as_json, screened
from screening.records.store import Record

DAY = date(2026, 11, 23)


def stored(
    content: Content, answers: Mapping[str, Any], number: int = 1, authored: date = DAY, under: str = ""
) -> Record:
    """The record that submitting these answers would keep. `under`: the hash of another content."""
    response, problems = read(answers, authored, content)
    facts = ResponseFacts(response, content.program)
    asked = {plan.item.link_id for plan in facts.asked}
    response, problems = read(
        {link_id: given for link_id, given in answers.items() if link_id in asked}, authored, content
    )
    facts = ResponseFacts(response, content.program)
    screening = screened(facts, content)
    result = json.loads(json.dumps(as_json(screening, facts, problems, content)))
    kept = answers if under else response.answers
    return Record(
        number,
        f"{number:032x}",
        f"REF{number:05}",
        f"{authored}T10:00:00+00:00",
        authored.isoformat(),
        "en",
        "completed",
        {"version": "1"},
        json.loads(json.dumps(kept)),
        under or content.hash,
        screening.tier,
        result,
    )
