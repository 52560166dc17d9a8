"""A patient of whom nothing is known yet: a solver's variable for everything that could be answered.

Choices are one variable an option, medicines one variable a kind of entry (see entries), numbers and ages are numbers.
The same patient can be looked at by several contents at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from screening.authoring.proof.branches import conditions_in
from screening.authoring.proof.entries import kinds
from screening.engine.content import Content
from screening.engine.program import ItemPlan, Program
from screening.model.condition import ItemTest, leaves
from screening.model.item import Given
from screening.model.item_types import Date, Decimal, Integer, Item, Quantity
from screening.model.medicines_item import Medicines

HEIGHTS = (200.0, 150.0, 100.0, 50.0, 250.0)
"""Centimetres that are tried where body mass index is worked out, beside those that rules name: with them every index
is a weight times an exact number, and weights give it every value."""

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


def either(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Whether one of them holds."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else z3.Or(listed) if listed else FALSE


def every(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Whether all of them hold."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else z3.And(listed) if listed else TRUE


def exactly(number: float) -> z3.RatNumRef:
    """The decimal number as it is written in content."""
    return z3.RealVal(repr(float(number)))


@dataclass(frozen=True)
class Answer:
    """The variables of one item. given: whether anything is answered. number: of the item's own unit, or whole years
    for a date."""

    given: z3.BoolRef
    options: Mapping[str, z3.BoolRef]
    number: z3.ArithRef | None = None


class Patient:
    """Every answer of one patient to the items of some contents, on one day."""

    def __init__(self, contents: Sequence[Content], today: date) -> None:
        self.contents, self.today = contents, today
        self.kinds = kinds(contents, today)
        self.listed = [z3.Bool(f"medicine {n}") for n in range(len(self.kinds))]
        self.typed = either(self.listed)
        self.laws: list[z3.BoolRef] = []
        """What is so of every patient."""
        self.answers: dict[tuple[str, str], Answer] = {}
        self._items: dict[tuple[str, str], Item] = {}
        for content in contents:
            for plan in content.program.items:
                self._items.setdefault(_key(plan.item), plan.item)
        for key in self._items:
            self.answers[key] = self._answer(key)
            accepted = [
                self.accepted(plan) for content in contents for plan in content.program.items if _key(plan.item) == key
            ]
            self.laws.append(z3.Implies(self.answers[key].given, either(accepted)))
        self.heights: dict[str, list[float]] = {}
        """Height items of a body mass index -> the heights that are tried."""
        for content in contents:
            for link_id, heights in _heights(content.program):
                self.heights[link_id] = sorted({*self.heights.get(link_id, ()), *heights})
        for link_id, heights in self.heights.items():
            number = self.answers[link_id, "quantity"].number
            self.laws.append(either(number == exactly(one) for one in heights))

    def answer(self, item: Item) -> Answer:
        """The variables of an item."""
        return self.answers[_key(item)]

    def _answer(self, key: tuple[str, str]) -> Answer:
        link_id, kind = key
        items = [plan.item for content in self.contents for plan in content.program.items if _key(plan.item) == key]
        codes = dict.fromkeys(option.code for item in items for option in item.options)
        options = {code: z3.Bool(f"{link_id} is {code}") for code in codes}
        if kind == "medicines":
            self.laws.append(z3.AtMost(*options.values(), self.typed, 1))
            if self.listed:
                self.laws.append(
                    z3.AtMost(*self.listed, min(item.most for item in items if isinstance(item, Medicines)))
                )
            return Answer(either([*options.values(), self.typed]), options)
        if options:
            if kind == "choice":
                self.laws.append(z3.AtMost(*options.values(), 1))
            return Answer(either(options.values()), options)
        number = {"integer": z3.Int, "date": z3.Int, "decimal": z3.Real, "quantity": z3.Real}.get(kind)
        return Answer(z3.Bool(f"{link_id} answered"), {}, number(link_id) if number else None)

    def accepted(self, plan: ItemPlan) -> z3.BoolRef:
        """Whether what is answered is an answer to this item as one content has it."""
        item, answer = plan.item, self.answer(plan.item)
        codes = {option.code for option in item.options}
        laws = [answer.given, *(z3.Not(one) for code, one in answer.options.items() if code not in codes)]
        if item.many:
            for option in item.options:
                if option.alone:
                    others = [one for code, one in answer.options.items() if code != option.code]
                    laws.append(z3.Implies(answer.options[option.code], z3.Not(either(others))))
        if answer.number is not None:
            low, high = self._range(item)
            laws += [answer.number >= exactly(low), answer.number <= exactly(high)]
        return every(laws)

    def _range(self, item: Item) -> tuple[float, float]:
        if isinstance(item, Date):
            return 0, self.today.year - item.earliest
        assert isinstance(item, Integer | Decimal | Quantity)
        return item.min, item.max

    # ------------------------------------------------------------ from a model to answers

    def answered(self, model: z3.ModelRef, among: Iterable[str] | None = None) -> dict[str, Given]:
        """The answers of the patient that the solver has found, as they are given; only those to the items `among`."""
        wanted = None if among is None else set(among)

        def holds(variable: z3.BoolRef) -> bool:
            return bool(z3.is_true(model.eval(variable)))

        found: dict[str, Given] = {}
        for (link_id, kind), answer in self.answers.items():
            if (wanted is not None and link_id not in wanted) or not holds(answer.given):
                continue
            chosen = tuple(code for code, one in answer.options.items() if holds(one))
            if kind == "medicines" and not chosen:
                found[link_id] = tuple(
                    one.entry for one, listed in zip(self.kinds, self.listed, strict=True) if holds(listed)
                )
            elif answer.options:
                found[link_id] = chosen[0] if kind in ("choice", "medicines") else chosen
            elif answer.number is not None:
                found[link_id] = self._number(
                    self._items[link_id, kind], model.eval(answer.number, model_completion=True)
                )
            else:
                found[link_id] = (
                    "person@example.org" if getattr(self._items[link_id, kind], "format", "") == "email" else "12345"
                )
        return found

    def _number(self, item: Item, value: Any) -> Given:
        number = float(value.as_fraction()) if z3.is_rational_value(value) else value.as_long()
        match item.type:
            case "date":
                day = 28 if (self.today.month, self.today.day) == (2, 29) else self.today.day
                return date(self.today.year - int(number), self.today.month, day).isoformat()
            case "quantity":
                return {"value": number, "unit": item.unit}
        return number


def _key(item: Item) -> tuple[str, str]:
    return item.link_id, item.type


def _heights(program: Program) -> Iterator[tuple[str, list[float]]]:
    for link_id in {plan.definition.bmi.height for plan in program.scores if plan.definition.bmi}:
        item = program.items[program.numbers[link_id]].item
        assert isinstance(item, Quantity)
        every = [leaf for node in conditions_in(program) for leaf in leaves(node)]
        tests = [leaf for leaf in every if isinstance(leaf, ItemTest) and leaf.item == link_id]
        named = [program.limit(limit) + step for test in tests for _, limit in test.limits for step in (0, -0.1, 0.1)]
        yield (
            link_id,
            [one for one in dict.fromkeys([*HEIGHTS, *named, item.min, item.max]) if item.min <= one <= item.max],
        )
