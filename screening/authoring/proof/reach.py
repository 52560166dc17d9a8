"""Whether everything in content can happen: for each item, answer, rule, tier and branch a witness patient, or the
proof that none can be.

Every witness is replayed through the real program before it counts, so that a proof cannot be wrong in silence. That
something can never happen is proven

- for the day cases.DAY, and whole years of age on it;
- for lists, of any length that the item takes, of the kinds of medicine entry that `entries` finds: every ingredient,
class word, misspelt
  name and way of taking it that rules tell apart, and what worked cases type; not for every sentence that a person
  could write;
- for every number in range; of heights, where body mass index is worked out, only for patient.HEIGHTS and those that
rules name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import z3

from screening.authoring.cases import DAY
from screening.authoring.proof.goals import Goal, goals, is_asked
from screening.authoring.proof.meaning import ContentFormulas
from screening.authoring.proof.patient import Patient
from screening.authoring.proof.plain import case_line, lines
from screening.authoring.proof.solver import EFFORT, Answers, Proofs, Undecided, replayed, settled, smallest
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.loading.finding import Finding
from screening.model.item import Given
from screening.model.item_types import Item
from screening.model.rule import Outcome, Rule

NEVER = {
    "items": ("X001", 'Item "{name}" can never be asked.', "Correct its gate, or take it out."),
    "answers": ("X002", 'Item "{name}": {words} can never be.', "Correct the range, or take the option out."),
    "rules": ("X003", "Rule {name} can never be raised.", "Correct its condition, or retire it."),
    "quiet": (
        "X004",
        "Rule {name} is never settled as not raised: no answers keep it quiet.",
        "Make its condition narrower.",
    ),
    "tiers": ("X005", "Rule {name} can never be {words}.", "Correct the condition or the order of its tiers."),
    "help": ("X006", 'Item "{name}": {words} can never be.', "Correct show_help."),
}
KINDS = {
    "items": "items",
    "answers": "answers",
    "rules": "rules raised",
    "quiet": "rules not raised",
    "tiers": "tiers",
    "branches": "branches",
    "help": "help blocks",
}
"""What is counted, in words."""
EXPECTED: dict[str, Outcome] = {"rules": "raised", "tiers": "raised", "quiet": "not-raised"}


@dataclass(frozen=True)
class Witness:
    """A patient who makes something happen: `words` of `name`, an item, rule or named condition."""

    kind: str
    name: str
    words: str
    answers: Answers

    def shown(self, content: Content) -> str:
        """The patient in plain words, and as a worked case where it is one of a rule."""
        number = content.program.medicines
        medicines = None if number is None else content.program.items[number].item.link_id
        expect = EXPECTED.get(self.kind)
        told = [f"{self.name}: {self.words}", *(f"  {line}" for line in lines(self.answers, content))]
        return "\n".join([*told, f"  {case_line('Say what this shows', self.answers, medicines, expect)}"])


@dataclass(frozen=True)
class Reach:
    """reached, total: by kind. witnesses: one for each that is reached. findings: for what is not, and for rules that
    say the same."""

    reached: Counter[str]
    total: Counter[str]
    pairs: int
    witnesses: tuple[Witness, ...]
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        counts = ", ".join(f"{self.reached[kind]} of {self.total[kind]} {words}" for kind, words in KINDS.items())
        return f"Reached by a patient: {counts}. {self.pairs} pairs of rules compared."


def reach(content: Content, effort: int = EFFORT) -> Reach:
    """Look for a witness of everything. Takes seconds: a few thousandths of one for each goal."""
    return _ReachSearch(content, effort).run()


def witnesses(content: Content, name: str) -> tuple[list[Witness], list[Finding]]:
    """The witnesses for one item, rule or named condition, and findings for what of it cannot happen."""
    search = _ReachSearch(content, EFFORT)
    search.all(goal for goal in goals(search.meaning) if goal.name == name)
    return search.witnesses, search.findings


class _ReachSearch:
    def __init__(self, content: Content, effort: int) -> None:
        self.content = content
        patient = Patient([content], DAY)
        self.meaning, self.proofs = ContentFormulas(content, patient), Proofs(patient, effort)
        self.witnesses: list[Witness] = []
        self.findings: list[Finding] = []
        self.total: Counter[str] = Counter()
        self.seen: list[list[int]] = []
        """What every rule comes to for each patient that was found: 0 not raised, 1 raised, 2 cannot tell."""
        self.dead: set[str] = set()

    def run(self) -> Reach:
        self.all(goals(self.meaning))
        pairs = self._pairs()
        reached = Counter(one.kind for one in self.witnesses)
        return Reach(reached, self.total, pairs, tuple(self.witnesses), tuple(sorted(set(self.findings))))

    def all(self, wanted: Iterator[Goal]) -> None:
        """Every goal in turn."""
        for goal in wanted:
            self.total[goal.kind] += 1
            try:
                found = self._find(goal)
                if found is None:
                    self._never(goal)
            except Undecided:
                self._undecided(goal.place, f"{goal.name} {goal.words}")
                continue
            if found is not None:
                self.witnesses.append(Witness(goal.kind, goal.name, goal.words, found))
            if goal.kind == "items":
                self._answers(goal, found)

    def _find(self, goal: Goal) -> Answers | None:
        """The fewest answers that make it happen; None where it is proven that none do. Raises Undecided."""
        found = self.proofs.find(goal.wanted, goal.reads)
        if found is None:
            return None
        facts = settled(found, self.content, DAY)
        if not goal.holds(facts):
            raise Undecided  # the solver and the program do not agree
        few = smallest(facts.response.answers, lambda answers: goal.holds(settled(answers, self.content, DAY)))
        final = replayed(settled(few, self.content, DAY).response.answers, self.content, DAY)
        if final is None or not goal.holds(final):
            raise Undecided
        self._note(final)
        return final.response.answers

    def _note(self, facts: ResponseFacts) -> list[int]:
        self.seen.append([plan.test.when.value(facts.vector) for plan in self.content.program.rules])
        return self.seen[-1]

    # ------------------------------------------------------------ answers

    def _answers(self, goal: Goal, found: Answers | None) -> None:
        """Every option, and both ends of every range: given by the patient who is asked."""
        number = self.content.program.numbers[goal.name]
        for words, given in _every_answer(self.content.program.items[number].item):
            one = replace(goal, kind="answers", words=words)
            self.total["answers"] += 1
            if found is None:
                continue
            facts = replayed({**found, goal.name: given}, self.content, DAY)
            if facts and is_asked(number, facts) and goal.name in facts.response.answers:
                self.witnesses.append(Witness("answers", goal.name, words, facts.response.answers))
            else:
                self._never(one)

    # ------------------------------------------------------------ rules beside rules

    def _pairs(self) -> int:
        """Look for rules that are raised for the same patients, or only for patients for whom another is. The number of
        pairs."""
        rules = [plan.rule for plan in self.content.program.rules]
        alive = [n for n, rule in enumerate(rules) if rule.id not in self.dead]
        covers = {(a, b) for a in alive for b in alive if a != b and self._covers(a, b, rules)}
        for a, b in sorted(covers):
            if (b, a) not in covers:
                self._covered(rules[a], rules[b])
            elif a < b:
                what = f"Rules {rules[a].id} and {rules[b].id} are raised for the same patients."
                self._finding(f"rule {rules[b].id}", "X008", what, "Make them one rule, or tell them apart.")
        return len(alive) * (len(alive) - 1)

    def _covers(self, a: int, b: int, rules: list[Rule]) -> bool:
        """Whether rule b is raised for everyone for whom rule a is. Patients already found answer most of it."""
        if any(values[a] == 1 and values[b] != 1 for values in self.seen):
            return False
        try:
            found = self.proofs.find(
                z3.And(self.meaning.of(rules[a].when).sure, z3.Not(self.meaning.of(rules[b].when).sure))
            )
        except Undecided:
            self._undecided(f"rule {rules[a].id}", f"whether {rules[b].id} is raised whenever {rules[a].id} is")
            return False
        if found is None:
            return True
        values = self._note(settled(found, self.content, DAY))
        if values[a] != 1 or values[b] == 1:
            self._undecided(f"rule {rules[a].id}", f"whether {rules[b].id} is raised whenever {rules[a].id} is")
        return False

    def _covered(self, one: Rule, other: Rule) -> None:
        """Clinicians see all rules, so one that says more beside one that says less is fine. A patient would read
        both."""
        if one.patient and other.patient and other.id not in one.supersedes and one.id not in other.supersedes:
            what = f"Whenever {one.id} is raised, so is {other.id}, and the patient reads both."
            self._finding(
                f"rule {one.id}", "X009", what, f"Add `supersedes: [{other.id}]` to one of them, or tell them apart."
            )

    # ------------------------------------------------------------ findings

    def _never(self, goal: Goal) -> None:
        if goal.kind in ("items", "rules"):
            self.dead.add(goal.name)
        elif goal.kind != "answers" and goal.name in self.dead:
            return  # said already
        if goal.kind == "branches":
            self._branch(goal)
            return
        code, what, remedy = NEVER[goal.kind]
        self._finding(goal.place, code, what.format(name=goal.name, words=goal.words), remedy)

    def _branch(self, goal: Goal) -> None:
        """Whether a branch is never true, or true and never needed; and whether leaving it out changes anything at
        all."""
        never = self.proofs.find(goal.true) is None
        same = self.proofs.find(goal.open) is None
        what = (
            f"{goal.place} {goal.words.removesuffix(' decides')} "
            f"{'is never true' if never else 'is true only where the rest is enough'}."
        )
        remedy = (
            "Leave it out: every form then comes out the same."
            if same
            else "Correct it: today it can only make a rule unable to tell."
        )
        self._finding(goal.place, "X007", what, remedy)

    def _undecided(self, place: str, what: str) -> None:
        self._finding(
            place,
            "X010",
            f"Could not be settled: {what}.",
            "Make the condition simpler, or report it to the developers.",
        )

    def _finding(self, place: str, code: str, what: str, remedy: str) -> None:
        file, line = self.content.places[place]
        self.findings.append(Finding(file, line, code, what, remedy))


def _every_answer(item: Item) -> Iterator[tuple[str, Given]]:
    for option in item.options:
        yield f'"{option.code}" chosen', item.choosing(option.code)
    for end, given in item.ends().items():
        yield f"its {end} given", given
