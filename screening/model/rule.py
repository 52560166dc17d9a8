"""Rules: when an answer becomes an item to discuss with a clinician, in whose words, on what source, with which worked
cases."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from screening.model.condition import Condition
from screening.model.content_model import ContentModel, Slug
from screening.model.text import Text

Tier = Literal["urgent", "high", "moderate", "info"]
TIERS: tuple[Tier, ...] = ("urgent", "high", "moderate", "info")
"""Most pressing first; docs/clinic-guide.md says what each asks of staff."""

Audience = Literal["desk", "clinician"]
"""Who acts on a rule."""
Outcome = Literal["raised", "not-raised", "cannot-tell"]
Day = Annotated[date, Field(strict=False)]


class Review(ContentModel):
    """Who reviewed it, and when."""

    by: str
    """The licensed clinician."""
    on: Day
    """The day of the review."""


class Citation(ContentModel):
    """A key of sources.yaml, and where in it."""

    cite: str
    """A key of sources.yaml."""
    where: str | None = None
    """Where in the source."""


class TierWhen(ContentModel):
    """A different tier under a condition."""

    tier: Tier
    """The tier instead."""
    when: Condition
    """When it surely holds."""


class Case(ContentModel):
    """A worked example: these answers, this outcome."""

    name: str
    """One sentence."""
    answers: dict[str, Any] = Field(default_factory=dict)
    """link_id to answer, the gates included."""
    medicines: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    """Medicines as typed; `[]` says that none are taken, leaving it out leaves the question blank."""
    authored: Day | None = None
    """The day of the form; 2026-11-23 where none is named."""
    expect: Outcome
    """What has to come out."""
    tier: Tier | None = None
    """The tier that has to come out."""


class Rule(ContentModel):
    """Condition, tier, wording for patient and clinician, sources and worked cases. `id` is stable for ever."""

    id: Slug
    """Its name for ever; never reuse one."""
    status: Literal["draft", "active", "retired"]
    """draft until reviewed, then active; retired is not used any more."""
    reviewed: Literal["pending"] | Review
    """Who reviewed it and when; an active rule needs it."""
    title: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    """Two to five plain words by which staff know the flag in a list; old content has none, and the words of the id
    stand there."""
    tier: Tier
    """How pressing it is; docs/clinic-guide.md says what each asks of staff."""
    for_: Audience = Field(default="clinician", alias="for")
    """Who acts on it: `desk` (way home, interpreter, telephone, forms) or `clinician`."""
    tier_when: Annotated[tuple[TierWhen, ...], Field(strict=False)] = ()
    """Other tiers; the first whose condition surely holds replaces the tier."""
    when: Condition
    """When it is raised."""
    supersedes: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    """Rules that this one is more specific than: the patient reads this one only."""
    patient: Text | None = None
    """What the patient reads; nothing where it is left out."""
    clinician: str
    """What staff and clinicians read."""
    sources: Annotated[tuple[Citation, ...], Field(min_length=1, strict=False)]
    """What it rests on."""
    cases: Annotated[tuple[Case, ...], Field(strict=False)] = ()
    """Worked cases; at least four."""

    @property
    def short(self) -> str:
        """The title for a list."""
        return self.title or words_of_id(self.id)

    @model_validator(mode="after")
    def _active_is_reviewed(self) -> Rule:
        if self.status == "active" and self.reviewed == "pending":
            raise PydanticCustomError(
                "unreviewed", "an active rule needs reviewed: {by: ..., on: ...}; until then its status is draft"
            )
        return self


def words_of_id(rule: str) -> str:
    """The words of a rule's id, without the topic that it begins with: `cv-chest-pain-now` says "Chest pain now"."""
    return " ".join(rule.split("-")[1:] or [rule]).capitalize()


class NamedCondition(ContentModel):
    """A condition that several rules share."""

    id: Slug
    """Its name, unique over all files."""
    when: Condition
    """The condition."""


class Source(ContentModel):
    """A reference that rules cite."""

    key: str
    """Its name in `cite`."""
    title: str
    """The title."""
    by: str
    """Authors or publisher."""
    year: int | str
    """The year, or words such as "not recorded"."""
    kind: Literal["guideline", "label", "study", "notice", "practice", "own-knowledge"]
    """What kind of document it is."""
    read: Literal["full", "excerpt", "abstract", "summary", "none"]
    """How much of it the author of the rule read."""
    note: str | None = None
    """What to know before relying on it."""
    review_by: Day
    """When to look at it again."""
    checked: dict[str, Any]
    """Who looked it up and when; `by: pending` until then."""
