"""From one response to one screening: the items to discuss, what to ask, and the scores.

`screen` is pure: the same response and content give the same screening, whatever else happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from screening.engine.content import Content
from screening.engine.evaluate import FactVector
from screening.engine.facts import ResponseFacts, items_of
from screening.engine.program import Prepared, Program, RulePlan
from screening.engine.reasons import deciding_answers, evidence
from screening.engine.response import Problem, QuestionnaireResponse
from screening.medicines.formulary import Reading
from screening.model.rule import TIERS, Citation, Tier

_RANK = {tier: rank for rank, tier in enumerate(TIERS)}


@dataclass(frozen=True)
class Evidence:
    """One answer in a reason or on a to-ask list: the item, and the medicine where it is one of those typed."""

    link_id: str
    medicine: Reading | None = None


@dataclass(frozen=True)
class Flag:
    """An item to discuss with a clinician: a rule that is raised, at a tier, by the smallest set of answers."""

    rule: str
    tier: Tier
    evidence: tuple[Evidence, ...]
    superseded: bool


@dataclass(frozen=True)
class ToAsk:
    """A rule that cannot tell, and exactly the answers that are missing.

    about: "raised" when it is open whether the rule is raised; "tier" when it is raised and only its tier is open.
    """

    rule: str
    tier: Tier
    missing: tuple[Evidence, ...]
    about: str


@dataclass(frozen=True)
class Screening:
    """What one response means under one content. Most pressing first."""

    flags: tuple[Flag, ...]
    to_ask: tuple[ToAsk, ...]
    content: str

    @property
    def tier(self) -> Tier | None:
        """The most pressing tier of all flags."""
        return self.flags[0].tier if self.flags else None


def screen(response: QuestionnaireResponse, content: Content) -> Screening:
    """Apply every rule in use to one response."""
    return screened(ResponseFacts(response, content.program), content)


def screened(facts: ResponseFacts, content: Content) -> Screening:
    """As `screen`, for facts that are already there."""
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
    return Screening(tuple(flags), tuple(asks), content.hash)


def truths(response: QuestionnaireResponse, program: Program) -> list[int]:
    """The bare result of every rule, in order: 0 not raised, 1 raised, 2 cannot tell."""
    vector = ResponseFacts(response, program).vector
    return [plan.test.when.value(vector) for plan in program.rules]


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


def _ask(plan: RulePlan, tier: Tier, test: Prepared, facts: ResponseFacts, about: str) -> ToAsk:
    missing = _evidence(deciding_answers(test, facts), facts)
    critical = any(content_item(facts, one.link_id).safety_critical for one in missing)
    if not critical:
        tier = "info"
    elif tier in ("urgent", "high"):
        tier = "high"
    else:
        tier = "moderate"
    return ToAsk(plan.rule.id, tier, missing, about)


def _opioids(facts: ResponseFacts) -> dict[str, Any] | None:
    """Morphine milligram equivalents a day, for clinicians only: the value, or for each medicine why there is none."""
    program = facts.program
    score = next((plan for plan in program.scores if plan.definition.method == "mme"), None)
    if score is None:
        return None
    low, high = facts.vector[program.score_base + 2 * score.number : program.score_base + 2 * score.number + 2]
    listed = [
        {"text": part.text, "ingredient": part.ingredient, "value": part.value, "why": part.why}
        for part in facts.parts
        if part is not None
    ]
    open_ = facts.status(score.items[0])
    return {
        "value": low if low == high else None,
        "at_least": None if low != low else low,
        "list": open_,
        "medicines": listed,
    }


def content_item(facts: ResponseFacts, link_id: str) -> Any:
    """The item of that link_id."""
    return facts.program.items[facts.program.numbers[link_id]].item


def _evidence(atoms: int, facts: ResponseFacts) -> tuple[Evidence, ...]:
    return tuple(Evidence(link_id, reading) for link_id, reading in items_of(atoms, facts))


def as_json(
    screening: Screening, facts: ResponseFacts, problems: tuple[Problem, ...], content: Content, language: str = "en"
) -> dict[str, Any]:
    """The screening as the command line prints it: plain values, in a fixed order."""
    rules = {plan.rule.id: plan.rule for plan in content.program.rules}

    def shown(one: Evidence) -> dict[str, Any]:
        item = content.item(one.link_id)
        entry: dict[str, Any] = {"item": one.link_id, "text": item.text[language]}
        if one.medicine:
            entry["answer"] = one.medicine.text
        elif one.link_id in facts.response.answers:
            given = facts.response.answers[one.link_id]
            entry["answer"] = list(given) if isinstance(given, tuple) else given
        return entry

    def cited(citation: Citation) -> dict[str, Any]:
        source = content.sources[citation.cite]
        return {"cite": citation.cite, "title": source.title, "year": source.year, "where": citation.where}

    flags = []
    for flag in screening.flags:
        rule = rules[flag.rule]
        flags.append(
            {
                "rule": flag.rule,
                "tier": flag.tier,
                "status": rule.status,
                "patient": rule.patient[language] if rule.patient else None,
                "clinician": rule.clinician,
                "superseded": flag.superseded,
                "evidence": [shown(one) for one in flag.evidence],
                "sources": [cited(citation) for citation in rule.sources],
            }
        )
    to_ask = [
        {"rule": ask.rule, "tier": ask.tier, "about": ask.about, "missing": [shown(one) for one in ask.missing]}
        for ask in screening.to_ask
    ]
    return {
        "flags": flags,
        "to_ask": to_ask,
        "scores": {
            score.id: {"status": score.status, "value": score.value, "low": score.low, "high": score.high}
            for score in facts.scores
        },
        "medicines": [
            {
                "text": one.text,
                "ingredients": list(one.ingredients),
                "classes": list(one.classes),
                "status": one.status,
                "use": one.use,
                "suggestions": list(one.suggestions),
                "how": one.how,
                "recent": one.recent,
                "confirmed": one.confirmed,
            }
            for one in facts.response.medicines
        ],
        "mme": _opioids(facts),
        "problems": [{"item": one.link_id, "problem": one.code} for one in problems],
        "characters_dropped": dict(facts.response.dropped),
        "content": screening.content,
    }
