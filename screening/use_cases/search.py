"""Finding a person by what is said on the telephone: parts of a name in any order, a date in any order, any digits of a
telephone, a reference as it is said. What could be read in several ways is looked for in each of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Protocol

MONTHS = (
    ("january", "enero"),
    ("february", "febrero"),
    ("march", "marzo"),
    ("april", "abril"),
    ("may", "mayo"),
    ("june", "junio"),
    ("july", "julio"),
    ("august", "agosto"),
    ("september", "septiembre", "setiembre"),
    ("october", "octubre"),
    ("november", "noviembre"),
    ("december", "diciembre"),
)
SHORTEST = 3
"""Fewer digits than these are part of no telephone, fewer letters of no reference."""
MOST_GROUPS = 8
"""A date and a telephone are not more; more are only looked at as one."""
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NUMBERS = re.compile(r"[+(]*\d[\d\s().+/\-–,]*")
_GROUP = re.compile(r"\d+")


class Day(NamedTuple):
    """A date, or as much of one as was said."""

    year: int = 0
    month: int = 0
    day: int = 0

    def fits(self, iso: str) -> bool:
        """Whether an ISO date is this one, as far as it was said."""
        there = [int(part) for part in iso.split("-")] if re.fullmatch(r"\d{4}-\d\d-\d\d", iso) else [0, 0, 0]
        return all(said in (0, part) for said, part in zip(self, there, strict=True)) and there[0] > 0


@dataclass(frozen=True)
class SoughtPerson:
    """What a person is found by. birth: ISO date; all empty where not given."""

    name: str
    birth: str
    phone: str
    reference: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """From each part of the name to its end, written as one word: parts of a name that are joined or parted
        otherwise are found all the same."""
        spellings = dict.fromkeys((plain(self.name), plain(self.name.casefold().translate(_UMLAUTS))))
        return tuple(start for parts in map(str.split, spellings) for start in _ends(parts))

    @cached_property
    def digits(self) -> str:
        """The telephone's digits."""
        return _digits(self.phone)

    @cached_property
    def code(self) -> str:
        """The reference without its hyphen, in small letters."""
        return _squeezed(self.reference)

    @cached_property
    def same_name(self) -> str:
        """The same for every way to order, part or accent the same names: their letters, sorted. Two people whose
        letters are the same and who were born on the same day are not to be expected."""
        return "".join(sorted(_squeezed(self.name)))


class Query:
    """What is looked for."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFKC", text).strip()
        self._code = _squeezed(self.text)
        self._readings = [list(_terms(self.text, months)) for months in (True, False)]

    def __bool__(self) -> bool:
        return bool(self.text)

    def finds(self, person: SoughtPerson) -> bool:
        """Whether it may be this person."""
        if not self.text:
            return True
        if len(self._code) > SHORTEST and person.code.startswith(self._code):
            return True
        return any(reading and all(term.fits(person) for term in reading) for reading in self._readings)


class _Term(Protocol):
    """One thing that was said: some words or some digits."""

    def fits(self, person: SoughtPerson) -> bool:
        """Whether it may be said of this person."""


@dataclass(frozen=True)
class _Word:
    word: str

    def fits(self, person: SoughtPerson) -> bool:
        begins = any(name.startswith(self.word) for name in person.names)
        inside = not self.word.isascii() and any(self.word in name for name in person.names)
        coded = len(self.word) > SHORTEST and self.word in (person.code, person.code[:4], person.code[4:])
        return begins or inside or coded


@dataclass(frozen=True)
class _Words:
    """Parts of names in any order; two that stand together may be one: "mc donald" is McDonald too."""

    words: tuple[str, ...]

    def fits(self, person: SoughtPerson) -> bool:
        pairs = [first + second for first, second in pairwise(self.words)]
        joined = ["", *[pair if _Word(pair).fits(person) else "" for pair in pairs], ""]
        return all(_Word(word).fits(person) or joined[n] or joined[n + 1] for n, word in enumerate(self.words))


@dataclass(frozen=True)
class _Digits:
    """Groups of digits: a date, a telephone or a reference, or one of these after the other."""

    groups: tuple[str, ...]

    def fits(self, person: SoughtPerson) -> bool:
        splits = range(1, len(self.groups)) if len(self.groups) <= MOST_GROUPS else ()
        return self._one(person) or any(
            _Digits(self.groups[:n])._one(person) and _Digits(self.groups[n:]).fits(person) for n in splits
        )

    def _one(self, person: SoughtPerson) -> bool:
        digits = "".join(self.groups)
        coded = len(digits) > SHORTEST and digits in (person.code, person.code[:4], person.code[4:])
        return coded or any(day.fits(person.birth) for day in self.days) or _calls(digits, person.digits)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return tuple(_days(self.groups))


def _calls(said: str, phone: str) -> bool:
    """Whether these digits are some of a telephone's, with or without what stands before it abroad."""
    core = said.lstrip("0")
    return len(core) >= SHORTEST and (said in phone or core in phone or (len(phone) >= 7 and core.endswith(phone)))


