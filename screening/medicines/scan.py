"""Finding medicines in the tokens of one entry: names as they are in the table, names that are not spelt so, and what
belongs to which."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from screening.medicines.names import NameIndex
from screening.medicines.phrases import LOOSE, Token, clauses_of
from screening.medicines.sign_stream import Mention, Use
from screening.medicines.signs import QUIET, VOCABULARY, sign_at
from screening.medicines.spelling import CERTAIN, SHORTEST_FUZZY, Guess
from screening.medicines.table_names import MOST_SUGGESTIONS, Found, Status, TableNames
from screening.medicines.words import ASKS_FOR_NAME, CONNECTORS, NOISE, NOT_A_NAME

_MOST_GUESSES = 60
"""Fuzzy searches in one entry; a long list has a dozen misspelt words."""


class Scan(TableNames):
    """Finds names and signs in the tokens of one entry, from left to right."""

    def __init__(self, tokens: list[Token], typed: str, index: NameIndex, ordinary: frozenset[str]) -> None:
        super().__init__(tokens, typed, index, ordinary)
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
            self._add(Found(Mention(at, at + 1), None, "unrecognised"))
        return at + 1

    def _search(self, word: str) -> Guess | None:
        """A fuzzy search, once for each word and not without limit: an entry may be made to be slow."""
        if word not in self.guesses and len(self.guesses) < _MOST_GUESSES:
            self.guesses[word] = self.index.spelling.guess(word)
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
                or word in self.index.concepts
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
        meanings = self.index.concepts
        if guess.rivals:
            names = tuple(meanings[one].name for one in (guess.key, *guess.rivals))[:MOST_SUGGESTIONS]
            self._add(Found(Mention(at, end), None, "suggested", names))
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
        self._add(Found(Mention(at, end), meaning, status, names[:MOST_SUGGESTIONS]))
        return end

    def _unfinished(self, at: int, word: str) -> bool:
        keys = self.index.spelling.unfinished(word)
        if not keys:
            return False
        names = tuple(self.index.concepts[one].name for one in keys[:MOST_SUGGESTIONS])
        sure = len(keys) == 1 and len(word) >= SHORTEST_FUZZY
        self._add(Found(Mention(at, at + 1), self.index.concepts[keys[0]] if sure else None, "suggested", names))
        return True

    def spots(self) -> list[Mention]:
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
            len(rest) == 1 and len(rest[0]) >= 3 and rest[0] not in self.ordinary and rest[0] not in self.index.concepts
        )

    def use_without_names(self) -> Use:
        """ "No medicines": nothing is left open by an entry that only says so."""
        denied = any(one.sign in ("no", "never", "neverit") for one in self.signs)
        return "never" if denied and not self.found else "current"


def _misspelt_noise(word: str) -> bool:
    """Whether the word is a slip in one of the words that stand around names ("mornign")."""
    return process.extractOne(word, NOISE, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2) is not None
