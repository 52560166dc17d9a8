"""The clinic: site.yaml, and the words of the app: words.yaml."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from screening.model.brand import Brand
from screening.model.content_model import ContentModel, Slug
from screening.model.item import AnswerOption, HelpKind
from screening.model.rule import TIERS, Source
from screening.model.text import Text

StaffRole = Literal["front-desk", "clinician", "exporter", "admin"]


class Clinic(ContentModel):
    """Who the form belongs to. `read_within` says in words when staff read new forms."""

    name: Text
    """The name of the clinic."""
    phone: str
    """As people read it."""
    hours: Text
    """When the telephone is answered."""
    read_within: Text
    """When staff read new forms, in words."""
    time_zone: str
    """Such as America/New_York."""

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
    """What stands on the button."""
    href: Annotated[str, Field(pattern=r"^(tel:[0-9+]+|sms:[0-9+]+|https://[A-Za-z0-9./_-]+)$")]
    """tel:, sms: or https: address."""
    message: Text | None = None
    """What a text message begins with, where the service answers in the language of a word."""

    def address(self, language: str) -> str:
        """Where the button leads in that language."""
        return f"{self.href}?&body={quote(self.message[language])}" if self.message else self.href


class OtherHelp(ContentModel):
    """A help block's heading and lines for somebody who answers for another person."""

    title: Text
    """The heading."""
    lines: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    """Short lines, the emergency number first."""


class HelpBlock(ContentModel):
    """What is shown, at once, when an answer asks for help: a heading and short lines, emergency number first."""

    title: Text
    """The heading."""
    actions: Annotated[tuple[HelpAction, ...], Field(min_length=1, strict=False)]
    """Buttons."""
    lines: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    """Short lines, the emergency number first."""
    not_sent: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """More lines while the form is being filled in: that nobody reads it yet, and how to send it now."""
    sent: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """More lines after it was sent."""
    for_another: OtherHelp | None = None
    """Heading and lines for somebody who answers for another person."""

    def worded(self, for_another: bool) -> HelpBlock:
        """The block in the words of whoever answers."""
        if not for_another or self.for_another is None:
            return self
        return self.model_copy(update={"title": self.for_another.title, "lines": self.for_another.lines})


class Help(ContentModel):
    """The local help: one line for every page, and a block for each kind."""

    line: Text
    """One line for every page."""
    crisis: HelpBlock
    """Shown when an answer is about self-harm."""
    emergency: HelpBlock
    """Shown when an answer may need care right away."""
    gentle: HelpBlock | None = None
    """Shown when somebody would rather not say whether they think of harming themselves; else the crisis help."""
    same_day: HelpBlock | None = None
    """Shown when an answer should be looked at today; else the emergency help."""

    def block(self, kind: HelpKind) -> HelpBlock:
        """The block of that kind."""
        blocks = {
            "emergency": self.emergency,
            "crisis": self.crisis,
            "gentle": self.gentle or self.crisis,
            "same-day": self.same_day or self.emergency,
        }
        return blocks[kind]


class WorkStatus(ContentModel):
    """How far the work on a response is. `done`: it no longer waits for anybody."""

    code: Slug
    """Its name for ever."""
    text: Annotated[str, Field(min_length=1, max_length=40)]
    """What staff read."""
    done: bool = False
    """Whether nobody waits any more; such responses leave the worklist."""


class StaffItems(ContentModel):
    """The items that a line of the worklist shows."""

    name: Slug = "full-name"
    """The person's name."""
    birth_date: Slug = "birth-date"
    """Their date of birth."""
    phone: Slug = "phone"
    """Where they can be called."""
    pain: Slug = "pain-types"
    """What kinds of pain they have."""


class HeaderFact(ContentModel):
    """One fact of the header of a response: the answers to some questions, a class of medicines, or opioids a day."""

    label: Annotated[str, Field(min_length=1, max_length=30)]
    """What staff read before it."""
    items: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    """The questions whose answers stand there."""
    takes: Slug | None = None
    """The class of medicines that is looked for in what they take."""
    mme: bool = False
    """Whether opioids stand there, in morphine milligram equivalents a day."""

    @model_validator(mode="after")
    def _one_kind(self) -> HeaderFact:
        if sum((bool(self.items), self.takes is not None, self.mme)) != 1:
            raise ValueError("a fact of the header has exactly one of items, takes, mme")
        return self


