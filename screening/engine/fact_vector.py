"""Where the facts of a response stand: three for each item, two for each score, in one flat list.

An item's facts are a bit mask (which options were chosen, or why there is no answer) and the lower and upper bound of
its number; a score's are its two bounds.
"""

from __future__ import annotations

from typing import Any

# The low bits of an item's mask. All zero means "not asked", which makes every comparison false.
BLANK = 1  # asked and left empty
UNSETTLED = 2  # whether it is asked is itself unknown
NOT_SURE = 4
DECLINED = 8
ANSWERED = 16
OPEN = BLANK | UNSETTLED | NOT_SURE | DECLINED
FIRST_OPTION = 5  # option n has bit 1 << (FIRST_OPTION + n)

FactVector = list[Any]


def mask(vector: FactVector, item: int) -> int:
    """Which options of an item are chosen, or why it has no answer; 0 where it is not asked."""
    return vector[3 * item]  # type: ignore[no-any-return]


def bounds(vector: FactVector, item: int) -> tuple[float, float]:
    """Between which numbers the answer to an item lies; NaN where it is not asked."""
    return vector[3 * item + 1], vector[3 * item + 2]


def set_facts(vector: FactVector, item: int, facts: tuple[int, float, float]) -> None:
    """Put the three facts of an item in their place."""
    vector[3 * item : 3 * item + 3] = facts
