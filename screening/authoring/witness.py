"""A response on which a mutant shows, or the proof that there is none. The response is cut down and written as a case.

The search is exact. Item by item is answered in every way that can matter, and all others are left open. As soon as the changed
condition, or the rule, comes to the same whatever the others are, nothing further on can differ (Kleene's logic is monotone), and
it turns back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import combinations

from screening.authoring.cases import DAY
from screening.authoring.entries import UNREADABLE
from screening.authoring.mutate import Bench, Mutant, Result
from screening.authoring.plain import case_line
from screening.condition import UNSETTLED, AnyOf, Compiled, Facts, ItemTest, ScoreTest, Takes, leaves
from screening.program import ItemPlan, Prepared, RulePlan
from screening.questionnaire import Given, Refused
from screening.response import Ground, QuestionnaireResponse

MOST_TRIALS = 60_000
"""Partly answered forms that are tried for one mutant and rule before giving up."""

MOST_MEDICINES = 3
"""Medicines of different kinds on one list that are tried. No rule of ours tells longer lists apart."""


Known = dict[int, Given | None]


class Undecided(Exception):
    """The search was given up: neither a witness nor a proof."""


@dataclass(frozen=True)
class Witness:
    """A response that comes out otherwise under a mutant; `expect` is what it comes to today."""

    rule: int
    answers: Mapping[str, Given]
    expect: Result


def as_case(witness: Witness, name: str, bench: Bench) -> str:
    """The witness as one line of a rule's `cases`."""
    outcome, tier = witness.expect
    return case_line(name, witness.answers, bench.medicines, outcome, tier if bench.rules[witness.rule].tiers else None)


