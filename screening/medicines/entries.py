"""The list of medicines that a person makes: entries from what they type or paste, and what each entry was read as.

Nothing that is typed gets lost: the words of all entries are the words of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from screening.medicines.formulary import UNRECOGNISED, Amount, Formulary, Reading
from screening.medicines.phrases import Use
from screening.model.questionnaire import Medicines

_BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"(?<!:)\n"))
"""Where a text is cut first: blank lines, then lines, but not after a heading ("Stopped:")."""

Entry = str | dict[str, Any]
"""One entry of the medicines item, as it is stored; see questionnaire.Medicines."""


def entry_text(entry: Entry) -> str:
    """The words of an entry as typed."""
    return entry if isinstance(entry, str) else str(entry.get("text", ""))


def read_entry(entry: Entry, formulary: Formulary, item: Medicines) -> tuple[Reading, ...]:
    """Every medicine in an accepted entry, with what the person said about it. A confirmation counts where there is
    just one."""
    if isinstance(entry, str):
        return formulary.read(entry)
    readings = formulary.read(entry["text"])
    if len(readings) == 1 and "confirmed" in entry:
        readings = (formulary.settled(readings[0], entry["confirmed"]),)
    how, recent, dose = entry.get("how"), item.is_recent(entry.get("last_taken")), entry.get("dose")
    amount = Amount(**dose) if dose else None
    said: Use | None = "stopped" if how == "stopped" else "current" if how else None
    return tuple(replace(one, use=said or one.use, how=how, recent=recent, amount=amount) for one in readings)


def entries(typed: str, formulary: Formulary) -> list[Entry]:
    """One entry for each medicine in `typed`, in order, where each means by itself what it means in the whole; else
    less is cut."""
    if not typed.strip():
        return []
    whole = formulary.read(typed)
    for border in _BORDERS:
        blocks = [block for block in border.split(typed) if block.strip()]
        if len(blocks) > 1 and _named(one for block in blocks for one in formulary.read(block)) == _named(whole):
            return [entry for block in blocks for entry in entries(block, formulary)]
    pieces = [_piece(one, formulary) for one in whole]
    if any(piece is None for piece in pieces):
        return [typed.strip()]
    return [piece for piece in pieces if piece]


def _named(readings: Iterable[Reading]) -> list[tuple[object, ...]]:
    """What the medicines mean that could be read. A line that could not stands by itself."""
    return [_meaning(one) for one in readings if one.status != UNRECOGNISED]


def _piece(reading: Reading, formulary: Formulary) -> Entry | None:
    """The entry of one medicine of a longer text; None where it cannot stand alone ("no aspirin or ibuprofen")."""
    text = " ".join(reading.text.split())
    alone = formulary.read(text)
    if len(alone) != 1 or _meaning(alone[0])[1:] != _meaning(reading)[1:]:
        return None
    if alone[0].use == reading.use:
        return text
    return {"text": text, "how": "stopped"} if reading.use == "stopped" else None


def _meaning(reading: Reading) -> tuple[object, ...]:
    return reading.use, reading.status, reading.ingredients, reading.classes, reading.suggestions
