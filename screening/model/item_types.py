"""Every type of question that content may use."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Tag

from screening.model.dates import day_words
from screening.model.item import Chance, Given, ItemBase, ListedItem, Refused, Wording, typed_text
from screening.model.medicines_item import Medicines
from screening.model.text import LONGEST_LINE, LONGEST_TEXT

_ADULTS = {"kg": (45.0, 130.0), "cm": (145.0, 200.0)}
_WORDS = (
    "walk the dog",
    "dormir toda la noche",
    "sit for an hour",
    "play with my grandchildren",
    "work half days",
    "since an accident",
)

# Exact by definition: the international pound (0.45359237 kg) and inch (2.54 cm).
UNITS: dict[str, dict[str, float]] = {"kg": {"kg": 1.0, "lb": 0.45359237}, "cm": {"cm": 1.0, "in": 2.54}}


class Choice(ListedItem):
    """One of the options. Answer: its code."""

    type: Literal["choice"]
    """One of the options."""

    @property
    def answered_with(self) -> str:
        return "One of these answers"

    def accept(self, raw: Any, today: date) -> Given:
        return self._code(raw)


class MultiChoice(ListedItem):
    """Any of the options. Answer: their codes, in the options' order."""

    type: Literal["multi-choice"]
    """Any of the options."""
    many: ClassVar[bool] = True

    @property
    def answered_with(self) -> str:
        return "Any of these answers"

    def accept(self, raw: Any, today: date) -> Given:
        return self._codes(raw)


class BodyMap(ListedItem):
    """Regions of the body. Answer: as for multi-choice."""

    type: Literal["body-map"]
    """Regions of the body, on a drawing and as a list."""
    many: ClassVar[bool] = True

    @property
    def answered_with(self) -> str:
        return "Places on a drawing of the body"

    def accept(self, raw: Any, today: date) -> Given:
        return self._codes(raw)


class NumericItem(ItemBase):
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


class Integer(NumericItem):
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


class Decimal(NumericItem):
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


class Quantity(NumericItem):
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

    def in_words(self, given: Given, wording: Wording) -> str:
        quantity: Any = given
        value, unit = quantity["value"], quantity["unit"]
        if unit == "in":
            feet, inches = divmod(value, 12)
            return f"{feet:g} {wording['feet'].lower()} {inches:g} {wording['inches'].lower()}"
        return f"{value:g} {unit}"

    def number(self, given: Given) -> float:
        return given["value"] * UNITS[self.unit][given["unit"]] if isinstance(given, dict) else math.nan


class Date(ItemBase):
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

    def in_words(self, given: Given, wording: Wording) -> str:
        return day_words(date.fromisoformat(str(given)), wording.language, wording.us)

    def number(self, given: Given) -> float:
        return float(date.fromisoformat(given).toordinal()) if isinstance(given, str) else math.nan


class String(ItemBase):
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
        text = typed_text(raw, LONGEST_LINE)
        if "\n" in text:
            text = " ".join(text.split())
        if self.format == "email" and ("@" not in text[1:-1] or " " in text):
            raise Refused("not-an-email")
        if self.format == "phone" and sum(char.isdigit() for char in text) < 5:
            raise Refused("not-a-phone")
        return text


class FreeText(ItemBase):
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
        return typed_text(raw, LONGEST_TEXT)


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
