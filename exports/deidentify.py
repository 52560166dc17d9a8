"""The de-identified form: nothing of the 18 classes of 45 CFR 164.514(b)(2) by which a person could be known.

What a person typed never leaves, nor does any item whose `identifier` in content is not `none`, save for ages. Ages
over 89 become one group, 90. A reference becomes a code and dates move, both by a secret key: the same key gives the
same file again, so that two exports can be joined, and without it nobody can go back.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime, timedelta
from typing import Literal

from exports.cell import Cell
from screening.engine.content import Content
from screening.model.item_types import Item

SHORTEST_KEY = 16
OLDEST = 89
MOST_DAYS = 364


class Pseudonyms:
    """What stands for a record in place of its reference and its dates. `key` is at least 16 secret bytes. Raises
    ValueError."""

    def __init__(self, key: bytes, dates: Literal["shifted", "year"]) -> None:
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"the key of a de-identified export has at least {SHORTEST_KEY} bytes")
        self._key, self._dates = key, dates

    def _digest(self, purpose: str, record: int) -> bytes:
        return hmac.digest(self._key, f"{purpose} {record}".encode(), hashlib.sha256)

    def reference(self, record: int) -> str:
        """The code of a record: 80 bits, so that no two meet."""
        return self._digest("reference", record)[:10].hex()

    def days(self, record: int) -> int:
        """How many days every date of the record moves back: 1 to 364."""
        return int.from_bytes(self._digest("days", record)[:8], "big") % MOST_DAYS + 1

    def day(self, record: int, day: date) -> Cell:
        """A date of the record as it may leave; of a time, only its day does."""
        if isinstance(day, datetime):
            day = day.date()
        return day.year if self._dates == "year" else day - timedelta(days=min(self.days(record), day.toordinal() - 1))


def may_leave(item: Item, content: Content) -> bool:
    """Whether the answers to an item can stand in a de-identified file: only what was chosen or counted, never what was
    typed."""
    if item.type == "date":
        # A birth date is known by the age at which it would be over 89: only the age leaves.
        return item.link_id not in {
            link_id for plan in content.program.scores if plan.definition.age for link_id in plan.definition.items
        }
    return not item.typed and item is not content.medicines and item.identifier in ("none", "age")


def age(years: float | None) -> Cell:
    """An age that may leave: 90 stands for everybody of 90 or more."""
    return OLDEST + 1 if years is not None and years > OLDEST else years
