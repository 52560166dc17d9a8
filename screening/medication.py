"""Medicines: what a person typed, which ingredients that is, and which classes those belong to.

Typed text is kept as typed, for ever. Recognition only proposes: `matched` where the name is in the table or as good as certain,
`suggested` where the person has to say which, `unrecognised` where nothing was read. An unrecognised entry is shown to staff as
typed and makes every rule about medicines unable to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal

from pydantic import Field
from rapidfuzz import process
from rapidfuzz.distance import OSA

from screening import medicine_text as speech
from screening import medicine_words as words_of
from screening.medicine_names import CERTAIN, JOINERS, SHORTEST_FUZZY, Guess, Meaning, NameIndex, NameTables, key_of
from screening.medicine_text import CLAUSE, LOOSE, Cue, Spot, Token, Use, Uses
from screening.questionnaire import NONE_OF_THESE, ContentModel, Slug
from screening.text import Text

Status = Literal["matched", "suggested", "unrecognised"]

UNRECOGNISED: Final = "unrecognised"
"""What `takes` is given to ask whether an entry could not be read."""

LONGEST_ENTRY = 4_000
"""Characters of one entry that are read. The rest is returned as typed, unread."""

_MOST_SUGGESTIONS = 6
_MOST_GUESSES = 60
"""Fuzzy searches in one entry; a long list has a dozen misspelt words."""
_LOCAL_ROUTES = words_of.wordset("topical eye ear vaginal dental")
_WHOLE_BODY: Mapping[str, frozenset[str]] = {
    "cyp3a4-inhibitor": _LOCAL_ROUTES,
    "decongestant": _LOCAL_ROUTES | {"rectal"},
    "sedating-antihistamine": _LOCAL_ROUTES,
    "sedating-antidepressant": _LOCAL_ROUTES,
    "cns-depressant": _LOCAL_ROUTES,
    "serotonergic": _LOCAL_ROUTES,
    "antihypertensive": words_of.wordset("eye"),
    "thyroid-hormone": words_of.wordset("topical"),
}
"""Class -> routes by which too little reaches the body: ketoconazole cream, timolol eye drops, phenylephrine suppositories."""

_AFTER_NUMBER = words_of.wordset("times x a per veces al or")
_ANTIALLERGIC = words_of.wordset(
    "loratadine cetirizine fexofenadine diphenhydramine levocetirizine desloratadine fluticasone triamcinolone budesonide mometasone "
    "chlorpheniramine azelastine montelukast ketotifen olopatadine cromolyn brompheniramine pseudoephedrine"
)
"""Beside one of these, "allergy" is what it is for."""


class MedicineClass(ContentModel):
    """A class that rules ask about, and its ingredients (US adopted names, lower case, no salts)."""

    id: Slug
    """Its name in `takes`."""
    name: Text
    """What people read."""
    basis: str
    """Where the list comes from."""
    ingredients: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    """US adopted names, lower case, no salts."""


class MedicineClasses(ContentModel):
    """classes.yaml."""

    reviewed: str
    """Who reviewed the lists; `pending` until then."""
    basis: str
    """Where they come from."""
    classes: Annotated[tuple[MedicineClass, ...], Field(min_length=1, strict=False)]
    """Every class."""


@dataclass(frozen=True)
class Amount:
    """A dose as the person gave it, as far as they did: a number of `unit` (a code of the item's dose_unit_option), times a day."""

    value: float | None = None
    unit: str | None = None
    per_day: float | None = None


State = Literal["regular", "as-needed-lately", "as-needed-before", "just-stopped", "long-stopped"]
_CURRENT: Final[frozenset[State]] = frozenset({"regular", "as-needed-lately"})
_AS_NEEDED: Final[Mapping[bool | None, frozenset[State]]] = {
    True: frozenset({"as-needed-lately"}),
    False: frozenset({"as-needed-before"}),
    None: frozenset({"as-needed-lately", "as-needed-before"}),
}
_STOPPED: Final[Mapping[bool | None, frozenset[State]]] = {
    True: frozenset({"just-stopped"}),
    False: frozenset({"long-stopped"}),
    None: frozenset({"just-stopped", "long-stopped"}),
}

TAKEN: Final[Mapping[str, frozenset[State]]] = {
    "now": _CURRENT,
    "regular": frozenset({"regular"}),
    "lately": _CURRENT | {"just-stopped"},
    "listed": _CURRENT | {"as-needed-before"},
}
"""What `{takes: X, use: ...}` means: the states that count. `now` is what a rule asks without `use`."""


@dataclass(frozen=True)
class Reading:
    """One medicine in what was typed: the words themselves, and what they were read as.

    `suggestions` are what to ask the person. With ingredients they are a guess to confirm; without, choices. `dose`, `frequency`
    and `route` are words of the text, not interpreted. `how`, `recent` (taken within the window), `confirmed` and `amount` are what
    the person said besides.
    """

    text: str
    status: Status
    ingredients: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    use: Use = "current"
    dose: str | None = None
    frequency: str | None = None
    route: str | None = None
    how: Literal["regular", "as-needed", "stopped"] | None = None
    recent: bool | None = None
    confirmed: bool = False
    amount: Amount | None = None

    @property
    def states(self) -> frozenset[State]:
        """The ways in which it may be taken, as far as is known; empty for what is not the person's own use."""
        if self.use == "current":
            return _AS_NEEDED[self.recent] if self.how == "as-needed" else frozenset({"regular"}) if self.how else _CURRENT
        return _STOPPED[self.recent] if self.use == "stopped" else frozenset()


@dataclass(slots=True)
class _Found:
    """A medicine, or a word that is none we know, at tokens of one entry."""

    spot: Spot
    meaning: Meaning | None = None
    status: Status = "matched"
    suggestions: tuple[str, ...] = ()


class Formulary:
    """The table of names and the classes of ingredients.

    classes: class id -> ingredients.
    """

    def __init__(self, names: NameTables, classes: Mapping[str, Iterable[str]]) -> None:
        self.classes_of: dict[str, tuple[str, ...]] = {}
        for class_id, members in classes.items():
            for ingredient in members:
                self.classes_of[ingredient] = (*self.classes_of.get(ingredient, ()), class_id)
        self.ingredients = {one for row in names.rows for one in row.ingredients} | set(self.classes_of)
        self.names, self._ordinary = names, names.ordinary
        self._index = NameIndex(names)

    def is_name(self, text: str) -> bool:
        """Whether `text` is nothing but a name of the table."""
        return key_of(text) in self._index.meanings

    def complete(self, prefix: str, limit: int = 8) -> list[str]:
        """Names for type-ahead: those that start with `prefix`, best known first, then similar ones."""
        return self._index.complete(prefix[:60], limit)

    def read(self, typed: str) -> tuple[Reading, ...]:
        """Every medicine in `typed`, in order; each word of it belongs to exactly one reading's text."""
        length = _readable(typed)
        tokens = speech.tokenise(typed[:length])
        if not tokens:
            return (Reading(typed.strip(), UNRECOGNISED),) if typed.strip() else ()
        scan = _Scan(tokens, typed, self._index, self._ordinary)
        scan.run()
        Uses(tokens, [one.spot for one in scan.found], scan.cues, typed[:length]).settle()
        starts = scan.starts()
        stops = [*(start for start, _ in starts[1:]), len(tokens)]
        readings = []
        begin = 0
        for (start, found), stop in zip(starts, stops, strict=True):
            end = tokens[stop].start if stop < len(tokens) else length
            text = typed[begin:end].strip(" \t\r\n,;•")
            readings.append(self._reading(text, scan.words[start:stop], found, scan))
            begin = end
        if typed[length:].strip():
            readings.append(Reading(typed[length:].strip(), UNRECOGNISED))
        return tuple(readings)

    def _reading(self, text: str, words: Sequence[str], found: _Found | None, scan: _Scan) -> Reading:
        if found is None:
            return Reading(text, UNRECOGNISED, use=scan.use_without_names())
        route = speech.route_of(words)
        dose, frequency = speech.dose_of(text), speech.frequency_of(text)
        use = found.spot.use
        meaning = found.meaning
        if meaning is None:
            return Reading(text, found.status, (), (), found.suggestions, use, dose, frequency, route)
        ways = _local(route) or frozenset(meaning.routes)
        classes = dict.fromkeys((*meaning.classes, *self._reaching(meaning.ingredients, ways)))
        return Reading(text, found.status, meaning.ingredients, tuple(classes), found.suggestions, use, dose, frequency, route)

    def _reaching(self, ingredients: Iterable[str], ways: frozenset[str]) -> Iterator[str]:
        """The classes of the ingredients of which enough reaches the body in these ways."""
        for ingredient in ingredients:
            for one in self.classes_of.get(ingredient, ()):
                if not ways or not ways <= _WHOLE_BODY.get(one, frozenset()):
                    yield one

    def settled(self, reading: Reading, name: str) -> Reading:
        """`reading` after the person chose `name` for it, or said that none is right; unchanged where `name` settles nothing."""
        if name == NONE_OF_THESE:
            return replace(reading, status=UNRECOGNISED, ingredients=(), classes=(), suggestions=(), confirmed=True)
        named = self.read(name)
        if not named or any(one.status != "matched" or not one.ingredients for one in named):
            return reading
        ingredients = tuple(dict.fromkeys(part for one in named for part in one.ingredients))
        classes = tuple(dict.fromkeys(part for one in named for part in one.classes))
        if _local(reading.route):
            reaching = set(self._reaching(ingredients, _local(reading.route)))
            classes = tuple(one for one in classes if one in reaching)
        route = reading.route or named[0].route
        return replace(reading, status="matched", ingredients=ingredients, classes=classes, suggestions=(), route=route, confirmed=True)


class _Scan:
    """Finds names and cues in the tokens of one entry, from left to right."""

    def __init__(self, tokens: list[Token], typed: str, index: NameIndex, ordinary: frozenset[str]) -> None:
        self.tokens, self.typed, self.index, self.ordinary = tokens, typed, index, ordinary
        self.words = [token.word for token in tokens]
        self.found: list[_Found] = []
        self.cues: list[Cue] = []
        self.guesses: dict[str, Guess | None] = {}

    def run(self) -> None:
        """Fill `found` and `cues`."""
        at = 0
        while at < len(self.tokens):
            end, meaning = self._exact(at)
            cue = speech.cue_at(self.words, at)
            if meaning is not None and (cue is None or end - at >= cue.end - cue.at):
                at = self._accept(at, end, meaning)
            elif cue is not None:
                self._note(cue)
                at = cue.end
            else:
                at = self._guess(at)

    # ------------------------------------------------------------ names as they are in the table

    def _exact(self, at: int) -> tuple[int, Meaning | None]:
        """The longest name that starts at token `at`: (the token after it, its meaning)."""
        words, meanings = self.words, self.index.meanings
        first = words[at]
        best: tuple[int, Meaning | None] = (at, None)
        if first in meanings and first not in words_of.NOT_A_NAME:
            best = (at + 1, meanings[first])
        elif len(first) > SHORTEST_FUZZY and first[-1] == "s" and first[:-1] in meanings:
            single = meanings[first[:-1]]
            if first not in self.ordinary or single.kind == "class":
                best = (at + 1, single)
        limit = max(self.index.longest.get(first, 1), 3)
        key = joined = first
        count = 1
        for end in range(at + 2, len(words) + 1):
            token = self.tokens[end - 1]
            if token.gap >= CLAUSE or count >= limit:
                break
            joined += token.word
            if token.word in JOINERS and count:
                continue
            key += " " + token.word
            count += 1
            meaning = meanings.get(key) or (meanings.get(key[:-1]) if key[-1] == "s" and len(token.word) > 3 else None)
            if meaning is None and token.word in words_of.MEDICINE:
                meaning = meanings.get(key[: -len(token.word)] + "medicine") or meanings.get(key[: -len(token.word)] + "pill")
                meaning = meaning if meaning is not None and meaning.kind == "class" else None
            if meaning is None and count <= 3:
                meaning = self._run_together(joined, at, end)
            if meaning is not None and self._really_name(at, end) and (meaning.kind != "label" or self._alone(at, end)):
                best = (end, meaning)
        return best

    def _run_together(self, joined: str, at: int, end: int) -> Meaning | None:
        """A name with a space too many ("sero quel") or too few ("alkaseltzer plus")."""
        key = joined if joined in self.index.meanings else self.index.joined.get(joined)
        if key is None or len(joined) <= SHORTEST_FUZZY or not joined.isalpha() or self.tokens[end - 1].gap >= LOOSE:
            return None
        if any(word in words_of.NOT_A_NAME or word in self.index.meanings for word in self.words[at + 1 : end]):
            return None
        meaning = self.index.meanings[key]
        return None if meaning.weak or meaning.kind in ("label", "synonym") else meaning

    def _really_name(self, at: int, end: int) -> bool:
        """Not the number of a dose: "tylenol 3 times a day"; and a single letter with its number only side by side: "b12"."""
        last = self.tokens[end - 1]
        if not last.word.isdigit():
            return True
        if len(self.words[at]) == 1 and end - at == 2 and not last.glued:
            return False
        if end == len(self.tokens):
            return True
        following = self.tokens[end]
        after = self.typed[last.end : following.start]
        if "/" in after or after in ("-", ".", ","):
            return False
        return following.gap >= CLAUSE or not (following.word in words_of.UNITS or following.word in _AFTER_NUMBER)

    def _accept(self, at: int, end: int, meaning: Meaning) -> int:
        following = self.words[end] if end < len(self.tokens) and self.tokens[end].gap < CLAUSE else ""
        doubtful = meaning.kind == "label" or (meaning.weak and not following.isdigit() and following not in words_of.UNITS)
        if following in words_of.CONDITION_AFTER or (doubtful and not self._alone(at, end)):
            return end
        if self._same_again(at, meaning) or (meaning.kind == "class" and not meaning.classes and self._follows(at)):
            return end
        status: Status = "suggested" if meaning.choices or meaning.kind in ("class", "label") else "matched"
        self._add(_Found(Spot(at, end), meaning, status, meaning.choices[:_MOST_SUGGESTIONS]))
        return end

    def _same_again(self, at: int, meaning: Meaning) -> bool:
        """ "hydrochlorothiazide (HCTZ)": the same medicine by another name, in brackets or after a stroke."""
        if not self.found or not meaning.ingredients:
            return False
        last = self.found[-1]
        between = self.typed[self.tokens[last.spot.end - 1].end : self.tokens[at].start].strip()
        if last.meaning is None or between not in ("(", "/", "-", "=", "["):
            return False
        if not set(meaning.ingredients) <= set(last.meaning.ingredients):
            return False
        last.spot.end = max(last.spot.end, at)
        return True

    def _follows(self, at: int) -> bool:
        """Whether a medicine of the same clause stands just before: "timolol eye drops"."""
        return bool(self.found) and self.found[-1].spot.end == at and self.tokens[at].gap < CLAUSE and self.found[-1].meaning is not None

    def _alone(self, at: int, end: int) -> bool:
        """Whether the clause holds nothing else but words like doses."""
        before, after = range(at - 1, -1, -1), range(end, len(self.tokens))
        for n in before:
            if self.tokens[n + 1].gap >= CLAUSE or self.words[n] in words_of.CONNECTORS:
                break
            if not (self.words[n].isdigit() or self.words[n] in words_of.NOISE):
                return False
        for n in after:
            if self.tokens[n].gap >= CLAUSE or self.words[n] in words_of.CONNECTORS:
                break
            if not (self.words[n].isdigit() or self.words[n] in words_of.NOISE):
                return False
        return True

    def _add(self, found: _Found) -> None:
        self.found.append(found)

    def _note(self, cue: Cue) -> None:
        last = self.found[-1].meaning if self.found else None
        adjacent = bool(self.found) and self.found[-1].spot.end == cue.at and self.tokens[cue.at].gap < CLAUSE
        if cue.use == "allergic" and adjacent and last is not None and _ANTIALLERGIC & set(last.ingredients):
            return
        self.cues.append(cue)

    # ------------------------------------------------------------ names that are not spelt so

    def _guess(self, at: int) -> int:
        word = self.words[at]
        if word in words_of.NOISE or word in words_of.CONNECTORS or word.isdigit() or (at and self.words[at - 1] in ("dr", "doctor")):
            return at + 1
        ordinary = len(word) < 3 or word in self.ordinary or (word[-1] == "s" and word[:-1] in self.ordinary)
        end = self._guess_joined(at, ordinary)
        if end:
            return end
        if ordinary:
            return at + 1
        if len(word) >= SHORTEST_FUZZY:
            guess = self._search(word)
            if guess is not None:
                return self._guessed(at, at + 1, guess.key, guess.score, guess.rivals)
        if len(word) >= 4 and self._unfinished(at, word):
            return at + 1
        if len(word) > SHORTEST_FUZZY and not _misspelt_noise(word):
            self._add(_Found(Spot(at, at + 1), None, UNRECOGNISED))
        return at + 1

    def _search(self, word: str) -> Guess | None:
        """A fuzzy search, once for each word and not without limit: an entry may be made to be slow."""
        if word not in self.guesses and len(self.guesses) < _MOST_GUESSES:
            self.guesses[word] = self.index.guess(word)
        return self.guesses.get(word)

    def _guess_joined(self, at: int, ordinary: bool) -> int:
        """Two or three words that are one misspelt name ("sero quil", "st jons wort"): the token after them, or 0."""
        joined = self.words[at]
        strange = not ordinary
        best: tuple[float, int, Guess] | None = None
        for end in range(at + 2, min(at + 4, len(self.words) + 1)):
            word = self.words[end - 1]
            if self.tokens[end - 1].gap >= LOOSE or word in words_of.NOT_A_NAME or not word.isalpha() or word in self.index.meanings:
                break
            joined += word
            strange = strange or word not in self.ordinary
            if strange and len(joined) >= SHORTEST_FUZZY + 2:
                guess = self._search(joined)
                if guess is not None and guess.score >= CERTAIN and (best is None or guess.score > best[0]):
                    best = guess.score, end, guess
        if best is None:
            return 0
        alone = None if ordinary else self._search(self.words[at])
        if alone is not None and alone.score >= best[0]:
            return 0
        return self._guessed(at, best[1], best[2].key, best[2].score, best[2].rivals)

    def _guessed(self, at: int, end: int, key: str, score: float, rivals: tuple[str, ...]) -> int:
        meanings = self.index.meanings
        if rivals:
            names = tuple(meanings[one].name for one in (key, *rivals))[:_MOST_SUGGESTIONS]
            self._add(_Found(Spot(at, end), None, "suggested", names))
            return end
        meaning = meanings[key]
        if " " not in key and end == at + 1:
            # "tylanol pm", "clariton d": the corrected word may begin a longer name.
            self.words[at] = key
            longer, better = self._exact(at)
            if better is not None and longer > end:
                end, meaning = longer, better
        if self._same_again(at, meaning):
            return end
        status: Status = "matched" if score >= CERTAIN and not meaning.choices else "suggested"
        self._add(_Found(Spot(at, end), meaning, status, (meaning.name, *meaning.choices)[:_MOST_SUGGESTIONS]))
        return end

    def _unfinished(self, at: int, word: str) -> bool:
        keys = self.index.unfinished(word)
        if not keys:
            return False
        names = tuple(self.index.meanings[one].name for one in keys[:_MOST_SUGGESTIONS])
        sure = len(keys) == 1 and len(word) >= SHORTEST_FUZZY
        self._add(_Found(Spot(at, at + 1), self.index.meanings[keys[0]] if sure else None, "suggested", names))
        return True

    # ------------------------------------------------------------ which words belong to which medicine

    def starts(self) -> list[tuple[int, _Found | None]]:
        """(first token, medicine) of each reading. What stands between two belongs to the one before, a clause's lead to its own."""
        inside = frozenset(n for one in self.found for n in range(one.spot.at + 1, one.spot.end))
        clauses, _ = speech.clauses_of(self.tokens, inside)
        in_clause: dict[int, list[_Found]] = {}
        for one in self.found:
            in_clause.setdefault(clauses[one.spot.at], []).append(one)
        first_of: dict[int, int] = {}
        for n, clause in enumerate(clauses):
            first_of.setdefault(clause, n)
        starts: list[tuple[int, _Found | None]] = []
        for clause, first in first_of.items():
            members = in_clause.get(clause, [])
            for n, one in enumerate(members):
                starts.append((one.spot.at if n else first, one))
            if not members and self._unnamed(first, clause, clauses):
                starts.append((first, None))
        if not starts:
            return [(0, None)]
        return sorted(starts, key=lambda one: one[0])

    def _unnamed(self, first: int, clause: int, clauses: list[int]) -> bool:
        """Whether the clause speaks of a medicine without a name, and does not deny it."""
        last = first
        while last < len(clauses) and clauses[last] == clause:
            last += 1
        if any(first <= cue.at < last for cue in self.cues):
            return False
        here = self.words[first:last]
        return bool(self.found) and (any(word in words_of.ASKS_FOR_NAME for word in here) or self._strange(here))

    def _strange(self, words: Sequence[str]) -> bool:
        """Whether the words are a short name that nobody knows ("zzq 5 mg") and nothing else: staff have to see it for itself."""
        if "for" in words or "para" in words:  # what it is taken for
            return False
        rest = [word for word in words if not (word.isdigit() or word in words_of.NOISE or word in words_of.CONNECTORS)]
        return len(rest) == 1 and len(rest[0]) >= 3 and rest[0] not in self.ordinary and rest[0] not in self.index.meanings

    def use_without_names(self) -> Use:
        """ "No medicines": nothing is left open by an entry that only says so."""
        denied = any(cue.use == "never" for cue in self.cues)
        return "never" if denied and not self.found else "current"


def _local(route: str | None) -> frozenset[str]:
    return frozenset((route,)) if route in _LOCAL_ROUTES or route == "rectal" else frozenset()


def _readable(typed: str) -> int:
    """How much of `typed` is read: up to LONGEST_ENTRY characters, and no part of a word."""
    length = min(len(typed), LONGEST_ENTRY)
    while length and length < len(typed) and not typed[length].isspace():
        length -= 1
    return length


def _misspelt_noise(word: str) -> bool:
    """Whether the word is a slip in one of the words that stand around names ("mornign")."""
    return process.extractOne(word, words_of.NOISE, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2) is not None
