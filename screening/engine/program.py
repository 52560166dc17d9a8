"""Content made ready to run: where each fact is, and every gate, score and rule compiled.

An item's number is its place in the questionnaire; it is also its *atom*, one bit in a set of answers. Medicines that
were read have atoms after those of the items.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from screening.engine.evaluate import Compiled, compile_condition
from screening.engine.fact_vector import ANSWERED, DECLINED, FIRST_OPTION, NOT_SURE, OPEN
from screening.engine.scope import Unresolved
from screening.medicines.formulary import UNRECOGNISED, Formulary, MedicationStatement
from screening.medicines.opioids import OpioidFactors
from screening.medicines.states import TAKEN
from screening.model.condition import Condition, ItemTest, Limit, Named, ScoreTest, constant_outcome, leaves
from screening.model.item import Given, HelpKind
from screening.model.item_types import Item
from screening.model.medicines_item import Medicines
from screening.model.rule import Rule, Tier
from screening.model.score import UNBOUNDED, Bounds, ScoreDefinition, combine


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """One item with its number, its gate, and how its answers become facts."""

    number: int
    item: Item
    section: str
    gate: Compiled | None
    options: Mapping[str, int]
    weights: Mapping[str, float]
    open_bounds: Bounds

    def facts_of(self, given: Given) -> tuple[int, float, float]:
        """(mask, lower bound, upper bound) of an accepted answer, except for medicines that were typed."""
        if self.options:
            if isinstance(given, str):
                weight = self.weights.get(given)
                bounds = self.open_bounds if weight is None else (weight, weight)
                return (self.options[given], *bounds)
            mask = 0
            for code in given if isinstance(given, tuple) else ():
                mask |= self.options[code]
            return (mask, *self.open_bounds)
        number = self.item.number(given)
        return (ANSWERED, *self.open_bounds) if math.isnan(number) else (ANSWERED, number, number)


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """One score with its number and the numbers of its items."""

    number: int
    definition: ScoreDefinition
    items: tuple[int, ...]


@dataclass(frozen=True)
class Prepared:
    """A compiled condition with what a search for reasons needs.

    leaves: every comparison in it and in the gates of what it reads. items, scores: everything that it can depend on,
    in order.
    tangled: whether an item is read in more than one place, or some comparison comes to the same for every number that
    can be
    answered, so that what is missing may be less than its structure says.
    wavering: whether a comparison is with "not sure" or the like, so that what is missing may also be more than that.
    tangled_scores: whether an item of a score is also read elsewhere, so that a reason may be smaller than its
    structure says.
    """

    when: Compiled
    leaves: tuple[Condition, ...]
    items: tuple[ItemPlan, ...]
    scores: tuple[ScorePlan, ...]
    shares_inputs: bool
    tests_unknown_option: bool
    score_shares_inputs: bool


@dataclass(frozen=True, slots=True)
class RulePlan:
    """One rule, its condition, and the conditions of its other tiers."""

    rule: Rule
    test: Prepared
    tiers: tuple[tuple[Tier, Prepared], ...]


@dataclass
class Program:
    """Everything `screen` needs, compiled. Also the Scope that conditions are compiled in."""

    formulary: Formulary
    thresholds: Mapping[str, float]
    conditions: Mapping[str, Condition]
    items: list[ItemPlan] = field(default_factory=list)
    scores: list[ScorePlan] = field(default_factory=list)
    rules: list[RulePlan] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    score_numbers: dict[str, int] = field(default_factory=dict)
    use_bits: dict[str, dict[str, int]] = field(default_factory=lambda: {use: {} for use in TAKEN})
    opioids: OpioidFactors | None = None
    medicines: int | None = None
    score_base: int = 0
    help_: list[tuple[int, HelpKind, Compiled]] = field(default_factory=list)
    for_another: Compiled | None = None
    _declared: list[Item] = field(default_factory=list)

    @property
    def taken_bits(self) -> dict[str, int]:
        """Class or ingredient -> bit, for those of which rules ask whether they are taken now."""
        return self.use_bits["now"]

    def asks_about(self, reading: MedicationStatement, *uses: str) -> bool:
        """Whether a rule asks for a class or ingredient of `reading` in one of these uses; in any use where none is
        named."""
        names = {*reading.classes, *reading.ingredients}
        return any(not names.isdisjoint(self.use_bits[use]) for use in uses or TAKEN)

    # ------------------------------------------------------------ building

    def declare(self, items: Sequence[Item], scores: Sequence[ScoreDefinition]) -> None:
        """Give every item and score its place. Comes before anything is compiled."""
        self.numbers = {item.link_id: number for number, item in enumerate(items)}
        self.score_base = 3 * len(items)
        self.score_numbers = {score.id: number for number, score in enumerate(scores)}
        self._declared = list(items)
        self.medicines = next((n for n, item in enumerate(items) if isinstance(item, Medicines)), None)

    def add_item(self, item: Item, section: str) -> None:
        """Compile an item's gate and help condition. Raises Unresolved."""
        number = self.numbers[item.link_id]
        gate = compile_condition(item.enable_when, self) if item.enable_when else None
        weights = {option.code: float(option.weight) for option in item.options if option.weight is not None}
        bounds = (min(weights.values()), max(weights.values())) if weights else UNBOUNDED
        self.items.append(ItemPlan(number, item, section, gate, _options(item), weights, bounds))
        for shown in item.show_help:
            self.help_.append((number, shown.block, compile_condition(shown.when, self)))

    def add_for_another(self, when: Condition) -> None:
        """Raises Unresolved."""
        self.for_another = compile_condition(when, self)

    def add_score(self, definition: ScoreDefinition) -> None:
        """Raises Unresolved."""
        for link_id in definition.items:
            if link_id not in self.numbers:
                raise Unresolved("item", link_id, self.numbers)
            item = self._declared[self.numbers[link_id]]
            weighted = item.type == "choice" and any(option.weight is not None for option in item.options)
            fit = {"age": item.type == "date", "bmi": item.type == "quantity", "mme": item.type == "medicines"}.get(
                definition.method, weighted or (item.numeric and item.type != "quantity")
            )
            if not fit:
                raise Unresolved(
                    "comparison", link_id, why=f"is a {item.type} item and cannot be part of a {definition.method}"
                )
        items = tuple(self.numbers[link_id] for link_id in definition.items)
        self.scores.append(ScorePlan(len(self.scores), definition, items))

    def add_rule(self, rule: Rule) -> None:
        """Raises Unresolved."""
        tiers = tuple((other.tier, self.prepare(other.when)) for other in rule.tier_when)
        self.rules.append(RulePlan(rule, self.prepare(rule.when), tiers))

    def prepare(self, condition: Condition) -> Prepared:
        """Compile a condition and find everything that it depends on, through scores and gates. Raises Unresolved."""
        when = compile_condition(condition, self)
        found = self._leaves(condition)
        reads = Counter(number for leaf in found for number in self._read_by(leaf))
        scored = {number for leaf in found if isinstance(leaf, ScoreTest) for number in self._read_by(leaf)}
        twice = {number for number, times in reads.items() if times > 1}
        names = {leaf.score for leaf in found if isinstance(leaf, ScoreTest)}
        return Prepared(
            when,
            tuple(found),
            tuple(plan for plan in self.items if plan.number in reads),
            tuple(plan for plan in self.scores if plan.definition.id in names),
            shares_inputs=bool(twice) or any(map(self._is_constant, found)),
            tests_unknown_option=bool(twice) and any(map(self._names_doubt, found)),
            score_shares_inputs=bool(twice & scored),
        )

    def _leaves(self, condition: Condition) -> list[Condition]:
        """Every comparison that a condition rests on, those of the gates before its items included, again and again."""
        found: list[Condition] = []
        waiting = [condition]
        while waiting:
            for leaf in leaves(waiting.pop()):
                if isinstance(leaf, Named):
                    waiting.append(self.conditions[leaf.condition])
                    continue
                found.append(leaf)
                gates = (self.items[number].item.enable_when for number in self._read_by(leaf))
                waiting += [gate for gate in gates if gate]
        return found

    def _is_constant(self, leaf: Condition) -> bool:
        """Whether a comparison with a number says the same of every number that its item accepts, or that its score of
        weights can come to."""
        low, high = UNBOUNDED
        if isinstance(leaf, ItemTest) and leaf.limits:
            item: Any = self.items[self.numbers[leaf.item]].item
            low, high = item.min, item.max
        elif isinstance(leaf, ScoreTest):
            plan = self.scores[self.score_numbers[leaf.score]]
            if plan.definition.method in ("sum", "mean"):
                ends = [self.items[number].open_bounds for number in plan.items]
                low, high = combine(plan.definition.method, ends, date.min)
        else:
            return False
        return any(constant_outcome(how, self.limit(limit), low, high) is not None for how, limit in leaf.limits)

    def _names_doubt(self, leaf: Condition) -> bool:
        """Whether a comparison is with an answer that leaves its item open."""
        return isinstance(leaf, ItemTest) and any(
            self.items[self.numbers[leaf.item]].options[code] & OPEN for code in leaf.codes
        )

    def _read_by(self, leaf: Condition) -> tuple[int, ...]:
        if isinstance(leaf, ItemTest):
            return (self.numbers[leaf.item],)
        if isinstance(leaf, ScoreTest):
            return self.scores[self.score_numbers[leaf.score]].items
        return () if self.medicines is None else (self.medicines,)

    # ------------------------------------------------------------ Scope

    def score_at(self, number: int) -> int:
        """The position of a score's two bounds among the facts."""
        return self.score_base + 2 * number

    def item(self, test: ItemTest) -> tuple[int, int, int]:
        """See Scope."""
        if test.item not in self.numbers:
            raise Unresolved("item", test.item, self.numbers)
        number = self.numbers[test.item]
        item = self._declared[number]
        if test.answered:
            return number * 3, ANSWERED, number
        if test.limits:
            if not item.numeric:
                raise Unresolved(
                    "comparison", test.item, why=f"is a {item.type} item: at_least and the like need a number"
                )
            return number * 3, 0, number
        codes = {option.code: 1 << (FIRST_OPTION + n) for n, option in enumerate(item.options)}
        if not codes:
            raise Unresolved("comparison", test.item, why=f"is a {item.type} item and has no options to compare with")
        mask = 0
        for code in test.codes:
            if code not in codes:
                raise Unresolved("option", code, codes, why=test.item)
            mask |= codes[code]
        return number * 3, mask, number

    def score(self, score: str) -> tuple[int, int]:
        """See Scope."""
        if score not in self.score_numbers:
            raise Unresolved("score", score, self.score_numbers)
        number = self.score_numbers[score]
        return self.score_at(number), number

    def takes(self, name: str, use: str = "now") -> tuple[int, int, int]:
        """See Scope."""
        if self.medicines is None:
            raise Unresolved("item", "medicines", why="no item of type medicines exists")
        formulary = self.formulary
        if name != UNRECOGNISED and name not in formulary.class_ids and name not in formulary.ingredients:
            raise Unresolved("medicine", name, formulary.class_ids)
        next_bit = 1 << (FIRST_OPTION + 8 + sum(len(bits) for bits in self.use_bits.values()))
        bit = self.use_bits[use].setdefault(name, next_bit)
        return self.medicines * 3, bit, self.medicines

    def limit(self, limit: Limit) -> float:
        """See Scope."""
        if isinstance(limit, str):
            if limit not in self.thresholds:
                raise Unresolved("threshold", limit, self.thresholds)
            return self.thresholds[limit]
        return float(limit)

    def named(self, name: str) -> Condition:
        """See Scope."""
        if name not in self.conditions:
            raise Unresolved("condition", name, self.conditions)
        return self.conditions[name]


def _options(item: Item) -> dict[str, int]:
    masks = {}
    for n, option in enumerate(item.options):
        why = NOT_SURE if option.meaning == "not-sure" else DECLINED if option.meaning == "declined" else ANSWERED
        masks[option.code] = 1 << (FIRST_OPTION + n) | why
    return masks
