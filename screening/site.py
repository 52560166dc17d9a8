"""The clinic: site.yaml, and the words of the app: words.yaml."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from screening.questionnaire import AnswerOption, ContentModel, Slug
from screening.rule import Source
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


class AnswerSets(ContentModel):
    """shared.yaml and body-regions.yaml: lists of options that items name in answer_value_set."""

    answer_sets: dict[Slug, Annotated[tuple[AnswerOption, ...], Field(min_length=1, strict=False)]]


class Sources(ContentModel):
    """sources.yaml."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1, strict=False)]


class Words(ContentModel):
    """words.yaml: what the app itself says."""

    words: dict[str, Text]
