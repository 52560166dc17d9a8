"""Every part of an `any` or a `none`, and the content without it: a part matters where some patient is then treated
otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from screening.authoring.proof.slips import shown, with_parts
from screening.engine.program import ItemPlan, Program, RulePlan
from screening.model.condition import AnyOf, Condition, Named, NoneOf, leaves, parts
from screening.model.rule import Rule

Conditions = Mapping[str, Condition]


@dataclass(frozen=True)
class Branch:
    """One part of an `any` or `none`. place: as in Content.places; part: which condition there.

    changed: every rule and every gate that reads it, as it would be without this part (spelled out, without named
    conditions).
    """

    place: str
    part: str
    words: str
    condition: Condition
    rules: tuple[tuple[RulePlan, Rule], ...] = ()
    gates: tuple[tuple[ItemPlan, Condition], ...] = ()


def branches(program: Program) -> Iterator[Branch]:
    """Every part of every `any` and `none` with more than one, at any depth, in rules, tiers, gates and named
    conditions."""
    conditions = program.conditions
    for plan in program.rules:
        rule, place = plan.rule, f"rule {plan.rule.id}"
        for branch, left in _without(rule.when):
            yield Branch(place, "when", shown(branch), branch, ((plan, rule.model_copy(update={"when": left})),))
        for n, other in enumerate(rule.tier_when):
            for branch, left in _without(other.when):
                tiers = (*rule.tier_when[:n], other.model_copy(update={"when": left}), *rule.tier_when[n + 1 :])
                yield Branch(
                    place,
                    f"tier_when {other.tier}",
                    shown(branch),
                    branch,
                    ((plan, rule.model_copy(update={"tier_when": tiers})),),
                )
    for item in program.items:
        for branch, left in _without(item.item.enable_when) if item.item.enable_when else ():
            yield Branch(f"item {item.item.link_id}", "enable_when", shown(branch), branch, (), ((item, left),))
    for name, node in conditions.items():
        for branch, left in _without(node):
            scope = {**conditions, name: left}
            rules = tuple(
                (plan, spelled_rule(plan.rule, scope)) for plan in program.rules if _reads(plan.rule, name, conditions)
            )
            gated = [(item, item.item.enable_when) for item in program.items if item.item.enable_when]
            gates = tuple(
                (item, spelled(gate, scope)) for item, gate in gated if gate and name in named_in(gate, conditions)
            )
            yield Branch(f"condition {name}", "when", shown(branch), branch, rules, gates)


def _without(node: Condition) -> Iterator[tuple[Condition, Condition]]:
    """(part, the whole without it) for every part of an `any` or `none` in `node`."""
    inside = parts(node)
    for n, part in enumerate(inside):
        if isinstance(node, AnyOf | NoneOf) and len(inside) > 1:
            yield part, with_parts(node, (*inside[:n], *inside[n + 1 :]))
        for branch, left in _without(part):
            yield branch, with_parts(node, (*inside[:n], left, *inside[n + 1 :]))


def spelled(node: Condition, conditions: Conditions) -> Condition:
    """The condition with every named one written out."""
    if isinstance(node, Named):
        return spelled(conditions[node.condition], conditions)
    inside = parts(node)
    return with_parts(node, tuple(spelled(part, conditions) for part in inside)) if inside else node


def spelled_rule(rule: Rule, conditions: Conditions) -> Rule:
    """The rule with every named condition written out."""
    tiers = tuple(other.model_copy(update={"when": spelled(other.when, conditions)}) for other in rule.tier_when)
    return rule.model_copy(update={"when": spelled(rule.when, conditions), "tier_when": tiers})


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """When it is raised, and then when at its other tiers."""
    return (rule.when, *(other.when for other in rule.tier_when))


def conditions_in(program: Program) -> Iterator[Condition]:
    """Every condition of the content: of rules, tiers, gates and help, and the named ones."""
    for plan in program.rules:
        yield from conditions_of(plan.rule)
    for item in program.items:
        yield from (one for one in (item.item.enable_when, *(shown.when for shown in item.item.show_help)) if one)
    yield from program.conditions.values()


def _reads(rule: Rule, name: str, conditions: Conditions) -> bool:
    return any(name in named_in(one, conditions) for one in conditions_of(rule))


def named_in(node: Condition, conditions: Conditions) -> set[str]:
    """The named conditions that `node` leads to."""
    found: set[str] = set()
    for leaf in leaves(node):
        if isinstance(leaf, Named):
            found |= {leaf.condition, *named_in(conditions[leaf.condition], conditions)}
    return found
