"""What conditions, gates, scores and rules of one content are worth, as formulas over a patient of whom nothing is
known.

Three values are two formulas: that a condition is *sure*, and that it is *possible* (true or unknown). Joining
conditions then is plain logic on each: `all` is sure when all parts are sure and possible when all are possible.
"""

from __future__ import annotations

import operator
from typing import NamedTuple

import z3

from screening.authoring.proof.entries import Shown
from screening.authoring.proof.patient import TRUE, Patient, either, every, exactly
from screening.engine.content import Content
from screening.engine.program import ItemPlan
from screening.model.condition import AllOf, AnyOf, AtLeastOf, Condition, ItemTest, Named, NoneOf, ScoreTest, Takes
from screening.model.rule import TIERS, Rule, Tier


class TruthFormulas(NamedTuple):
    """sure: it is true. possible: it is true or unknown."""

    sure: z3.BoolRef
    possible: z3.BoolRef


class Bounds(NamedTuple):
    """A number that lies from low to high; `low_known` and `high_known` say where there is such an end at all."""

    low: z3.ArithRef
    high: z3.ArithRef
    low_known: z3.BoolRef = TRUE
    high_known: z3.BoolRef = TRUE


CANNOT_TELL, RAISED, PERHAPS = "cannot tell", "raised as {tier}", "perhaps {tier}"
ALWAYS = TruthFormulas(TRUE, TRUE)
_COMPARE = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}


