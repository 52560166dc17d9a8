"""The words that say something about use, each with its sign: "used to take" -> past, "my wife" -> person.

The phrases are in use_signs.txt. A sign means nothing by itself: what it says of which medicine is in the rows of
use_frames.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from screening.medicines.words import KIN, wordset

_MONTHS = wordset(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sept sep oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre"
)
_WEEKDAYS = wordset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun lunes "
    "martes miercoles jueves viernes sabado domingo"
)
_NUMBERS = wordset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty couple few several many "
    "un una dos tres cuatro cinco seis siete ocho nueve diez quince veinte"
)


class Sign(NamedTuple):
    """Tokens `at` to `end` are one sign."""

    at: int
    end: int
    sign: str


Step = frozenset[str]


def _kind(word: str, kind: str) -> bool:
    if kind == "<n>":
        return word in _NUMBERS or (word.isdigit() and len(word) < 4)
    if kind == "<year>":
        return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")
    if kind == "<kin>":
        return word in KIN and word != "baby"
    if kind == "<kins>":
        return word[-1:] == "s" and word[:-1] in KIN
    return word in (_MONTHS if kind == "<month>" else _WEEKDAYS)


_KINDS: dict[str, tuple[str, ...]] = {
    word: tuple(kind for kind in ("<n>", "<kin>", "<month>", "<weekday>") if _kind(word, kind))
    for word in _NUMBERS | KIN | _MONTHS | _WEEKDAYS
}


def _kinds(word: str) -> tuple[str, ...]:
    """The kinds of words that a word belongs to, of those that begin a phrase."""
    if word.isdigit():
        return ("<n>",) if len(word) < 4 else ()
    found = _KINDS.get(word, ())
    return (*found, "<kins>") if word[-1:] == "s" and _kind(word, "<kins>") else found


def _phrases() -> dict[str, list[tuple[tuple[Step, ...], str]]]:
    """First word -> (the words that each place may hold, sign)."""
    table: dict[str, list[tuple[tuple[Step, ...], str]]] = {}
    sign = ""
    for line in Path(__file__).with_name("use_signs.txt").read_text("utf-8").splitlines():
        if line[0] not in "# ":
            sign = line
        elif line[0] == " ":
            steps = tuple(frozenset(word.split("/")) for word in line.split())
            while steps:
                for first in steps[0]:
                    table.setdefault(first, []).append((steps, sign))
                steps = steps[1:] if "-" in steps[0] else ()
    return table


_TABLE = _phrases()


def _length(words: Sequence[str], at: int, steps: tuple[Step, ...]) -> int:
    """How many words from `at` on fit the steps; 0 for none."""
    if not steps:
        return 0
    step, rest = steps[0], steps[1:]
    best = -1
    if at < len(words) and (words[at] in step or any(one[0] == "<" and _kind(words[at], one) for one in step)):
        best = 1 + _fit(words, at + 1, rest)
    if best < 1 and "-" in step:
        best = _fit(words, at, rest)
    return best


def _fit(words: Sequence[str], at: int, steps: tuple[Step, ...]) -> int:
    if not steps:
        return 0
    found = _length(words, at, steps)
    return found if found >= 0 else -1000


def sign_at(words: Sequence[str], at: int) -> Sign | None:
    """The longest phrase about use that starts at token `at`."""
    best: Sign | None = None
    for first in (words[at], *_kinds(words[at])):
        for steps, sign in _TABLE.get(first, ()):
            rest = _fit(words, at + 1, steps[1:])
            if rest >= 0 and (best is None or rest + 1 > best.end - best.at):
                best = Sign(at, at + 1 + rest, sign)
    return best


QUIET = wordset(
    "keep often also now take nowit it i to reason span-long span-short ago-days ago-weeks ago-long taker for "
    "getoff until begin took perfect still keepon tolerated"
)
"""Signs that by themselves say nothing against a medicine being taken now."""

VOCABULARY = frozenset(word for rows in _TABLE.values() for steps, _ in rows for step in steps for word in step)
"""Every word of a sign: none of them is a name that was not spelt right."""
