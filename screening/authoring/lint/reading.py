"""How hard the English is to read: a school grade for each sentence.

Grade = 0.39 words + 11.8 syllables a word - 15.59 (Kincaid et al. 1975, for one sentence). Syllables are the larger of
two counts: what the hyphenation patterns of pyphen say, and groups of vowels without a silent e. textstat has the same
formula, but it counts syllables with a dictionary that it downloads while it runs; nothing here reaches the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import median

import pyphen

from screening.authoring.lint.manuscript import LintContext, Passage
from screening.loading.finding import Finding

HIGHEST = 9.0
FEWEST_WORDS = 5
"""Below that a grade says more about one long word than about the sentence."""

LONGEST_ABBREVIATION = 5
"""Capitals up to so many letters are spelt out: CRPS has four syllables."""

_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*")


@dataclass(frozen=True)
class Sentence:
    """One English sentence that patients can read, with its grade."""

    passage: Passage
    words: str
    grade: float


@dataclass(frozen=True)
class Readability:
    """Grades of all scored sentences, from the easiest on."""

    grades: tuple[float, ...]

    @property
    def median(self) -> float:
        """The grade of the sentence in the middle; 0 where there is none."""
        return median(self.grades) if self.grades else 0.0

    def __str__(self) -> str:
        over = sum(grade > HIGHEST for grade in self.grades)
        worst = max(self.grades, default=0.0)
        return (
            f"Reading grade of {len(self.grades)} English sentences: median {self.median:.1f}, {over} above "
            f"{HIGHEST:g}, worst {worst:.1f}."
        )


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one for one in re.split(r"(?<=[.!?:])\s+|\n+", text.strip()) if one]


@cache
def _patterns() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


@cache
def syllables(word: str) -> int:
    """Syllables of one English word, at least 1; rather one too many than one too few."""
    spelt = word.lower()
    if word.isupper() and 1 < len(word) <= LONGEST_ABBREVIATION:
        return len(word)
    spelt = re.sub(r"^(som|lif|ther|wher|hom|tim|car|saf)e(?=[a-z]{2})", r"\1", spelt)
    groups = len(re.findall(r"[aeiouyà-ÿ]+", spelt))
    if re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxzhcg]es$", spelt):
        groups -= 1
    return max(groups, len(_patterns().positions(spelt)) + 1, 1)


@lru_cache(maxsize=4096)
def grade(sentence: str) -> float | None:
    """School grade of one sentence; None where it is too short to say."""
    words = _WORD.findall(re.sub(r"\{\w+\}", "clinic", sentence))
    if len(words) < FEWEST_WORDS:
        return None
    return 0.39 * len(words) + 11.8 * sum(syllables(word) for word in words) / len(words) - 15.59


def graded(draft: LintContext) -> Iterator[Sentence]:
    """Every English sentence that can be scored; each wording once."""
    seen: set[str] = set()
    for passage in draft.passages:
        for sentence in sentences(passage.words.get("en", "")):
            level = grade(sentence)
            if level is not None and sentence not in seen:
                seen.add(sentence)
                yield Sentence(passage, sentence, level)


def reading(found: Iterable[Sentence]) -> Readability:
    """The grades together."""
    return Readability(tuple(sorted(one.grade for one in found)))


def findings(draft: LintContext) -> Iterator[Finding]:
    """The sentences above the highest grade."""
    for one in graded(draft):
        if one.grade > HIGHEST:
            yield draft.on("W015", one.passage, "en", f'reads at grade {one.grade:.1f}: "{one.words}"')
