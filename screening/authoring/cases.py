"""Worked cases: run every case of every rule, and say where the outcome differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.response import Problem, QuestionnaireResponse, read
from screening.engine.screen import tier_of
from screening.loading.finding import Finding
from screening.model.rule import Case, Outcome, Rule

FEWEST = 4
_OUTCOMES: tuple[Outcome, ...] = ("not-raised", "raised", "cannot-tell")
"""By the value of a condition."""
DAY = date(2026, 11, 23)
"""The day of a case that names none."""


@dataclass(frozen=True)
class CaseOutcome:
    """What one case came to."""

    rule: Rule
    number: int
    case: Case
    outcome: Outcome
    tier: str | None
    complaints: tuple[tuple[str, str], ...]
    """(finding code, what is wrong) for each complaint."""


def results(content: Content) -> Iterator[CaseOutcome]:
    """Every case of every rule that is in use."""
    for plan in content.program.rules:
        for number, case in enumerate(plan.rule.cases):
            yield run(content, plan.rule, number, case)


def response_of(case: Case, content: Content) -> tuple[QuestionnaireResponse, tuple[Problem, ...]]:
    """The response that a case stands for, and what of it cannot be accepted."""
    raw = dict(case.answers)
    if case.medicines is not None and content.program.medicines is not None:
        link_id = content.program.items[content.program.medicines].item.link_id
        raw[link_id] = list(case.medicines) or "none"
    return read(raw, case.authored or DAY, content)


def run(content: Content, rule: Rule, number: int, case: Case) -> CaseOutcome:
    """Run one case."""
    response, problems = response_of(case, content)
    facts = ResponseFacts(response, content.program)
    plan = next(plan for plan in content.program.rules if plan.rule.id == rule.id)
    outcome = _OUTCOMES[plan.test.when.value(facts.vector)]
    tier = tier_of(plan, facts.vector)[0] if outcome == "raised" else None
    complaints = [("C001", f'"{one.link_id}": {one.code}') for one in problems]
    asked = {plan.item.link_id for plan in facts.asked}
    complaints += [("C004", f'"{link}" is answered but not asked') for link in response.answers if link not in asked]
    if outcome != case.expect:
        complaints.append(("C002", f"expects {case.expect}, comes out {outcome}"))
    elif case.tier and tier and tier != case.tier:
        complaints.append(("C002", f"expects tier {case.tier}, comes out {tier}"))
    return CaseOutcome(rule, number, case, outcome, tier, tuple(complaints))


def findings(content: Content) -> Iterator[Finding]:
    """A finding for every complaint, and for rules with too few cases."""
    for result in results(content):
        file, line = content.places[f"case {result.rule.id} {result.number}"]
        for code, what in result.complaints:
            yield Finding(
                file,
                line,
                code,
                f'Case "{result.case.name}" of {result.rule.id}: {what}.',
                "Correct the case or the rule.",
            )
    for plan in content.program.rules:
        if len(plan.rule.cases) < FEWEST:
            file, line = content.places[f"rule {plan.rule.id}"]
            yield Finding(
                file,
                line,
                "C003",
                f"Rule {plan.rule.id} has {len(plan.rule.cases)} worked cases.",
                f"Write at least {FEWEST}.",
            )
