"""A response on which a mutant shows, or the proof that there is none. The response is cut down and written as a
case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import z3

from screening.authoring.cases import DAY
from screening.authoring.mutation.mutate import Bench, Mutant, RuleResult
from screening.authoring.proof.meaning import ContentFormulas
from screening.authoring.proof.patient import Patient, either, every
from screening.authoring.proof.plain import case_line
from screening.authoring.proof.solver import EFFORT, Answers, Proofs, Undecided, settled, smallest
from screening.model.item import Given
from screening.model.rule import Rule


@dataclass(frozen=True)
class Counterexample:
    """A response that comes out otherwise under a mutant; `expect` is what it comes to today."""

    rule: int
    answers: Mapping[str, Given]
    expect: RuleResult


def as_case(witness: Counterexample, name: str, bench: Bench) -> str:
    """The witness as one line of a rule's `cases`."""
    outcome, tier = witness.expect
    return case_line(name, witness.answers, bench.medicines, outcome, tier if bench.rules[witness.rule].tiers else None)


class Search:
    """The search for witnesses, over one bench."""

    def __init__(self, bench: Bench, effort: int = EFFORT) -> None:
        self.bench = bench
        self.content = replace(bench.content, program=bench.program)
        self.patient = Patient([self.content], DAY)
        self.meaning, self.proofs = ContentFormulas(self.content, self.patient), Proofs(self.patient, effort)

    def witness(self, mutant: Mutant) -> Counterexample | None:
        """A response that kills the mutant; None where no response can. Raises Undecided."""
        after = self._mutated(mutant)
        for rule in sorted(mutant.touched, key=lambda n: len(self.bench.reads[n].items)):
            items = self.bench.reads[rule].items
            changed = mutant.rules.get(rule, self.bench.rules[rule]).rule
            asked = [(self.patient.answer(one.item).given, self.meaning.asked(one), one) for one in items if one.gate]
            shows = [z3.Xor(*pair) for pair in self._results(after, self.bench.rules[rule].rule, changed)]
            shows += [
                z3.And(given, z3.Not(after.asked(mutant.gates.get(one.number, one))))
                for given, _, one in asked
                if mutant.gates
            ]
            only_asked = every(z3.Implies(given, before) for given, before, _ in asked)
            found = self.proofs.find(z3.And(either(shows), only_asked), [one.item.link_id for one in items])
            if found is not None:
                return self._smallest(rule, found, mutant)
        return None

    def _mutated(self, mutant: Mutant) -> ContentFormulas:
        """What everything means with the gates of the mutant. Its rules have their own conditions."""
        if not mutant.gates:
            return self.meaning
        items = [mutant.gates.get(one.number, one) for one in self.content.program.items]
        return ContentFormulas(replace(self.content, program=replace(self.content.program, items=items)), self.patient)

    def _results(self, after: ContentFormulas, rule: Rule, changed: Rule) -> list[tuple[z3.BoolRef, z3.BoolRef]]:
        """Pairs of what a case can expect, before and after: raised at all, at each tier, cannot tell."""
        truths = zip(self.meaning.of(rule.when), after.of(changed.when), strict=True)
        tiers = dict.fromkeys(tier for tier, _ in self.meaning.ways(rule))
        return [
            *truths,
            *((_at(self.meaning, rule, tier), _at(after, changed, tier)) for tier in tiers if rule.tier_when),
        ]

    def _smallest(self, rule: int, answers: Answers, mutant: Mutant) -> Counterexample:
        """Leave out every answer without which the mutant still shows in the same way."""
        bench = self.bench
        facts = settled(answers, self.content, DAY)
        expect = bench.result(rule, facts)

        def shows(trial: Answers) -> bool:
            facts = settled(trial, self.content, DAY)
            return bench.result(rule, facts) == expect != bench.result(rule, facts, mutant)

        if expect is None or not shows(answers):
            raise Undecided
        few = smallest(facts.response.answers, shows)
        return Counterexample(rule, settled(few, self.content, DAY).response.answers, expect)


def _at(meaning: ContentFormulas, rule: Rule, tier: str) -> z3.BoolRef:
    return either(wanted for one, wanted in meaning.ways(rule) if one == tier)
