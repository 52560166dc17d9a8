"""A response on which a mutant shows: found near the worked cases, cut down to what matters, and written as a case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, product

from screening.authoring.mutate import Bench, Mutant, Result
from screening.condition import Condition, ItemTest, ScoreTest, Takes, leaves
from screening.medication import Reading
from screening.program import ItemPlan
from screening.questionnaire import Given, Refused
from screening.response import Ground, QuestionnaireResponse

MOST_TRIALS = 20_000
"""Responses that are tried for one mutant and rule before giving up."""

UNREADABLE = "qwxzvk"
_PLAIN = re.compile(r"[a-z][a-z0-9 -]*[a-z0-9]")


@dataclass(frozen=True)
class Witness:
    """A response that comes out otherwise under a mutant; `expect` is what it comes to today."""

    rule: int
    answers: Mapping[str, Given]
    authored: date
    expect: Result

    def line(self, name: str, bench: Bench, today: date) -> str:
        """The witness as one line of a rule's `cases`."""
        answers = dict(self.answers)
        medicines = None if bench.medicines is None else answers.pop(bench.medicines, None)
        fields = {"name": name, "answers": answers}
        if isinstance(medicines, tuple) or medicines == "none":
            fields["medicines"] = () if medicines == "none" else medicines
        elif medicines is not None:
            answers[str(bench.medicines)] = medicines
        if self.authored != today:
            fields["authored"] = self.authored.isoformat()
        outcome, tier = self.expect
        fields["expect"] = outcome
        if tier and bench.rules[self.rule].tiers:
            fields["tier"] = tier
        return f"- {_flow(fields)}"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) or re.fullmatch(r"\d{4}-\d\d-\d\d", value) else json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)


