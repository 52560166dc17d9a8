"""The names of medicines: exact and fuzzy search, and type-ahead.

Names are compared as keys: lower case, no accents or apostrophes, words and numbers apart ("Co-Q10" -> "co q 10").
Typed text is cut in the same way, so hyphens, spacing and "10mg" make no difference.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log10
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from screening.medicines.phrases import fold
from screening.medicines.words import LABEL

CLEAR_SHARE = 0.6
"""A name is taken to mean its most frequent ingredients only when this share of products agrees."""

FLOOR = 0.725
"""A guess below this is no guess."""
LONG_WORD = 8
KNOWN_PRODUCTS = 3
CERTAIN = 0.85
"""A guess below this is asked back."""
MARGIN, LOOKALIKE_MARGIN = 0.025, 0.10
"""How far the best guess must be ahead of one with other ingredients; and of a look-alike."""

LONGEST_NAME = 16
SHORTEST_FUZZY = 5
SHORTEST_RIVAL = 4
LONGEST_FUZZY = 32
LOCAL_PRODUCTS = 20
"""What a hand-written name counts for where popularity decides."""

JOINERS = frozenset({"and", "with", "w", "y", "con", "of", "de"})
"""Words inside a name that people leave out or change: "tylenol w/ codeine"."""

_TYPED_AHEAD = frozenset({"brand", "generic", "otc", "foreign", "herbal", "family"})
LOCAL_KINDS = frozenset({"otc", "foreign", "abbreviation", "slang", "class", "ask"})


class NameRow(NamedTuple):
    """One row of names.csv.gz or names_local.csv."""

    name: str
    ingredients: tuple[str, ...]
    kind: str
    share: float = 1.0
    products: int = 0
    routes: tuple[str, ...] = ()
    word: bool = False
    local: bool = False
    classes: tuple[str, ...] = ()


def name_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[NameRow]:
    """Rows of the bulk table, or of a table with some of its columns. Raises ValueError or IndexError where a cell is
    wrong."""
    place = {column: n for n, column in enumerate(header)}
    share, products, routes, word = (place.get(one) for one in ("share", "n_products", "routes", "word"))
    kind = place.get("kind")
    for row in rows:
        yield NameRow(
            row[0],
            tuple(row[1].split(";")) if row[1] else (),
            row[kind] if kind is not None else "brand",
            float(row[share] or 1) if share is not None else 1.0,
            int(row[products] or 0) if products is not None else 0,
            tuple(row[routes].split(";")) if routes is not None and row[routes] else (),
            word is not None and row[word] == "1",
        )


def local_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[NameRow]:
    """Rows of the hand-written table: name, ingredients, and where there are such columns kind and classes."""
    classes = header.index("classes") if "classes" in header else None
    kept = list(rows)
    for row, cells in zip(name_rows(header, kept), kept, strict=True):
        found = cells[classes] if classes is not None else ""
        yield row._replace(local=True, classes=tuple(found.split(";")) if found else ())


def translated_rows(names: Mapping[str, str]) -> Iterator[NameRow]:
    """What people of another language call ingredients, as names that can be typed: "metimazol (tiamazol)" is two."""
    for ingredient, name in names.items():
        for one in re.findall(r"[^()]+", name):
            yield NameRow(fold(one.strip()), (ingredient,), "foreign")


@dataclass(frozen=True)
class NameTables:
    """Everything that is read from content/medicines except the classes."""

    rows: tuple[NameRow, ...]
    lookalikes: tuple[tuple[str, str], ...] = ()
    ordinary: frozenset[str] = frozenset()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language -> ingredient -> what people of that language call it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one name stands for. Without ingredients it is a class word, or has to be asked back among `choices`."""

    name: str
    ingredients: tuple[str, ...]
    kind: str
    products: int = 0
    routes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    weak: bool = False
    """Also an ordinary word: counts only alone in its clause, or beside a dose."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a misspelt word was probably meant to be.

    `rivals` are names so like it that nothing decides between them; `near` are those that are as few slips away, so
    that it is not certain.
    """

    key: str
    score: float
    rivals: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    certain: bool = False


_WORD = re.compile(r"[^\W\d_]+|\d+")


def key_of(name: str) -> str:
    """The key of a name: its words and numbers without joiners."""
    words = _WORD.findall(fold(name))
    return " ".join([one for one in words if one not in JOINERS]) or " ".join(words)


