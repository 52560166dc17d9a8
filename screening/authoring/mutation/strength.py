"""How much of what could be written wrong the worked cases would catch, and the cases that are missing."""

from __future__ import annotations

from dataclasses import dataclass

from screening.authoring.mutation.mutate import Bench, Mutant
from screening.authoring.mutation.witness import Counterexample, Search, as_case
from screening.authoring.proof.solver import EFFORT, Undecided
from screening.engine.content import Content
from screening.loading.finding import Finding


@dataclass(frozen=True)
class Strength:
    """mutants = killed + equivalent + survived. equivalent: proven that no form comes out otherwise. findings: one a
    survivor."""

    mutants: int
    killed: int
    equivalent: int
    survived: int
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        shares = f"{self.killed} killed, {self.equivalent} proven equivalent, {self.survived} survived"
        return f"{self.mutants} mistakes tried in conditions and gates: {shares}."


def strength(content: Content, effort: int = EFFORT) -> Strength:
    """Make every mutant, run the worked cases, and look for what would tell the survivors apart. `effort`: see
    `Proofs`."""
    bench = Bench(content)
    search = Search(bench, effort)
    left = [mutant for mutant in bench.mutants if not bench.killed(mutant)]
    findings = []
    for mutant in left:
        try:
            witness = search.witness(mutant)
        except Undecided:
            findings.append(_undecided(mutant, content))
        else:
            if witness:
                findings.append(_survivor(mutant, witness, bench))
    count = len(bench.mutants)
    return Strength(count, count - len(left), len(left) - len(findings), len(findings), tuple(sorted(set(findings))))


def _survivor(mutant: Mutant, witness: Counterexample, bench: Bench) -> Finding:
    file, line = bench.content.places[mutant.place]
    rule = bench.rules[witness.rule].rule.id
    what = f'{mutant.place} {mutant.part}: no worked case would notice "{mutant.slip.words}".'
    return Finding(
        file,
        line,
        "U001",
        what,
        f"If a clinician agrees, add to {rule}: {as_case(witness, 'Say what this shows', bench)}",
    )


def _undecided(mutant: Mutant, content: Content) -> Finding:
    file, line = content.places[mutant.place]
    what = (
        f'{mutant.place} {mutant.part}: no worked case notices "{mutant.slip.words}", and the search for one '
        f"was given up."
    )
    return Finding(file, line, "U002", what, "Write a case for this part, or make the condition simpler.")
