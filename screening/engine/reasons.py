"""The smallest reasons: which answers alone raise a rule, and which missing answers would settle it. Exact, by search.

For most conditions their structure gives both. Where an item of a score is also read beside it, the reason may be
smaller; where an item is read in more than one place, less may be missing. Only then the smaller sets are tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from screening.engine.fact_vector import ANSWERED, FIRST_OPTION, OPEN, FactVector, mask
from screening.engine.facts import ResponseFacts
from screening.engine.program import Prepared, Program
from screening.model.condition import ItemTest, ScoreTest

_Answers = Mapping[str, Any]
_Choice = list[_Answers]

MOST_TRIALS = 5_000
"""When a search would take longer, the structure's answer stands: it may name too much, never too little."""


def evidence(test: Prepared, facts: ResponseFacts) -> int:
    """A smallest set of answers (bits of atoms) that alone makes `test` true, whatever all others were, gates
    included."""
    sets = test.when.reasons(facts, 1)
    found = sets[0] if len(sets) == 1 else min(sets, key=lambda atoms: (atoms.bit_count(), atoms))
    if not test.score_shares_inputs or found.bit_count() <= 1:
        return found
    answers, first = facts.response.answers, len(facts.program.items)
    candidates = [
        1 << one.number for one in test.items if one.item.link_id in answers and mask(facts.vector, one.number)
    ]
    if any(one.number == facts.program.medicines for one in test.items):
        candidates += [1 << (first + n) for n in range(len(facts.response.medicines))]
    trials = 0
    for size in range(1, found.bit_count()):
        for some in combinations(candidates, size):
            trials += 1
            if trials > MOST_TRIALS:
                return found
            if test.when.value(facts.facts_with(test, kept=sum(some))) == 1:
                return sum(some)
    return found


def deciding_answers(test: Prepared, facts: ResponseFacts) -> int:
    """The smallest set of missing answers (bits of atoms) that settles `test`, whatever they turn out to be."""
    missing = test.when.missing(facts)
    if not test.shares_inputs:
        return missing
    values, alike = _values(test, facts.program), _alike(test, facts.program)

    def settles(atoms: int) -> bool:
        numbers = [n for n in range(atoms.bit_length()) if atoms >> n & 1]
        if any(n not in values for n in numbers):
            return False
        return _Search(test, facts).settled(_choices(numbers, values, alike, facts.program), facts.vector)

    if test.tests_unknown_option and not settles(missing):
        # "Not sure" may itself make a part true which another answer makes open again, or keep a question from being
        # asked.
        wider = missing | sum(1 << one.number for one in test.items if not mask(facts.vector, one.number) & ANSWERED)
        missing = wider if settles(wider) else missing
    if missing.bit_count() > 1:
        for atom in [n for n in range(missing.bit_length()) if missing >> n & 1]:
            if settles(missing & ~(1 << atom)):
                missing &= ~(1 << atom)
    return missing


class _Search:
    def __init__(self, test: Prepared, facts: ResponseFacts) -> None:
        self.test, self.facts = test, facts
        self.trials = 0

    def settled(self, choices: Sequence[_Choice], vector: FactVector, known: _Answers = MappingProxyType({})) -> bool:
        """Whether the test is settled whichever way is taken of every choice. Unsure of it means no."""
        if self.test.when.value(vector) != 2:
            return True
        if not choices:
            return False
        first, *rest = choices
        for some in first:
            self.trials += 1
            if self.trials > MOST_TRIALS:
                return False
            trial = {**known, **some}
            if not self.settled(rest, self.facts.facts_with(self.test, trial), trial):
                return False
        return True


def _choices(
    numbers: list[int], values: dict[int, list[Any]], alike: dict[int, object], program: Program
) -> list[_Choice]:
    """Every way of answering each item; of items that only add up, one way for each sum, since no more can be told."""
    groups: dict[object, list[int]] = {}
    for n in numbers:
        groups.setdefault(alike.get(n, n), []).append(n)
    alone: list[_Choice] = []
    added: list[_Choice] = []
    for key, group in groups.items():
        plans = [program.items[n] for n in group]
        if key in numbers:
            alone.append([{plans[0].item.link_id: value} for value in values[group[0]]])
            continue
        sums: dict[float, _Answers] = {0.0: {}}
        for plan in plans:
            sums = {
                total + plan.weights[value]: {**some, plan.item.link_id: value}
                for total, some in sums.items()
                for value in values[plan.number]
            }
        added.append(list(sums.values()))
    return alone + added  # what decides by itself first: it leaves the least to try


def _alike(test: Prepared, program: Program) -> dict[int, object]:
    """For every item that the test reads only where it is added to others: what they must have in common for it to
    stand for them."""
    scores = [program.scores[program.score_numbers[one.score]] for one in test.leaves if isinstance(one, ScoreTest)]
    adding = [plan for plan in scores if plan.definition.method in ("sum", "mean")]
    elsewhere = {n for plan in scores if plan not in adding for n in plan.items}
    elsewhere |= {program.item(one)[2] for one in test.leaves if isinstance(one, ItemTest)}
    found: dict[int, object] = {}
    for plan in (program.items[n] for n in {n for one in adding for n in one.items} - elsewhere):
        if len(plan.weights) == sum(not mask & OPEN for mask in plan.options.values()):
            gate = plan.item.enable_when
            found[plan.number] = repr(gate), tuple({one.number for one in adding if plan.number in one.items})
    return found


def _values(test: Prepared, program: Program) -> dict[int, list[Any]]:
    """For every item that the test reads, one answer of each kind that the test can tell apart."""
    tests: dict[int, list[int]] = {}
    limits: dict[int, set[float]] = {}
    scored: set[int] = set()
    for leaf in test.leaves:
        if isinstance(leaf, ItemTest):
            _, mask, number = program.item(leaf)
            tests.setdefault(number, []).append(mask)
            limits.setdefault(number, set()).update(program.limit(limit) for _, limit in leaf.limits)
        elif isinstance(leaf, ScoreTest):
            scored.update(n for n in program.scores[program.score_numbers[leaf.score]].items if n != program.medicines)
    found: dict[int, list[Any]] = {}
    for number in tests.keys() | scored:
        plan = program.items[number]
        if plan.options:
            codes = {code: mask for code, mask in plan.options.items() if not mask & OPEN}
            kinds: dict[Any, Any] = {}
            for code, mask in codes.items():
                bit = mask >> FIRST_OPTION << FIRST_OPTION
                kind = (
                    plan.weights.get(code) if number in scored else None,
                    *(bool(bit & one) for one in tests.get(number, [])),
                )
                kinds.setdefault(kind, plan.item.choosing(code))
            found[number] = list(kinds.values())
        elif limits.get(number) and number not in scored:
            low, high = plan.item.min, plan.item.max  # type: ignore[union-attr]
            near = {edge + step for edge in limits[number] for step in (-1, 0, 1)}
            found[number] = sorted({low, high, *(edge for edge in near if low <= edge <= high)})
    return found
