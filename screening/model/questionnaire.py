"""What is asked: items, their answer options, sections. And what counts as an answer to each.

Names follow FHIR R4 (Questionnaire.item): link_id, answer_option, answer_value_set, enable_when.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from screening.model.condition import Condition
from screening.model.text import LONGEST_LINE, LONGEST_TEXT, Text, Unreadable, clean

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]

Given = str | int | float | tuple[Any, ...] | dict[str, Any]
"""An accepted answer, as it is stored: a code, a number, text, codes in the order of the options, medicines as a
tuple of entries (see Medicines), or a quantity `{"value": 180, "unit": "lb"}`. Dates are ISO text."""

Identifier = Literal["none", "name", "contact", "date", "age", "free-text", "device-or-record"]
Instrument = Literal["peg", "phq-9", "gad-7", "audit-c"]

# Exact by definition: the international pound (0.45359237 kg) and inch (2.54 cm).
_QUIET = ("no", "none", "not-at-all", "never", "does-not-apply")
_ADULTS = {"kg": (45.0, 130.0), "cm": (145.0, 200.0)}
_WORDS = (
    "walk the dog",
    "dormir toda la noche",
    "sit for an hour",
    "play with my grandchildren",
    "work half days",
    "since an accident",
)

UNITS: dict[str, dict[str, float]] = {"kg": {"kg": 1.0, "lb": 0.45359237}, "cm": {"cm": 1.0, "in": 2.54}}


class ContentModel(BaseModel):
    """Anything read from content/: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Refused(ValueError):
    """An answer that cannot be accepted. The message is a code of content/words.yaml, never the answer itself."""


class Chance(Protocol):
    """Where made-up answers come from, such as random.Random."""

    def random(self) -> float: ...
    def randint(self, a: int, b: int) -> int: ...
    def uniform(self, a: float, b: float) -> float: ...
    def choice(self, seq: Sequence[Any]) -> Any: ...
    def sample(self, population: Sequence[Any], k: int) -> list[Any]: ...


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


class _Item(ContentModel):
    link_id: Slug
    """Its name for ever; never reuse one."""
    text: Text
    """The question."""
    stem: Text | None = None
    """A sentence before the question, as instruments have it."""
    hint: Text | None = None
    """A sentence below the question."""
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


class _Listed(_Item):
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


class Choice(_Listed):
    """One of the options. Answer: its code."""

    type: Literal["choice"]
    """One of the options."""

    @property
    def answered_with(self) -> str:
        return "One of these answers"

    def accept(self, raw: Any, today: date) -> Given:
        return self._code(raw)


class MultiChoice(_Listed):
    """Any of the options. Answer: their codes, in the options' order."""

    type: Literal["multi-choice"]
    """Any of the options."""
    many: ClassVar[bool] = True

    @property
    def answered_with(self) -> str:
        return "Any of these answers"

    def accept(self, raw: Any, today: date) -> Given:
        return self._codes(raw)


class BodyMap(_Listed):
    """Regions of the body. Answer: as for multi-choice."""

    type: Literal["body-map"]
    """Regions of the body, on a drawing and as a list."""
    many: ClassVar[bool] = True

    @property
    def answered_with(self) -> str:
        return "Places on a drawing of the body"

    def accept(self, raw: Any, today: date) -> Given:
        return self._codes(raw)


NONE_OF_THESE = "none-of-these"
"""What `confirmed` holds when a person says that every reading proposed to them is wrong."""

_ENTRY_KEYS = {"text", "confirmed", "how", "last_taken", "dose"}
_MOST_DOSE, _MOST_TIMES = 100_000, 48


