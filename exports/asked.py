"""Why an answer is not there, for many responses at once.

A gate looks at few answers, and many people give the same ones. So each group of gates that look at the same answers is
a small program of its own, and what it says is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.program import ItemPlan, Program
from screening.engine.response import QuestionnaireResponse
from screening.medicines.formulary import MedicationStatement
from screening.model.item import Given
from screening.model.item_types import Date, Quantity
from screening.model.medicines_item import Medicines

REMEMBERED = 10_000
"""Sets of answers a group; then it starts anew, so that memory does not grow with the number of responses."""


class Why:
    """One kind of no-answer: its code in a cell, and what it means."""

    __slots__ = ("code", "meaning")

    def __init__(self, code: str, meaning: str) -> None:
        self.code, self.meaning = code, meaning


WHY: Final = {
    "not-asked": Why("[not asked]", "skip logic left this question out"),
    "skipped": Why("[skipped]", "asked and left blank"),
    "not-sure": Why("[not sure]", 'answered "not sure"'),
    "declined": Why("[declined]", 'answered "prefer not to say"'),
    "unsettled": Why("[unsettled]", "not asked, because the answer that would open it is missing or not sure"),
    "not-then": Why("[not asked then]", "not among the questions of the day on which the form was filled in"),
    "otherwise": Why("[answered otherwise]", "answered, but today's question does not take it: see other_answers"),
    "not-known": Why("[not known]", "the questions of that day cannot be read any more"),
}
SKIPPED: Final = WHY["skipped"]
NOT_THEN, OTHERWISE, NOT_KNOWN = WHY["not-then"], WHY["otherwise"], WHY["not-known"]


class Gates:
    """The gates that look at the same answers, and the items behind them."""

    def __init__(self, content: Content, reads: tuple[str, ...], items: list[ItemPlan]) -> None:
        self.reads = reads
        self.behind = [plan.item.link_id for plan in items]
        program = content.program
        inside = {*reads, *self.behind}
        self.program = Program(program.formulary, program.thresholds, program.conditions)
        plans = [plan for plan in program.items if plan.item.link_id in inside]
        scores = [plan.definition for plan in program.scores if inside.issuperset(plan.definition.items)]
        self.program.declare([plan.item for plan in plans], scores)
        for score in scores:
            self.program.add_score(score)
        for plan in plans:
            self.program.add_item(plan.item, plan.section)
        self.by_day = any(isinstance(content.item(link_id), Date | Quantity) for link_id in reads)
        self.by_medicines = any(isinstance(content.item(link_id), Medicines) for link_id in reads)
        self.only = reads[0] if len(reads) == 1 and not self.by_day and not self.by_medicines else None
        self.known: dict[Any, dict[str, Why]] = {}

    def why(
        self, answers: Mapping[str, Given], authored: date, medicines: tuple[MedicationStatement, ...]
    ) -> dict[str, Why]:
        """Which items behind are not asked, and why."""
        if self.only:
            key: Any = answers.get(self.only)
        elif self.by_day:
            return self._why(answers, authored, medicines)
        else:
            key = (medicines if self.by_medicines else None, *map(answers.get, self.reads))
        try:
            found = self.known.get(key)
        except TypeError:  # answers of an earlier content, kept in a form that is no key
            return self._why(answers, authored, medicines)
        if found is None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            found = self.known[key] = self._why(answers, authored, medicines)
        return found

    def _why(
        self, answers: Mapping[str, Given], authored: date, medicines: tuple[MedicationStatement, ...]
    ) -> dict[str, Why]:
        given = {link_id: answers[link_id] for link_id in self.reads if link_id in answers}
        facts = ResponseFacts(QuestionnaireResponse(given, authored, medicines), self.program)
        states = {link_id: WHY[facts.status(self.program.numbers[link_id])] for link_id in self.behind}
        return {link_id: why for link_id, why in states.items() if why is not SKIPPED}


def gates(content: Content) -> list[Gates]:
    """Every group of gates of the content."""
    groups: dict[tuple[str, ...], list[ItemPlan]] = {}
    for plan in content.program.items:
        if plan.item.enable_when:
            reads = tuple(one.item.link_id for one in content.program.prepare(plan.item.enable_when).items)
            groups.setdefault(reads, []).append(plan)
    return [Gates(content, reads, plans) for reads, plans in groups.items()]
