"""Small mistakes in a condition: every way in which an author could have slipped once, with that slip in plain
words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from screening.engine.program import Program
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
    parts,
)

TENTH = 0.1
"""The step of what is measured: kilograms, centimetres, decimals and body mass index are read to one decimal."""

_TURNED = {"at_least": "at_most", "at_most": "at_least", "above": "below", "below": "above"}
_STRICTER = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}


@dataclass(frozen=True)
class Slip:
    """One mistake: its kind, what it does to the condition in plain words, and the condition that it makes."""

    kind: str
    words: str
    condition: Condition

    @property
    def leaves(self) -> list[Condition]:
        """The comparisons in the mistaken condition."""
        return list(leaves(self.condition))


def shown(node: Condition) -> str:
    """A condition as content writes it, on one line."""
    match node:
        case AllOf(all=inside):
            return f"all of [{', '.join(map(shown, inside))}]"
        case AnyOf(any=inside):
            return f"any of [{', '.join(map(shown, inside))}]"
        case NoneOf(none=inside):
            return f"none of [{', '.join(map(shown, inside))}]"
        case AtLeastOf(at_least=k, of=inside):
            return f"at least {k} of [{', '.join(map(shown, inside))}]"
        case Named(condition=name):
            return f"condition {name}"
        case Takes(takes=name, use=use) if use != "now":
            return f"takes {name}, {use}"
        case Takes(takes=name):
            return f"takes {name}"
        case ScoreTest(score=name):
            return " and ".join(f"{name} {how} {limit}" for how, limit in node.limits)
    if node.answered:
        return f"{node.item} answered"
    if node.limits:
        return " and ".join(f"{node.item} {how} {limit}" for how, limit in node.limits)
    return f"{node.item} is {' or '.join(node.codes)}"


@dataclass(frozen=True)
class Slips:
    """Every slip in the conditions of one program."""

    program: Program

    def of(self, node: Condition) -> Iterator[Slip]:
        """Every slip anywhere in `node`, each once."""
        seen = {node}
        for slip in self._anywhere(node):
            if slip.condition not in seen:
                seen.add(slip.condition)
                yield slip

    def _anywhere(self, node: Condition) -> Iterator[Slip]:
        inside = parts(node)
        if not inside:
            yield from self._leaf(node)
            return
        yield from _whole(node, inside)
        for n, part in enumerate(inside):
            for slip in self._anywhere(part):
                yield Slip(slip.kind, slip.words, with_parts(node, (*inside[:n], slip.condition, *inside[n + 1 :])))

    def _leaf(self, leaf: Condition) -> Iterator[Slip]:
        yield Slip("negate", f"not {shown(leaf)}", NoneOf(none=(leaf,)))
        if isinstance(leaf, Takes):
            for name in self.related.get(leaf.takes, ()):
                yield Slip("class", f"takes {name} in place of {leaf.takes}", Takes(takes=name, use=leaf.use))
        elif isinstance(leaf, ItemTest | ScoreTest):
            if isinstance(leaf, ItemTest):
                yield from self._options(leaf)
            for how, limit in leaf.limits:
                yield from self._limits(leaf, how, limit)

    def _options(self, leaf: ItemTest) -> Iterator[Slip]:
        codes = leaf.codes
        options = self.program.items[self.program.numbers[leaf.item]].item.options if codes else ()
        every = [option.code for option in options]
        for n, code in enumerate(codes):
            if len(codes) > 1:
                fewer = codes[:n] + codes[n + 1 :]
                yield Slip("drop", f"{leaf.item} without {code}", _listed(leaf, fewer))
            for other in every:
                if other not in codes:
                    swapped = (*codes[:n], other, *codes[n + 1 :])
                    yield Slip("option", f"{leaf.item} is {other} in place of {code}", _listed(leaf, swapped))
        for option in options:
            # A rule that asks for "not sure" does so on purpose; nobody adds it by a slip.
            if option.code not in codes and option.meaning is None:
                yield Slip("also", f"{leaf.item} is also {option.code}", _listed(leaf, (*codes, option.code)))

    def _limits(self, leaf: ItemTest | ScoreTest, how: str, limit: Limit) -> Iterator[Slip]:
        name = leaf.item if isinstance(leaf, ItemTest) else leaf.score
        number, step = self.program.limit(limit), self._step(leaf)
        for near in (number - step, number + step):
            near = round(near, 6)
            yield Slip("limit", f"{name} {how} {near:g} in place of {number:g}", leaf.model_copy(update={how: near}))
        ways = (
            [_TURNED[how]] if step == 1 else [_TURNED[how], _STRICTER[how]]
        )  # of whole numbers, "above 3" is "at least 4"
        for other in ways:
            turned = leaf.model_copy(update={how: None, other: limit})
            yield Slip("comparison", f"{name} {other} {number:g} in place of {how}", turned)

    def _step(self, leaf: ItemTest | ScoreTest) -> float:
        """The smallest difference between two values of what is compared."""
        if isinstance(leaf, ItemTest):
            return 1 if self.program.items[self.program.numbers[leaf.item]].item.type == "integer" else TENTH
        definition = self.program.scores[self.program.score_numbers[leaf.score]].definition
        if definition.method == "mean":
            return 1 / len(definition.items)
        return TENTH if definition.method == "bmi" else 1

    @cached_property
    def related(self) -> dict[str, list[str]]:
        """Class or ingredient -> the classes that share an ingredient with it: those that are easily taken for it."""
        found: dict[str, dict[str, None]] = {}
        for ingredient, classes in self.program.formulary.classes_of.items():
            for name in (*classes, ingredient):
                found.setdefault(name, {}).update(dict.fromkeys(one for one in classes if one != name))
        return {name: list(others) for name, others in found.items()}


def _whole(node: Condition, inside: tuple[Condition, ...]) -> Iterator[Slip]:
    """Slips in how parts are joined: one part left out, all for any, one more or fewer."""
    if len(inside) == 1:
        return
    for n, part in enumerate(inside):
        kept = inside[:n] + inside[n + 1 :]
        if not isinstance(node, AtLeastOf) or node.at_least <= len(kept):
            yield Slip("drop", f"without {shown(part)}", with_parts(node, kept))
    match node:
        case AllOf():
            yield Slip("join", f"any in place of {shown(node)}", AnyOf(any=inside))
        case AnyOf():
            yield Slip("join", f"all in place of {shown(node)}", AllOf(all=inside))
        case AtLeastOf(at_least=k):
            for other in (k - 1, k + 1):
                if 1 <= other <= len(inside):
                    yield Slip(
                        "count",
                        f"at least {other} in place of {k} of {len(inside)}",
                        AtLeastOf(at_least=other, of=inside),
                    )


def with_parts(node: Condition, inside: tuple[Condition, ...]) -> Condition:
    """The same kind of condition over other parts."""
    field = next(name for name in ("of", "all", "any", "none") if name in type(node).model_fields)
    return node.model_copy(update={field: inside})


def _listed(leaf: ItemTest, codes: tuple[str, ...]) -> ItemTest:
    return leaf.model_copy(
        update={"is_": None, "any_of": tuple(sorted(codes))} if len(codes) > 1 else {"is_": codes[0], "any_of": None}
    )
