"""A condition in plain words: the sentence that a clinician reads, agrees with and signs.

Words alone, no layout. The frame is English, as the clinician wording is; questions, options and classes stand in the
language asked for. Every name that the condition uses stands behind its words, so that two conditions with different
meanings never read alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening.engine.content import Content
from screening.medicines.formulary import UNRECOGNISED
from screening.model.condition import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    ItemTest,
    Limit,
    Named,
    NoneOf,
    ScoreTest,
    Takes,
    leaves,
)
from screening.model.item_types import Item
from screening.model.score import ScoreDefinition

_LIMITS: Mapping[str, str] = {
    "at_least": "{} or more",
    "at_most": "{} or less",
    "above": "more than {}",
    "below": "less than {}",
}
_USES: Mapping[str, str] = {
    "now": "is taken now, regularly or lately as needed",
    "regular": "is taken regularly, not only as needed",
    "lately": "is taken now, or was stopped lately",
    "listed": "is taken now, or as needed at any time",
    "works-on": "was stopped, but is long-acting and within its weeks",
    "ever": "is taken, or was stopped at any time",
}


@dataclass(frozen=True)
class Clause:
    """One statement; with parts, a heading over several. A reader takes it from top to bottom."""

    text: str
    parts: tuple[Clause, ...] = ()

    def lines(self, depth: int = 0) -> list[str]:
        """The whole statement as lines of text, each part two spaces further in."""
        return ["  " * depth + self.text, *(line for part in self.parts for line in part.lines(depth + 1))]


class ConditionWords:
    """Puts the conditions of one content into words, in one language."""

    def __init__(self, content: Content, language: str) -> None:
        self.content, self.language = content, language
        self.scores: dict[str, ScoreDefinition] = {
            score.id: score for section in content.sections for score in section.scores
        }
        self.classes = {one.id: one.name for one in content.classes}

    def clause(self, node: Condition) -> Clause:
        """The condition, with all that it is made of. Named conditions are written out where they are used."""
        match node:
            case AllOf(all=inside):
                return self._group("All of these hold:", inside)
            case AnyOf(any=inside):
                return self._group("Any of these holds:", inside)
            case NoneOf(none=inside):
                return Clause("None of these holds:", tuple(map(self.clause, inside)))
            case AtLeastOf(at_least=k, of=inside):
                heading = {1: "Any of these holds:", len(inside): "All of these hold:"}.get(
                    k, f"At least {k} of these {len(inside)} hold:"
                )
                return self._group(heading, inside)
            case Named(condition=name):
                return Clause(
                    f"The shared condition “{name}” holds:", (self.clause(self.content.program.conditions[name]),)
                )
            case Takes():
                return Clause(self._taken(node))
            case ScoreTest():
                return Clause(f"{self.score(node.score)} is surely {self._limited(node)}")
            case ItemTest():
                return Clause(self._answered(node, self.content.item(node.item)))
        raise AssertionError(node)

    def thresholds(self, node: Condition) -> list[str]:
        """The names of every threshold that the condition uses, those of named conditions included."""
        found: list[str] = []
        for leaf in leaves(node):
            if isinstance(leaf, Named):
                found += self.thresholds(self.content.program.conditions[leaf.condition])
            elif isinstance(leaf, ItemTest | ScoreTest):
                found += [limit for _, limit in leaf.limits if isinstance(limit, str)]
        return list(dict.fromkeys(found))

    def question(self, item: Item) -> str:
        """A question as it is named inside a sentence: its words and its link_id."""
        return f"“{item.text[self.language]}” ({item.link_id})"

    def score(self, name: str) -> str:
        """A score as it is named inside a sentence."""
        title = self.scores[name].title
        return f"The score “{title[self.language]}” ({name})" if title else f"The score {name}"

    def medicine(self, name: str) -> str:
        """A medicine class by its display words, or an ingredient by its name."""
        if name in self.classes:
            return f"A medicine of the class “{self.classes[name][self.language]}” ({name})"
        return f"The ingredient {name}"

    def _group(self, heading: str, inside: tuple[Condition, ...]) -> Clause:
        return self.clause(inside[0]) if len(inside) == 1 else Clause(heading, tuple(map(self.clause, inside)))

    def _taken(self, node: Takes) -> str:
        if node.takes == UNRECOGNISED:
            return f"An entry of the medicine list that could not be read {_USES[node.use]}"
        return f"{self.medicine(node.takes)} {_USES[node.use]}"

    def _answered(self, test: ItemTest, item: Item) -> str:
        question = self.question(item)
        if test.answered:
            return f"{question} has an answer (not blank, “not sure” or declined)"
        if test.limits:
            unit = f" {item.unit}" if item.type == "quantity" else ""
            return f"{question} is {self._limited(test, unit)}"
        words = {option.code: option.text[self.language] for option in item.options}
        chosen = either([f"“{words[option.code]}”" for option in item.options if option.code in test.codes])
        verb = "is answered" if item.type == "choice" else "has among its answers"
        return f"{question} {verb} {chosen}"

    def _limited(self, node: ItemTest | ScoreTest, unit: str = "") -> str:
        return " and ".join(
            _LIMITS[how].format(self._number(limit) + unit) + _name(limit) for how, limit in node.limits
        )

    def _number(self, limit: Limit) -> str:
        return f"{self.content.program.limit(limit):g}"


def either(words: list[str]) -> str:
    """One, or several with "or" before the last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _name(limit: Limit) -> str:
    return f" (limit “{limit}”)" if isinstance(limit, str) else ""