class Search:
    """The search for witnesses, over one bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.read = lru_cache(maxsize=None)(bench.content.formulary.read)

    def witness(self, mutant: Mutant) -> Witness | None:
        """A response that kills the mutant, or None when no trial did."""
        for rule in sorted(mutant.touched, key=lambda n: len(self.bench.reads[n].items)):
            for answers, authored in self._trials(rule, mutant):
                ground = self._asked_only(answers, authored)
                if self._shows(rule, ground, mutant):
                    return self._smallest(rule, ground, mutant)
        return None

    def _shows(self, rule: int, ground: Ground, mutant: Mutant) -> bool:
        today = self.bench.result(rule, ground)
        return today is not None and self.bench.result(rule, ground, mutant) != today

    def _trials(self, rule: int, mutant: Mutant) -> Iterator[tuple[dict[str, Given], date]]:
        """Every worked case of the rule with one answer changed, then with two."""
        bases = [ground.response for _, ground in self.bench.cases[rule]]
        items = self.bench.reads[rule].items
        tests = [*self.bench.reads[rule].leaves, *_every_leaf(mutant)]
        count = 0
        for size in (1, 2):
            for base in bases:
                for some in combinations(items, size):
                    for values in product(*(self._values(one, tests, base) for one in some)):
                        count += 1
                        if count > MOST_TRIALS:
                            return
                        changed = {**base.answers, **{one.item.link_id: value for one, value in zip(some, values, strict=True)}}
                        yield {link: value for link, value in changed.items() if value is not None}, base.authored

    def _asked_only(self, answers: Mapping[str, Given], authored: date) -> Ground:
        """The facts of these answers without those to items that are not asked."""
        while True:
            typed = answers.get(self.bench.medicines or "")
            readings = tuple(one for entry in typed for one in self.read(entry)) if isinstance(typed, tuple) else ()
            ground = Ground(QuestionnaireResponse(answers, authored, readings), self.bench.program)
            asked = {plan.item.link_id for plan in ground.asked}
            if asked.issuperset(answers):
                return ground
            answers = {link: value for link, value in answers.items() if link in asked}

    def _smallest(self, rule: int, ground: Ground, mutant: Mutant) -> Witness:
        """Leave out every answer without which the mutant still shows."""
        authored = ground.response.authored
        for link in list(ground.response.answers):
            fewer = {one: value for one, value in ground.response.answers.items() if one != link}
            trial = self._asked_only(fewer, authored)
            if self._shows(rule, trial, mutant) and self.bench.result(rule, trial) == self.bench.result(rule, ground):
                ground = trial
        expect = self.bench.result(rule, ground)
        assert expect is not None
        return Witness(rule, ground.response.answers, authored, expect)

    # ------------------------------------------------------------ what may be answered

    def _values(self, plan: ItemPlan, tests: Iterable[Condition], base: QuestionnaireResponse) -> list[Given | None]:
        """Answers to try for one item: each option, each side of each limit, one medicine of each kind; and none."""
        item = plan.item
        values: list[Given] = []
        if plan.number == self.bench.program.medicines:
            values = self._medicines(tests, base.answers.get(item.link_id))
        elif item.type == "choice":
            values = [option.code for option in item.options]
        elif item.options:
            wanted = {code for test in tests if isinstance(test, ItemTest) and test.item == item.link_id for code in test.codes}
            others = tuple(option.code for option in item.options if not option.alone)
            values = [tuple(code for code in others if code not in wanted), *((option.code,) for option in item.options)]
            values += [tuple(code for code in others if code != left) for left in others]
        else:
            values = self._numbers(plan, tests, base.authored)
        accepted: list[Given | None] = [None]
        for value in values:
            try:
                accepted.append(item.accept(value, base.authored))
            except Refused:
                continue
        return accepted

    def _numbers(self, plan: ItemPlan, tests: Iterable[Condition], today: date) -> list[Given]:
        limits = {0.0}
        for test in tests:
            if isinstance(test, ItemTest) and test.item == plan.item.link_id or isinstance(test, ScoreTest):
                limits |= {self.bench.program.limit(limit) for _, limit in test.limits}
        match plan.item.type:
            case "integer":
                return [int(limit) + off for limit in sorted(limits) for off in (-1, 0, 1)]
            case "date":
                return [(today - timedelta(days=round(limit * 365.2425) + off)).isoformat() for limit in sorted(limits) for off in (-9, 9)]
            case "quantity" if plan.item.unit == "cm":
                return [200]  # where the body mass index is a quarter of the weight
            case "quantity":
                return [round(4 * limit + off, 2) for limit in sorted(limits) for off in (-0.2, 0, 0.2)]
        return [round(limit + off, 2) for limit in sorted(limits) for off in (-0.1, 0, 0.1)]

    def _medicines(self, tests: Iterable[Condition], given: Given | None) -> list[Given]:
        names = frozenset(test.takes for test in tests if isinstance(test, Takes))
        kinds = self._kinds(names)
        listed = given if isinstance(given, tuple) else ()
        values: list[Given] = ["none", "not-sure", *((one,) for one in kinds), (UNREADABLE,)]
        values += [(*listed, one) for one in kinds if listed]
        values += [(*listed[:n], one, *listed[n + 1 :]) for n in range(len(listed)) if len(listed) > 1 for one in kinds]
        return values

    @lru_cache(maxsize=None)  # noqa: B019  one search lives as long as its bench
    def _kinds(self, names: frozenset[str]) -> tuple[str, ...]:
        """One ingredient for each different membership in these classes, that is read as itself."""
        kinds: dict[frozenset[str], str] = {}
        for ingredient, classes in self.bench.program.formulary.classes_of.items():
            kind = names.intersection((*classes, ingredient))
            if kind and kind not in kinds and _read_as_itself(self.read(ingredient), ingredient):
                kinds[kind] = ingredient
        return tuple(kinds.values())


def _read_as_itself(readings: tuple[Reading, ...], ingredient: str) -> bool:
    return len(readings) == 1 and readings[0].status == "matched" and readings[0].ingredients == (ingredient,)


def _every_leaf(mutant: Mutant) -> list[Condition]:
    return [*leaves(mutant.original), *leaves(mutant.slip.condition)]
