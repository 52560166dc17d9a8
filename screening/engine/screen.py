"""From one response to one screening: the items to discuss, what to ask, and the scores.

`screen_answers` is the one door: intake, review, replay and the command line all come in here. It is pure: the same
answers, day and content give the same outcome, whatever else happened.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from screening.engine.content import Content
from screening.engine.fact_vector import FactVector
from screening.engine.facts import ResponseFacts, items_of
from screening.engine.program import Prepared, RulePlan
from screening.engine.reasons import deciding_answers, evidence
from screening.engine.response import Problem, QuestionnaireResponse, read
from screening.engine.result import Evidence, Flag, Mme, MmePart, Result, ToAsk
from screening.model.rule import TIERS, Tier

_RANK = {tier: rank for rank, tier in enumerate(TIERS)}


@dataclass(frozen=True)
class Outcome:
    """What came of some answers: those that were accepted of the items asked, the facts they make, and the result.

    problems: what could not be accepted, whether or not its item is asked.
    """

    facts: ResponseFacts
    problems: tuple[Problem, ...]
    result: Result

    @property
    def response(self) -> QuestionnaireResponse:
        """The accepted answers of the items that are asked."""
        return self.facts.response


def screen_answers(typed: Mapping[str, Any], day: date, content: Content) -> Outcome:
    """Read answers of any shape, drop what is not asked, and screen what is left, as on the clinic's `day`."""
    facts, problems = facts_of(typed, day, content)
    facts.keep_asked()
    return Outcome(facts, problems, screen(facts, content))


def facts_of(typed: Mapping[str, Any], day: date, content: Content) -> tuple[ResponseFacts, tuple[Problem, ...]]:
    """Answers of any shape as facts, those to items that are not asked included, and what cannot be accepted."""
    response, problems = read(typed, day, content)
    return ResponseFacts(response, content.program), problems


def screen(facts: ResponseFacts, content: Content) -> Result:
    """Apply every rule in use to the facts of one response."""
    raised: list[tuple[RulePlan, Tier]] = []
    asks: list[ToAsk] = []
    vector = facts.vector
    for plan in content.program.rules:
        value = plan.test.when.value(vector)
        if value == 1:
            tier, pending = tier_of(plan, vector)
            raised.append((plan, tier))
            asks += [_ask(plan, other, test, facts, "tier") for other, test in pending]
        elif value == 2:
            asks.append(_ask(plan, plan.rule.tier, plan.test, facts, "raised"))
    superseded = {other for plan, _ in raised for other in plan.rule.supersedes}
    flags = [
        Flag(plan.rule.id, tier, _evidence(evidence(plan.test, facts), facts), plan.rule.id in superseded)
        for plan, tier in raised
    ]
    flags.sort(key=lambda flag: _RANK[flag.tier])
    asks.sort(key=lambda ask: _RANK[ask.tier])
    response = facts.response
    return Result(
        tuple(flags), tuple(asks), tuple(facts.scores), response.medicines, _mme(facts), response.dropped, content.hash
    )


def tier_of(plan: RulePlan, vector: FactVector) -> tuple[Tier, list[tuple[Tier, Prepared]]]:
    """The first other tier that surely applies, else the rule's own; and those more pressing that may apply."""
    pending: list[tuple[Tier, Prepared]] = []
    for tier, test in plan.tiers:
        value = test.when.value(vector)
        if value == 1:
            return tier, [one for one in pending if _RANK[one[0]] < _RANK[tier]]
        if value == 2:
            pending.append((tier, test))
    return plan.rule.tier, [one for one in pending if _RANK[one[0]] < _RANK[plan.rule.tier]]


def _ask(plan: RulePlan, tier: Tier, test: Prepared, facts: ResponseFacts, about: Literal["raised", "tier"]) -> ToAsk:
    missing = _evidence(deciding_answers(test, facts), facts)
    program = facts.program
    if not any(program.items[program.numbers[one.link_id]].item.safety_critical for one in missing):
        tier = "info"
    elif tier in ("urgent", "high"):
        tier = "high"
    else:
        tier = "moderate"
    return ToAsk(plan.rule.id, tier, missing, about)


def _evidence(atoms: int, facts: ResponseFacts) -> tuple[Evidence, ...]:
    answers, medicines = facts.response.answers, facts.response.medicines
    return tuple(
        Evidence(link_id, answers.get(link_id) if number is None else medicines[number].text, number)
        for link_id, number in items_of(atoms, facts)
    )


def _mme(facts: ResponseFacts) -> Mme | None:
    """Morphine milligram equivalents a day, for clinicians only: the value, or for each medicine why there is none."""
    program = facts.program
    score = next((plan for plan in program.scores if plan.definition.method == "mme"), None)
    if score is None:
        return None
    low, high = facts.score_bounds(score)
    return Mme(
        low if low == high else None,
        None if math.isnan(low) else low,
        facts.status(score.items[0]),
        tuple(MmePart.of(part) for part in facts.parts if part is not None),
    )
