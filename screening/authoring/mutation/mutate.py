"""Whether worked cases can catch a mistake: make every small one in every rule, gate and named condition, and run the
cases.

A mutant is *killed* when a case of a rule that it touches no longer gives the outcome and tier that it expects, or
answers what is no longer asked. What is left could be written wrong today without anyone noticing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from screening.authoring import cases
from screening.authoring.proof.branches import conditions_of, named_in, spelled, spelled_rule
from screening.authoring.proof.slips import Slip, Slips
from screening.engine.content import Content
from screening.engine.evaluate import Compiled, compile_condition
from screening.engine.fact_vector import UNSETTLED, mask
from screening.engine.facts import ResponseFacts
from screening.engine.program import ItemPlan, Prepared, Program, RulePlan
from screening.engine.screen import tier_of
from screening.model.condition import AllOf, Condition
from screening.model.rule import Case, Outcome, Tier

RuleResult = tuple[Outcome, Tier | None]


@dataclass(frozen=True)
class Mutant:
    """One slip made in one condition of the content, and what it changes.

    place: as in Content.places ("rule x", "item x", "condition x"); part: which condition there.
    original, before, after: the condition as written, as compiled, and as compiled with the slip; None where a gate is
    left out.
    rules, gates: the changed plans by the rule's place in the program and by the item's number.
    touched: the rules, by place in the program, whose result may depend on it.
    """

    place: str
    part: str
    slip: Slip
    original: Condition
    before: Prepared
    after: Compiled | None
    rules: Mapping[int, RulePlan]
    gates: Mapping[int, ItemPlan]
    touched: tuple[int, ...]


class Bench:
    """The content with every mutant of it ready to run, and the facts of every worked case."""

    def __init__(self, content: Content) -> None:
        self.content = content
        # A mutant may ask about a medicine class that no rule asks about: it needs a bit, which this content does not
        # have.
        self.program = replace(
            content.program, use_bits={use: dict(bits) for use, bits in content.program.use_bits.items()}
        )
        self.rules = self.program.rules
        number = self.program.medicines
        self.medicines = None if number is None else self.program.items[number].item.link_id
        self.reads = [_reads(self.program, plan) for plan in self.rules]
        self.mutants = [*self._rules(), *self._gates(), *self._conditions()]

    # ------------------------------------------------------------ making mutants

    @cached_property
    def _slips(self) -> Slips:
        return Slips(self.program)

    def _rules(self) -> Iterator[Mutant]:
        for n, plan in enumerate(self.rules):
            place = f"rule {plan.rule.id}"
            for slip, before, after in self._slipped(plan.rule.when):
                rule = plan.rule.model_copy(update={"when": slip.condition})
                changed = replace(plan, rule=rule, test=replace(plan.test, when=after))
                yield Mutant(place, "when", slip, plan.rule.when, before, after, {n: changed}, {}, (n,))
            for k, (tier, test) in enumerate(plan.tiers):
                for slip, before, after in self._slipped(plan.rule.tier_when[k].when):
                    others = list(plan.rule.tier_when)
                    others[k] = others[k].model_copy(update={"when": slip.condition})
                    rule = plan.rule.model_copy(update={"tier_when": tuple(others)})
                    tiers = (*plan.tiers[:k], (tier, replace(test, when=after)), *plan.tiers[k + 1 :])
                    changed = replace(plan, rule=rule, tiers=tiers)
                    yield Mutant(
                        place,
                        f"tier_when {tier}",
                        slip,
                        plan.rule.tier_when[k].when,
                        before,
                        after,
                        {n: changed},
                        {},
                        (n,),
                    )

    def _gates(self) -> Iterator[Mutant]:
        for item in self.program.items:
            gate = item.item.enable_when
            touched = self._behind([item])
            if gate is None or not touched:
                continue
            place = f"item {item.item.link_id}"
            before = self.program.prepare(gate)
            yield Mutant(
                place,
                "enable_when",
                Slip("drop", "asked of everyone", gate),
                gate,
                before,
                None,
                {},
                _regated(item, None, None),
                touched,
            )
            for slip, _, after in self._slipped(gate):
                yield Mutant(
                    place, "enable_when", slip, gate, before, after, {}, _regated(item, slip.condition, after), touched
                )

    def _conditions(self) -> Iterator[Mutant]:
        conditions = self.program.conditions
        for name, original in conditions.items():
            reads = [any(name in named_in(one, conditions) for one in conditions_of(plan.rule)) for plan in self.rules]
            rules = [n for n, found in enumerate(reads) if found]
            gated = [
                (one, gate)
                for one in self.program.items
                if (gate := one.item.enable_when) and name in named_in(gate, conditions)
            ]
            touched = tuple(sorted({*rules, *self._behind([one for one, _ in gated])}))
            for slip, before, after in self._slipped(original) if touched else ():
                scope = replace(self.program, conditions={**conditions, name: slip.condition})
                changed = {n: _recompiled(self.rules[n], scope) for n in rules}
                spelt = [(one, spelled(gate, scope.conditions)) for one, gate in gated]
                gates = {
                    n: plan
                    for one, gate in spelt
                    for n, plan in _regated(one, gate, compile_condition(gate, scope)).items()
                }
                yield Mutant(f"condition {name}", "when", slip, original, before, after, changed, gates, touched)

    def _slipped(self, condition: Condition) -> Iterator[tuple[Slip, Prepared, Compiled]]:
        before = self.program.prepare(condition)
        for slip in self._slips.of(condition):
            yield slip, before, compile_condition(slip.condition, self.program)

    def _behind(self, items: list[ItemPlan]) -> tuple[int, ...]:
        """The rules whose result can depend on whether one of these items is asked."""
        return tuple(n for n, reads in enumerate(self.reads) if any(item in reads.items for item in items))

    # ------------------------------------------------------------ running cases

    @cached_property
    def cases(self) -> list[list[tuple[Case, ResponseFacts]]]:
        """Every worked case of every rule with its facts; only those that come out as they say."""
        found = []
        for n, plan in enumerate(self.rules):
            grounds = [(case, self.facts(case)) for case in plan.rule.cases]
            found.append([(case, facts) for case, facts in grounds if _holds(case, self.result(n, facts))])
        return found

    def facts(self, case: Case) -> ResponseFacts:
        """The facts of a worked case."""
        return ResponseFacts(cases.response_of(case, self.content)[0], self.program)

    def result(self, rule: int, facts: ResponseFacts, mutant: Mutant | None = None) -> RuleResult | None:
        """What the rule comes to; None when the response answers an item that is not asked."""
        reads, vector = self.reads[rule], facts.vector
        if mutant and mutant.gates:
            reads = replace(reads, items=tuple(mutant.gates.get(one.number, one) for one in reads.items))
            vector = facts.facts_with(reads)
        for one in reads.items:
            if one.item.link_id in facts.response.answers and (
                not mask(vector, one.number) or mask(vector, one.number) & UNSETTLED
            ):
                return None
        plan = mutant.rules.get(rule, self.rules[rule]) if mutant else self.rules[rule]
        value = plan.test.when.value(vector)
        if value == 1:
            return "raised", tier_of(plan, vector)[0]
        return ("cannot-tell", None) if value else ("not-raised", None)

    def killed(self, mutant: Mutant) -> bool:
        """Whether a worked case no longer comes out as it says."""
        return any(
            not _holds(case, self.result(n, facts, mutant)) for n in mutant.touched for case, facts in self.cases[n]
        )


def _holds(case: Case, result: RuleResult | None) -> bool:
    if result is None:
        return False
    outcome, tier = result
    return outcome == case.expect and (case.tier is None or tier is None or tier == case.tier)


def _reads(program: Program, plan: RulePlan) -> Prepared:
    """Everything that the outcome and the tier of a rule can depend on."""
    return program.prepare(AllOf(all=conditions_of(plan.rule)))


def _recompiled(plan: RulePlan, scope: Program) -> RulePlan:
    tests = [
        replace(test, when=compile_condition(other.when, scope))
        for (_, test), other in zip(plan.tiers, plan.rule.tier_when, strict=True)
    ]
    tiers = tuple((tier, test) for (tier, _), test in zip(plan.tiers, tests, strict=True))
    rule = spelled_rule(plan.rule, scope.conditions)
    return replace(plan, rule=rule, test=replace(plan.test, when=compile_condition(rule.when, scope)), tiers=tiers)


def _regated(item: ItemPlan, condition: Condition | None, gate: Compiled | None) -> dict[int, ItemPlan]:
    return {item.number: replace(item, item=item.item.model_copy(update={"enable_when": condition}), gate=gate)}
