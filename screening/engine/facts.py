"""The facts that one person's answers make: what is asked, what is known, what is open, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property

from screening.engine.evaluate import joined, smallest
from screening.engine.fact_vector import (
    ANSWERED,
    BLANK,
    DECLINED,
    NOT_SURE,
    OPEN,
    UNSETTLED,
    FactVector,
    bounds,
    mask,
    set_facts,
)
from screening.engine.medicine_facts import masks_of
from screening.engine.program import ItemPlan, Prepared, Program, ScorePlan
from screening.engine.response import QuestionnaireResponse
from screening.medicines.formulary import MedicationStatement
from screening.medicines.opioids import Part, part_of
from screening.model.item import Given, HelpKind
from screening.model.score import NOT_ASKED, UNBOUNDED, Bounds, Score, combine, described


@dataclass
class ResponseFacts:
    """The facts of one response, and on demand the reasons for them (see evaluate.Reasons).

    `kept` restricts the response to some of its atoms: everything else counts as not answered.
    """

    response: QuestionnaireResponse
    program: Program
    kept: int = -1
    vector: FactVector = field(init=False)
    _gates: dict[int, list[int]] = field(init=False, default_factory=dict)
    _shown: list[tuple[int, int]] = field(init=False)
    parts: list[Part | None] = field(init=False)
    """What each medicine adds to the opioids of a day; None for one that is none."""

    def __post_init__(self) -> None:
        program, answers, kept = self.program, self.response.answers, self.kept
        vector: FactVector = [0, math.nan, math.nan] * len(program.items) + [math.nan] * (2 * len(program.scores))
        self.vector = vector
        self._shown = [masks_of(reading, program) for reading in self.response.medicines]
        self.parts = [self.opioid(reading) for reading in self.response.medicines]
        self._fill(program.items, answers, kept)
        for score in program.scores:
            self._score(score)

    def keep_asked(self) -> None:
        """Drop the answers to items that are not asked: they do not exist, and no fact rests on them."""
        asked = {plan.item.link_id for plan in self.asked}
        response = self.response
        answers = {link_id: given for link_id, given in response.answers.items() if link_id in asked}
        dropped = {link_id: count for link_id, count in response.dropped.items() if link_id in asked}
        medicines = response.medicines
        if self.program.medicines is not None and self.program.items[self.program.medicines].item.link_id not in asked:
            medicines, self._shown, self.parts = (), [], []
        self.response = replace(response, answers=answers, medicines=medicines, dropped=dropped)

    def opioid(self, reading: MedicationStatement) -> Part | None:
        """What one medicine adds to the opioids of a day; None where it surely is none."""
        return part_of(reading, self.program.opioids, self.program.formulary) if self.program.opioids else None

    def facts_with(self, test: Prepared, known: Mapping[str, Given] | None = None, kept: int = -1) -> FactVector:
        """The facts that `test` depends on, with some items answered otherwise or with only `kept` atoms answered."""
        trial = copy(self)
        trial.kept = kept
        trial.vector = vector = list(self.vector)
        for plan in test.items:
            set_facts(vector, plan.number, (0, math.nan, math.nan))
        trial._fill(test.items, {**self.response.answers, **known} if known else self.response.answers, kept)
        for score in test.scores:
            trial._score(score)
        return vector

    def _fill(self, plans: Iterable[ItemPlan], answers: Mapping[str, Given], kept: int) -> None:
        vector, program = self.vector, self.program
        for plan in plans:
            n = plan.number
            for score in plan.gate.scores if plan.gate else ():
                self._score(program.scores[score])  # of earlier items, so it is final here
            asked = plan.gate.value(vector) if plan.gate else 1
            if not asked:
                continue
            given = answers.get(plan.item.link_id)
            if asked == 2:
                set_facts(vector, n, (UNSETTLED, -math.inf, math.inf))
            elif n == program.medicines:
                taken, perhaps = self._medicine_masks(given)
                set_facts(vector, n, (taken, perhaps, math.nan))
            elif given is None or not kept >> n & 1:
                set_facts(vector, n, (BLANK, *plan.open_bounds))
            else:
                set_facts(vector, n, plan.facts_of(given))

    def _score(self, score: ScorePlan) -> None:
        at = self.program.score_at(score.number)
        self.vector[at : at + 2] = self._bounds(score.definition.method, score.items)

    def _medicine_masks(self, given: Given | None) -> tuple[int, int]:
        """(what is taken, what may be taken): bits of classes and ingredients that rules ask about."""
        number = self.program.medicines
        assert number is not None
        whole = bool(self.kept >> number & 1)
        if isinstance(given, str):
            return (self.program.items[number].options[given], 0) if whole else (BLANK, 0)
        if given is None:
            return BLANK, 0
        taken, perhaps = (ANSWERED, 0) if whole else (BLANK, 0)
        for one, (certain, possible) in enumerate(self._shown):
            if self.kept >> (len(self.program.items) + one) & 1:
                taken |= certain
                perhaps |= possible
            else:
                taken |= BLANK
        return taken, perhaps

    def _bounds(self, method: str, items: tuple[int, ...]) -> Bounds:
        if method == "mme":
            return self._opioids(items[0])
        ends: list[Bounds] = []
        for item in items:
            state = mask(self.vector, item)
            if not state:
                return NOT_ASKED
            if state & UNSETTLED:
                return UNBOUNDED if all(mask(self.vector, other) for other in items) else NOT_ASKED
            ends.append(bounds(self.vector, item))
        return combine(method, ends, self.response.authored)

    def _opioids(self, item: int) -> Bounds:
        """Morphine milligram equivalents a day, of the medicines that are kept."""
        state, first = mask(self.vector, item), len(self.program.items)
        if not state:
            return NOT_ASKED
        kept = [part for n, part in enumerate(self.parts) if part and self.kept >> (first + n) & 1]
        return sum(part.low for part in kept), math.inf if state & OPEN else sum(part.high for part in kept)

    def because_asked(self, item: int) -> list[int]:
        """The smallest sets of answers that settle whether `item` is asked."""
        if item not in self._gates:
            gate = self.program.items[item].gate
            self._gates[item] = gate.reasons(self, gate.value(self.vector)) if gate else [0]
        return self._gates[item]

    def item_missing(self, item: int) -> int:
        """What to ask for this item to be known: its gate's missing answers, its own, or the entries that could not be
        read."""
        plan = self.program.items[item]
        missing = 0
        if mask(self.vector, item) & UNSETTLED and plan.gate:
            missing = plan.gate.missing(self)
        if item == self.program.medicines and isinstance(self.response.answers.get(plan.item.link_id), tuple):
            unread = [n for n, (_, possible) in enumerate(self._shown) if possible]
            return missing | sum(1 << (len(self.program.items) + n) for n in unread)
        given = self.response.answers.get(plan.item.link_id)
        if given is None or (plan.options and plan.facts_of(given)[0] & OPEN):
            missing |= 1 << item
        return missing

    def taken(self, mask: int) -> list[int]:
        """One set for each reading which shows that a medicine under `mask` is taken."""
        assert self.program.medicines is not None
        gate = self.because_asked(self.program.medicines)
        first = len(self.program.items)
        showing = [1 << (first + n) for n, (certain, _) in enumerate(self._shown) if certain & mask]
        return showing if gate == [0] else joined([gate, showing])

    def not_taken(self) -> list[int]:
        """The whole list of medicines is the reason why something is not on it."""
        number = self.program.medicines
        assert number is not None
        whole = 1 << number
        if isinstance(self.response.answers.get(self.program.items[number].item.link_id), tuple):
            for n, _ in enumerate(self.response.medicines):
                whole |= 1 << (len(self.program.items) + n)
        return [one | whole for one in self.because_asked(number)]

    def score_reasons(self, score: int, upward: bool, limit: float, strict: bool) -> list[int]:
        """The smallest sets of answers that keep the score on one side of `limit`, or that leave it out of the form."""
        plan = self.program.scores[score]
        for item in plan.items:
            if not mask(self.vector, item):
                outs = [self.because_asked(one) for one in plan.items if not mask(self.vector, one)]
                return smallest(reason for out in outs for reason in out)
        if plan.definition.method == "mme":
            return self._opioid_reasons(plan.items[0], limit, strict) if upward else self.not_taken()
        everything = [1 << item for item in plan.items]
        gates = joined([self.because_asked(item) for item in plan.items])
        if plan.definition.method in ("bmi", "age"):
            return [gate | sum(everything) for gate in gates]
        return smallest(self._fewest(plan.items, gate, upward, limit, strict, plan.definition.method) for gate in gates)

    def _opioid_reasons(self, item: int, limit: float, strict: bool) -> list[int]:
        """The fewest medicines, the largest amounts first, that bring the opioids of a day to `limit`."""
        first, reached, chosen = len(self.program.items), 0.0, 0
        amounts = sorted(((part.low, n) for n, part in enumerate(self.parts) if part and part.low), reverse=True)
        for amount, n in amounts:
            if reached > limit or (reached == limit and not strict):
                break
            reached += amount
            chosen |= 1 << (first + n)
        return [gate | chosen for gate in self.because_asked(item)]

    def _fewest(self, items: tuple[int, ...], gate: int, upward: bool, limit: float, strict: bool, method: str) -> int:
        """`gate` and then the answers that move the score furthest, until it cannot come back over the limit."""
        share = len(items) if method == "mean" else 1
        target = limit * share
        reached = 0.0
        gains = []
        for item in items:
            low, high = self.program.items[item].open_bounds
            value_low, value_high = bounds(self.vector, item)
            start, gain = (low, value_low - low) if upward else (high, high - value_high)
            reached += start
            if gate >> item & 1:
                reached += gain if upward else -gain
            else:
                gains.append((gain, item))
        gains.sort(key=lambda pair: (-pair[0], pair[1]))
        chosen = gate
        for gain, item in gains:
            far = (
                (reached > target if strict else reached >= target)
                if upward
                else (reached < target if strict else reached <= target)
            )
            if far:
                break
            reached += gain if upward else -gain
            chosen |= 1 << item
        return chosen

    def score_missing(self, score: int) -> int:
        """The answers that are missing for the score to be one number."""
        missing = 0
        plan = self.program.scores[score]
        if plan.definition.method == "mme":
            first = len(self.program.items)
            missing = sum(1 << (first + n) for n, part in enumerate(self.parts) if part and part.low != part.high)
        for item in plan.items:
            if mask(self.vector, item) & OPEN:
                missing |= self.item_missing(item)
        return missing

    @cached_property
    def asked(self) -> list[ItemPlan]:
        """The items that are asked, in order."""
        return [
            plan
            for plan in self.program.items
            if mask(self.vector, plan.number) and not mask(self.vector, plan.number) & UNSETTLED
        ]

    @cached_property
    def scores(self) -> list[Score]:
        """Every score with its status."""
        return [described(plan.definition.id, self.score_bounds(plan)) for plan in self.program.scores]

    def score_bounds(self, plan: ScorePlan) -> Bounds:
        """Between which numbers a score lies; NaN where it does not exist."""
        at = self.program.score_at(plan.number)
        return self.vector[at], self.vector[at + 1]

    def status(self, number: int) -> str:
        """Why an item has no settled answer: not-asked, unsettled, skipped, not-sure, declined; or answered."""
        state = mask(self.vector, number)
        if not state:
            return "not-asked"
        for bit, name in ((UNSETTLED, "unsettled"), (NOT_SURE, "not-sure"), (DECLINED, "declined")):
            if state & bit:
                return name
        return "answered" if state & ANSWERED else "skipped"

    @property
    def for_another(self) -> bool:
        """Whether somebody surely answers for another person."""
        test = self.program.for_another
        return test is not None and test.value(self.vector) == 1

    def help_blocks(self) -> list[tuple[str, HelpKind]]:
        """(link_id, block) for every item whose answer asks for help now."""
        return [
            (self.program.items[number].item.link_id, block)
            for number, block, when in self.program.help_
            if when.value(self.vector) == 1
        ]


def items_of(atoms: int, facts: ResponseFacts) -> Iterable[tuple[str, int | None]]:
    """The link_id of every atom of a set, in order; with the place of the medicine where the atom is one."""
    for plan in facts.program.items:
        if atoms >> plan.number & 1:
            yield plan.item.link_id, None
    first = len(facts.program.items)
    for n, _ in enumerate(facts.response.medicines):
        if atoms >> (first + n) & 1:
            assert facts.program.medicines is not None
            yield facts.program.items[facts.program.medicines].item.link_id, n
