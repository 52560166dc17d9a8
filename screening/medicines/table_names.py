"""Names that stand in an entry as they stand in the table, and the signs about their use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from screening.medicines.name_tables import JOINERS, NameConcept
from screening.medicines.names import LONGEST_NAME, NameIndex
from screening.medicines.phrases import CLAUSE, LOOSE, SENTENCE, Token
from screening.medicines.sign_stream import Mention
from screening.medicines.signs import Sign
from screening.medicines.spelling import SHORTEST_FUZZY, SHORTEST_RIVAL
from screening.medicines.words import CONDITION_AFTER, CONNECTORS, MEDICINE, NOISE, NOT_A_NAME, UNITS, wordset

Status = Literal["matched", "suggested", "unrecognised"]

MOST_SUGGESTIONS = 6
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

    spot: Mention
    meaning: NameConcept | None = None
    status: Status = "matched"
    suggestions: tuple[str, ...] = ()


class TableNames:
    """Finds names as they are in the table, in the tokens of one entry."""

    def __init__(self, tokens: list[Token], typed: str, index: NameIndex, ordinary: frozenset[str]) -> None:
        self.tokens, self.typed, self.index, self.ordinary = tokens, typed, index, ordinary
        self.words = [token.word for token in tokens]
        self.found: list[Found] = []
        self.signs: list[Sign] = []

    def _whole(self) -> int:
        """The whole entry where it is a name as it stands on a package, commas and dashes and all; else 0."""
        key = " ".join([word for word in self.words if word not in JOINERS])
        meaning = self.index.concepts.get(key) if 1 < len(self.words) <= 2 * LONGEST_NAME else None
        if meaning is None or any(token.gap > CLAUSE for token in self.tokens):
            return 0
        return self._accept(0, len(self.tokens), meaning)

    def _exact(self, at: int) -> tuple[int, NameConcept | None]:
        """The longest name that starts at token `at`: (the token after it, its meaning)."""
        best: tuple[int, NameConcept | None] = (at, None)
        for end, meaning in self._readings(at):
            if self._really_name(at, end) and (end == at + 1 or meaning.kind != "label" or self._alone(at, end)):
                best = end, meaning
        return best

    def _readings(self, at: int) -> Iterator[tuple[int, NameConcept]]:
        """What the words from `at` on mean, one word, two words, and so on: (the token after them, meaning)."""
        meanings, first = self.index.concepts, self.words[at]
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

    def _single(self, word: str) -> NameConcept | None:
        """What one word means, or its plural."""
        meanings = self.index.concepts
        if word in meanings:
            return None if word in NOT_A_NAME else meanings[word]
        if len(word) > SHORTEST_FUZZY and word[-1] == "s" and word[:-1] in meanings:
            single = meanings[word[:-1]]
            return single if word not in self.ordinary or single.kind == "class" else None
        return None

    def _class_word(self, lead: str) -> NameConcept | None:
        """A class by any word for "medicine": "bp meds"."""
        meaning = self.index.concepts.get(lead + "medicine") or self.index.concepts.get(lead + "pill")
        return meaning if meaning is not None and meaning.kind == "class" else None

    def _run_together(self, joined: str, at: int, end: int) -> NameConcept | None:
        """A name with a space too many ("sero quel") or too few ("alkaseltzer plus")."""
        key = joined if joined in self.index.concepts else self.index.joined.get(joined)
        if key is None or not joined.isalpha() or self.tokens[end - 1].gap >= LOOSE:
            return None
        if len(joined) <= SHORTEST_FUZZY and (len(joined) < SHORTEST_RIVAL or self.words[end - 1] in self.ordinary):
            return None
        if any(word in NOT_A_NAME or word in self.index.concepts for word in self.words[at + 1 : end]):
            return None
        meaning = self.index.concepts[key]
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

    def _accept(self, at: int, end: int, meaning: NameConcept) -> int:
        following = self.words[end] if end < len(self.tokens) and self.tokens[end].gap < CLAUSE else ""
        doubtful = meaning.kind == "label" or (meaning.weak and not following.isdigit() and following not in UNITS)
        if following in CONDITION_AFTER or (doubtful and not self._alone(at, end)):
            return end
        if self._same_again(at, meaning) or (meaning.kind == "class" and not meaning.classes and self._follows(at)):
            return end
        choices = meaning.choices
        if end == at + 1 and not choices and meaning.ingredients:
            other = self.index.spelling.mistakable(self.words[at])
            choices = (meaning.name, *(self.index.concepts[one].name for one in other)) if other else ()
        status: Status = "suggested" if choices or meaning.kind in ("class", "label") else "matched"
        self._add(Found(Mention(at, end), meaning, status, choices[:MOST_SUGGESTIONS]))
        return end

    def _same_again(self, at: int, meaning: NameConcept) -> bool:
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
