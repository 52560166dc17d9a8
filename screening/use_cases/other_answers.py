"""What one other answer would change: which would drop a flag, and which flags are one answer away.

Every alternative is read and compared through the engine's own door, so what it says is what the form would say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.engine.answer_text import in_words
from screening.engine.content import Content
from screening.engine.program import ItemPlan
from screening.engine.screen import facts_of
from screening.model.condition import ItemTest
from screening.model.rule import TIERS
from screening.use_cases.opened_response import OpenedResponse

PRESSING = ("urgent", "high")
"""Tiers whose flags are looked for one answer away."""
_AROUND = (-1, 0, 1)


@dataclass(frozen=True)
class OtherAnswer:
    """One other answer to one question, in words."""

    link_id: str
    question: str
    now: str
    instead: str


@dataclass(frozen=True)
class NearMiss:
    """A rule that is not raised, and the one other answer that would raise it."""

    rule: str
    tier: str
    answer: OtherAnswer


def dropping(opened: OpenedResponse, rule: str) -> list[OtherAnswer]:
    """The other answers of which each alone would leave the rule surely not raised; none where no single one would."""
    flag = next((one for one in opened.result.flags if one.rule == rule), None)
    plan = next((one for one in opened.content.program.rules if one.rule.id == rule), None)
    if flag is None or plan is None:
        return []
    found = []
    for link_id in dict.fromkeys(one.link_id for one in flag.evidence):
        for given in _alternatives(opened, link_id):
            if plan.test.when.value(_facts(opened, link_id, given).vector) == 0:
                found.append(_words(opened, link_id, given))
    return found


def near_misses(opened: OpenedResponse) -> list[NearMiss]:
    """Rules that press and are surely not raised, with the first other answer that would raise each; the most pressing
    first."""
    before = opened.facts.vector
    rules = [plan for plan in opened.content.program.rules if plan.test.when.value(before) == 0]
    rules = [plan for plan in rules if plan.rule.tier in PRESSING]
    found: dict[str, NearMiss] = {}
    for link_id in opened.facts.response.answers:
        reading = [plan for plan in rules if plan.rule.id not in found and _reads(plan.test.items, link_id)]
        for given in _alternatives(opened, link_id) if reading else ():
            vector = _facts(opened, link_id, given).vector
            for plan in reading:
                if plan.rule.id not in found and plan.test.when.value(vector) == 1:
                    answer = _words(opened, link_id, given)
                    found[plan.rule.id] = NearMiss(plan.rule.id, plan.rule.tier, answer)
    return sorted(found.values(), key=lambda one: TIERS.index(one.tier))


def _reads(items: tuple[ItemPlan, ...], link_id: str) -> bool:
    return any(plan.item.link_id == link_id for plan in items)


def _facts(opened: OpenedResponse, link_id: str, given: Any) -> Any:
    answers = {**opened.facts.response.answers, link_id: given}
    return facts_of(answers, opened.record.day, opened.content)[0]


def _alternatives(opened: OpenedResponse, link_id: str) -> Iterator[Any]:
    """Other answers of the same question: each other option; a list without one of its choices, or with one more; the
    numbers on both sides of every limit; medicines without one of them."""
    content, now = opened.content, opened.facts.response.answers.get(link_id)
    item = content.item(link_id)
    open_ = {option.code for option in item.options if option.meaning}
    if now is None:
        return
    if content.medicines and link_id == content.medicines.link_id and isinstance(now, tuple):
        yield from (now[:n] + now[n + 1 :] for n in range(len(now)))
    elif item.many and isinstance(now, tuple):
        alone = {option.code for option in item.options if option.alone}
        yield from (tuple(code for code in now if code != one) for one in now if len(now) > 1)
        for option in item.options:
            if option.code not in now and option.code not in open_:
                yield (option.code,) if option.code in alone else (*(c for c in now if c not in alone), option.code)
    elif item.options:
        yield from (option.code for option in item.options if option.code != now and option.code not in open_)
    elif isinstance(now, int | float):
        low, high = getattr(item, "min", None), getattr(item, "max", None)
        for value in sorted(_edges(content, link_id)):
            if value != now and (low is None or value >= low) and (high is None or value <= high):
                yield int(value) if isinstance(now, int) else value


def _edges(content: Content, link_id: str) -> set[float]:
    tests = [leaf for plan in content.program.rules for leaf in plan.test.leaves]
    limits = [
        limit for leaf in tests if isinstance(leaf, ItemTest) and leaf.item == link_id for _, limit in leaf.limits
    ]
    return {content.program.limit(limit) + step for limit in limits for step in _AROUND}


def _words(opened: OpenedResponse, link_id: str, given: Any) -> OtherAnswer:
    content, language = opened.content, opened.content.languages[0]
    item, answers = content.item(link_id), opened.facts.response.answers
    shown: Mapping[str, Any] = _facts(opened, link_id, given).response.answers
    now, instead = (in_words(item, one.get(link_id), language, content) for one in (answers, shown))
    return OtherAnswer(link_id, item.text[language], now, instead or "nothing")
