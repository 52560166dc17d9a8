"""The rule book: every question and rule of a content in plain words, for a clinician to read, agree with and sign.

Frozen values without layout: the reviewer's table (HTML and PDF) and pages of the app show the same words. Text that
patients read stands in every language of the questionnaire; the frame and the clinician wording are English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening.authoring.book.condition_words import Clause

Said = Mapping[str, str]
"""The same words by language code, the language of the book first."""


@dataclass(frozen=True)
class OptionEntry:
    """One answer that can be chosen; `notes` say what it does besides."""

    code: str
    text: Said
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ListEntry:
    """What else a question shows or offers: its name, and the options."""

    name: str
    options: tuple[OptionEntry, ...]


@dataclass(frozen=True)
class QuestionEntry:
    """One question. `kind` says how it is answered; `gate` when it is asked (None: of everybody); `read_by` are rule
    ids."""

    link_id: str
    text: Said
    stem: Said | None
    hint: Said | None
    for_another: tuple[Said, ...]
    kind: str
    lists: tuple[ListEntry, ...]
    gate: Clause | None
    help: tuple[Clause, ...]
    notes: tuple[str, ...]
    read_by: tuple[str, ...]


@dataclass(frozen=True)
class AnswerEntry:
    """One answer of a worked case, in the words of its question."""

    link_id: str
    question: str
    answer: str


@dataclass(frozen=True)
class CaseEntry:
    """A worked case: these answers, this outcome. `day` is ISO where the case names one."""

    name: str
    answers: tuple[AnswerEntry, ...]
    day: str | None
    expect: str


@dataclass(frozen=True)
class LimitEntry:
    """A threshold of site.yaml by its name, and the rules that use it."""

    name: str
    value: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class TierEntry:
    """A tier: its name, and what it asks of staff. With `when`: under which condition a rule has it instead of its
    own."""

    tier: str
    words: str
    when: Clause | None = None


@dataclass(frozen=True)
class RuleEntry:
    """One rule, with everything that a clinician signs for. `gates`: when the questions that it reads are asked at
    all."""

    id: str
    title: str
    status: str
    reviewed: str
    tier: TierEntry
    other_tiers: tuple[TierEntry, ...]
    when: Clause
    gates: tuple[Clause, ...]
    limits: tuple[LimitEntry, ...]
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    patient: Said | None
    clinician: str
    sources: tuple[str, ...]
    cases: tuple[CaseEntry, ...]


@dataclass(frozen=True)
class SharedCondition:
    """A condition that several rules use by its name."""

    id: str
    when: Clause


@dataclass(frozen=True)
class ScoreEntry:
    """A score: its name, and how it is made."""

    id: str
    title: Said | None
    made: str


@dataclass(frozen=True)
class SectionEntry:
    """One topic of the questionnaire, and the rules that belong to it."""

    id: str
    title: Said
    intro: Said | None
    questions: tuple[QuestionEntry, ...]
    conditions: tuple[SharedCondition, ...]
    scores: tuple[ScoreEntry, ...]
    rules: tuple[RuleEntry, ...]


@dataclass(frozen=True)
class HelpEntry:
    """What is shown at once when an answer asks for help: a title, and lines with the numbers to call."""

    kind: str
    title: Said
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class ClassEntry:
    """A medicine class, its ingredients, and the rules that ask for it."""

    id: str
    name: Said
    basis: str
    ingredients: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class SourceEntry:
    """A reference, how much of it its author read, and the rules that cite it."""

    key: str
    title: str
    by: str
    year: str
    kind: str
    read: str
    note: str
    checked: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class RuleBook:
    """Everything. `content` is the hash of what was read; `drafts` whether a rule in it waits for a clinician's
    review."""

    title: str
    clinic: str
    version: str
    content: str
    drafts: bool
    language: str
    languages: Mapping[str, str]
    counts: str
    how_to_read: tuple[str, ...]
    tiers: tuple[TierEntry, ...]
    consent: tuple[Said, ...]
    help: tuple[HelpEntry, ...]
    sections: tuple[SectionEntry, ...]
    limits: tuple[LimitEntry, ...]
    classes: tuple[ClassEntry, ...]
    opioids: tuple[str, ...]
    sources: tuple[SourceEntry, ...]

    @property
    def rules(self) -> tuple[RuleEntry, ...]:
        """Every rule in the order of the topics."""
        return tuple(rule for section in self.sections for rule in section.rules)