def plain(text: str) -> str:
    """Text as it is compared: without accents, case and punctuation, words apart by one space. An apostrophe parts no
    word."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    kept = "".join(
        char if char.isalnum() else "" if char in "'’‘`´ʼ" else " "
        for char in letters
        if not unicodedata.combining(char)
    )
    return " ".join(kept.split())


def _terms(text: str, months: bool) -> Iterator[_Term]:
    """What is said, one thing after the other. months: whether a month's name beside a number is one."""
    if months:
        text = _with_month_numbers(text)
    at = 0
    for run in _NUMBERS.finditer(text):
        if (run.start() and text[run.start() - 1].isalpha()) or text[run.end() : run.end() + 1].isalpha():
            continue  # digits within a word: a reference
        yield from _words(text[at : run.start()])
        yield _Digits(tuple(_GROUP.findall(run.group())))
        at = run.end()
    yield from _words(text[at:])


def _words(text: str) -> Iterator[_Term]:
    words = tuple(plain(text).split())
    if words:
        yield _Words(words)


def _days(groups: Sequence[str]) -> Iterator[Day]:
    """Every date that these numbers may be, in any order that people write."""
    if len(groups) == 1:
        said = groups[0]
        if len(said) == 8:
            yield from _days([said[:4], said[4:6], said[6:]])
            yield from _days([said[:2], said[2:4], said[4:]])
        elif len(said) == 6:
            yield from _days([said[:2], said[2:4], said[4:]])
        elif len(said) == 4 and said[:2] in ("19", "20"):
            yield Day(int(said))
        return
    numbers = [int(group) for group in groups]
    if len(groups) == 2:
        for year, month in ((0, 1), (1, 0)):
            if len(groups[year]) == 4 and _is_day(numbers[month], 1):
                yield Day(numbers[year], numbers[month])
        if max(map(len, groups)) < 3:
            for month, day in ((0, 1), (1, 0)):
                if _is_day(numbers[day], numbers[month]):
                    yield Day(0, numbers[month], numbers[day])
    elif len(groups) == 3:
        for year, month, day in ((0, 1, 2), (2, 0, 1), (2, 1, 0)):
            if _is_day(numbers[day], numbers[month]) and len(groups[month]) < 3 and len(groups[day]) < 3:
                for full in _years(groups[year]):
                    yield Day(full, numbers[month], numbers[day])


def _is_day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _years(said: str) -> tuple[int, ...]:
    return (int(said),) if len(said) == 4 else (1900 + int(said), 2000 + int(said)) if len(said) == 2 else ()


def _with_month_numbers(text: str) -> str:
    """`8 April 1972` and `Apr 8th, 1972` as numbers; a month that stands by itself stays a word, for it may be a
    name."""
    numbered = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text, flags=re.IGNORECASE)
    numbered = re.sub(r"(?<=\d)\s+(?:de|del|of)\s+|\b(?:de|del|of)\s+(?=\d)", " ", numbered, flags=re.IGNORECASE)
    return re.sub(r"[^\W\d_]{3,}\.?(?=[\s\-/,]*\d)|(?<=\d)[\s\-/]+[^\W\d_]{3,}\.?", _month, numbered)


def _month(found: re.Match[str]) -> str:
    said = plain(found.group())
    number = next((n for n, names in enumerate(MONTHS, 1) if any(name.startswith(said) for name in names)), 0)
    return f" {number} " if number else found.group()


def _ends(parts: list[str]) -> Iterator[str]:
    return ("".join(parts[n:]) for n in range(len(parts)))


def _squeezed(text: str) -> str:
    return plain(text).replace(" ", "")


def _digits(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdecimal())