class ContentFormulas:
    """One content, over a patient. `which`: its place among the contents of the patient."""

    def __init__(self, content: Content, patient: Patient, which: int = 0) -> None:
        self.content, self.patient, self.which = content, patient, which
        self.program = content.program
        self._known: dict[Condition, TruthFormulas] = {}

    # ------------------------------------------------------------ results

    def ways(self, rule: Rule) -> list[tuple[Tier, z3.BoolRef]]:
        """Every way in which a rule is raised: for each of its `tier_when`, that it decides the tier; last, that none
        does."""
        left, found = self.of(rule.when).sure, list[tuple[Tier, z3.BoolRef]]()
        for other in rule.tier_when:
            applies = self.of(other.when).sure
            found.append((other.tier, z3.And(left, applies)))
            left = z3.And(left, z3.Not(applies))
        return [*found, (rule.tier, left)]

    def results(self, rule: Rule) -> dict[str, z3.BoolRef]:
        """Every result that a rule can have, in words, but "not raised": raised at a tier, perhaps at a more pressing
        one, cannot tell."""
        truth, ways = self.of(rule.when), self.ways(rule)
        found: dict[str, list[z3.BoolRef]] = {CANNOT_TELL: [z3.And(truth.possible, z3.Not(truth.sure))]}
        for tier, wanted in ways:
            found.setdefault(RAISED.format(tier=tier), []).append(wanted)
        for n, other in enumerate(rule.tier_when):
            later = either(wanted for tier, wanted in ways[n + 1 :] if TIERS.index(tier) > TIERS.index(other.tier))
            found.setdefault(PERHAPS.format(tier=other.tier), []).append(z3.And(self.of(other.when).possible, later))
        return {words: either(wanted) for words, wanted in found.items()}

    def asked(self, plan: ItemPlan) -> z3.BoolRef:
        """That the item is asked."""
        return self.gate(plan).sure

    def gate(self, plan: ItemPlan) -> TruthFormulas:
        """Whether the item is asked."""
        return self.of(plan.item.enable_when) if plan.item.enable_when else ALWAYS

    # ------------------------------------------------------------ conditions

    def of(self, node: Condition) -> TruthFormulas:
        """What a condition is worth."""
        if node not in self._known:
            self._known[node] = self._of(node)
        return self._known[node]

    def _of(self, node: Condition) -> TruthFormulas:
        match node:
            case AllOf(all=inside):
                return TruthFormulas(*(every(side) for side in zip(*map(self.of, inside), strict=True)))
            case AnyOf(any=inside):
                return TruthFormulas(*(either(side) for side in zip(*map(self.of, inside), strict=True)))
            case NoneOf(none=inside):
                sure, possible = (either(side) for side in zip(*map(self.of, inside), strict=True))
                return TruthFormulas(z3.Not(possible), z3.Not(sure))
            case AtLeastOf(at_least=k, of=inside):
                return TruthFormulas(*(z3.AtLeast(*side, k) for side in zip(*map(self.of, inside), strict=True)))
            case Named(condition=name):
                return self.of(self.program.conditions[name])
            case Takes(takes=name, use=use):
                return self._takes(self.program.use_bits[use][name])
            case ScoreTest(score=name):
                return self._limited(node, *self._score(name))
            case ItemTest():
                return self._item(node)
        raise AssertionError(node)

    def _item(self, test: ItemTest) -> TruthFormulas:
        plan = self.program.items[self.program.numbers[test.item]]
        answer, accepted = self.patient.answer(plan.item), self.patient.accepted(plan)
        gate = self.gate(plan)
        if test.limits:
            assert answer.number is not None
            return self._limited(test, gate, Bounds(answer.number, answer.number, accepted, accepted))
        meant = either(answer.options[option.code] for option in plan.item.options if option.meaning)
        hit = z3.Not(meant) if test.answered else either(answer.options[code] for code in test.codes)
        hit = z3.And(accepted, hit)
        return self._behind(gate, hit, either([hit, z3.Not(accepted), meant]))

    def _takes(self, bit: int) -> TruthFormulas:
        assert self.program.medicines is not None
        plan = self.program.items[self.program.medicines]
        accepted, answer = self.patient.accepted(plan), self.patient.answer(plan.item)
        certain = z3.And(accepted, either(listed for listed, shown in self._entries() if shown.certain & bit))
        perhaps = either(listed for listed, shown in self._entries() if shown.possible & bit)
        meant = either(answer.options[option.code] for option in plan.item.options if option.meaning)
        return self._behind(self.gate(plan), certain, either([certain, perhaps, meant, z3.Not(accepted)]))

    def _entries(self) -> list[tuple[z3.BoolRef, Shown]]:
        patient = self.patient
        every_kind = zip(patient.listed, patient.kinds, strict=True)
        return [(listed, shown) for listed, kind in every_kind if (shown := kind.shown[self.which])]

    def _behind(self, gate: TruthFormulas, hit: z3.BoolRef, perhaps: z3.BoolRef) -> TruthFormulas:
        """A comparison with an item that may not be asked: false if it surely is not, unknown if that is unknown."""
        if gate is ALWAYS:
            return TruthFormulas(hit, perhaps)
        return TruthFormulas(z3.And(gate.sure, hit), z3.And(gate.possible, z3.Or(z3.Not(gate.sure), perhaps)))

    # ------------------------------------------------------------ numbers

    def _limited(self, test: ItemTest | ScoreTest, gate: TruthFormulas, bounds: Bounds) -> TruthFormulas:
        found = []
        for how, limit in test.limits:
            number = exactly(self.program.limit(limit))
            low = bounds.low_known, _COMPARE[how](bounds.low, number)
            high = bounds.high_known, _COMPARE[how](bounds.high, number)
            near, far = (low, high) if how in ("at_least", "above") else (high, low)
            found.append(self._behind(gate, z3.And(*near), z3.Or(z3.Not(far[0]), far[1])))
        return TruthFormulas(every(one.sure for one in found), every(one.possible for one in found))

    def _score(self, name: str) -> tuple[TruthFormulas, Bounds]:
        """Whether all of a score's items are asked, and its bounds."""
        plan = self.program.scores[self.program.score_numbers[name]]
        items = [self.program.items[number] for number in plan.items]
        gates = [self.gate(one) for one in items]
        asked = (
            gates[0]
            if len(gates) == 1
            else TruthFormulas(every(one.sure for one in gates), every(one.possible for one in gates))
        )
        method = plan.definition.method
        if method == "mme":
            return self._opioids(items[0])
        parts = [self._part(one) for one in items]
        known = every(part.low_known for part in parts)
        if method == "bmi":
            weight, height = parts
            index: z3.ArithRef = weight.low
            for centimetres in self.patient.heights[plan.definition.items[1]]:
                index = z3.If(height.low == exactly(centimetres), weight.low / exactly((centimetres / 100) ** 2), index)
            return asked, Bounds(index, index, known, known)
        share = len(parts) if method == "mean" else 1
        return asked, Bounds(
            z3.Sum([one.low for one in parts]) / share, z3.Sum([one.high for one in parts]) / share, known, known
        )

    def _part(self, plan: ItemPlan) -> Bounds:
        """What one item adds to a score: its number, or the weight of its option, or any weight where it is open."""
        answer, accepted = self.patient.answer(plan.item), self.patient.accepted(plan)
        if answer.number is not None:
            number = z3.ToReal(answer.number) if z3.is_int(answer.number) else answer.number
            return Bounds(number, number, accepted, accepted)
        low, high = map(exactly, plan.open_bounds)
        for code, weight in plan.weights.items():
            chosen = z3.And(accepted, answer.options[code])
            low, high = z3.If(chosen, exactly(weight), low), z3.If(chosen, exactly(weight), high)
        return Bounds(low, high)

    def _opioids(self, plan: ItemPlan) -> tuple[TruthFormulas, Bounds]:
        """Opioids a day: what is listed at least adds, and adds at most where the list is there."""
        accepted, gate = self.patient.accepted(plan), self.gate(plan)
        zero = exactly(0)
        listed = [(z3.And(gate.sure, accepted, one), shown) for one, shown in self._entries()]
        low = z3.Sum([z3.If(one, exactly(shown.low), zero) for one, shown in listed if shown.low] or [zero])
        finite = [(one, shown) for one, shown in listed if shown.high != float("inf")]
        high = z3.Sum([z3.If(one, exactly(shown.high), zero) for one, shown in finite if shown.high] or [zero])
        answer = self.patient.answer(plan.item)
        meant = either(answer.options[option.code] for option in plan.item.options if option.meaning)
        unbounded = either(one for one, shown in listed if shown.high == float("inf"))
        known = every([accepted, z3.Not(meant), z3.Not(unbounded)])
        # Whether the list is asked at all is in the bounds: a sum of nothing is at least nothing.
        return TruthFormulas(gate.possible, gate.possible), Bounds(low, high, TRUE, z3.And(gate.sure, known))
