"""What changed since the same person's last form: scores, medicines and flags come and gone, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from screening.engine.answer_text import said, without_invisible
from screening.engine.result import Evidence, Result
from screening.medicines.formulary import MedicationStatement
from screening.model.rule import words_of_id
from screening.records.record import Record
from screening.use_cases.opened_response import OpenedResponse


@dataclass(frozen=True)
class Reason:
    """One answer that differs, in words; empty where there is none."""

    link_id: str
    question: str
    before: str
    now: str


@dataclass(frozen=True)
class FlagChange:
    """A flag that came or went. reasons: the answers that differ; none where only the rule or the day does."""

    rule: str
    tier: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ScoreLine:
    """One score over the forms of a person. points: (day, value), oldest first; None where it was not complete."""

    id: str
    points: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class SinceLast:
    """This form beside the one before it. reference, day: of that one."""

    reference: str
    day: str
    scores: tuple[ScoreLine, ...]
    medicines_new: tuple[str, ...]
    medicines_gone: tuple[str, ...]
    flags_new: tuple[FlagChange, ...]
    flags_gone: tuple[FlagChange, ...]


def since_last(opened: OpenedResponse) -> SinceLast | None:
    """What changed since the last linked form before this one; None where there is none."""
    earlier = [one for one in opened.linked if (one.authored, one.id) < (opened.record.authored, opened.record.id)]
    if not earlier:
        return None
    last = earlier[-1]
    before, now = Result.of(last.result, last.answers), opened.result
    old, new = ({flag.rule: flag for flag in result.to_discuss()} for result in (before, now))
    return SinceLast(
        last.reference,
        last.authored,
        tuple(_scores([*earlier, opened.record])),
        tuple(_apart(now.medicines, before.medicines)),
        tuple(_apart(before.medicines, now.medicines)),
        tuple(
            FlagChange(flag.rule, flag.tier, tuple(_reasons(flag.evidence, last, opened)))
            for rule, flag in new.items()
            if rule not in old
        ),
        tuple(
            FlagChange(flag.rule, flag.tier, tuple(_reasons(flag.evidence, last, opened)))
            for rule, flag in old.items()
            if rule not in new
        ),
    )


def on_sheet(opened: OpenedResponse) -> dict[str, Any] | None:
    """The same as plain values, for the template of the prep sheet."""
    found = since_last(opened)
    if found is None:
        return None
    rules = opened.content.rules_by_id
    titles = {one.rule: rules[one.rule].short for one in (*found.flags_new, *found.flags_gone) if one.rule in rules}

    def lines(changes: Sequence[FlagChange]) -> list[str]:
        return [titles.get(one.rule, words_of_id(one.rule)) for one in changes]

    return {
        "day": found.day,
        "reference": found.reference,
        "scores": {line.id: [value for _, value in line.points] for line in found.scores},
        "medicines_new": [without_invisible(one) for one in found.medicines_new],
        "medicines_gone": [without_invisible(one) for one in found.medicines_gone],
        "flags_new": lines(found.flags_new),
        "flags_gone": lines(found.flags_gone),
    }


def _scores(records: Sequence[Record]) -> Iterator[ScoreLine]:
    """Every score that at least two of the forms have whole."""
    results = [(one.authored, Result.of(one.result, one.answers)) for one in records]
    for name in dict.fromkeys(score.id for _, result in results for score in result.scores):
        points = tuple((day, score.value if (score := result.score(name)) else None) for day, result in results)
        if sum(value is not None for _, value in points) > 1:
            yield ScoreLine(name, points)


def _apart(these: Sequence[MedicationStatement], those: Sequence[MedicationStatement]) -> Iterator[str]:
    """Medicines taken in these that are not in those, by ingredient where it is known, else by their words."""
    there = {key for one in those if one.use == "current" for key in _keys(one)}
    yield from (one.text for one in these if one.use == "current" and there.isdisjoint(_keys(one)))


def _keys(reading: MedicationStatement) -> frozenset[str]:
    return frozenset(reading.ingredients) or frozenset((" ".join(reading.text.casefold().split()),))


def _reasons(evidence: Sequence[Evidence], last: Record, opened: OpenedResponse) -> Iterator[Reason]:
    content, language = opened.content, opened.content.languages[0]
    for link_id in dict.fromkeys(one.link_id for one in evidence):
        before, now = (
            said(link_id, answers.get(link_id), content, language).words
            for answers in (last.answers, opened.record.answers)
        )
        if before != now:
            yield Reason(link_id, content.question(link_id, language), before, now)
