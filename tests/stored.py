"""Stored records without a store: what exports read, from answers that a person could have given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from exports import staff_xlsx
from exports.choices import Choices
from screening.engine.content import Content
from screening.engine.screen import screen_answers
from screening.model.item import as_accepted
from screening.records.record import Record

DAY = date(2026, 11, 23)


def stored(
    content: Content, answers: Mapping[str, Any], number: int = 1, authored: date = DAY, under: str = ""
) -> Record:
    """The record that submitting these answers would keep. `under`: the hash of another content."""
    outcome = screen_answers(answers, authored, content)
    result = json.loads(json.dumps(outcome.result.stored()))
    kept = dict(answers) if under else dict(outcome.response.answers)
    return Record(
        number,
        f"{number:032x}",
        f"REF{number:05}",
        f"{authored}T10:00:00+00:00",
        authored.isoformat(),
        "en",
        "completed",
        {"version": "1"},
        {link_id: as_accepted(given) for link_id, given in json.loads(json.dumps(kept)).items()},
        under or content.hash,
        outcome.result.tier,
        result,
    )


def workbook(records: Iterable[Record], content: Content, path: Path, choices: Choices = Choices()) -> int:  # noqa: B008
    """Writes a workbook as staff take it; how many responses are in it."""
    with path.open("wb") as file:
        return staff_xlsx.write(records, content, file, choices)
