"""An entry as a row of letters: its medicines, the signs about use, and the breaks between them (see frames.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from screening.medicines.phrases import CLAUSE, LINE, LOOSE, NONE, SENTENCE, Token
from screening.medicines.signs import Sign
from screening.medicines.words import FORMS, FREQUENCY, UNITS, wordset

Use = Literal["current", "unknown", "stopped", "allergic", "never", "planned", "another-person"]

LETTERS = {
    "past": "H", "took": "J", "perfect": "2", "stop": "S", "stopit": "Q", "off": "ø", "getoff": "å", "nomore": "0",
    "until": "3", "gone": "X", "fading": "f", "sickens": "æ", "goneall": "Z", "swapped": "8", "from": "F",
    "wantfrom": "6", "allergy": "A", "reaction": "a", "reacted": "d", "tolerated": "7", "no": "N", "without": "u",
    "never": "V", "neverit": "v", "cant": "n", "plan": "P", "planit": "p", "begin": "1", "advised": "E", "soon": "h",
    "person": "K", "persons": "q", "personit": "k", "now": "C", "take": "t", "nowit": "c", "takeit": "Y", "still": "4",
    "keepon": "5", "often": "e", "also": "l", "doubt": "D", "question": "ð", "mayi": "þ", "carried": "B",
    "season": "O", "onoff": "o", "with": "W", "to": "T", "for": "9", "reason": "r", "I": "I", "it": "i", "my": "g",
    "the": "G", "number": "#", "other": "w", "long": "L", "weeks": "U", "days": "R", "years": "s", "short": "z",
    "due": "ñ", "away": "â", "procedure": "ü",
    "year": "y", "but": "b", ".": r"\.", "|": r"\|",
}  # fmt: skip
"""Sign -> the letter that stands for it in a stream."""

_SIGNS = {
    **LETTERS, "keep": "w", "taker": "w", "i": "I", "ago-long": "L", "ago-weeks": "U", "ago-days": "R",
    "span-long": "s", "span-short": "z",
}  # fmt: skip


_ARTICLES = wordset(
    "the a an of some any all el la los las lo un una de del su al my mi mis our his her me just really"
)
_MY = wordset("my mi mis our")
_MINE = _MY | wordset("the me el la los")
_DROPPED = (
    FORMS | FREQUENCY | UNITS | wordset("pm x per been very also too even usually id was were be is are")
) - wordset("over under")
_COUNTS = wordset("one two three four five six half a couple few un una uno dos tres cuatro media unas unos")
_CROSS = frozenset("❌✖✗✘🚫⛔❎")
_JOINS = {
    "and": "&",
    "y": "&",
    "e": "&",
    "plus": "&",
    "also": "&",
    "then": "&",
    "or": "|",
    "nor": "|",
    "o": "|",
    "u": "|",
    "ni": "|",
}
_JOINS |= {"but": "b", "pero": "b", "aunque": "b", "though": "b", "although": "b"}


@dataclass(slots=True)
class Mention:
    """A medicine at tokens `at` to `end`, and what the text says of its use."""

    at: int
    end: int
    use: Use = "current"
    recent: bool | None = None
    """Whether it ended within days, where the text says when."""
    until: int | None = None
    """The year in which it ended, where the text says so."""


def stream_of(
    tokens: Sequence[Token], spots: Sequence[Mention], signs: Sequence[Sign], typed: str
) -> tuple[str, list[Mention | Sign | None]]:
    """The signs of an entry as letters, and what each stands for."""
    starting: dict[int, Mention | Sign] = {**{sign.at: sign for sign in signs}, **{spot.at: spot for spot in spots}}
    letters: list[str] = []
    owners: list[Mention | Sign | None] = []

    def put(letter: str, owner: Mention | Sign | None = None) -> None:
        letters.append(letter)
        owners.append(owner)

    n = 0
    while n < len(tokens):
        token = tokens[n]
        if n:
            for mark in _breaks(typed[tokens[n - 1].end : token.start], token.gap):
                put(mark)
        one = starting.get(n)
        before = letters[-1] if letters else " "
        if isinstance(one, Mention):
            put("M" if _dosed(tokens, one, starting) else "m", one)
            n = max(one.end, n + 1)
            continue
        if isinstance(one, Sign) and not (one.sign == "it" and _leads(tokens, n, starting)):
            letter = _SIGNS[one.sign]
            if (
                letter == "D"
                and one.end < len(tokens)
                and (tokens[one.end].word.isdigit() or tokens[one.end].word in FREQUENCY | _COUNTS)
            ):
                letter = "w"  # "maybe twice a week"
            put(letter, one)
            n = one.end
            continue
        word = token.word
        if word in _JOINS:
            put(_JOINS[word])
        elif word == "me" and "K" in letters:
            put("I")
        elif word in _MY and _leads(tokens, n, starting):
            put("g")
        elif word in _MINE and before == "S" and not _leads(tokens, n, starting):
            put("G")
        elif len(word) == 4 and word.isdigit() and word[:2] in ("19", "20"):
            put("j" if before in "mM" else "y", Sign(n, n + 1, "year"))
        elif word.isdigit():
            if before not in ("m", "M", "#"):
                put("#")
        elif not (word in _ARTICLES or word in _DROPPED):
            put("w")
        n += 1
    if tokens:
        for mark in _breaks(typed[tokens[-1].end :], NONE):
            put(mark)
    return "".join(letters), owners


def _leads(tokens: Sequence[Token], n: int, starting: dict[int, Mention | Sign]) -> bool:
    """Whether an article leads to a medicine or its dose."""
    for following in range(n + 1, min(n + 4, len(tokens))):
        if isinstance(starting.get(following), Mention):
            return True
        word = tokens[following].word
        if not (word.isdigit() or word in _DROPPED or word in _ARTICLES):
            return False
    return False


def _dosed(tokens: Sequence[Token], spot: Mention, starting: dict[int, Mention | Sign]) -> bool:
    """Whether the words after a medicine say how much or how often: it is more than a member of a list."""
    n = spot.end
    while n < len(tokens) and tokens[n].gap < CLAUSE:
        one = starting.get(n)
        if isinstance(one, Mention):
            return False
        if isinstance(one, Sign):
            n = one.end
            continue
        word = tokens[n].word
        if word in UNITS or word in FREQUENCY or (word.isdigit() and len(word) < 4):
            return True
        n += 1
    return False


def _breaks(between: str, gap: int) -> str:
    """The breaks in what stands between two words."""
    if "\n" in between:
        return (
            "=" if between.count("\n") > 1 and not between.strip("\n\r \t") else (":" if ":" in between else "") + "/"
        )
    if _CROSS.intersection(between):
        return ":N,"
    if gap == LINE:
        return "/"
    if "?" in between or "¿" in between:
        return "?"
    if gap == SENTENCE:
        return (":" if ":" in between else "") + (";" if ";" in between else ".")
    if ":" in between or "=" in between or (between.strip() in ("-", "--", "–", "—") and len(between) > 1):
        return ":"
    return "," if gap >= LOOSE else ""
