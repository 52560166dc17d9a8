"""The list of medicines that a person makes: entries from what they type or paste, and what each entry was read as.

Nothing that is typed gets lost: the words of all entries are the words of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from screening.medicines.formulary import UNRECOGNISED, Amount, Formulary, MedicationStatement
from screening.medicines.phrases import tokenise
from screening.medicines.sign_stream import Use
from screening.medicines.words import NOISE
from screening.model.medicines_item import Medicines
from screening.model.text import with_line_breaks

_BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"(?<!:)\n"))
"""Where a text is cut first: blank lines, then lines, but not after a heading ("Stopped:")."""

_USE_OF: Mapping[str, Use] = {
    "stopped": "stopped",
    "ran-out": "stopped",
    "not-started": "planned",
    "not-mine": "another-person",
}
"""What a person says of a medicine, where it is not taken now; anything else is."""

_DAYS = 14
"""What ended "days ago" did so within these."""

_LONG = timedelta(days=60)
"""A year that ended longer ago than this is no part of any window."""

Entry = str | dict[str, Any]
"""One entry of the medicines item, as it is stored; see questionnaire.Medicines."""


def entry_text(entry: Entry) -> str:
    """The words of an entry as typed."""
    return entry if isinstance(entry, str) else str(entry.get("text", ""))


def read_entry(entry: Entry, formulary: Formulary, item: Medicines, day: date) -> tuple[MedicationStatement, ...]:
    """Every medicine in an accepted entry of that day, with what the person said about it. A confirmation counts where
    there is just one."""
    said: dict[str, Any] = {"text": entry} if isinstance(entry, str) else entry
    readings = formulary.read(said["text"])
    if len(readings) == 1 and "confirmed" in said:
        readings = (formulary.confirmed_as(readings[0], said["confirmed"]),)
    how, dose = said.get("how"), said.get("dose")
    amount = Amount(**dose) if dose else None
    use: Use | None = _USE_OF.get(how, "current") if how else None
    return tuple(
        replace(
            one,
            use=use or one.use,
            how=how,
            recent=_recent(one, said, item, day),
            days=_days(one, said, item, day),
            amount=amount,
        )
        for one in readings
    )


def _days(
    reading: MedicationStatement, said: Mapping[str, Any], item: Medicines, day: date
) -> tuple[int, int | None] | None:
    """At least and at most how many days ago it was last taken: as the person chose, else as the text says."""
    if "last_taken" in said:
        return item.last_taken_days.get(said["last_taken"])
    if reading.until is not None:
        return max(0, (day - date(reading.until, 12, 31)).days), None
    return None if reading.recent is None else (0, _DAYS) if reading.recent else (_DAYS + 1, None)


def _recent(reading: MedicationStatement, said: dict[str, Any], item: Medicines, day: date) -> bool | None:
    """Whether it was taken within the window: as the person chose, else as the text says."""
    if "last_taken" in said or reading.use != "stopped":
        return item.is_recent(said.get("last_taken"))
    if reading.until is not None and date(reading.until, 12, 31) < day - _LONG:
        return False
    return reading.recent


def entries(typed: str, formulary: Formulary) -> list[Entry]:
    """One entry for each medicine in `typed`, in order, where each means by itself what it means in the whole; else
    less is cut."""
    typed = with_line_breaks(typed)
    if not typed.strip():
        return []
    whole = formulary.read(typed)
    for border in _BORDERS:
        blocks = _with_their_doses(block for block in border.split(typed) if block.strip())
        if len(blocks) > 1 and _named(one for block in blocks for one in formulary.read(block)) == _named(whole):
            return [entry for block in blocks for entry in entries(block, formulary)]
    pieces = [_piece(one, formulary) for one in whole]
    if any(piece is None for piece in pieces):
        return [typed.strip()]
    return [piece for piece in pieces if piece]


def _with_their_doses(blocks: Iterable[str]) -> list[str]:
    """The blocks, where one that holds but a dose or how often ("5 mg", "twice a day") belongs to the one before."""
    whole: list[str] = []
    for block in blocks:
        words = [token.word for token in tokenise(block)]
        if whole and words and all(word.isdigit() or word in NOISE for word in words):
            whole[-1] += f"\n{block}"
        else:
            whole.append(block)
    return whole


def _named(readings: Iterable[MedicationStatement]) -> list[tuple[object, ...]]:
    """What the medicines mean that could be read. A line that could not stands by itself."""
    return [_meaning(one) for one in readings if one.status != UNRECOGNISED]


def _piece(reading: MedicationStatement, formulary: Formulary) -> Entry | None:
    """The entry of one medicine of a longer text; None where it cannot stand alone ("no aspirin or ibuprofen")."""
    text = "\n".join(" ".join(line.split()) for line in reading.text.split("\n") if line.strip())
    alone = formulary.read(text)
    if len(alone) != 1 or _meaning(alone[0])[3:] != _meaning(reading)[3:]:
        return None
    if _meaning(alone[0]) == _meaning(reading):
        return text
    timeless = reading.recent is None and reading.until is None
    return {"text": text, "how": "stopped"} if reading.use == "stopped" and timeless else None


def _meaning(reading: MedicationStatement) -> tuple[object, ...]:
    return (
        reading.use,
        reading.recent,
        reading.until,
        reading.status,
        reading.ingredients,
        reading.classes,
        reading.suggestions,
    )
