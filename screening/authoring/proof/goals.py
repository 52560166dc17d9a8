"""What must be able to happen in content that has no dead part: items asked, rules raised and not raised, tiers,
branches, help.

A goal is said twice: as a formula for the solver, and as a test on the facts of a real response. The second checks the
first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import z3

from screening.authoring.proof.branches import Branch, branches, conditions_of
from screening.authoring.proof.meaning import ContentFormulas
from screening.authoring.proof.patient import FALSE, either
from screening.engine.evaluate import Compiled, compile_condition
from screening.engine.fact_vector import FactVector
from screening.engine.facts import ResponseFacts
from screening.engine.program import Program
from screening.model.condition import AllOf, Condition
from screening.model.rule import Rule


@dataclass(frozen=True)
class Goal:
    """Something that must be able to happen.

    kind: what it is counted as (see reach.Reach). name: the item, rule or condition that it is about; words: what
    should happen.
    wanted: the formula. holds: the same of a response's facts. reads: the items that it can depend on.
    true, open: of a branch, that it is true at all, and that something comes out otherwise without it, be it only by
    "cannot tell".
    """

    kind: str
    name: str
    words: str
    place: str
    wanted: z3.BoolRef
    holds: Callable[[ResponseFacts], bool]
    reads: frozenset[str]
    true: z3.BoolRef = FALSE
    open: z3.BoolRef = FALSE


def goals(meaning: ContentFormulas) -> Iterator[Goal]:
    """Every goal but those of options, which follow from their items."""
    yield from _items(meaning)
    yield from _rules(meaning)
    for branch in branches(meaning.program):
        yield _branch(branch, meaning)


def reads(program: Program, *conditions: Condition) -> frozenset[str]:
    """Every item that the conditions can depend on, through gates and scores."""
    return (
        frozenset(plan.item.link_id for plan in program.prepare(AllOf(all=conditions)).items)
        if conditions
        else frozenset()
    )


def tier_reached(tests: list[Compiled], vector: FactVector) -> int | None:
    """Which of ContentFormulas.ways a rule with these conditions is raised in; None where it is not, or cannot tell."""
    if tests[0].value(vector) != 1:
        return None
    return next((n for n, test in enumerate(tests[1:]) if test.value(vector) == 1), len(tests) - 1)


def _compiled(program: Program, rule: Rule) -> list[Compiled]:
    return [compile_condition(one, program) for one in conditions_of(rule)]


def is_asked(number: int, facts: ResponseFacts) -> bool:
    """Whether an item is asked for certain."""
    return facts.status(number) not in ("not-asked", "unsettled")


def _comes_to(test: Compiled, value: int, facts: ResponseFacts) -> bool:
    return test.value(facts.vector) == value


def _raised_as(tests: list[Compiled], number: int, facts: ResponseFacts) -> bool:
    return tier_reached(tests, facts.vector) == number


def _items(meaning: ContentFormulas) -> Iterator[Goal]:
    program = meaning.program
    for plan in program.items:
        link_id, gate = plan.item.link_id, plan.item.enable_when
        on = reads(program, gate) if gate else frozenset()
        yield Goal(
            "items", link_id, "asked", f"item {link_id}", meaning.asked(plan), partial(is_asked, plan.number), on
        )
        for help_ in plan.item.show_help:
            words, test = f"{help_.block} help shown", compile_condition(help_.when, program)
            wanted = meaning.of(help_.when).sure
            yield Goal(
                "help",
                link_id,
                words,
                f"item {link_id}",
                wanted,
                partial(_comes_to, test, 1),
                reads(program, help_.when),
            )


def _rules(meaning: ContentFormulas) -> Iterator[Goal]:
    for plan in meaning.program.rules:
        rule, test = plan.rule, plan.test.when
        place, on = f"rule {rule.id}", reads(meaning.program, *conditions_of(rule))
        truth = meaning.of(rule.when)
        yield Goal("rules", rule.id, "raised", place, truth.sure, partial(_comes_to, test, 1), on)
        yield Goal("quiet", rule.id, "not raised", place, z3.Not(truth.possible), partial(_comes_to, test, 0), on)
        tests = _compiled(meaning.program, rule)
        for n, (tier, wanted) in enumerate(meaning.ways(rule) if rule.tier_when else ()):
            words = f"raised as {tier} ({'its own tier' if n == len(rule.tier_when) else f'tier_when {n + 1}'})"
            yield Goal("tiers", rule.id, words, place, wanted, partial(_raised_as, tests, n), on)


def _branch(branch: Branch, meaning: ContentFormulas) -> Goal:
    program = meaning.program
    differ: list[z3.BoolRef] = []
    sides: list[tuple[Condition, Condition]] = []
    rules: list[tuple[list[Compiled], list[Compiled]]] = []
    on: set[str] = set()
    for plan, changed in branch.rules:
        pairs = zip(meaning.ways(plan.rule), meaning.ways(changed), strict=True)
        differ += [z3.Xor(before, after) for (_, before), (_, after) in pairs]
        sides += zip(conditions_of(plan.rule), conditions_of(changed), strict=True)
        rules.append((_compiled(program, plan.rule), _compiled(program, changed)))
        on |= reads(program, *conditions_of(plan.rule))
    gates: list[tuple[int, Compiled]] = []
    for item, left in branch.gates:
        differ.append(z3.Xor(meaning.asked(item), meaning.of(left).sure))
        sides += [(item.item.enable_when, left)] if item.item.enable_when else []
        gates.append((item.number, compile_condition(left, program)))
        on |= reads(program, left, branch.condition)

    def holds(facts: ResponseFacts) -> bool:
        vector = facts.vector
        by_rule = any(tier_reached(before, vector) != tier_reached(after, vector) for before, after in rules)
        return by_rule or any(is_asked(n, facts) != (test.value(vector) == 1) for n, test in gates)

    name = branch.place.partition(" ")[2]
    true = meaning.of(branch.condition).sure
    truths = [(meaning.of(one), meaning.of(other)) for one, other in sides]
    open_ = either(z3.Or(z3.Xor(one.sure, other.sure), z3.Xor(one.possible, other.possible)) for one, other in truths)
    words = f'{branch.part}: "{branch.words}" decides'
    return Goal("branches", name, words, branch.place, either(differ), holds, frozenset(on), true, open_)
