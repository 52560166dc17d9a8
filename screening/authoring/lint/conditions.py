"""Conditions and how rules stand to each other: limits that cannot hold, parts written twice, who supersedes whom."""

from __future__ import annotations

import math
from collections.abc import Iterator

from screening.authoring.lint.manuscript import ConditionPlace, LintContext
from screening.loading.finding import Finding
from screening.model.condition import ItemTest, Limit, ScoreTest, constant_outcome, parts
from screening.model.item_types import Item
from screening.model.rule import TIERS, Rule

_PEOPLE = {"age": (0.0, 130.0), "bmi": (5.0, 150.0)}
"""What ages in years and body mass indexes can be: wide of every real one."""


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about conditions, tiers and superseding."""
    for spot in draft.spots:
        if isinstance(spot.node, ItemTest) and len(set(spot.node.codes)) < len(spot.node.codes):
            yield draft.at("R015", spot.file, spot.path, spot.place, f"{spot.place} names an option twice in any_of.")
        yield from _twice(draft, spot)
        if isinstance(spot.node, ItemTest | ScoreTest) and spot.node.limits:
            yield from _limits(draft, spot, spot.node)
    rules = {rule.id: rule for rule in draft.content.rules}
    for file, path, rule in draft.rules():
        place = f"rule {rule.id}"
        for code, key, what in _superseding(rule, rules):
            yield draft.at(code, file, (*path, key), place, what)
        for n, other in enumerate(rule.tier_when):
            if other.tier == rule.tier:
                yield draft.at("R019", file, (*path, "tier_when", n), place, f"{rule.id} is {rule.tier} either way.")
    yield from _critical(draft)


def _twice(draft: LintContext, spot: ConditionPlace) -> Iterator[Finding]:
    seen: list[object] = []
    for part in parts(spot.node):
        if part in seen:
            yield draft.at("R016", spot.file, spot.path, spot.place, f"{spot.place} holds one part twice.")
        seen.append(part)


def _number(draft: LintContext, limit: Limit) -> float:
    return float(draft.content.site.thresholds[limit] if isinstance(limit, str) else limit)


def _limits(draft: LintContext, spot: ConditionPlace, node: ItemTest | ScoreTest) -> Iterator[Finding]:
    low, high = (
        _item_range(draft.content.item(node.item)) if isinstance(node, ItemTest) else _score_range(draft, node.score)
    )
    name = node.item if isinstance(node, ItemTest) else node.score
    for how, limit in node.limits:
        number = _number(draft, limit)
        holds = constant_outcome(how, number, low, high)
        if holds is not None:
            what = (
                f"{spot.place}: {name} is from {low:g} to {high:g}, so {how} {number:g} "
                f"{'always' if holds else 'never'} holds."
            )
            yield draft.at("R017", spot.file, spot.path, spot.place, what)
    given = {how: _number(draft, limit) for how, limit in node.limits}
    floor = max(given.get("at_least", -math.inf), given.get("above", -math.inf))
    ceiling = min(given.get("at_most", math.inf), given.get("below", math.inf))
    if floor > ceiling or (floor == ceiling and {"above", "below"} & set(given)):
        yield draft.at(
            "R018",
            spot.file,
            spot.path,
            spot.place,
            f"{spot.place}: no {name} is over {floor:g} and under {ceiling:g}.",
        )


def _item_range(item: Item) -> tuple[float, float]:
    weights = [float(option.weight) for option in item.options if option.weight is not None]
    if weights:
        return min(weights), max(weights)
    return float(getattr(item, "min", -math.inf)), float(getattr(item, "max", math.inf))


def _score_range(draft: LintContext, name: str) -> tuple[float, float]:
    score = next(score for section in draft.content.sections for score in section.scores if score.id == name)
    if score.method not in ("sum", "mean"):
        return _PEOPLE.get(score.method, (0.0, math.inf))
    share = 1 if score.method == "sum" else len(score.items)
    ranges = [_item_range(draft.content.item(link_id)) for link_id in score.items]
    return sum(low for low, _ in ranges) / share, sum(high for _, high in ranges) / share


def _superseding(rule: Rule, rules: dict[str, Rule]) -> Iterator[tuple[str, str, str]]:
    for name in rule.supersedes:
        other = rules[name]
        if _leads(name, rule.id, rules):
            yield "R012", "supersedes", f"{rule.id} and {name} supersede each other."
        elif TIERS.index(other.tier) < TIERS.index(rule.tier):
            yield "R013", "supersedes", f"{rule.id} ({rule.tier}) supersedes {name} ({other.tier})."
        if "retired" in (rule.status, other.status):
            yield "R014", "supersedes", f"{rule.id} ({rule.status}) supersedes {name} ({other.status})."


def _leads(start: str, end: str, rules: dict[str, Rule]) -> bool:
    """Whether `start` supersedes `end`, through others or by itself being it."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting += rules[name].supersedes
    return False


def _critical(draft: LintContext) -> Iterator[Finding]:
    """What is safety-critical is of use only where a rule reads it: in its condition or through a gate, a score or a
    named condition."""
    plans = draft.content.program.rules
    if len(plans) < sum(
        rule.status != "retired" for rule in draft.content.rules
    ):  # drafts are switched off: what they read is not known
        return
    tests = [test for plan in plans for test in (plan.test, *(other for _, other in plan.tiers))]
    read = {plan.item.link_id for test in tests for plan in test.items} | {
        item.link_id for item in draft.content.items if item.show_help
    }
    for file, path, item in draft.items():
        if item.safety_critical and item.link_id not in read:
            yield draft.at(
                "R020", file, (*path, "safety_critical"), f"item {item.link_id}", f'No rule reads "{item.link_id}".'
            )
