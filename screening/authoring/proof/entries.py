"""One medicine entry of every kind that rules can tell from another, as a person could type it.

What an entry is worth to a rule is only which classes and ingredients it surely shows, which it may show, and the
opioids a day that it adds. Entries that agree in that, under every content that is looked at, are of one kind, and the
first of each kind stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from screening.authoring.proof.branches import conditions_in
from screening.engine.content import Content
from screening.engine.evaluate import Compiled
from screening.engine.fact_vector import ANSWERED
from screening.engine.facts import ResponseFacts
from screening.engine.program import Program
from screening.engine.response import respond
from screening.medicines.entries import Entry
from screening.model.condition import ScoreTest, leaves
from screening.model.item import Refused
from screening.model.medicines_item import ASKED_WHEN, Medicines

UNREADABLE = "qwxzvk"
ROUTES = ("eye drops", "cream", "suppository", "nasal spray", "patch", "injection")
"""Words behind a name by which a medicine may no longer count: too little of it reaches the body."""


@dataclass(frozen=True)
class Shown:
    """What one entry shows under one content: bits of Program.use_bits, and opioids a day (MME) from low to high."""

    certain: int
    possible: int
    low: float
    high: float


@dataclass(frozen=True)
class Kind:
    """An entry that stands for its kind, and what it shows under each content; None under one that does not ask for
    medicines."""

    entry: Entry
    shown: tuple[Shown | None, ...]


def medicines_item(program: Program) -> Medicines | None:
    """The item in which medicines are typed."""
    item = None if program.medicines is None else program.items[program.medicines].item
    return item if isinstance(item, Medicines) else None


def kinds(contents: Sequence[Content], today: date) -> list[Kind]:
    """One entry of every kind that can be typed under all of the contents that ask for medicines."""
    readers = [_EntryReader(content, today) if medicines_item(content.program) else None for content in contents]
    asking = [content for content, reader in zip(contents, readers, strict=True) if reader]
    found: dict[tuple[Shown | None, ...], Entry] = {}
    for entry in {repr(entry): entry for entry in _candidates(asking)}.values() if asking else ():
        shown = tuple(reader.shown(entry) if reader else None for reader in readers)
        if all(
            one or not reader for one, reader in zip(shown, readers, strict=True)
        ):  # else one of them does not accept it
            found.setdefault(shown, entry)
    return [Kind(entry, shown) for shown, entry in found.items()]


_NEVER = Compiled(lambda _: 0, lambda _, __: [0], lambda _: 0, 0)


class _EntryReader:
    """What entries show under one content, whatever else is answered."""

    def __init__(self, content: Content, today: date) -> None:
        self.content, self.today = content, today
        item = medicines_item(content.program)
        assert item is not None
        self.item, program = item, content.program
        self.number = program.numbers[item.link_id]
        alone = [replace(plan, gate=None if plan.number == self.number else _NEVER) for plan in program.items]
        self.program = replace(program, items=alone, scores=[])

    def shown(self, entry: Entry) -> Shown | None:
        """None where the entry is not accepted."""
        try:
            given = self.item.accept([entry], self.today)
        except Refused:
            return None
        facts = ResponseFacts(respond({self.item.link_id: given}, self.today, self.content), self.program)
        added = [part for part in facts.parts if part]
        taken, perhaps = facts.vector[3 * self.number : 3 * self.number + 2]
        return Shown(taken & ~ANSWERED, perhaps, sum(one.low for one in added), sum(one.high for one in added))


# ---------------------------------------------------------------- what could be typed


def _candidates(contents: Sequence[Content]) -> Iterator[Entry]:
    """Plainest first: names as they are, then what worked cases type, then names with what may be said about them."""
    names = list(_names(contents))
    yield from names
    for content in contents:
        for plan in content.program.rules:
            for case in plan.rule.cases:
                yield from case.medicines or ()
    yield UNREADABLE
    yield from (_misspelt(name, contents[0]) for name in names)
    for name in [*names, UNREADABLE]:
        yield f"stopped {name}"
        for content in contents:
            yield from _ways(name, content)
    yield from (f"{name} {route}" for name in names for route in ROUTES)
    for content in contents:
        yield from _doses(content)


def _names(contents: Sequence[Content]) -> Iterator[str]:
    """One ingredient or product for each membership in what is asked about; one that is in none; and every class by its
    name."""
    asked = frozenset(name for content in contents for bits in content.program.use_bits.values() for name in bits)
    memberships: dict[tuple[frozenset[str], ...], None] = {}
    ingredients = (one for content in contents for one in content.formulary.classes_of)
    products = (row.name for content in contents for row in content.formulary.names.rows if row.classes)
    for name in dict.fromkeys(["acetaminophen", *ingredients, *products]):
        readings = [content.formulary.read(name) for content in contents]
        plain = any(len(one) == 1 and one[0].status == "matched" and one[0].ingredients for one in readings)
        kind = tuple(asked & {of for one in read for of in (*one.ingredients, *one.classes)} for read in readings)
        if plain and kind not in memberships:
            memberships[kind] = None
            yield name
    yield from dict.fromkeys(name.replace("-", " ") for name in sorted(asked))


def _misspelt(name: str, content: Content) -> str:
    """The name with one letter left out, such that it has to be asked back; the name itself where there is no such
    letter."""
    for n in range(1, len(name) - 1):
        readings = content.formulary.read(name[:n] + name[n + 1 :])
        if len(readings) == 1 and readings[0].status == "suggested":
            return name[:n] + name[n + 1 :]
    return name


def _ways(name: str, content: Content) -> Iterator[Entry]:
    """The name with how it is taken and when it was last."""
    item = medicines_item(content.program)
    for how in item.how_option if item else ():
        yield {"text": name, "how": how.code}
        for last in item.last_taken_option if item and how.code in ASKED_WHEN else ():
            yield {"text": name, "how": how.code, "last_taken": last.code}


def _doses(content: Content) -> Iterator[Entry]:
    """Each opioid with a factor, in amounts on both sides of every limit that a rule has for opioids a day."""
    factors = content.program.opioids
    amounts = _amounts(content.program)
    for factor in factors.factors if factors and amounts else ():
        text = f"{factor.ingredient} {factor.route}" if factor.route_must_be_said else factor.ingredient
        for amount in amounts:
            value = round(amount / factor.factor, 6)
            times = {} if factor.rate else {"per_day": 1}
            entry = {"text": text, "dose": {"value": value, "unit": factor.unit, **times}}
            yield entry
            yield from ({**entry, **way} for way in _ways(text, content) if isinstance(way, dict))


def _amounts(program: Program) -> list[float]:
    scores = {plan.definition.id for plan in program.scores if plan.definition.method == "mme"}
    every = (leaf for node in conditions_in(program) for leaf in leaves(node))
    tests = [leaf for leaf in every if isinstance(leaf, ScoreTest) and leaf.score in scores]
    limits = sorted({program.limit(limit) for test in tests for _, limit in test.limits if program.limit(limit) > 0})
    ends = [0.0, *limits, limits[-1] + 2] if limits else []
    near = {limit + step for limit in limits for step in (-1, 0, 1)}
    return sorted({*near, *((low + high) / 2 for low, high in pairwise(ends))} - {0})