_SOUNDS = (
    ("ph", "f"),
    ("gh", "g"),
    ("sch", "sk"),
    ("ck", "k"),
    ("qu", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("c", "k"),
    ("z", "s"),
    ("th", "t"),
    ("dg", "j"),
    ("ge", "je"),
    ("gi", "ji"),
    ("ts", "s"),
    ("w", ""),
    ("h", ""),
    ("v", "f"),
    ("d", "t"),
    ("y", "i"),
)
_VOWELS = str.maketrans("", "", "aeiou")


def sound(word: str) -> str:
    """How the word sounds, roughly: consonants alone, those that sound alike made equal."""
    if word[:1] == "x":
        word = "s" + word[1:]
    elif word[:2] in ("kn", "ps", "wr"):
        word = word[1:]
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    start = "a" if word[:1] in "aeiou" else ""
    bare = word.translate(_VOWELS)
    return start + "".join([one for n, one in enumerate(bare) if one != bare[n - 1 : n]])


@dataclass
class NameIndex:
    """Finds names. Built once from the tables; holds a few megabytes."""

    tables: NameTables
    meanings: dict[str, Meaning] = field(init=False, default_factory=dict)
    joined: dict[str, str] = field(init=False, default_factory=dict)
    """The key without spaces -> key, for names of two or three words."""
    longest: dict[str, int] = field(init=False, default_factory=dict)
    """First word of names -> words in the longest of them."""

    def __post_init__(self) -> None:
        rows: dict[str, list[NameRow]] = {}
        for row in self.tables.rows:
            key = key_of(row.name)
            plain = row.kind != "synonym" or " " not in row.name
            if row.local or (key and plain and not LABEL.issuperset(key.split(" "))):
                rows.setdefault(key, []).append(row)
        for key, found in rows.items():
            first = rows.get(key.split(" ", 1)[0], found)[0]
            if (
                found[0].kind == "label"
                and first.kind == "brand"
                and not first.word
                and first.name not in self.tables.ordinary
            ):
                found = [
                    row._replace(kind="brand") for row in found
                ]  # "benadryl allergy": a maker's name, so it means one thing
            meaning = self._meaning(found)
            if meaning is None:
                continue
            self.meanings[key] = meaning
            words = key.split(" ")
            if len(words) > 1:
                if len(words) <= 3 and len(key) >= SHORTEST_FUZZY + 2 and meaning.kind != "label":
                    self.joined.setdefault(key.replace(" ", ""), key)
                if self.longest.get(words[0], 1) < len(words) <= LONGEST_NAME:
                    self.longest[words[0]] = len(words)
        self._build_pool()
        self._build_lookalikes()

    def _meaning(self, rows: list[NameRow]) -> Meaning | None:
        """One meaning from all rows of one key. Hand-written rows win."""
        if len(rows) > 1:
            rows = [row for row in rows if row.local] or rows
        kinds = {"ask": self._asked, "class": self._class, "label": self._label}
        return kinds.get(rows[0].kind, self._plain)(rows)

    def _weak(self, row: NameRow) -> bool:
        """Whether the name is also an ordinary word. A hand-written one is meant, unless it is a word of the street."""
        own = row.local and row.kind not in ("slang", "ask")
        return row.word or (row.name in self.tables.ordinary and not own)

    def _asked(self, rows: list[NameRow]) -> Meaning:
        """A name that is always asked back."""
        first = rows[0]
        return Meaning(first.name, (), "ask", choices=_choices(rows), weak=self._weak(first))

    def _class(self, rows: list[NameRow]) -> Meaning:
        """A word for a class: "blood thinner"."""
        return Meaning(rows[0].name, (), "class", classes=rows[0].classes)

    def _label(self, rows: list[NameRow]) -> Meaning | None:
        """What stands on many packages ("allergy relief"): asked back."""
        if self._weak(rows[0]):
            return None
        return Meaning(rows[0].name, (), "label", _products(rows), _routes(rows), _choices(rows))

    def _plain(self, rows: list[NameRow]) -> Meaning | None:
        """A name of its own. Without a clear majority of products it means what they share, and is asked back."""
        first, weak = rows[0], self._weak(rows[0])
        if weak and first.kind == "family":
            return None
        if len(rows) == 1 and first.share >= CLEAR_SHARE:
            products, classes = _products(rows), first.classes
            return Meaning(
                first.name, first.ingredients, first.kind, products, first.routes, classes=classes, weak=weak
            )
        weights: dict[tuple[str, ...], float] = {}
        for row in rows:
            weights[row.ingredients] = weights.get(row.ingredients, 0.0) + row.share * max(row.products, 0.5)
        best = max(weights, key=lambda one: weights[one])
        if weights[best] >= CLEAR_SHARE * sum(weights.values()):
            return Meaning(first.name, best, first.kind, _products(rows), _routes(rows), weak=weak)
        common = tuple(one for one in best if all(one in other for other in weights))
        return Meaning(first.name, common, first.kind, _products(rows), _routes(rows), _choices(rows), weak=weak)

    # ------------------------------------------------------------ fuzzy

    def _build_pool(self) -> None:
        """Names that a misspelling may be read as: never labels, registry synonyms, ordinary words or short names.
        Those only keep another from being certain."""
        pool: dict[str, str] = {}
        others: dict[str, str] = {}
        for key, meaning in self.meanings.items():
            local = meaning.products >= LOCAL_PRODUCTS and meaning.kind in LOCAL_KINDS
            common = meaning.kind in ("generic", "herbal") or (
                meaning.kind in ("brand", "family") and meaning.products >= 2
            )
            if (local or common) and meaning.ingredients and not meaning.weak and meaning.kind != "slang":
                joined = key.replace(" ", "")
                if joined.isalpha() and SHORTEST_FUZZY <= len(joined) <= LONGEST_FUZZY and key.count(" ") <= 2:
                    pool.setdefault(joined, key)
            if SHORTEST_RIVAL <= len(key) <= LONGEST_FUZZY and key.isalpha() and meaning.ingredients:
                others[key] = key
        self._pool = pool
        self._others = {key: key for key in others if key not in pool}
        self._spelt = sorted([*pool, *self._others], key=len)
        self._shorter = [bisect_left(self._spelt, length, key=len) for length in range(LONGEST_FUZZY + 4)]
        self._by_sound: dict[str, list[str]] = {}
        having: dict[str, bytearray] = {}
        for joined in pool:
            self._by_sound.setdefault(sound(joined), []).append(joined)
        for place, joined in enumerate(self._spelt):
            for letter in letters(joined):
                having.setdefault(letter, bytearray(len(self._spelt) // 8 + 1))[place >> 3] |= 1 << (place & 7)
        self._having = {letter: int.from_bytes(places, "little") for letter, places in having.items()}
        self._sorted = sorted(key for key, meaning in self.meanings.items() if meaning.kind in _TYPED_AHEAD)

    def _build_lookalikes(self) -> None:
        self._mistakable: dict[str, tuple[str, ...]] = {}
        self._lookalikes: dict[str, set[str]] = {}
        for one, other in self.tables.lookalikes:
            left, right = key_of(one), key_of(other)
            self._lookalikes.setdefault(left, set()).add(right)
            self._lookalikes.setdefault(right, set()).add(left)

    def _score(self, word: str, heard: str, candidate: str) -> float:
        alike = OSA.normalized_similarity(word, candidate)
        start = JaroWinkler.similarity(word, candidate)
        same = 0.11 if heard == sound(candidate) else 0.0
        known = min(0.04, 0.013 * log10(1 + self.meanings[self._pool[candidate]].products))
        return 0.55 * alike + 0.30 * start + same + known

    def _sharing(self, word: str, edits: int) -> Iterator[list[str]]:
        """By length, the names that can be so few edits away: an edit exchanges one letter at most, and the order does
        not matter here.

        A set of names is a number with a bit for each. How many letters each name shares with the word is counted in
        all names at once: `planes[n]` holds the n-th binary digit of every count.
        """
        lengths = range(max(SHORTEST_RIVAL, len(word) - edits), min(LONGEST_FUZZY, len(word) + edits) + 1)
        low, high = self._shorter[lengths.start], self._shorter[lengths.stop]
        within = (1 << (high - low)) - 1
        planes: list[int] = []
        for letter in letters(word):
            carry = self._having.get(letter, 0) >> low & within
            for n, plane in enumerate(planes):
                planes[n], carry = plane ^ carry, plane & carry
            if carry:
                planes.append(carry)
        for length in lengths:
            first, last = self._shorter[length] - low, self._shorter[length + 1] - low
            least = (len(word) + length + 1) // 2 - edits
            equal, more = (1 << last) - (1 << first), 0
            for n in reversed(range(max(len(planes), least.bit_length()))):
                plane = planes[n] if n < len(planes) else 0
                if least >> n & 1:
                    equal &= plane
                else:
                    more |= equal & plane
                    equal &= ~plane
            near = more | equal
            found = []
            while near:
                lowest = near & -near
                found.append(self._spelt[low + lowest.bit_length() - 1])
                near ^= lowest
            if found:
                yield found

    def guess(self, word: str) -> Guess | None:
        """The name that `word` (a key without spaces) was probably meant to be, or None."""
        length = len(word)
        if not SHORTEST_FUZZY <= length <= LONGEST_FUZZY:
            return None
        heard = sound(word)
        slips = self._within(word, 1 if length <= 5 else 2 if length <= 9 else 3)
        found = {one for one in slips if one in self._pool}.union(self._by_sound.get(heard, ()))
        ranked = sorted(((self._score(word, heard, one), one) for one in found), reverse=True)
        if not ranked or ranked[0][0] < FLOOR:
            return None
        score, best = ranked[0]
        key = self._pool[best]
        meant = self.meanings[key].ingredients
        alike = self._lookalikes.get(key, ())
        rivals = [
            self._pool[one]
            for other_score, one in ranked[1:]
            if self.meanings[self._pool[one]].ingredients != meant
            and other_score >= score - (LOOKALIKE_MARGIN if self._pool[one] in alike else MARGIN)
        ]
        distance = OSA.distance(word, best)
        near = self._others_of(meant, {one for one, slip in slips.items() if slip <= distance})
        few = distance <= (1 if length < LONG_WORD else 2)
        certain = not near and (few or score >= CERTAIN)
        return Guess(key, score, tuple(dict.fromkeys(rivals)), near, certain)

    def _within(self, word: str, edits: int) -> dict[str, int]:
        """The names that are at most so many slips away: how many."""
        return {
            hit[0]: int(hit[1])
            for choices in self._sharing(word, edits)
            for hit in process.extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=12)
        }

    def _others_of(self, meant: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
        """The keys of those names that mean something else, best known first."""
        keys = [self._pool.get(one, one) for one in names]
        others = [key for key in keys if not set(meant) & set(self.meanings[key].ingredients)]
        return tuple(sorted(others, key=lambda key: (-self.meanings[key].products, key)))

    def mistakable(self, key: str) -> tuple[str, ...]:
        """The well-known names that are one slip from a rare one, and mean something else."""
        meaning = self.meanings.get(key)
        if meaning is None:
            return ()  # a plural
        rare = meaning.kind in ("synonym", "foreign", "slang", "recreational") or not meaning.products
        if not rare or not SHORTEST_RIVAL <= len(key) <= LONGEST_FUZZY or not key.isalpha():
            return ()
        if key not in self._mistakable:
            known = [one for one in self._within(key, 1) if self._known(self._pool.get(one, one))]
            self._mistakable[key] = self._others_of(meaning.ingredients, known)
        return self._mistakable[key]

    def _known(self, key: str) -> bool:
        """Whether doctors in this country write the name."""
        meaning = self.meanings[key]
        return meaning.kind in ("brand", "generic") and meaning.products >= KNOWN_PRODUCTS

    def unfinished(self, word: str) -> list[str]:
        """Keys of pool names that start with `word`, best known first: one for each set of ingredients."""
        best: dict[tuple[str, ...], str] = {}
        for key in self._starting(word):
            meaning = self.meanings[key]
            if key.replace(" ", "") in self._pool and (
                meaning.ingredients not in best or self.meanings[best[meaning.ingredients]].products < meaning.products
            ):
                best[meaning.ingredients] = key
        return sorted(best.values(), key=lambda key: -self.meanings[key].products)

    def _starting(self, prefix: str) -> list[str]:
        at = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\uffff")
        return self._sorted[at:end]

    def complete(self, prefix: str, limit: int) -> list[str]:
        """Names for someone who has typed `prefix`: those that start with it, best known first, then similar ones."""
        key = key_of(prefix)
        if not key or limit <= 0:
            return []
        starting = sorted(self._starting(key), key=lambda one: (-self.meanings[one].products, one))
        names = [self.meanings[one].name for one in starting[:limit]]
        if len(names) < limit and len(key) >= 3:
            short = key.replace(" ", "")[:LONGEST_FUZZY]
            near = process.extract(
                short, list(self._pool), scorer=JaroWinkler.similarity, score_cutoff=0.82, limit=limit
            )
            names += [self.meanings[self._pool[hit[0]]].name for hit in near]
        return list(dict.fromkeys(names))[:limit]


def letters(word: str) -> list[str]:
    """The letters of a word; one that comes again is numbered, so that two words share as many as they have in
    common."""
    if len(set(word)) == len(word):
        return list(word)
    return [letter * (word.count(letter, 0, place) + 1) for place, letter in enumerate(word)]


def _products(rows: list[NameRow]) -> int:
    return LOCAL_PRODUCTS + rows[0].products if rows[0].local else sum(row.products for row in rows)


def _routes(rows: list[NameRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(route for row in rows for route in row.routes))


def _choices(rows: list[NameRow]) -> tuple[str, ...]:
    """The ingredients that a name may stand for, each once, as they are offered."""
    return tuple(dict.fromkeys(" / ".join(row.ingredients) for row in rows))
