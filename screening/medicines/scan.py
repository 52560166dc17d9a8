"""Finding medicines in the tokens of one entry: names as they are in the table, names that are not spelt so, and what
belongs to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from screening.medicines import phrases as speech
from screening.medicines import words as words_of
from screening.medicines.names import CERTAIN, JOINERS, SHORTEST_FUZZY, Guess, Meaning, NameIndex
from screening.medicines.phrases import CLAUSE, LOOSE, Cue, Spot, Token, Use

Status = Literal["matched", "suggested", "unrecognised"]

_MOST_SUGGESTIONS = 6
_MOST_GUESSES = 60
"""Fuzzy searches in one entry; a long list has a dozen misspelt words."""
_AFTER_NUMBER = words_of.wordset("times x a per veces al or")
_ANTIALLERGIC = words_of.wordset(
    "loratadine cetirizine fexofenadine diphenhydramine levocetirizine desloratadine fluticasone "
    "triamcinolone budesonide mometasone "
    "chlorpheniramine azelastine montelukast ketotifen olopatadine cromolyn brompheniramine pseudoephedrine"
)
"""Beside one of these, "allergy" is what it is for."""


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
                meaning = meanings.get(key[: -len(token.word)] + "medicine") or meanings.get(
                    key[: -len(token.word)] + "pill"
                )
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
        return following.gap >= CLAUSE or not (following.word in words_of.UNITS or following.word in _AFTER_NUMBER)

    def _accept(self, at: int, end: int, meaning: Meaning) -> int:
        following = self.words[end] if end < len(self.tokens) and self.tokens[end].gap < CLAUSE else ""
        doubtful = meaning.kind == "label" or (
            meaning.weak and not following.isdigit() and following not in words_of.UNITS
        )
        if following in words_of.CONDITION_AFTER or (doubtful and not self._alone(at, end)):
            return end
        if self._same_again(at, meaning) or (meaning.kind == "class" and not meaning.classes and self._follows(at)):
            return end
        status: Status = "suggested" if meaning.choices or meaning.kind in ("class", "label") else "matched"
        self._add(Found(Spot(at, end), meaning, status, meaning.choices[:_MOST_SUGGESTIONS]))
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

    def _add(self, found: Found) -> None:
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
        if (
            word in words_of.NOISE
            or word in words_of.CONNECTORS
            or word.isdigit()
            or (at and self.words[at - 1] in ("dr", "doctor"))
        ):
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
                or word in words_of.NOT_A_NAME
                or not word.isalpha()
                or word in self.index.meanings
            ):
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
            self._add(Found(Spot(at, end), None, "suggested", names))
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
        self._add(Found(Spot(at, end), meaning, status, (meaning.name, *meaning.choices)[:_MOST_SUGGESTIONS]))
        return end

    def _unfinished(self, at: int, word: str) -> bool:
        keys = self.index.unfinished(word)
        if not keys:
            return False
        names = tuple(self.index.meanings[one].name for one in keys[:_MOST_SUGGESTIONS])
        sure = len(keys) == 1 and len(word) >= SHORTEST_FUZZY
        self._add(Found(Spot(at, at + 1), self.index.meanings[keys[0]] if sure else None, "suggested", names))
        return True

    # ------------------------------------------------------------ which words belong to which medicine

    def starts(self) -> list[tuple[int, Found | None]]:
        """(first token, medicine) of each reading. What stands between two belongs to the one before, a clause's lead
        to its own."""
        inside = frozenset(n for one in self.found for n in range(one.spot.at + 1, one.spot.end))
        clauses, _ = speech.clauses_of(self.tokens, inside)
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
        if any(first <= cue.at < last for cue in self.cues):
            return False
        here = self.words[first:last]
        return bool(self.found) and (any(word in words_of.ASKS_FOR_NAME for word in here) or self._strange(here))

    def _strange(self, words: Sequence[str]) -> bool:
        """Whether the words are a short name that nobody knows ("zzq 5 mg") and nothing else: staff have to see it for
        itself."""
        if "for" in words or "para" in words:  # what it is taken for
            return False
        rest = [word for word in words if not (word.isdigit() or word in words_of.NOISE or word in words_of.CONNECTORS)]
        return (
            len(rest) == 1 and len(rest[0]) >= 3 and rest[0] not in self.ordinary and rest[0] not in self.index.meanings
        )

    def use_without_names(self) -> Use:
        """ "No medicines": nothing is left open by an entry that only says so."""
        denied = any(cue.use == "never" for cue in self.cues)
        return "never" if denied and not self.found else "current"


def _misspelt_noise(word: str) -> bool:
    """Whether the word is a slip in one of the words that stand around names ("mornign")."""
    return (
        process.extractOne(word, words_of.NOISE, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
        is not None
    )