_STATUSES = (
    ("new", "New"),
    ("in-review", "In review"),
    ("contacted", "Contacted"),
    ("scheduled", "Scheduled"),
    ("closed", "Closed"),
)
_REASONS = (
    "Already known and settled",
    "The answer was a mistake",
    "Does not matter for this person",
    "Another reason",
)
_TIERS = {
    "urgent": "Urgent: a clinician today",
    "high": "High: talk before booking",
    "moderate": "Moderate: talk at the visit",
    "info": "Background",
}


class Staff(ContentModel):
    """What the staff's pages offer. The first status is that of a new response; one that is `done` is not waited
    for."""

    items: StaffItems = StaffItems()
    """The items that a line of the worklist shows."""
    header: Annotated[tuple[HeaderFact, ...], Field(strict=False)] = ()
    """What stands at the head of every response, in order."""
    statuses: Annotated[tuple[WorkStatus, ...], Field(min_length=2, strict=False)] = tuple(
        WorkStatus(code=code, text=text, done=code == "closed") for code, text in _STATUSES
    )
    """How far the work can be, in order."""
    contacted: Slug = "contacted"
    """The status that "Contacted just now" sets."""
    not_relevant: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] = _REASONS
    """Why a clinician may set a flag aside."""
    tiers: dict[str, str] = _TIERS
    """What staff read for urgent, high, moderate and info."""
    due_hours: dict[str, Annotated[int, Field(ge=1, le=1_000)]] = {"urgent": 4, "high": 24, "moderate": 72}
    """Within how many hours of sending somebody takes the next step, for each tier; one left out has no clock."""
    clinician_only: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    """Sections whose answers and flags only clinicians and exporters read; the front desk sees tier and next step."""
    second_step_for: Annotated[tuple[StaffRole, ...], Field(strict=False)] = ()
    """Roles that sign in with a password only together with a code of their telephone; it is set up at the next one."""
    idle_minutes: Annotated[int, Field(ge=1, le=15)] = 15
    """After how many minutes without a touch somebody is signed out."""

    def is_done(self, code: str) -> bool:
        """Whether nobody waits any more where the work has this status."""
        return any(status.code == code and status.done for status in self.statuses)

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
        if unknown := set(self.due_hours) - set(TIERS):
            raise ValueError(f"`due_hours` names {', '.join(sorted(unknown))}, which is no tier")
        return self


class AttentionLimits(ContentModel):
    """What the rules may ask of the clinic's attention, held by `check --cohort` on a made-up clinic."""

    urgent: Annotated[float, Field(ge=0, le=1)]
    """The largest share of people whose most pressing flag is urgent, from 0 to 1."""
    high: Annotated[float, Field(ge=0, le=1)]
    """The same for high."""
    alone: Annotated[float, Field(ge=0, le=1)]
    """The largest share of people who are urgent, or high, because of one rule only."""
    first_screen: Annotated[int, Field(ge=1)]
    """How many flags above info a typical person has at most."""
    lines: Annotated[int, Field(ge=1)]
    """How many lines the last page shows a typical person at most."""


class Site(ContentModel):
    """Everything a clinic sets for itself."""

    clinic: Clinic
    """Who the form belongs to."""
    help: Help
    """The local help. The app does not start without it."""
    units: Literal["metric", "us"]
    """Which unit the form offers first."""
    thresholds: dict[str, float]
    """Limits that rules name."""
    minutes: Annotated[int, Field(ge=1, le=120)]
    """About how long the form takes, in minutes."""
    screen_with_drafts: bool
    """Whether draft rules are used."""
    show_topics_to_patients: bool
    """Whether the last page lists the topics to talk about."""
    retention_days: Annotated[int, Field(ge=1, le=36_500)]
    """How many days forms are kept, at most 100 years."""
    draft_days: Annotated[int, Field(ge=1, le=90)] = 14
    """How many days a form that was begun is kept."""
    idle_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    """After how many minutes without a touch the answers are hidden."""
    brand: Brand = Brand()
    """The clinic's face."""
    attention: AttentionLimits | None = None
    """What the rules may ask of the clinic's attention; nothing is held where it is left out."""
    staff: Staff = Staff()  # content from before there were staff pages must still load
    """What the staff's pages show and offer."""


class AnswerSets(ContentModel):
    """shared.yaml and body-regions.yaml: lists of options that items name in answer_value_set."""

    answer_sets: dict[Slug, Annotated[tuple[AnswerOption, ...], Field(min_length=1, strict=False)]]
    """Name of the set to its options."""


class Sources(ContentModel):
    """sources.yaml."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1, strict=False)]
    """Every reference."""


class Words(ContentModel):
    """words.yaml: what the app itself says."""

    words: dict[str, Text]
    """Key to words; texts with {braces} keep them in every language."""
