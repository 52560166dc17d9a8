"""One file of sections/: what it may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from screening.model.content_model import ContentModel, Slug
from screening.model.item_types import Item
from screening.model.rule import NamedCondition, Rule
from screening.model.score import ScoreDefinition
from screening.model.text import Text


@dataclass(frozen=True)
class SectionPage:
    """One page of a topic: its name in the address, its title, and the questions on it."""

    address: str
    title: Text
    items: tuple[Item, ...]


class Section(ContentModel):
    """One file of sections/: one topic, its items, and the rules that belong to it."""

    section: Slug
    """Equal to the file name."""
    title: Text
    """The heading of the page."""
    intro: Text | None = None
    """A sentence or two below it."""
    intro_for_another: Text | None = None
    """The same for somebody who answers for another person."""
    private: bool = False
    """Left out of a person's own copy, unless they ask for it: others may find a paper."""
    items: Annotated[tuple[Item, ...], Field(min_length=1, strict=False)]
    """The questions, in the order asked."""
    conditions: Annotated[tuple[NamedCondition, ...], Field(strict=False)] = ()
    """Conditions that several rules share."""
    scores: Annotated[tuple[ScoreDefinition, ...], Field(strict=False)] = ()
    """Scores of these items."""
    rules: Annotated[tuple[Rule, ...], Field(strict=False)] = ()
    """The rules that belong here."""

    def introduction(self, for_another: bool) -> Text | None:
        """What stands below the heading, in the words of whoever answers."""
        return (for_another and self.intro_for_another) or self.intro

    @property
    def pages(self) -> tuple[SectionPage, ...]:
        """The pages on which it is asked, in order: one, and one more from each item that begins another."""
        starts = [0, *(place for place, item in enumerate(self.items) if item.page and place)]
        pages = []
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(self.items)], strict=True), 1):
            address = self.section if number == 1 else f"{self.section}-part-{number}"
            pages.append(SectionPage(address, self.items[start].page or self.title, self.items[start:end]))
        return tuple(pages)
