"""Opioids a day in morphine milligram equivalents (MME), for clinicians only and never for a patient: not for changing
opioids.

The factors are content (medicines/opioids.yaml; CDC 2022). A medicine counts only where ingredient, route, dose, unit
and times a day are all known for certain; else the sum is known only to be at least what the others make, and the
reason is said.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from screening.medicines.formulary import Amount, Formulary, MedicationStatement
from screening.medicines.phrases import fold
from screening.medicines.states import TAKEN
from screening.medicines.words import FORMS
from screening.model.content_model import ContentModel, Slug

Why = Literal[
    "counted",
    "left-out",
    "not-lately",
    "which-medicine",
    "no-factor",
    "several-opioids",
    "route",
    "dose",
    "unit",
    "times-a-day",
    "when-taken",
]


class OpioidFactor(ContentModel):
    """One ingredient: `factor` times the amount of `unit` a day is its MME. With `rate` the dose is one per hour, all
    day."""

    ingredient: str
    """The opioid."""
    factor: Annotated[float, Field(gt=0, strict=False)]
    """MME for one unit a day."""
    unit: Slug
    """A key of units."""
    route: str
    """The way of taking it that the factor is for."""
    route_must_be_said: bool = False
    """It counts only where the person said the route."""
    rate: bool = False
    """The dose is one an hour, all day, such as a patch."""
    caution: str = ""
    """What clinicians must know before they rely on the number."""


class OpioidFactors(ContentModel):
    """opioids.yaml. `units`: unit -> how people write it; `times_a_day`: words -> number; `left_out` never count."""

    reviewed: str
    """Who reviewed the factors; `pending` until then."""
    source: Slug
    """A key of sources.yaml."""
    basis: str
    """Where they come from."""
    opioid_class: Slug
    """The class whose ingredients are opioids."""
    left_out: Annotated[tuple[str, ...], Field(strict=False)]
    """Ingredients that never count."""
    factors: Annotated[tuple[OpioidFactor, ...], Field(min_length=1, strict=False)]
    """One line for each opioid."""
    units: dict[Slug, Annotated[tuple[str, ...], Field(min_length=1, strict=False)]]
    """Unit to the ways in which people write it."""
    times_a_day: dict[str, float]
    """Words to how many times a day they surely mean."""

    def factor(self, ingredient: str) -> OpioidFactor | None:
        """The factor of an ingredient, if it has one."""
        return next((one for one in self.factors if one.ingredient == ingredient), None)


@dataclass(frozen=True)
class Part:
    """What one medicine adds: bounds in MME a day, and why it is not one number where it is not."""

    text: str
    ingredient: str | None
    low: float
    high: float
    why: Why

    @property
    def value(self) -> float | None:
        """MME a day, where it is known."""
        return self.low if self.low == self.high else None


def part_of(reading: MedicationStatement, factors: OpioidFactors, formulary: Formulary) -> Part | None:
    """What `reading` adds; None for what is not taken now, or surely no opioid."""
    states = reading.states
    if not states & TAKEN["listed"]:
        return None
    found = [one for one in reading.ingredients if factors.opioid_class in formulary.classes_of.get(one, ())]
    if reading.status != "matched":
        if reading.classes and not reading.ingredients and factors.opioid_class not in reading.classes:
            return None  # "blood thinner"
        return Part(reading.text, None, 0, math.inf, "which-medicine")
    if not found:
        return None
    if factors.opioid_class not in reading.classes:  # by a route that does not reach the body
        return Part(reading.text, found[0], 0, 0, "left-out")
    if all(one in factors.left_out for one in found):
        return Part(reading.text, found[0], 0, 0, "left-out")
    if not states & TAKEN["now"]:
        return Part(reading.text, found[0], 0, 0, "not-lately")
    amount = _amount(reading, found, factors, formulary)
    if isinstance(amount, str):
        return Part(reading.text, found[0], 0, math.inf, amount)
    if not states <= TAKEN["now"]:
        return Part(reading.text, found[0], 0, amount, "when-taken")
    return Part(reading.text, found[0], amount, amount, "counted")


def _amount(
    reading: MedicationStatement, found: list[str], factors: OpioidFactors, formulary: Formulary
) -> float | Why:
    """MME a day, or what is missing."""
    if len(found) > 1:
        return "several-opioids"
    factor = factors.factor(found[0])
    if factor is None:
        return "no-factor"
    typed = _typed_dose(reading, factors, formulary)
    if isinstance(typed, str) and reading.amount is None:
        return typed
    if reading.amount is None:
        assert not isinstance(typed, str)
        dose, sure = typed
        if not sure:
            return "times-a-day"
    else:
        dose = reading.amount
        if not isinstance(typed, str) and (conflict := _conflict(typed[0], dose)):
            return conflict
    said = reading.route or ("patch" if factor.rate and dose.unit == factor.unit else None)
    if said != factor.route and (said is not None or factor.route_must_be_said):
        return "route"
    if dose.value is None:
        return "dose"
    if dose.unit != factor.unit:
        return "unit"
    if factor.rate:
        return factor.factor * dose.value
    return "times-a-day" if dose.per_day is None else round(factor.factor * dose.value * dose.per_day, 6)


def _conflict(typed: Amount, dose: Amount) -> Why | None:
    """What the text and the boxes say differently: it stays open."""
    if dose.unit == typed.unit and dose.value is not None and dose.value != typed.value:
        return "dose"
    return "times-a-day" if dose.per_day and typed.per_day and dose.per_day != typed.per_day else None


_NUMBER = re.compile(r"(?<![\w.,/-])(\d+(?:[.,]\d+)?)(?: ?[/-] ?(\d+(?:[.,]\d+)?))? ?([a-zµμ]+(?: ?/ ?[a-z]+)?)(?!\w)")
_COMBINED = re.compile(r"(?<![\w.,/-])(\d+(?:[.,]\d+)?) ?[/-] ?([2-9]\d\d)(?![\w/-])")
"""The strengths of two ingredients without a unit: "10/325"."""
_NUMBERS = "one two three four five six|un dos tres cuatro cinco seis|una dos tres cuatro cinco seis|once twice thrice"
_WORD_NUMBERS = {word: str(n) for words in _NUMBERS.split("|") for n, word in enumerate(words.split(), 1)}
_COUNTED = r"(?:tablets?|tabs?|pills?|capsules?|caps?|tabletas?|pastillas?|capsulas?)"
_COUNT = re.compile(rf"(?<![\w.,/-])(\d) ?{_COUNTED}(?!\w)")
_HOURS = re.compile(r"(?<!\w)(?:every|q|cada) ?(\d+) ?(?:h|hrs?|hours?|horas?)(?![\w-])")
_TIMES = re.compile(
    r"(?<![\w.,/-])(\d) ?(?:x|times|veces)? ?(?:/ ?|a |per |al |por |each )?(?:day|daily|d|dia|diario|diarias?)(?!\w)"
)
_TOTAL = re.compile(r"^ ?(?:/|a|per|al|por) ?(?:day|d|dia)(?!\w)")
_PER_DAY = re.compile(r" ?/ ?(?:day|dia)(?!\w)")
_PER_HOUR = re.compile(r" ?(?:/|per|an|por) ?(?:hora|hour|hr|h)(?!\w)")


def _typed_dose(
    reading: MedicationStatement, factors: OpioidFactors, formulary: Formulary
) -> tuple[Amount, bool] | Why:
    """The dose in the typed words; and whether they hold but the name besides: no "1-2 tablets", no "as needed"."""
    text = _PER_DAY.sub(" a day", _PER_HOUR.sub("/h", fold(reading.text)))
    text = re.sub(r"[^\W\d_]+", lambda word: _WORD_NUMBERS.get(word.group(), word.group()), text)
    found = [(number, unit) for number in _NUMBER.finditer(text) if (unit := _unit(number.group(3), factors))]
    combined = _COMBINED.search(text) if not found and len(reading.ingredients) == 2 else None
    if combined:
        found = [(combined, "mg")]
    if len(found) != 1:
        return "dose"
    number, unit = found[0]
    if number.group(2) and len(reading.ingredients) != 2:
        return "dose"
    rest = text[number.end() :]
    total = _TOTAL.match(rest)
    rest = text[: number.start()] + " " + (rest[total.end() :] if total else rest)
    rest, each = _taken_out(rest, _COUNT)
    rest, times = _times(rest, factors)
    if total:
        times = 1.0 if times is None else math.nan
    left = [one for one in re.findall(r"[^\W\d_]+|\d+", rest) if one not in FORMS and one != "patch"]
    rate = any(one.rate and one.unit == unit for one in factors.factors)
    known = times if times and math.isfinite(times) else None
    amount = Amount(float(number.group(1).replace(",", ".")) * (each or 1), unit, known)
    return amount, formulary.is_name(" ".join(left)) and (rate or known is not None)


def _times(text: str, factors: OpioidFactors) -> tuple[str, float | None]:
    """(the rest, how many times a day); not a number where it is said twice."""
    said: list[float] = []
    for phrase in sorted(factors.times_a_day, key=lambda one: -len(one)):
        words = " ".join(_WORD_NUMBERS.get(word, word) for word in phrase.split())
        text, count = re.subn(rf"(?<!\w){re.escape(words)}(?!\w)", " ", text)
        said += [factors.times_a_day[phrase]] * count
    text, hours = _taken_out(text, _HOURS)
    text, number = _taken_out(text, _TIMES)
    said += [24 / hours] if hours else []
    said += [number] if number else []
    return text, said[0] if len(said) == 1 else math.nan if said else None


def _taken_out(text: str, pattern: re.Pattern[str]) -> tuple[str, float | None]:
    """(the rest, the number that the pattern found)."""
    found = pattern.search(text)
    if found is None:
        return text, None
    return text[: found.start()] + " " + text[found.end() :], float(found.group(1))


def _unit(written: str, factors: OpioidFactors) -> str | None:
    bare = written.replace(" ", "")
    return next((unit for unit, ways in factors.units.items() if bare in ways), None)
