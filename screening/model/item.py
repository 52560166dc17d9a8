"""One question: what every item has, what counts as an answer, and when one is refused.

Names follow FHIR R4 (Questionnaire.item): link_id, answer_option, answer_value_set, enable_when.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self

from pydantic import BeforeValidator, Field

from screening.model.condition import Condition
from screening.model.content_model import ContentModel, Slug
from screening.model.text import Text, Unreadable, clean

Given = str | int | float | tuple[Any, ...] | dict[str, Any]
"""An accepted answer, as it is stored: a code, a number, text, codes in the order of the options, medicines as a
tuple of entries (see Medicines), or a quantity `{"value": 180, "unit": "lb"}`. Dates are ISO text."""

Identifier = Literal["none", "name", "contact", "date", "age", "free-text", "device-or-record"]
Instrument = Literal["peg", "phq-9", "gad-7", "audit-c"]

_QUIET = ("no", "none", "not-at-all", "never", "does-not-apply")


class Refused(ValueError):
    """An answer that cannot be accepted. The message is a code of content/words.yaml, never the answer itself."""


class Chance(Protocol):
    """Where made-up answers come from, such as random.Random."""

    def random(self) -> float: ...
    def randint(self, a: int, b: int) -> int: ...
    def uniform(self, a: float, b: float) -> float: ...
    def choice(self, seq: Sequence[Any]) -> Any: ...
    def sample(self, population: Sequence[Any], k: int) -> list[Any]: ...


@dataclass(frozen=True)
class Wording:
    """How an answer is put in words: in which language, with which words of words.yaml, and whether as in the US."""

    language: str
    words: Mapping[str, Text]
    us: bool

    def __getitem__(self, name: str) -> str:
        return self.words[name][self.language]


class AnswerOption(ContentModel):
    """One answer that can be chosen. `weight` is its number in a score."""

    code: Slug
    """Its name in rules and exports; never reuse one."""
    text: Text
    """What the person reads."""
    weight: int | None = None
    """Its number in a score."""
    exclusive: bool = False
    """Choosing it clears every other choice."""
    meaning: Literal["not-sure", "declined"] | None = None
    """It counts as unknown in rules, never as "no"."""

    @property
    def alone(self) -> bool:
        """Whether choosing it clears every other choice."""
        return self.exclusive or self.meaning is not None


HelpKind = Literal["emergency", "crisis", "gentle", "same-day"]
HELP_KINDS: tuple[HelpKind, ...] = ("emergency", "crisis", "gentle", "same-day")
"""Most pressing first: the order in which blocks stand on a page. gentle: for somebody who would rather not say."""


class ShowHelp(ContentModel):
    """Which help block appears under the item, at once, when the condition holds."""

    block: HelpKind
    """Which help of site.yaml."""
    when: Condition
    """When it is shown; may look at the item itself."""


def _listed(written: Any) -> Any:
    return [written] if isinstance(written, dict) else written


class OtherWords(ContentModel):
    """What somebody reads who answers for another person; what is left out reads as it is."""

    text: Text | None = None
    """The question."""
    stem: Text | None = None
    """The sentence before it."""
    hint: Text | None = None
    """The sentence below it."""


class ItemBase(ContentModel):
    link_id: Slug
    """Its name for ever; never reuse one."""
    text: Text
    """The question."""
    stem: Text | None = None
    """A sentence before the question, as instruments have it."""
    hint: Text | None = None
    """A sentence below the question."""
    for_another: OtherWords | None = None
    """The words for somebody who answers for another person."""
    page: Text | None = None
    """Another page of its topic begins with it, under this title."""
    enable_when: Condition | None = None
    """The gate: it is asked only when this holds. Looks only at earlier items."""
    required: bool = False
    """It cannot be left out. Use it for almost nothing."""
    safety_critical: bool = False
    """No answer is itself something that staff must ask about."""
    identifier: Identifier = "none"
    """How it can show who the person is; de-identified exports leave it out."""
    purpose: str | None = None
    """Why it is asked, where no rule, score or gate reads it."""
    instrument: Instrument | None = None
    """The published instrument whose wording it is; do not reword."""
    show_help: Annotated[tuple[ShowHelp, ...], BeforeValidator(_listed), Field(strict=False)] = ()
    """Local help at once, under the item: one block, or a list of blocks with a condition each."""

    many: ClassVar[bool] = False
    """Whether several of the options may be chosen."""
    numeric: ClassVar[bool] = False
    """Whether the answer is a number from `min` to `max`."""
    typed: ClassVar[bool] = False
    """Whether the answer is the person's own words."""

    @property
    def options(self) -> tuple[AnswerOption, ...]:
        """The answer options; empty for items that are typed."""
        return ()

    def worded(self, for_another: bool) -> Self:
        """The item in the words of whoever answers."""
        if not for_another or self.for_another is None:
            return self
        words = {"text": self.for_another.text, "stem": self.for_another.stem, "hint": self.for_another.hint}
        return self.model_copy(update={name: text for name, text in words.items() if text})

    @property
    def answered_with(self) -> str:
        """What counts as an answer, for the reviewer's table."""
        raise AssertionError(self)

    def labels(self, language: str) -> dict[str, str]:
        """Code of each option -> what the person reads."""
        return {option.code: option.text[language] for option in self.options}

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        """A made-up answer as a person could give it. `healthy`: how often it is "no", where there is a "no"."""
        raise AssertionError(self)

    def choosing(self, code: str) -> Given:
        """The answer that chooses just this option."""
        return (code,) if self.many else code

    def ends(self) -> dict[str, Given]:
        """The smallest and the largest answer, where it is a number."""
        return {}

    def accept(self, raw: Any, today: date) -> Given:
        """The answer as it is stored. Raises Refused."""
        raise AssertionError(self)

    def number(self, given: Given) -> float:
        """The answer as a number in the item's own unit; NaN where it has none."""
        return math.nan

    def in_words(self, given: Given, wording: Wording) -> str:
        """The answer as the person reads it."""
        return f"{given:g}" if isinstance(given, int | float) else str(given)