class Search:
    """The search for witnesses, over one bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.read = lru_cache(maxsize=None)(bench.content.formulary.read)
        self._grounds: dict[Given | None, Ground] = {}

    def witness(self, mutant: Mutant) -> Witness | None:
        """A response that kills the mutant; None where no response can. Raises Undecided."""
        for rule in sorted(mutant.touched, key=lambda n: len(self.bench.reads[n].items)):
            self._trials = 0
            found = self._try(_Question(self, rule, mutant), {})
            if found is not None:
                return self._smallest(rule, self._settled(found), mutant)
        return None

    def _try(self, question: _Question, known: Known) -> dict[str, Given] | None:
        self._trials += 1
        if self._trials > MOST_TRIALS:
            raise Undecided
        facts = question.facts(known, changed=False)
        differs = question.differs(known, facts)
        if differs is not None:
            return question.answers(known) if differs else None
        plan = question.order[len(known)]
        asked = plan.gate.value(facts) if plan.gate else 1
        for value in question.values(plan) if asked == 1 else [None]:
            found = self._try(question, {**known, plan.number: value})
            if found is not None:
                return found
        return None

    def ground(self, typed: Given | None) -> Ground:
        """The facts of a response that says nothing but which medicines are taken."""
        if typed not in self._grounds:
            self._grounds[typed] = self._settled({} if typed is None else {str(self.bench.medicines): typed})
        return self._grounds[typed]

    def _settled(self, answers: Mapping[str, Given]) -> Ground:
        """The facts of these answers without those to items that are then not asked."""
        while True:
            typed = answers.get(self.bench.medicines or "")
            readings = tuple(one for entry in typed for one in self.read(entry)) if isinstance(typed, tuple) else ()
            ground = Ground(QuestionnaireResponse(answers, DAY, readings), self.bench.program)
            asked = {plan.item.link_id for plan in ground.asked}
            if asked.issuperset(answers):
                return ground
            answers = {link: value for link, value in answers.items() if link in asked}

    def _smallest(self, rule: int, ground: Ground, mutant: Mutant) -> Witness:
        """Leave out every answer without which the mutant still shows in the same way."""
        expect = self.bench.result(rule, ground)
        assert expect is not None
        for link in list(ground.response.answers):
            trial = self._settled({one: value for one, value in ground.response.answers.items() if one != link})
            if self.bench.result(rule, trial) == expect != self.bench.result(rule, trial, mutant):
                ground = trial
        return Witness(rule, ground.response.answers, expect)


class _Question:
    """Whether one mutant shows in one rule."""

    def __init__(self, search: Search, rule: int, mutant: Mutant) -> None:
        bench = search.bench
        self.search, self.mutant, self.program = search, mutant, bench.program
        self.plan, self.changed = bench.rules[rule], mutant.rules.get(rule, bench.rules[rule])
        self.reads = bench.reads[rule]
        self.order = self._order()
        self.scores = {plan.number: plan for test in (mutant.before, self.reads) for plan in test.scores}
        self.tests = [*self.reads.leaves, *mutant.before.leaves, *mutant.slip.leaves]

    def _order(self) -> list[ItemPlan]:
        """What the slip is about first, then the medicines, which settle most of a rule; always after what an item's gate reads."""
        slipped = set(self.mutant.slip.leaves) ^ set(leaves(self.mutant.original))
        first = [self.program.prepare(AnyOf(any=tuple(slipped)))] if slipped else [self.mutant.before]
        numbers = [one.number for test in (*first, *self._readers) for one in test.items]
        medicines = None if self.program.medicines is None else self.program.items[self.program.medicines]
        if medicines and medicines in self.reads.items and medicines.gate is None:
            numbers.append(medicines.number)
        numbers += [one.number for test in (self.mutant.before, self.plan.test, self.reads) for one in test.items]
        return [self.program.items[number] for number in dict.fromkeys([*numbers, *self.mutant.gates])]

    # ------------------------------------------------------------ what is settled

    def facts(self, known: Known, changed: bool) -> Facts:
        """The facts with what is known, everything else open."""
        items = [self.mutant.gates.get(one.number, one) if changed else one for one in sorted(self.order, key=lambda one: one.number)]
        given = {self.program.items[n].item.link_id: value for n, value in known.items() if value is not None}
        typed = given.get(self.search.bench.medicines or "")
        ground = self.search.ground(typed)
        test = replace(
            self.reads, items=tuple(one if one.number in known else _left_open(one) for one in items), scores=tuple(self.scores.values())
        )
        return ground.again(test, given)

    def answers(self, known: Known) -> dict[str, Given]:
        """What is known, as answers."""
        return {self.program.items[n].item.link_id: value for n, value in known.items() if value is not None}

    def differs(self, known: Known, facts: Facts) -> bool | None:
        """Whether the mutant shows: surely, surely not, or None where it depends on what is open."""
        after = self.facts(known, changed=True) if self.mutant.gates else facts
        if any(known[n] is not None and (not after[3 * n] or after[3 * n] & UNSETTLED) for n in known):
            return True
        old = self.mutant.before.when.value(facts)
        new = self.mutant.after.value(after) if self.mutant.after else 1
        if old == new and self._settled(self.mutant.before, old, known, facts):
            return False
        if self.changed is self.plan and all(self._same(test, known, facts, after) for test in self._readers):
            return False
        one, other = self._result(self.plan, known, facts), self._result(self.changed, known, after)
        if one is None or other is None:
            return None if len(known) < len(self.order) else False
        return one != other

    def _same(self, test: Prepared, known: Known, facts: Facts, after: Facts) -> bool:
        value = test.when.value(facts)
        return value == test.when.value(after) and self._settled(test, value, known, facts)

    @cached_property
    def _readers(self) -> list[Prepared]:
        """The comparisons that read an item whose gate is changed: only through them can it reach a result."""
        tests = [self.program.prepare(leaf) for leaf in dict.fromkeys(self.reads.leaves)]
        return [test for test in tests if any(one.number in self.mutant.gates for one in test.items)]

    def _settled(self, test: Prepared, value: int, known: Known, facts: Facts) -> bool:
        """Whether a value stays as it is: true and false always do, unknown when everything that it reads is known."""
        return value != 2 or all(one.number in known or not facts[3 * one.number] for one in test.items)

    def _result(self, plan: RulePlan, known: Known, facts: Facts) -> Result | None:
        value = plan.test.when.value(facts)
        if not self._settled(plan.test, value, known, facts):
            return None
        if value != 1:
            return ("cannot-tell", None) if value else ("not-raised", None)
        for tier, test in plan.tiers:
            applies = test.when.value(facts)
            if not self._settled(test, applies, known, facts):
                return None
            if applies == 1:
                return "raised", tier
        return "raised", plan.rule.tier

    # ------------------------------------------------------------ what may be answered

    def values(self, plan: ItemPlan) -> list[Given | None]:
        """Every answer to one item that any comparison here can tell from another; none comes last."""
        if plan.number not in self._values:
            accepted: list[Given | None] = []
            for value in self._every(plan):
                try:
                    accepted.append(plan.item.accept(value, DAY))
                except Refused:
                    continue
            self._values[plan.number] = [*dict.fromkeys(accepted), None] if plan.item.type != "quantity" else [*accepted, None]
        return self._values[plan.number]

    @cached_property
    def _values(self) -> dict[int, list[Given | None]]:
        return {}

    def _every(self, plan: ItemPlan) -> Iterator[object]:
        item = plan.item
        if plan.number == self.program.medicines:
            yield from self._medicines()
        elif item.type == "choice":
            yield from (option.code for option in item.options)
        elif item.options:
            yield from self._choices(plan)
        else:
            yield from self._numbers(plan)

    def _choices(self, plan: ItemPlan) -> Iterator[tuple[str, ...]]:
        """Options that every comparison treats alike are chosen together."""
        tests = [test for test in self.tests if isinstance(test, ItemTest) and test.item == plan.item.link_id]
        kinds: dict[tuple[bool, ...], list[str]] = {}
        for option in plan.item.options:
            if option.alone:
                yield (option.code,)
            else:
                kinds.setdefault(tuple(option.code in test.codes for test in tests), []).append(option.code)
        sizes = range(len(kinds), 0, -1) if self.mutant.slip.kind == "also" else range(1, len(kinds) + 1)
        for size in sizes:
            for some in combinations(kinds.values(), size):
                yield tuple(code for codes in some for code in codes)

    def _numbers(self, plan: ItemPlan) -> Iterator[object]:
        link_id = plan.item.link_id
        tests = [test for test in self.tests if isinstance(test, ScoreTest) or (isinstance(test, ItemTest) and test.item == link_id)]
        limits = sorted({self.program.limit(limit) for test in tests for _, limit in test.limits})
        match plan.item.type:
            case "integer":
                yield from sorted({round(limit) + off for limit in limits for off in (-1, 0, 1)} | {int(plan.item.min), int(plan.item.max)})
            case "date":  # whole years of age
                for limit in limits:
                    yield from ((DAY - timedelta(days=round(limit * 365.2425) + off)).isoformat() for off in (200, 10, -10, -200))
            case "quantity":
                # At 200 cm the body mass index is a quarter of the weight.
                yield from (
                    [200] if plan.item.unit == "cm" else sorted({round(4 * limit + off, 2) for limit in limits for off in (-0.2, 0, 0.2)})
                )
            case "decimal":
                yield from sorted({round(limit + off, 6) for limit in limits for off in (-0.05, 0, 0.05)})
            case _:
                yield "x"

    def _medicines(self) -> Iterator[object]:
        kinds = self._kinds
        for size in range(1, min(len(kinds), MOST_MEDICINES) + 1):
            yield from combinations(kinds, size)
        yield from ("none", "not-sure", (UNREADABLE,), *((one, UNREADABLE) for one in kinds))

    @cached_property
    def _kinds(self) -> list[str]:
        """One ingredient for each membership in the classes compared here, that is read as itself; and one that is in none."""
        names = {test.takes for test in self.tests if isinstance(test, Takes)}
        kinds: dict[frozenset[str], str] = {frozenset(): "acetaminophen"}
        for ingredient, classes in self.program.formulary.classes_of.items():
            kind = frozenset(names.intersection((*classes, ingredient)))
            if kind not in kinds:
                reading = self.search.read(ingredient)
                if len(reading) == 1 and reading[0].status == "matched" and reading[0].ingredients == (ingredient,):
                    kinds[kind] = ingredient
        return list(kinds.values())


def _left_open(plan: ItemPlan) -> ItemPlan:
    """The item before anyone has answered: not asked where that is sure, else anything."""
    gate = plan.gate

    def value(facts: Facts) -> int:
        return 2 if gate is None or gate.value(facts) else 0

    return replace(plan, gate=Compiled(value, lambda _, __: [0], lambda _: 0, 0, gate.scores if gate else ()))
