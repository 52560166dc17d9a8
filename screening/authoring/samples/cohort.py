"""A made-up pain clinic whose people have what people in pain clinics have, together, as often as the sources say.

`clinic.yaml` says who they are. The same seed gives the same people. What the content does not ask is not answered.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.loading.files import ContentFiles
from screening.loading.finding import ContentError
from screening.model.content_model import ContentModel, Slug
from screening.model.item_types import Item

_QUIET = ("no", "none", "not-at-all", "never", "does-not-apply", "self")
_WELL = {"pain-diagnosed-by": "pain-specialist", "pain-duration": "over-5-years"}
"""What a well person says where no option is the quiet one."""

Share = Annotated[float, Field(ge=0, le=1, strict=False)]


class PublishedFigure(ContentModel):
    """Where a figure is from, and how much of it was read."""

    key: str
    """Its name in `source`."""
    cite: str
    """The document, and what it says."""
    read: Literal["full", "summary", "recalled", "none"]
    """How it was looked at for this clinic."""


class Shared(ContentModel):
    """How many people something is true of."""

    share: Share
    """Of those it can be true of."""
    source: str
    """A key of `sources`."""
    given: dict[str, Share] = {}
    """Traits that change the share; the first that somebody has counts."""

    def chance(self, traits: set[str]) -> float:
        """The share among people with these traits."""
        return next((share for trait, share in self.given.items() if trait in traits), self.share)


class Trait(Shared):
    """Something that some people have, and what they answer because of it."""

    id: Slug
    """Its name in `given` and `of`."""
    of: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Only people with all of these can have it."""
    answers: dict[str, str | list[str]] = {}
    """link_id to an option, or to options that are added to a list."""
    spread: dict[str, list[float]] = {}
    """link_id to how likely each option is, in their order."""


class Taken(Shared):
    """A medicine that some people take."""

    text: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    """As people type it; one of these."""


class Normal(ContentModel):
    """A number that most people have: mean and standard deviation, in the item's unit."""

    mean: Annotated[float, Field(strict=False)]
    """The mean."""
    spread: Annotated[float, Field(strict=False)]
    """The standard deviation."""
    min: int = 0
    """Nobody has less."""
    max: int = 400
    """Nobody has more."""
    source: str
    """A key of `sources`."""


class MadeUpClinic(ContentModel):
    """clinic.yaml."""

    sources: Annotated[tuple[PublishedFigure, ...], Field(strict=False)]
    """Where the figures are from."""
    age: Normal
    """In years."""
    blank: Shared
    """How often a safety-critical question is left blank."""
    not_sure: Shared
    """How often it is answered "not sure", where it offers that."""
    numbers: dict[str, Normal]
    """Answers that are numbers, by link_id."""
    traits: Annotated[tuple[Trait, ...], Field(strict=False)]
    """What people have, in order: later ones may depend on earlier."""
    medicines: Annotated[tuple[Taken, ...], Field(strict=False)]
    """What they take."""

    @model_validator(mode="after")
    def _sources_exist(self) -> MadeUpClinic:
        parts: list[Normal | Shared] = [
            self.age,
            self.blank,
            self.not_sure,
            *self.numbers.values(),
            *self.traits,
            *self.medicines,
        ]
        strange = {part.source for part in parts} - {source.key for source in self.sources}
        if strange:
            raise ValueError(f"no such source: {', '.join(sorted(strange))}")
        return self


def clinic() -> MadeUpClinic:
    """The shipped made-up clinic."""
    files = ContentFiles(Path(__file__).parent)
    loaded = files.model("clinic.yaml", MadeUpClinic)
    if loaded is None:
        raise ContentError(files.findings)
    return loaded


def cohort(
    content: Content, count: int, seed: int, today: date, people: MadeUpClinic | None = None
) -> Iterator[Mapping[str, Any]]:
    """The answers of `count` people by link_id, as they are typed."""
    people = people or clinic()
    for number in range(count):
        yield _person(content, people, random.Random(f"{seed} {number}"), today)


def _person(content: Content, people: MadeUpClinic, chance: random.Random, today: date) -> dict[str, Any]:
    age = min(max(round(chance.gauss(people.age.mean, people.age.spread)), people.age.min), people.age.max)
    has = {"aged"} if age >= 65 else {"middle"} if age >= 40 else set()
    if age < 50:
        has.add("young")
    said: dict[str, Any] = {"birth-date": (today - timedelta(days=age * 366)).isoformat()}
    for trait in people.traits:
        if has.issuperset(trait.of) and chance.random() < trait.chance(has):
            has.add(trait.id)
            _say(said, trait, content, chance)
    pressure = 8 if "hypertension" in has else 0
    said["systolic"], said["diastolic"] = (
        round(chance.gauss(125 + pressure, 12)),
        round(chance.gauss(78 + pressure / 2, 8)),
    )
    taken = [chance.choice(one.text) for one in people.medicines if chance.random() < one.chance(has)]
    given = {plan.item.link_id: _given(plan.item, said, taken, people, chance) for plan in content.program.items}
    typed = {link_id: one for link_id, one in given.items() if one is not None}
    asked = {plan.item.link_id for plan in ResponseFacts(read(typed, today, content)[0], content.program).asked}
    return {link_id: one for link_id, one in typed.items() if link_id in asked}


def _say(said: dict[str, Any], trait: Trait, content: Content, chance: random.Random) -> None:
    known = {item.link_id: item for item in content.items}
    for link_id, given in trait.answers.items():
        if isinstance(given, list):
            said[link_id] = list(dict.fromkeys([*said.get(link_id, []), *given]))
        else:
            said[link_id] = given
    for link_id, weights in trait.spread.items():
        if link_id in known:
            codes = [option.code for option in known[link_id].options][: len(weights)]
            said[link_id] = chance.choices(codes, weights)[0]


def _given(item: Item, said: Mapping[str, Any], taken: list[str], people: MadeUpClinic, chance: random.Random) -> Any:
    """What the person answers to `item`; None where it stays blank."""
    if item.safety_critical and chance.random() < people.blank.share:
        return None
    unsure = next((option.code for option in item.options if option.meaning == "not-sure"), None)
    if item.safety_critical and unsure and item.type != "medicines" and chance.random() < people.not_sure.share:
        return unsure
    if item.type == "medicines":
        return taken or "none"
    if item.link_id in people.numbers and item.type in ("integer", "quantity"):
        normal = people.numbers[item.link_id]
        number = min(max(chance.gauss(normal.mean, normal.spread), item.min), item.max)
        return round(number)
    if item.link_id in said:
        codes = {option.code for option in item.options}
        given = said[item.link_id]
        known = [code for code in given if code in codes] if isinstance(given, list) else given
        if known and (not codes or isinstance(given, list) or given in codes):
            return known
    if item.required or item.identifier == "contact":
        return (
            "person@example.org" if "mail" in item.link_id else "Example Person" if item.required else "+1 555 010 0123"
        )
    return _WELL.get(item.link_id) or next((option.code for option in item.options if option.code in _QUIET), None)