class ListedItem(ItemBase):
    answer_value_set: Slug | None = None
    """An answer set of shared.yaml or body-regions.yaml, in place of options."""
    answer_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """Its own options."""

    @property
    def options(self) -> tuple[AnswerOption, ...]:
        """The options; the content loader has put the answer set's in place."""
        return self.answer_option

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        codes = [option.code for option in self.options]
        quiet = [code for code in codes if code in _QUIET]
        if quiet and chance.random() < healthy:
            return quiet[:1] if self.many else quiet[0]
        if not self.many:
            return chance.choice(codes)
        alone = [option.code for option in self.options if option.alone]
        others = [code for code in codes if code not in alone]
        if alone and (not others or chance.random() < 0.1):
            return [chance.choice(alone)]
        return chance.sample(others, chance.randint(1, min(3, len(others))))

    def in_words(self, given: Given, wording: Wording) -> str:
        texts = self.labels(wording.language)
        return "; ".join(texts[code] for code in given) if isinstance(given, tuple) else texts[str(given)]

    def _code(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise Refused("wrong-type")
        if not any(option.code == raw for option in self.options):
            raise Refused("unknown-option")
        return raw

    def _codes(self, raw: Any) -> tuple[str, ...]:
        if isinstance(raw, str):
            raw = [raw]
        if not isinstance(raw, list | tuple):
            raise Refused("wrong-type")
        if len(raw) > 2 * len(self.options):
            raise Refused("unknown-option")
        chosen = {self._code(code) for code in raw}
        if not chosen:
            raise Refused("empty")
        if len(chosen) > 1 and any(option.alone for option in self.options if option.code in chosen):
            raise Refused("not-together")
        return tuple(option.code for option in self.options if option.code in chosen)


def as_accepted(stored: Any) -> Any:
    """An accepted answer as it comes back from the store, where a tuple was written as a list."""
    return tuple(as_accepted(one) for one in stored) if isinstance(stored, list) else stored


def cleaned(raw: str, longest: int) -> str:
    """What was typed, without invisible characters. Raises Refused."""
    try:
        return clean(raw, longest).text
    except Unreadable as error:
        raise Refused(str(error)) from None


def typed_text(raw: Any, longest: int) -> str:
    """What was typed, of at most `longest` characters and not blank. Raises Refused."""
    if not isinstance(raw, str):
        raise Refused("wrong-type")
    text = cleaned(raw, longest)
    if not text:
        raise Refused("empty")
    return text
