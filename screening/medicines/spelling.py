"""Names that are not spelt as in the table: what a word was probably meant to be, and type-ahead."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log10

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from screening.medicines.name_tables import NameConcept, key_of

FLOOR = 0.725
"""A guess below this is no guess."""
LONG_WORD = 8
KNOWN_PRODUCTS = 3
CERTAIN = 0.85
"""A guess below this is asked back."""
MARGIN, LOOKALIKE_MARGIN = 0.025, 0.10
"""How far the best guess must be ahead of one with other ingredients; and of a look-alike."""

SHORTEST_FUZZY = 5
SHORTEST_RIVAL = 4
LONGEST_FUZZY = 32
LOCAL_PRODUCTS = 20
"""What a hand-written name counts for where popularity decides."""

_TYPED_AHEAD = frozenset({"brand", "generic", "otc", "foreign", "herbal", "family"})
LOCAL_KINDS = frozenset({"otc", "foreign", "abbreviation", "slang", "class", "ask"})


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


class Spelling:
    """Finds names by words that are spelt otherwise. concepts: key -> what the name stands for."""

    def __init__(self, concepts: Mapping[str, NameConcept], lookalikes: Iterable[tuple[str, str]]) -> None:
        self.concepts = concepts
        self._build_pool()
        self._build_lookalikes(lookalikes)

    def _build_pool(self) -> None:
        """Names that a misspelling may be read as: never labels, registry synonyms, ordinary words or short names.
        Those only keep another from being certain."""
        pool: dict[str, str] = {}
        others: dict[str, str] = {}
        for key, meaning in self.concepts.items():
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
        self._sorted = sorted(key for key, meaning in self.concepts.items() if meaning.kind in _TYPED_AHEAD)

    def _build_lookalikes(self, lookalikes: Iterable[tuple[str, str]]) -> None:
        self._mistakable: dict[str, tuple[str, ...]] = {}
        self._lookalikes: dict[str, set[str]] = {}
        for one, other in lookalikes:
            left, right = key_of(one), key_of(other)
            self._lookalikes.setdefault(left, set()).add(right)
            self._lookalikes.setdefault(right, set()).add(left)

    def _score(self, word: str, heard: str, candidate: str) -> float:
        alike = OSA.normalized_similarity(word, candidate)
        start = JaroWinkler.similarity(word, candidate)
        same = 0.11 if heard == sound(candidate) else 0.0
        known = min(0.04, 0.013 * log10(1 + self.concepts[self._pool[candidate]].products))
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
        meant = self.concepts[key].ingredients
        alike = self._lookalikes.get(key, ())
        rivals = [
            self._pool[one]
            for other_score, one in ranked[1:]
            if self.concepts[self._pool[one]].ingredients != meant
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
        others = [key for key in keys if not set(meant) & set(self.concepts[key].ingredients)]
        return tuple(sorted(others, key=lambda key: (-self.concepts[key].products, key)))

    def mistakable(self, key: str) -> tuple[str, ...]:
        """The well-known names that are one slip from a rare one, and mean something else."""
        meaning = self.concepts.get(key)
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
        meaning = self.concepts[key]
        return meaning.kind in ("brand", "generic") and meaning.products >= KNOWN_PRODUCTS

    def unfinished(self, word: str) -> list[str]:
        """Keys of pool names that start with `word`, best known first: one for each set of ingredients."""
        best: dict[tuple[str, ...], str] = {}
        for key in self._starting(word):
            meaning = self.concepts[key]
            if key.replace(" ", "") in self._pool and (
                meaning.ingredients not in best or self.concepts[best[meaning.ingredients]].products < meaning.products
            ):
                best[meaning.ingredients] = key
        return sorted(best.values(), key=lambda key: -self.concepts[key].products)

    def _starting(self, prefix: str) -> list[str]:
        at = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\uffff")
        return self._sorted[at:end]

    def complete(self, prefix: str, limit: int) -> list[str]:
        """Names for someone who has typed `prefix`: those that start with it, best known first, then similar ones."""
        key = key_of(prefix)
        if not key or limit <= 0:
            return []
        starting = sorted(self._starting(key), key=lambda one: (-self.concepts[one].products, one))
        names = [self.concepts[one].name for one in starting[:limit]]
        if len(names) < limit and len(key) >= 3:
            short = key.replace(" ", "")[:LONGEST_FUZZY]
            near = process.extract(
                short, list(self._pool), scorer=JaroWinkler.similarity, score_cutoff=0.82, limit=limit
            )
            names += [self.concepts[self._pool[hit[0]]].name for hit in near]
        return list(dict.fromkeys(names))[:limit]


def letters(word: str) -> list[str]:
    """The letters of a word; one that comes again is numbered, so that two words share as many as they have in
    common."""
    if len(set(word)) == len(word):
        return list(word)
    return [letter * (word.count(letter, 0, place) + 1) for place, letter in enumerate(word)]
