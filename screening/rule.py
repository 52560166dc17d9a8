"""Rules: when an answer becomes an item to discuss with a clinician, in whose words, on what source, with which worked cases."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from screening.condition import Condition
from screening.questionnaire import ContentModel, Slug
from screening.text import Text

Tier = Literal["urgent", "high", "moderate", "info"]
TIERS: tuple[Tier, ...] = ("urgent", "high", "moderate", "info")
"""Most pressing first; docs/clinic-guide.md says what each asks of staff."""

Outcome = Literal["raised", "not-raised", "cannot-tell"]
Day = Annotated[date, Field(strict=False)]


class Review(ContentModel):
    """Who reviewed it, and when."""

    by: str
    on: Day


class Citation(ContentModel):
    """A key of sources.yaml, and where in it."""

    cite: str
    where: str | None = None


class TierWhen(ContentModel):
    """A different tier under a condition."""

    tier: Tier
    when: Condition


class Case(ContentModel):
    """A worked example: these answers, this outcome."""

    name: str
    answers: dict[str, Any] = Field(default_factory=dict)
    medicines: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    authored: Day | None = None
    expect: Outcome
    tier: Tier | None = None


class Rule(ContentModel):
    """Condition, tier, wording for patient and clinician, sources and worked cases. `id` is stable for ever."""

    id: Slug
    status: Literal["draft", "active", "retired"]
    reviewed: Literal["pending"] | Review
    tier: Tier
    tier_when: Annotated[tuple[TierWhen, ...], Field(strict=False)] = ()
    when: Condition
    supersedes: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    patient: Text | None = None
    clinician: str
    sources: Annotated[tuple[Citation, ...], Field(min_length=1, strict=False)]
    cases: Annotated[tuple[Case, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _active_is_reviewed(self) -> Rule:
        if self.status == "active" and self.reviewed == "pending":
            raise PydanticCustomError("unreviewed", "an active rule needs reviewed: {by: ..., on: ...}; until then its status is draft")
        return self


class NamedCondition(ContentModel):
    """A condition that several rules share."""

    id: Slug
    when: Condition


class Source(ContentModel):
    """A reference that rules cite."""

    key: str
    title: str
    by: str
    year: int | str
    kind: Literal["guideline", "label", "study", "notice", "practice", "own-knowledge"]
    read: Literal["full", "excerpt", "abstract", "summary", "none"]
    note: str | None = None
    review_by: Day
    checked: dict[str, Any]
