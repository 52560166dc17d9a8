"""The clinic: site.yaml, and the words of the app: words.yaml."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from screening.questionnaire import AnswerOption, ContentModel, Slug
from screening.rule import TIERS, Source
from screening.text import Text


class Clinic(ContentModel):
    """Who the form belongs to. `read_within` says in words when staff read new forms."""

    name: Text
    phone: str
    hours: Text
    read_within: Text
    time_zone: str

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is not a time zone such as America/New_York") from None
        return name


class HelpAction(ContentModel):
    """A button to help: a telephone number, a text message or a web address."""

    text: Text
    href: Annotated[str, Field(pattern=r"^(tel:[0-9+]+|sms:[0-9+]+|https://[A-Za-z0-9./_-]+)$")]


class HelpBlock(ContentModel):
    """What is shown, at once, when an answer asks for help: a heading and short lines, emergency number first."""

    title: Text
    actions: Annotated[tuple[HelpAction, ...], Field(min_length=1, strict=False)]
    lines: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]


class Help(ContentModel):
    """The local help: one line for every page, and a block for each kind."""

    line: Text
    crisis: HelpBlock
    emergency: HelpBlock


class WorkStatus(ContentModel):
    """How far the work on a response is. `done`: it no longer waits for anybody."""

    code: Slug
    text: Annotated[str, Field(min_length=1, max_length=40)]
    done: bool = False


class StaffItems(ContentModel):
    """The items that a line of the worklist shows."""

    name: Slug = "full-name"
    birth_date: Slug = "birth-date"
    phone: Slug = "phone"
    pain: Slug = "pain-types"


_STATUSES = (("new", "New"), ("in-review", "In review"), ("contacted", "Contacted"), ("scheduled", "Scheduled"), ("closed", "Closed"))
_REASONS = ("Already known and settled", "The answer was a mistake", "Does not matter for this person", "Another reason")
_TIERS = {
    "urgent": "Urgent: a clinician today",
    "high": "High: talk before booking",
    "moderate": "Moderate: talk at the visit",
    "info": "Background",
}


class Staff(ContentModel):
    """What the staff's pages offer. The first status is that of a new response; one that is `done` is not waited for."""

    items: StaffItems = StaffItems()
    statuses: Annotated[tuple[WorkStatus, ...], Field(min_length=2, strict=False)] = tuple(
        WorkStatus(code=code, text=text, done=code == "closed") for code, text in _STATUSES
    )
    contacted: Slug = "contacted"
    not_relevant: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] = _REASONS
    tiers: dict[str, str] = _TIERS
    idle_minutes: Annotated[int, Field(ge=1, le=15)] = 15

    def status(self, code: str) -> str:
        """The words of a status; its code where the clinic no longer has it."""
        return next((one.text for one in self.statuses if one.code == code), code)

    @model_validator(mode="after")
    def _whole(self) -> Staff:
        codes = [status.code for status in self.statuses]
        if len(set(codes)) < len(codes):
            raise ValueError("a status code is used twice")
        if self.contacted not in codes:
            raise ValueError(f"`contacted` names the status {self.contacted!r}, which is not one of the statuses")
        if set(self.tiers) != set(TIERS):
            raise ValueError("`tiers` needs words for urgent, high, moderate and info")
        return self


class Site(ContentModel):
    """Everything a clinic sets for itself."""

    clinic: Clinic
    help: Help
    units: Literal["metric", "us"]
    thresholds: dict[str, float]
    minutes: Annotated[int, Field(ge=1, le=120)]
    screen_with_drafts: bool
    show_topics_to_patients: bool
    retention_days: Annotated[int, Field(ge=1)]
    draft_days: Annotated[int, Field(ge=1, le=90)] = 14
    idle_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    staff: Staff = Staff()  # content from before there were staff pages must still load


class AnswerSets(ContentModel):
    """shared.yaml and body-regions.yaml: lists of options that items name in answer_value_set."""

    answer_sets: dict[Slug, Annotated[tuple[AnswerOption, ...], Field(min_length=1, strict=False)]]


class Sources(ContentModel):
    """sources.yaml."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1, strict=False)]


class Words(ContentModel):
    """words.yaml: what the app itself says."""

    words: dict[str, Text]
