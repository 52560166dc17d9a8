"""A table of responses, made ready once for one content and one set of choices: its codebook, and each response as
cells."""

from __future__ import annotations

from datetime import date
from typing import Any

from exports import columns as of
from exports.accepted import AnswersOfDays
from exports.asked import Why
from exports.cell import Cell
from exports.choices import Attached, Choices
from exports.columns import Column, Part
from exports.deidentify import Pseudonyms, may_leave
from exports.names import Names
from exports.purpose import of_purpose
from exports.record_columns import RecordColumns, named
from screening.engine.content import Content
from screening.model.item_types import Item
from screening.records.record import Record

RULES = ("rule", "title", "tier", "status", "for clinicians")
"""The head of the rules, explained."""


class Sheet:
    """Responses as rows. `key` is needed for the de-identified form. Raises ValueError for a choice that cannot be."""

    def __init__(
        self,
        content: Content,
        choices: Choices = Choices(),  # noqa: B008
        key: bytes = b"",
        attached: Attached = Attached(),  # noqa: B008
    ) -> None:
        self.names = Names(content)
        choices = of_purpose(choices, content, self.names)
        self.content, self.choices, self.attached = content, choices, attached
        self.language = choices.language or content.languages[0]
        if self.language not in content.languages:
            raise ValueError(f"no language {self.language!r}: {', '.join(content.languages)}")
        self.hidden = Pseudonyms(key, choices.dates) if choices.deidentified else None
        self._answers = AnswersOfDays(content, attached.content_of)
        who = content.site.staff.items
        first = () if self.hidden else (who.name, who.birth_date, who.phone)
        items = [(part, item) for part, item in self._items() if self._wanted(part)]
        asked = sorted(items, key=lambda one: first.index(one[1].link_id) if one[1].link_id in first else len(first))
        named = sum(item.link_id in first for _, item in asked)
        beside = RecordColumns(content, choices, attached, self.names, self.language, self.hidden)
        head, tail = ([one for one in parts if self._wanted(one[0])] for parts in (beside.before(), beside.after()))
        # The reference, then who it is, then what became of it, then what was said.
        lead = [one for one in head if one[0].columns[0].name == "reference"]
        head = head[len(lead) :]
        self.parts = [part for part, _ in (*lead, *asked[:named], *head, *asked[named:], *tail)]
        unknown = (choices.columns or frozenset()) - {column.name for column in self.columns}
        if unknown:
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        self._lead, self._before, self._after = ([value for _, value in parts] for parts in (lead, head, tail))
        links = [item.link_id for _, item in asked]
        self._links = links[:named], links[named:]
        self._moved = [item.link_id for _, item in asked if self.hidden and item.type == "date"]

    @property
    def columns(self) -> list[Column]:
        """Every column, in order."""
        return [column for part in self.parts for column in part.columns]

    def keys(self, record: Record) -> list[Any]:
        """One hashable key for each part: `part.cells(key)` are its cells."""
        row = self._answers.accepted(record)
        known: dict[str, Any] = {**row.blank, **row.answers, **row.why}
        for link_id in self._moved:
            given = known[link_id]
            if self.hidden and not isinstance(given, Why):
                known[link_id] = self.hidden.day(record.id, date.fromisoformat(str(given)))
        first, others = self._links
        return [
            *[value(row) for value in self._lead],
            *map(known.__getitem__, first),
            *[value(row) for value in self._before],
            *map(known.__getitem__, others),
            *[value(row) for value in self._after],
        ]

    def cells(self, record: Record) -> list[Cell]:
        """One response as typed cells, in the order of the columns."""
        return [cell for part, key in zip(self.parts, self.keys(record), strict=True) for cell in part.cells(key)]

    def _wanted(self, part: Part) -> bool:
        return self.choices.columns is None or any(column.name in self.choices.columns for column in part.columns)

    def rules(self) -> list[tuple[str, ...]]:
        """Every rule, explained: what stands for it in a cell, its title, tier, whether a clinician reviewed it, and
        what clinicians read."""
        tiers = self.content.site.staff.tiers
        rules = self.content.rules
        return [(rule.id, rule.short, tiers.get(rule.tier, rule.tier), rule.status, rule.clinician) for rule in rules]

    def _items(self) -> list[tuple[Part, Item]]:
        items = [item for item in self.content.items if not self.hidden or may_leave(item, self.content)]
        if self.choices.purpose == "research":
            items = [item for item in items if item.identifier in ("none", "age")]
        return [(named(of.of_item(item, self.choices, self.language), self.names), item) for item in items]
