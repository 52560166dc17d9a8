"""Scores of published instruments, body mass index, age and opioids a day, as bounds.

With answers missing, a score is known only to lie between two numbers; with all of them, both are the same. A
comparison with bounds is then true, false or unknown without any further rule. A score one of whose items is not asked
does not exist: its bounds are NaN, and every comparison with it is false.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from screening.model.content_model import ContentModel, Slug
from screening.model.text import Text

Bounds = tuple[float, float]
NOT_ASKED: Bounds = (math.nan, math.nan)
UNBOUNDED: Bounds = (-math.inf, math.inf)

Links = Annotated[tuple[Slug, ...], Field(min_length=1, strict=False)]


class BodyMass(ContentModel):
    """The two items that body mass index is worked out from."""

    weight: Slug
    """The item of the weight."""
    height: Slug
    """The item of the height."""


class ScoreDefinition(ContentModel):
    """A score in content: exactly one of sum, mean, bmi, age or mme (opioids a day, from the medicines item)."""

    id: Slug
    """Its name in `score`."""
    title: Text | None = None
    """What staff read."""
    sum: Links | None = None
    """The sum of these items."""
    mean: Links | None = None
    """The mean of these items."""
    bmi: BodyMass | None = None
    """Body mass index of these two items."""
    age: Slug | None = None
    """Whole years since this date item."""
    mme: Slug | None = None
    """Opioids a day of this medicines item, for clinicians only."""

    @model_validator(mode="after")
    def _one_method(self) -> ScoreDefinition:
        if sum(way is not None for way in (self.sum, self.mean, self.bmi, self.age, self.mme)) != 1:
            raise ValueError("say how the score is made in exactly one way: sum, mean, bmi, age or mme")
        return self

    @property
    def items(self) -> tuple[str, ...]:
        """The link_ids that it reads."""
        if self.bmi:
            return (self.bmi.weight, self.bmi.height)
        return self.sum or self.mean or (self.age or self.mme or "",)

    @property
    def method(self) -> Literal["sum", "mean", "bmi", "age", "mme"]:
        """How it is made."""
        return "sum" if self.sum else "mean" if self.mean else "bmi" if self.bmi else "age" if self.age else "mme"


@dataclass(frozen=True)
class Score:
    """A score of one response: its bounds, and its value where all answers are there.

    status: "complete", "incomplete" (bounds may still be useful), "not-asked" (skip logic left an item out).
    """

    id: str
    status: Literal["complete", "incomplete", "not-asked"]
    value: float | None
    low: float | None
    high: float | None


def combine(method: str, bounds: list[Bounds], today: date) -> Bounds:
    """The bounds of a score from those of its items. `today` is the clinic's date, for age in whole years."""
    if any(math.isnan(low) for low, _ in bounds):
        return NOT_ASKED
    lows = [low for low, _ in bounds]
    highs = [high for _, high in bounds]
    if method in ("sum", "mean"):
        share = 1 if method == "sum" else len(bounds)
        return sum(lows) / share, sum(highs) / share
    if not all(low == high for low, high in bounds):
        return UNBOUNDED
    if method == "bmi":
        weight, height = lows
        index = weight / (height / 100) ** 2
        return index, index
    born = date.fromordinal(int(lows[0]))
    years = float(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
    return years, years


def described(id: str, bounds: Bounds, decimals: int = 1) -> Score:
    """The score as staff read it."""
    low, high = bounds
    if math.isnan(low):
        return Score(id, "not-asked", None, None, None)
    if low == high:
        return Score(id, "complete", round(low, decimals), round(low, decimals), round(high, decimals))
    finite = [round(end, decimals) if math.isfinite(end) else None for end in bounds]
    return Score(id, "incomplete", None, finite[0], finite[1])
