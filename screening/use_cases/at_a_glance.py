"""What a clinician wants to know of anybody within ten seconds: each fact said, not said, or open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.engine.answer_text import in_words
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.result import Result
from screening.model.condition import ItemTest
from screening.model.site import HeaderFact

State = Literal["said", "not-said", "not-asked", "cannot-tell"]


@dataclass(frozen=True)
class Fact:
    """One fact in words. state: said, not said (blank, or the person preferred not to), not asked
    because other answers made it needless, or open (not sure)."""

    label: str
    words: str
    state: State


def at_a_glance(facts: ResponseFacts, result: Result, content: Content, language: str) -> list[Fact]:
    """The facts that site.yaml names, in its order."""
    return [_fact(one, facts, result, content, language) for one in content.site.staff.header]


def _fact(one: HeaderFact, facts: ResponseFacts, result: Result, content: Content, language: str) -> Fact:
    if one.mme:
        return _opioids(one.label, facts, result, content)
    if one.takes:
        return _taken(one.label, one.takes, facts, result, content)
    known = [link_id for link_id in one.items if link_id in content.program.numbers]
    words, open_, asked = [], False, False
    for link_id in known:
        item, given = content.item(link_id), facts.response.answers.get(link_id)
        status = facts.status(content.program.numbers[link_id])
        open_ = open_ or status in ("not-sure", "unsettled")
        asked = asked or status != "not-asked"
        if given is not None and status not in ("skipped", "declined"):
            words.append(in_words(item, given, language, content))
    if words:
        return Fact(one.label, "; ".join(words), "cannot-tell" if open_ else "said")
    if open_:
        return Fact(one.label, "cannot tell", "cannot-tell")
    return Fact(one.label, "not said", "not-said") if asked else Fact(one.label, "not asked", "not-asked")


def _listed(facts: ResponseFacts, content: Content) -> bool:
    item = content.medicines
    return item is not None and item.link_id in facts.response.answers


def _taken(label: str, group: str, facts: ResponseFacts, result: Result, content: Content) -> Fact:
    taken = [one.text for one in result.medicines if group in one.classes and one.use == "current"]
    if taken:
        return Fact(label, "; ".join(taken), "said")
    if not _listed(facts, content):
        return Fact(label, "not said", "not-said")
    unread = [one for one in result.medicines if one.status != "matched" and not one.confirmed]
    return Fact(label, "cannot tell: not all was read", "cannot-tell") if unread else Fact(label, "none listed", "said")


def _opioids(label: str, facts: ResponseFacts, result: Result, content: Content) -> Fact:
    mme = result.mme
    if not _listed(facts, content):
        return Fact(label, "not said", "not-said")
    if mme is None or not mme.medicines:
        return Fact(label, "none listed", "said")
    if mme.value is None:
        return Fact(label, f"cannot tell, at least {mme.at_least or 0:g} a day", "cannot-tell")
    return Fact(label, f"{mme.value:g} a day", "said")


def choices_that_count(rule: str, link_id: str, content: Content) -> frozenset[str]:
    """The options of a question that a rule looks at; the others of the same answer did not raise it."""
    plan = next((one for one in content.program.rules if one.rule.id == rule), None)
    tests = [*plan.test.leaves, *(leaf for _, tier in plan.tiers for leaf in tier.leaves)] if plan else []
    return frozenset(
        code for test in tests if isinstance(test, ItemTest) and test.item == link_id for code in test.codes
    )
