"""One record as the content in use accepts it: its answers, and why those are empty that are not there.

An old response is judged by the questions of its own day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from exports.asked import NOT_KNOWN, NOT_THEN, OTHERWISE, SKIPPED, Gates, Why, gates
from screening.engine.content import Content
from screening.engine.response import read
from screening.engine.result import Result
from screening.medicines.entries import entry_text
from screening.model.item import Given
from screening.model.rule import TIERS
from screening.records.record import Record


@dataclass(frozen=True, slots=True)
class AcceptedAnswers:
    """One record with its answers as this content accepts them."""

    record: Record
    result: Result
    answers: Mapping[str, Given]
    why: Mapping[str, Why]
    other: Mapping[str, Any]
    raised: Mapping[str, list[str]]
    """Rules by tier."""
    blank: Mapping[str, Why]
    """Why an item is empty of which nothing else is known."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What one content asked. own: whether it is the content in use."""

    own: bool
    blank: Mapping[str, Why]
    gates: tuple[Gates, ...]


def _entries(given: Any) -> Any:
    return (
        given if isinstance(given, str) else tuple([one if isinstance(one, str) else entry_text(one) for one in given])
    )


_COMPOUND: Mapping[str, Callable[[Any], Any]] = {
    "multi-choice": tuple,
    "body-map": tuple,
    "medicines": _entries,
    "quantity": lambda given: (given["value"], given["unit"]),
}
"""Type of item -> an answer of several parts as a key that can be remembered."""


class AnswersOfDays:
    """Reads records of any day. content_of: the content of a hash; None where it cannot be read any more."""

    def __init__(self, content: Content, content_of: Callable[[str], Content | None]) -> None:
        self.content, self._content_of = content, content_of
        self._days: dict[str, _Day] = {}
        self._compound = [(item.link_id, _COMPOUND[item.type]) for item in content.items if item.type in _COMPOUND]
        self.items = {item.link_id for item in content.items}

    def accepted(self, record: Record) -> AcceptedAnswers:
        """Its answers as this content takes them."""
        authored, result = record.day, Result.of(record.result, record.answers)
        day = self._day(record.content)
        why: dict[str, Why] = {}
        if day.own and record.answers.keys() <= self.items:  # accepted by this very content
            answers, medicines = dict(record.answers), result.medicines
            other: dict[str, Any] = {}
        else:
            response, problems = read(record.answers, authored, self.content)
            answers, medicines = dict(response.answers), response.medicines
            other = {one.link_id: record.answers[one.link_id] for one in problems if one.link_id in record.answers}
            why = {link_id: OTHERWISE for link_id in other if link_id in self.items}
        for link_id, key_of in self._compound:
            if link_id in answers:
                answers[link_id] = key_of(answers[link_id])
        for group in day.gates:
            if found := group.why(answers if day.own else record.answers, authored, medicines):
                why.update({link_id: one for link_id, one in found.items() if link_id not in other})
        if not why.keys().isdisjoint(answers):
            other |= {link_id: record.answers[link_id] for link_id in answers if link_id in why}
        raised: dict[str, list[str]] = {tier: [] for tier in TIERS}
        for flag in result.flags:
            raised[flag.tier].append(flag.rule)
        return AcceptedAnswers(record, result, answers, why, other, raised, day.blank)

    def _day(self, content: str) -> _Day:
        """What a form of that content asked, so that an old response is judged by the questions of its own day."""
        if content not in self._days:
            own = content == self.content.hash
            then = self.content if own else self._content_of(content)
            asked = {item.link_id for item in then.items} if then else set()
            blank = {
                link_id: SKIPPED if link_id in asked else NOT_THEN if then else NOT_KNOWN for link_id in self.items
            }
            self._days[content] = _Day(own, blank, tuple(gates(then)) if then else ())
        return self._days[content]