class Medicines(_Listed):
    """Medicines as typed. Answer: a tuple of entries, or the code of an option such as `none`.

    An entry is the typed text, or `{"text": ...}` with what the person said about it: `confirmed` (the name they chose,
    or NONE_OF_THESE), `how` and `last_taken` (codes of the options below), `dose` (any of "value", "unit" and times
    "per_day"). `recent` are the last_taken codes after which a medicine still counts (clinical.md a.1).
    """

    type: Literal["medicines"]
    """Medicines as typed; at most one such item."""
    most: int = 60
    """How many entries at most."""
    prompts: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Shown beside the list, to help people remember."""
    how_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """How a medicine is taken: codes regular, as-needed, stopped."""
    last_taken_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """When it was last taken."""
    recent: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    """The codes of last_taken_option after which a medicine still counts."""
    dose_unit_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """Units of a dose."""

    @model_validator(mode="after")
    def _codes_have_meaning(self) -> Medicines:
        strange = {one.code for one in self.how_option} - {"regular", "as-needed", "stopped"}
        if strange:
            raise ValueError(f"how_option knows regular, as-needed and stopped, not {', '.join(sorted(strange))}")
        if not set(self.recent) <= {one.code for one in self.last_taken_option}:
            raise ValueError("recent names codes of last_taken_option")
        return self

    @property
    def answered_with(self) -> str:
        return f"Medicines as typed, up to {self.most}, or one of these answers"

    def is_recent(self, last_taken: str | None) -> bool | None:
        """Whether that answer is within the window; None where it is open."""
        option = next((one for one in self.last_taken_option if one.code == last_taken), None)
        return None if option is None or option.meaning else option.code in self.recent

    def accept(self, raw: Any, today: date) -> Given:
        if isinstance(raw, str):
            return self._code(raw)
        if not isinstance(raw, list | tuple):
            raise Refused("wrong-type")
        if len(raw) > self.most:
            raise Refused("too-many")
        entries = tuple(kept for entry in raw if (kept := self._entry(entry)))
        if not entries:
            raise Refused("no-medicines")
        return entries

    def _entry(self, raw: Any) -> str | dict[str, Any]:
        """One entry as it is stored; empty where its text is blank."""
        if isinstance(raw, str):
            return _cleaned(raw, LONGEST_TEXT)
        if not isinstance(raw, dict) or not set(raw) <= _ENTRY_KEYS or not isinstance(raw.get("text"), str):
            raise Refused("wrong-type")
        text = _cleaned(raw["text"], LONGEST_TEXT)
        said: dict[str, Any] = {
            key: raw[key] for key in sorted(_ENTRY_KEYS) if key != "text" and raw.get(key) is not None
        }
        if "confirmed" in said:
            said["confirmed"] = _typed(said["confirmed"], LONGEST_LINE)
        for key, options in (("how", self.how_option), ("last_taken", self.last_taken_option)):
            if key in said and not any(option.code == said[key] for option in options):
                raise Refused("unknown-option")
        if "dose" in said:
            said["dose"] = self._dose(said["dose"])
        return {"text": text, **said} if text and said else text

    def _dose(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, dict) or not raw or not set(raw) <= {"value", "unit", "per_day"}:
            raise Refused("wrong-type")
        if "unit" in raw and not any(option.code == raw["unit"] for option in self.dose_unit_option):
            raise Refused("unknown-unit")
        most = {"value": _MOST_DOSE, "per_day": _MOST_TIMES}
        return {
            key: _positive(raw[key], most[key]) if key in most else raw[key]
            for key in ("value", "unit", "per_day")
            if key in raw
        }


class _Number(_Item):
    min: int | float
    """The smallest answer that is accepted."""
    max: int | float
    """The largest answer that is accepted."""
    numeric: ClassVar[bool] = True

    def ends(self) -> dict[str, Given]:
        return {"min": self.min, "max": self.max}

    def _number(self, raw: Any) -> int | float:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise Refused("wrong-type")
        if isinstance(raw, float) and not math.isfinite(raw):
            raise Refused("not-a-number")
        if not self.min <= raw <= self.max:
            raise Refused("out-of-range")
        return raw

    def number(self, given: Given) -> float:
        return float(given) if isinstance(given, int | float) else math.nan


class Integer(_Number):
    """A whole number from min to max."""

    type: Literal["integer"]
    """A whole number."""

    @property
    def answered_with(self) -> str:
        return f"A whole number from {self.min} to {self.max}"

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        return chance.randint(int(self.min), int(self.max))

    def accept(self, raw: Any, today: date) -> Given:
        number = self._number(raw)
        if number != int(number):
            raise Refused("not-whole")
        return int(number)


class Decimal(_Number):
    """A number from min to max."""

    type: Literal["decimal"]
    """A number."""

    @property
    def answered_with(self) -> str:
        return f"A number from {self.min:g} to {self.max:g}"

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        return round(chance.uniform(self.min, self.max), 1)

    def accept(self, raw: Any, today: date) -> Given:
        return self._number(raw)


class Quantity(_Number):
    """A weight or a height. Answer: `{"value": number, "unit": "kg"|"lb" or "cm"|"in"}`; min and max are in `unit`."""

    type: Literal["quantity"]
    """A weight or a height; people choose the unit."""
    unit: Literal["kg", "cm"]
    """The unit of min, max and of rules."""

    @property
    def answered_with(self) -> str:
        kind = "A weight" if self.unit == "kg" else "A height"
        return f"{kind} from {self.min:g} to {self.max:g} {self.unit}; people choose the unit"

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        return {"value": round(chance.uniform(*_ADULTS[self.unit]), 1), "unit": self.unit}

    def ends(self) -> dict[str, Given]:
        return {name: {"value": value, "unit": self.unit} for name, value in super().ends().items()}

    def accept(self, raw: Any, today: date) -> Given:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            raw = {"value": raw, "unit": self.unit}
        if not isinstance(raw, dict) or set(raw) != {"value", "unit"}:
            raise Refused("wrong-type")
        if not isinstance(raw["unit"], str) or raw["unit"] not in UNITS[self.unit]:
            raise Refused("unknown-unit")
        value = raw["value"]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused("wrong-type")
        try:
            self._number(value * UNITS[self.unit][raw["unit"]])
        except OverflowError:
            raise Refused("out-of-range") from None
        return {"value": value, "unit": raw["unit"]}

    def number(self, given: Given) -> float:
        return given["value"] * UNITS[self.unit][given["unit"]] if isinstance(given, dict) else math.nan


class Date(_Item):
    """A day, not in the future. Answer: ISO text such as 1984-05-17."""

    type: Literal["date"]
    """A day, not in the future."""
    earliest: int = 1900
    """The first year that is accepted."""

    @property
    def answered_with(self) -> str:
        return f"A day from {self.earliest} on, not in the future"

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        return (today - timedelta(days=chance.randint(18 * 366, 90 * 365))).isoformat()

    def accept(self, raw: Any, today: date) -> Given:
        if not isinstance(raw, str):
            raise Refused("wrong-type")
        try:
            day = date.fromisoformat(raw) if len(raw) == 10 else None
        except ValueError:
            day = None
        if day is None:
            raise Refused("not-a-date")
        if day > today:
            raise Refused("in-the-future")
        if day.year < self.earliest:
            raise Refused("too-long-ago")
        return day.isoformat()

    def number(self, given: Given) -> float:
        return float(date.fromisoformat(given).toordinal()) if isinstance(given, str) else math.nan


class String(_Item):
    """One line of text."""

    type: Literal["string"]
    """One line of text."""
    format: Literal["any", "email", "phone"] = "any"
    """What it has to look like."""
    typed: ClassVar[bool] = True

    @property
    def answered_with(self) -> str:
        return {"any": "One line of text", "email": "An email address", "phone": "A telephone number"}[self.format]

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        return {"email": "person@example.org", "phone": "+1 555 010 0123"}.get(self.format) or chance.choice(_WORDS)

    def accept(self, raw: Any, today: date) -> Given:
        text = _typed(raw, LONGEST_LINE)
        if "\n" in text:
            text = " ".join(text.split())
        if self.format == "email" and ("@" not in text[1:-1] or " " in text):
            raise Refused("not-an-email")
        if self.format == "phone" and sum(char.isdigit() for char in text) < 5:
            raise Refused("not-a-phone")
        return text


class FreeText(_Item):
    """Several lines of text."""

    type: Literal["text"]
    """Several lines of text."""
    typed: ClassVar[bool] = True

    @property
    def answered_with(self) -> str:
        return "Several lines of text"

    def example(self, chance: Chance, today: date, healthy: float = 0.5) -> Any:
        return chance.choice(_WORDS)

    def accept(self, raw: Any, today: date) -> Given:
        return _typed(raw, LONGEST_TEXT)


def as_accepted(stored: Any) -> Any:
    """An accepted answer as it comes back from the store, where a tuple was written as a list."""
    return tuple(as_accepted(one) for one in stored) if isinstance(stored, list) else stored


def _positive(raw: Any, most: int) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Refused("wrong-type")
    if not 0 < raw <= most:  # false for what is not a number, too
        raise Refused("dose-out-of-range")
    return raw


def _cleaned(raw: str, longest: int) -> str:
    try:
        return clean(raw, longest).text
    except Unreadable as error:
        raise Refused(str(error)) from None


def _typed(raw: Any, longest: int) -> str:
    if not isinstance(raw, str):
        raise Refused("wrong-type")
    text = _cleaned(raw, longest)
    if not text:
        raise Refused("empty")
    return text


Item = Annotated[
    Annotated[Choice, Tag("choice")]
    | Annotated[MultiChoice, Tag("multi-choice")]
    | Annotated[BodyMap, Tag("body-map")]
    | Annotated[Medicines, Tag("medicines")]
    | Annotated[Integer, Tag("integer")]
    | Annotated[Decimal, Tag("decimal")]
    | Annotated[Quantity, Tag("quantity")]
    | Annotated[Date, Tag("date")]
    | Annotated[String, Tag("string")]
    | Annotated[FreeText, Tag("text")],
    Discriminator("type"),
]


class ConsentPoint(ContentModel):
    """One plain statement that a person agrees to before the questions."""

    id: Slug
    """Its name in what is kept."""
    text: Text
    """The statement."""


class Consent(ContentModel):
    """What the person is told and agrees to; `version` is stored with every response."""

    version: str
    """Change it whenever the words change."""
    text: Text
    """What the person is told; {days} and {draft_days} stand for those of site.yaml."""
    points: Annotated[tuple[ConsentPoint, ...], Field(min_length=1, strict=False)]
    """The statements to agree to."""


class Questionnaire(ContentModel):
    """questionnaire.yaml: title, version, languages, the order of sections, consent."""

    title: Text
    """The title of the form."""
    version: str
    """For people; the content hash is for the program."""
    languages: Annotated[dict[str, str], Field(min_length=1)]
    """Code to name, the default first."""
    sections: Annotated[tuple[Slug, ...], Field(min_length=1, strict=False)]
    """File names in sections/, in the order asked."""
    consent: Consent
    """What comes before the questions."""
