"""The list of medicines that a person makes: entries from what they type or paste, and what each entry was read as.

Nothing that is typed gets lost: the words of all entries are the words of the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from screening.medication import Amount, Formulary, Reading
from screening.questionnaire import Medicines

Entry = str | dict[str, Any]
"""One entry of the medicines item, as it is stored; see questionnaire.Medicines."""


def entry_text(entry: Entry) -> str:
    """The words of an entry as typed."""
    return entry if isinstance(entry, str) else str(entry.get("text", ""))


def read_entry(entry: Entry, formulary: Formulary, item: Medicines) -> tuple[Reading, ...]:
    """Every medicine in an accepted entry, with what the person said about it. A confirmation counts where there is just one."""
    if isinstance(entry, str):
        return formulary.read(entry)
    readings = formulary.read(entry["text"])
    if len(readings) == 1 and "confirmed" in entry:
        readings = (formulary.settled(readings[0], entry["confirmed"]),)
    how, recent, dose = entry.get("how"), item.is_recent(entry.get("last_taken")), entry.get("dose")
    amount = Amount(dose["value"], dose["unit"], dose.get("per_day")) if dose else None
    use = {"stopped": "stopped", "regular": "current", "as-needed": "current"}.get(how or "")
    return tuple(replace(one, use=use or one.use, how=how, recent=recent, amount=amount) for one in readings)


def entries(typed: str, formulary: Formulary) -> list[Entry]:
    """One entry for each medicine in `typed`, in order, where each means by itself what it means in the whole; else less is cut."""
    if not typed.strip():
        return []
    whole = formulary.read(typed)
    lines = [line for line in typed.splitlines() if line.strip()]
    if len(lines) > 1:
        apart = [one for line in lines for one in formulary.read(line)]
        if list(map(_meaning, apart)) == list(map(_meaning, whole)):
            return [entry for line in lines for entry in entries(line, formulary)]
    pieces = [_piece(one, formulary) for one in whole]
    if any(piece is None for piece in pieces):
        return [typed.strip()]
    return [piece for piece in pieces if piece]


def _piece(reading: Reading, formulary: Formulary) -> Entry | None:
    """The entry of one medicine of a longer text; None where it cannot stand alone ("no aspirin or ibuprofen")."""
    alone = formulary.read(reading.text)
    if len(alone) != 1 or _meaning(alone[0])[1:] != _meaning(reading)[1:]:
        return None
    if alone[0].use == reading.use:
        return reading.text
    return {"text": reading.text, "how": "stopped"} if reading.use == "stopped" else None


def _meaning(reading: Reading) -> tuple[object, ...]:
    return reading.use, reading.status, reading.ingredients, reading.classes, reading.suggestions
