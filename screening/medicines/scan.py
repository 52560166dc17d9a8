"""Finding medicines in the tokens of one entry: names as they are in the table, names that are not spelt so, and what
belongs to which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from screening.medicines.frames import Spot, Use
from screening.medicines.names import (
    CERTAIN,
    JOINERS,
    LONGEST_NAME,
    SHORTEST_FUZZY,
    SHORTEST_RIVAL,
    Guess,
    Meaning,
    NameIndex,
)
from screening.medicines.phrases import CLAUSE, LOOSE, SENTENCE, Token, clauses_of
from screening.medicines.signs import QUIET, VOCABULARY, Sign, sign_at
from screening.medicines.words import (
    ASKS_FOR_NAME,
    CONDITION_AFTER,
    CONNECTORS,
    MEDICINE,
    NOISE,
    NOT_A_NAME,
    UNITS,
    wordset,
)

Status = Literal["matched", "suggested", "unrecognised"]

_MOST_SUGGESTIONS = 6
_MOST_GUESSES = 60
"""Fuzzy searches in one entry; a long list has a dozen misspelt words."""
_AFTER_NUMBER = wordset("times x a per veces al or")
_ANTIALLERGIC = wordset(
    "loratadine cetirizine fexofenadine diphenhydramine levocetirizine desloratadine fluticasone triamcinolone "
    "budesonide mometasone chlorpheniramine azelastine montelukast ketotifen olopatadine cromolyn brompheniramine "
    "pseudoephedrine hydroxyzine prednisone prednisolone methylprednisolone dexamethasone hydrocortisone famotidine "
    "epinephrine doxepin cyproheptadine omalizumab dupilumab clobetasol betamethasone phenylephrine promethazine "
    "doxylamine"
)
"""Beside one of these, "allergy" is what it is for."""


_OF_ALLERGY = wordset("allergy reaction reacted")
_LEADS = wordset("to a al la el from with con")


@dataclass(slots=True)
class Found:
    """A medicine, or a word that is none we know, at tokens of one entry."""

    spot: Spot
    meaning: Meaning | None = None
    status: Status = "matched"
    suggestions: tuple[str, ...] = ()


class Scan:
    """Finds names and cues in the tokens of one entry, from left to right."""

    def __init__(self, tokens: list[Token], typed: str, index: NameIndex, ordinary: frozenset[str]) -> None:
        self.tokens, self.typed, self.index, self.ordinary = tokens, typed, index, ordinary
        self.words = [token.word for token in tokens]
        self.found: list[Found] = []
        self.signs: list[Sign] = []
        self.guesses: dict[str, Guess | None] = {}

    def run(self) -> None:
        """Fill `found` and `signs`."""
        at = self._whole()
        while at < len(self.tokens):
            end, meaning = self._exact(at)
            sign = sign_at(self.words, at)
            if meaning is not None and (sign is None or end - at >= sign.end - sign.at):
                at = self._accept(at, end, meaning)
            elif sign is not None:
                self._note(sign)
                at = sign.end
            else:
                at = self._guess(at)

    # ------------------------------------------------------------ names as they are in the table

    def _whole(self) -> int:
        """The whole entry where it is a name as it stands on a package, commas and dashes and all; else 0."""
        key = " ".join([word for word in self.words if word not in JOINERS])
        meaning = self.index.meanings.get(key) if 1 < len(self.words) <= 2 * LONGEST_NAME else None
        if meaning is None or any(token.gap > CLAUSE for token in self.tokens):
            return 0
        return self._accept(0, len(self.tokens), meaning)

    def _exact(self, at: int) -> tuple[int, Meaning | None]:
        """The longest name that starts at token `at`: (the token after it, its meaning)."""
        best: tuple[int, Meaning | None] = (at, None)
        for end, meaning in self._readings(at):
            if self._really_name(at, end) and (end == at + 1 or meaning.kind != "label" or self._alone(at, end)):
                best = end, meaning
        return best

    def _readings(self, at: int) -> Iterator[tuple[int, Meaning]]:
        """What the words from `at` on mean, one word, two words, and so on: (the token after them, meaning)."""
        meanings, first = self.index.meanings, self.words[at]
        single = self._single(first)
        if single is not None:
            yield at + 1, single
        limit = max(self.index.longest.get(first, 1), 3)
        key = joined = first
        count = 1
        for end in range(at + 2, len(self.words) + 1):
            token = self.tokens[end - 1]
            if token.gap >= CLAUSE or count >= limit:
                return
            joined += token.word
            if token.word in JOINERS:
                continue
            key += " " + token.word
            count += 1
            meaning = meanings.get(key) or (meanings.get(key[:-1]) if key[-1] == "s" and len(token.word) > 3 else None)
            if meaning is None and token.word in MEDICINE:
                meaning = self._class_word(key[: -len(token.word)])
            if meaning is None and count <= 3:
                meaning = self._run_together(joined, at, end)
            if meaning is not None:
                yield end, meaning

    def _single(self, word: str) -> Meaning | None:
        """What one word means, or its plural."""
        meanings = self.index.meanings
        if word in meanings:
            return None if word in NOT_A_NAME else meanings[word]
        if len(word) > SHORTEST_FUZZY and word[-1] == "s" and word[:-1] in meanings:
            single = meanings[word[:-1]]
            return single if word not in self.ordinary or single.kind == "class" else None
        return None

    def _class_word(self, lead: str) -> Meaning | None:
        """A class by any word for "medicine": "bp meds"."""
        meaning = self.index.meanings.get(lead + "medicine") or self.index.meanings.get(lead + "pill")
        return meaning if meaning is not None and meaning.kind == "class" else None

    def _run_together(self, joined: str, at: int, end: int) -> Meaning | None:
        """A name with a space too many ("sero quel") or too few ("alkaseltzer plus")."""
        key = joined if joined in self.index.meanings else self.index.joined.get(joined)
        if key is None or not joined.isalpha() or self.tokens[end - 1].gap >= LOOSE:
            return None
        if len(joined) <= SHORTEST_FUZZY and (len(joined) < SHORTEST_RIVAL or self.words[end - 1] in self.ordinary):
            return None
        if any(word in NOT_A_NAME or word in self.index.meanings for word in self.words[at + 1 : end]):
            return None
        meaning = self.index.meanings[key]
        return None if meaning.weak or meaning.kind in ("label", "synonym") else meaning

    def _really_name(self, at: int, end: int) -> bool:
        """Not the number of a dose: "tylenol 3 times a day"; and a single letter with its number only side by side:
        "b12"."""
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
        return following.gap >= CLAUSE or not (following.word in UNITS or following.word in _AFTER_NUMBER)

    def _accept(self, at: int, end: int, meaning: Meaning) -> int:
        following = self.words[end] if end < len(self.tokens) and self.tokens[end].gap < CLAUSE else ""
        doubtful = meaning.kind == "label" or (meaning.weak and not following.isdigit() and following not in UNITS)
        if following in CONDITION_AFTER or (doubtful and not self._alone(at, end)):
            return end
        if self._same_again(at, meaning) or (meaning.kind == "class" and not meaning.classes and self._follows(at)):
            return end
        choices = meaning.choices
        if end == at + 1 and not choices and meaning.ingredients:
            other = self.index.mistakable(self.words[at])
            choices = (meaning.name, *(self.index.meanings[one].name for one in other)) if other else ()
        status: Status = "suggested" if choices or meaning.kind in ("class", "label") else "matched"
        self._add(Found(Spot(at, end), meaning, status, choices[:_MOST_SUGGESTIONS]))
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
        return (
            bool(self.found)
            and self.found[-1].spot.end == at
            and self.tokens[at].gap < CLAUSE
            and self.found[-1].meaning is not None
        )

    def _alone(self, at: int, end: int) -> bool:
        """Whether the clause holds nothing else but words like doses."""
        before, after = range(at - 1, -1, -1), range(end, len(self.tokens))
        for n in before:
            if self.tokens[n + 1].gap >= CLAUSE or self.words[n] in CONNECTORS:
                break
            if not (self.words[n].isdigit() or self.words[n] in NOISE):
                return False
        for n in after:
            if self.tokens[n].gap >= CLAUSE or self.words[n] in CONNECTORS:
                break
            if not (self.words[n].isdigit() or self.words[n] in NOISE):
                return False
        return True

    def _add(self, found: Found) -> None:
        self.found.append(found)

    def _note(self, sign: Sign) -> None:
        if sign.sign in _OF_ALLERGY and self.words[sign.end - 1] not in _LEADS and self._antiallergic(sign.at):
            return  # what it is for
        self.signs.append(sign)

    def _antiallergic(self, at: int) -> bool:
        """Whether a medicine against allergies stands just before."""
        last = self.found[-1] if self.found else None
        if last is None or last.meaning is None or at - last.spot.end > 3 or self.tokens[at].gap >= SENTENCE:
            return False
        return not _ANTIALLERGIC.isdisjoint(last.meaning.ingredients)

    # ------------------------------------------------------------ names that are not spelt so

    def _guess(self, at: int) -> int:
        word = self.words[at]
        if word in NOISE or word in CONNECTORS or word.isdigit() or (at and self.words[at - 1] in ("dr", "doctor")):
            return at + 1
        ordinary = (
            len(word) < 3
            or word in VOCABULARY
            or word in self.ordinary
            or (word[-1] == "s" and word[:-1] in self.ordinary)
        )
        end = self._guess_joined(at, ordinary)
        if end:
            return end
        if ordinary:
            return at + 1
        if len(word) >= SHORTEST_FUZZY:
            guess = self._search(word)
            if guess is not None:
                return self._guessed(at, at + 1, guess)
        if len(word) >= 4 and self._unfinished(at, word):
            return at + 1
        if len(word) > SHORTEST_FUZZY and not _misspelt_noise(word):
            self._add(Found(Spot(at, at + 1), None, "unrecognised"))
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
            if (
                self.tokens[end - 1].gap >= LOOSE
                or word in NOT_A_NAME
                or not word.isalpha()
                or word in self.index.meanings
            ):
                break
            joined += word
            strange = strange or word not in self.ordinary
            if strange and len(joined) >= SHORTEST_FUZZY + 2:
                guess = self._search(joined)
                if (
                    guess is not None
                    and (guess.certain or guess.score >= CERTAIN)
                    and (best is None or guess.score > best[0])
                ):
                    best = guess.score, end, guess
        if best is None:
            return 0
        alone = None if ordinary else self._search(self.words[at])
        if alone is not None and alone.score >= best[0]:
            return 0
        return self._guessed(at, best[1], best[2])

    def _guessed(self, at: int, end: int, guess: Guess) -> int:
        meanings = self.index.meanings
        if guess.rivals:
            names = tuple(meanings[one].name for one in (guess.key, *guess.rivals))[:_MOST_SUGGESTIONS]
            self._add(Found(Spot(at, end), None, "suggested", names))
            return end
        meaning = meanings[guess.key]
        if " " not in guess.key and end == at + 1:
            # "tylanol pm", "clariton d": the corrected word may begin a longer name.
            self.words[at] = guess.key
            longer, better = self._exact(at)
            if better is not None and longer > end:
                end, meaning = longer, better
        if self._same_again(at, meaning):
            return end
        status: Status = "matched" if guess.certain and not meaning.choices else "suggested"
        names = (meaning.name, *meaning.choices, *(meanings[one].name for one in guess.near))
        self._add(Found(Spot(at, end), meaning, status, names[:_MOST_SUGGESTIONS]))
        return end

    def _unfinished(self, at: int, word: str) -> bool:
        keys = self.index.unfinished(word)
        if not keys:
            return False
        names = tuple(self.index.meanings[one].name for one in keys[:_MOST_SUGGESTIONS])
        sure = len(keys) == 1 and len(word) >= SHORTEST_FUZZY
        self._add(Found(Spot(at, at + 1), self.index.meanings[keys[0]] if sure else None, "suggested", names))
        return True

    def spots(self) -> list[Spot]:
        """What the signs may speak of: not a word that nobody knows beside a medicine."""
        known = {
            at for one in self.found if one.status != "unrecognised" for at in range(one.spot.at - 8, one.spot.end + 8)
        }
        return [one.spot for one in self.found if one.status != "unrecognised" or one.spot.at not in known]

    # ------------------------------------------------------------ which words belong to which medicine

    def starts(self) -> list[tuple[int, Found | None]]:
        """(first token, medicine) of each reading. What stands between two belongs to the one before, a clause's lead
        to its own."""
        inside = frozenset(n for one in self.found for n in range(one.spot.at + 1, one.spot.end))
        clauses, _ = clauses_of(self.tokens, inside)
        in_clause: dict[int, list[Found]] = {}
        for one in self.found:
            in_clause.setdefault(clauses[one.spot.at], []).append(one)
        first_of: dict[int, int] = {}
        for n, clause in enumerate(clauses):
            first_of.setdefault(clause, n)
        starts: list[tuple[int, Found | None]] = []
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
        if any(first <= one.at < last for one in self.signs if one.sign not in QUIET):
            return False
        here = self.words[first:last]
        return bool(self.found) and (any(word in ASKS_FOR_NAME for word in here) or self._strange(here))

    def _strange(self, words: Sequence[str]) -> bool:
        """Whether the words are a short name that nobody knows ("zzq 5 mg") and nothing else: staff have to see it for
        itself."""
        if "for" in words or "para" in words:  # what it is taken for
            return False
        rest = [word for word in words if not (word.isdigit() or word in NOISE or word in CONNECTORS)]
        return (
            len(rest) == 1 and len(rest[0]) >= 3 and rest[0] not in self.ordinary and rest[0] not in self.index.meanings
        )

    def use_without_names(self) -> Use:
        """ "No medicines": nothing is left open by an entry that only says so."""
        denied = any(one.sign in ("no", "never", "neverit") for one in self.signs)
        return "never" if denied and not self.found else "current"


def _misspelt_noise(word: str) -> bool:
    """Whether the word is a slip in one of the words that stand around names ("mornign")."""
    return process.extractOne(word, NOISE, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2) is not None
