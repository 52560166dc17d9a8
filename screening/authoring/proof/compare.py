"""The difference between two contents: that they treat every patient alike, proven, or patients whom they do not.

Compared are what is asked, what can be answered, what each rule comes to (thresholds and named conditions worked in),
what supersedes what, and when help is shown. Not compared: wording, sources, worked cases. Nothing that was stored is
needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import z3

from screening.authoring.cases import DAY
from screening.authoring.proof.branches import conditions_of
from screening.authoring.proof.goals import is_asked, reads
from screening.authoring.proof.meaning import CANNOT_TELL, PERHAPS, RAISED, ContentFormulas
from screening.authoring.proof.patient import FALSE, Patient, either, every
from screening.authoring.proof.plain import lines
from screening.authoring.proof.solver import EFFORT, Answers, Proofs, Undecided, smallest
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.program import ItemPlan, RulePlan
from screening.engine.response import read
from screening.engine.screen import tier_of
from screening.model.condition import Condition
from screening.model.item_types import Item

MOST_PATIENTS = 2
NO_HELP = "no help shown"
_COUNTS = ("required", "safety_critical", "min", "max", "earliest", "unit", "most", "recent")
Results = Mapping[str, z3.BoolRef]


@dataclass(frozen=True)
class Treated:
    """A patient, and what one rule, gate or help block comes to under the content before and now."""

    answers: Answers
    before: list[str]
    now: list[str]

    def __str__(self) -> str:
        return f"{', '.join(self.before)} before, {', '.join(self.now)} now"


@dataclass(frozen=True)
class Difference:
    """What is treated otherwise: "rule x", "item x" or "medicines"; how; and up to two patients."""

    place: str
    what: str
    patients: tuple[Treated, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The differences; none means that the contents are proven to treat every patient alike. rules, items: how many are
    in both."""

    before: Content
    now: Content
    rules: int
    items: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether every patient is treated alike; for what this is proven, see `reach`."""
        return not self.differences

    def lines(self) -> Iterator[str]:
        """Each difference, with its patients in plain words."""
        for one in self.differences:
            yield f"{one.place}: {one.what}."
            for number, patient in enumerate(one.patients, 1):
                yield f"  Patient {number}: {patient}."
                content = (
                    self.now if all(link_id in self.now.program.numbers for link_id in patient.answers) else self.before
                )
                yield from (f"    {line}" for line in lines(patient.answers, content))


def compare(before: Content, now: Content, effort: int = EFFORT) -> Comparison:
    """Look for patients whom the two contents treat otherwise. Takes seconds."""
    found = _Comparing(before, now, effort)
    differences = [*found.medicines(), *found.items(), *found.rules()]
    return Comparison(before, now, len(found.shared_rules), len(found.shared_items), tuple(differences))


@dataclass(frozen=True)
class _Side:
    """One rule, gate or help block under one content: a formula for each thing it can come to, and the same told of
    real facts."""

    results: Results
    tell: Callable[[ResponseFacts], list[str]]
    reads: frozenset[str]

    def comes_to(self, words: list[str]) -> z3.BoolRef:
        """That it comes to just this."""
        return every(wanted if one in words else z3.Not(wanted) for one, wanted in self.results.items())


class _Comparing:
    def __init__(self, before: Content, now: Content, effort: int) -> None:
        self.contents = (before, now)
        patient = Patient(self.contents, DAY)
        self.meanings = (ContentFormulas(before, patient, 0), ContentFormulas(now, patient, 1))
        self.proofs, self.kinds = Proofs(patient, effort), len(patient.kinds)
        self._rules = [{plan.rule.id: plan for plan in content.program.rules} for content in self.contents]
        self._items = [{plan.item.link_id: plan for plan in content.program.items} for content in self.contents]
        self.shared_rules = [
            (self._rules[0][name], plan) for name, plan in self._rules[1].items() if name in self._rules[0]
        ]
        self.shared_items = [
            (self._items[0][name], plan) for name, plan in self._items[1].items() if name in self._items[0]
        ]

    # ------------------------------------------------------------ what is compared

    def medicines(self) -> Iterator[Difference]:
        """The tables are compared as they are: how another table is read in every sentence cannot be proven."""
        before, now = ((one.formulary.names, one.formulary.classes_of, one.program.opioids) for one in self.contents)
        for what, one, other in zip(("names", "classes", "opioid factors"), before, now, strict=True):
            if one != other:
                yield Difference(
                    "medicines",
                    f"the {what} are not the same, and rules could be compared over {self.kinds} kinds of entry only",
                )

    def items(self) -> Iterator[Difference]:
        """What is asked, of whom, what can be answered, and when help is shown."""
        yield from _one_sided("item", *self._items)
        for before, now in self.shared_items:
            place = f"item {now.item.link_id}"
            changed = list(_changes(before.item, now.item))
            if changed:
                yield Difference(place, "; ".join(changed))
            sides = (_asked(self.meanings[0], before), _asked(self.meanings[1], now))
            yield from self._differ(place, "is asked of other patients", *sides)
            sides = (_helped(self.meanings[0], before), _helped(self.meanings[1], now))
            yield from self._differ(place, "shows help to other patients", *sides)

    def rules(self) -> Iterator[Difference]:
        """What every rule comes to, and which rules it supersedes."""
        yield from _one_sided("rule", *self._rules)
        for before, now in self.shared_rules:
            place = f"rule {now.rule.id}"
            if set(before.rule.supersedes) != set(now.rule.supersedes):
                names = [", ".join(sorted(plan.rule.supersedes)) or "nothing" for plan in (before, now)]
                yield Difference(place, f"superseded {names[0]} before, {names[1]} now")
            yield from self._differ(
                place, "comes out otherwise", _ruled(self.meanings[0], before), _ruled(self.meanings[1], now)
            )

    # ------------------------------------------------------------ patients

    def _differ(self, place: str, what: str, before: _Side, now: _Side) -> Iterator[Difference]:
        """A difference with its patients; none where the solver proves that there is none."""
        words = {*before.results, *now.results}
        pairs = [(before.results.get(one, FALSE), now.results.get(one, FALSE)) for one in sorted(words)]
        wanted = either(
            z3.Xor(one, other) for one, other in pairs if not one.eq(other)
        )  # equal as written: nothing to prove
        patients: list[Treated] = []
        try:
            while len(patients) < MOST_PATIENTS and not wanted.eq(FALSE):
                found = self._patient(wanted, before, now)
                if found is None:
                    break
                patients.append(found)
                same = z3.And(before.comes_to(found.before), now.comes_to(found.now))
                wanted = z3.And(wanted, z3.Not(same))
        except Undecided:
            if not patients:
                yield Difference(place, f"could not settle whether it {what}")
        if patients:
            yield Difference(place, what, tuple(patients))

    def _patient(self, wanted: z3.BoolRef, before: _Side, now: _Side) -> Treated | None:
        """A patient with the fewest answers, replayed under both contents. Raises Undecided where the replay shows no
        difference."""
        answers = self.proofs.find(wanted, before.reads | now.reads)
        if answers is None:
            return None

        def told(answers: Answers) -> tuple[list[str], list[str]]:
            one, other = (self._replayed(answers, content) for content in self.contents)
            return before.tell(one), now.tell(other)

        first = told(answers)
        if first[0] == first[1]:
            raise Undecided
        few = smallest(answers, lambda trial: told(trial) == first)
        return Treated(few, *first)

    def _replayed(self, answers: Answers, content: Content) -> ResponseFacts:
        """The facts under one content. An answer that it does not accept counts as not given, as it does for anyone."""
        response, _ = read(
            {link_id: given for link_id, given in answers.items() if link_id in content.program.numbers}, DAY, content
        )
        return ResponseFacts(response, content.program)


def _asked(meaning: ContentFormulas, plan: ItemPlan) -> _Side:
    gate = plan.item.enable_when
    on = reads(meaning.program, gate) if gate else frozenset()
    return _Side(
        {"asked": meaning.asked(plan)}, lambda facts: ["asked" if is_asked(plan.number, facts) else "not asked"], on
    )


def _helped(meaning: ContentFormulas, plan: ItemPlan) -> _Side:
    blocks: dict[str, list[Condition]] = {}
    for shown in plan.item.show_help:
        blocks.setdefault(shown.block, []).append(shown.when)
    link_id = plan.item.link_id

    def tell(facts: ResponseFacts) -> list[str]:
        shown = {block for item, block in facts.help_blocks() if item == link_id}
        return [f"{block} help shown" for block in blocks if block in shown] or [NO_HELP]

    results = {
        f"{block} help shown": either(meaning.of(when).sure for when in whens) for block, whens in blocks.items()
    }
    return _Side(results, tell, reads(meaning.program, *(when for whens in blocks.values() for when in whens)))


def _ruled(meaning: ContentFormulas, plan: RulePlan) -> _Side:
    def tell(facts: ResponseFacts) -> list[str]:
        value = plan.test.when.value(facts.vector)
        if value != 1:
            return [CANNOT_TELL] if value else ["not raised"]
        tier, pending = tier_of(plan, facts.vector)
        return [RAISED.format(tier=tier), *(PERHAPS.format(tier=one) for one, _ in pending)]

    return _Side(meaning.results(plan.rule), tell, reads(meaning.program, *conditions_of(plan.rule)))


def _one_sided(kind: str, before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[Difference]:
    yield from (Difference(f"{kind} {name}", "removed") for name in before if name not in now)
    yield from (Difference(f"{kind} {name}", "added") for name in now if name not in before)


def _changes(before: Item, now: Item) -> Iterator[str]:
    """What can be answered now and could not before, or the other way about; and what counts otherwise."""
    if before.type != now.type:
        yield f"was {before.type}, is {now.type}"
    old, new = ({option.code: option for option in item.options} for item in (before, now))
    yield from (f'option "{code}" removed' for code in old if code not in new)
    yield from (f'option "{code}" added' for code in new if code not in old)
    for code in old.keys() & new.keys():
        for what in ("weight", "exclusive", "meaning"):
            one, other = getattr(old[code], what), getattr(new[code], what)
            if one != other:
                yield f'option "{code}": {what} was {one}, is {other}'
    for what in _COUNTS:
        one, other = getattr(before, what, None), getattr(now, what, None)
        if one != other:
            yield f"{what} was {one}, is {other}"
