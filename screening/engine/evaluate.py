"""What a condition is worth: true, false or unknown, which answers alone make it so, and which are missing.

A condition is compiled once into closures over a list of *facts*. Each item has three facts from its position on: a bit
mask (which options were chosen, or why there is no answer) and the lower and upper bound of its number; each score has
two bounds. Where the facts are comes from a Scope, so that this module knows nothing of questionnaires or responses.

Kleene's three values: `all` is false if any part is false, else unknown if any is unknown; `any` is true if any part is
true; `none` is the negation of `any`; `at_least n of` is true when n parts are true and false when fewer than n can be.
`all`, `any` and `at_least` are one thing: at least k of the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

from screening.engine.fact_vector import ANSWERED, OPEN, FactVector
from screening.engine.scope import Reasons, Scope
from screening.model.condition import AllOf, AnyOf, AtLeastOf, Condition, ItemTest, Named, NoneOf, ScoreTest, Takes


class Truth(IntEnum):
    """The value of a condition. `bool(truth)` is refused in spirit: compare with `is`."""

    FALSE = 0
    TRUE = 1
    UNKNOWN = 2


FALSE, TRUE, UNKNOWN = Truth.FALSE, Truth.TRUE, Truth.UNKNOWN


# ---------------------------------------------------------------- what it is worth

Value = Callable[[FactVector], int]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition ready to evaluate.

    value: facts -> 0 false, 1 true, 2 unknown.
    reasons: (ground, wanted value) -> smallest sets of answers (bit masks) which alone force that value.
    missing: ground -> the answers without which an unknown stays unknown.
    atoms: every item that it reads, as a bit mask; scores: the numbers of the scores that it reads.
    repeats: whether an item is read in more than one place, so that `missing` may hold too much.
    """

    value: Value
    reasons: Callable[[Reasons, int], list[int]]
    missing: Callable[[Reasons], int]
    atoms: int
    scores: tuple[int, ...] = ()
    repeats: bool = False


def smallest(sets: Iterable[int]) -> list[int]:
    """Drop every set that contains another; fewest members first."""
    kept: list[int] = []
    for candidate in sorted(set(sets), key=lambda bits: (bits.bit_count(), bits)):
        if not any(candidate & small == small for small in kept):
            kept.append(candidate)
    return kept


def joined(families: Sequence[list[int]]) -> list[int]:
    """The smallest sets that contain one set of every family."""
    result = [0]
    for family in families:
        if len(family) == 1:
            result = [one | family[0] for one in result]
        else:
            result = smallest(one | other for one in result for other in family)
    return result


def compile_condition(node: Condition, scope: Scope) -> Compiled:
    """Compile once; evaluate often. Raises Unresolved."""
    match node:
        case AllOf(all=inside):
            return _at_least(len(inside), [compile_condition(part, scope) for part in inside])
        case AnyOf(any=inside):
            return _at_least(1, [compile_condition(part, scope) for part in inside])
        case AtLeastOf(at_least=k, of=inside):
            return _at_least(k, [compile_condition(part, scope) for part in inside])
        case NoneOf(none=inside):
            return _negated(_at_least(1, [compile_condition(part, scope) for part in inside]))
        case Named(condition=name):
            return compile_condition(scope.named(name), scope)
        case Takes(takes=name, use=use):
            return _takes(*scope.takes(name, use))
        case ScoreTest(score=name):
            at, number = scope.score(name)
            tests = [_score_limit(at, number, how, scope.limit(limit)) for how, limit in node.limits]
            return tests[0] if len(tests) == 1 else _at_least(len(tests), tests)
        case ItemTest():
            at, mask, number = scope.item(node)
            if node.answered:
                return _answered(at, number)
            if not node.limits:
                return _chosen(at, mask, number)
            tests = [_item_limit(at, number, how, scope.limit(limit)) for how, limit in node.limits]
            return tests[0] if len(tests) == 1 else _at_least(len(tests), tests)
    raise AssertionError(node)


def _all(values: list[Value]) -> Value:
    def value(f: FactVector) -> int:
        result = 1
        for part in values:
            one = part(f)
            if not one:
                return 0
            if one == 2:
                result = 2
        return result

    return value


def _any(values: list[Value]) -> Value:
    def value(f: FactVector) -> int:
        result = 0
        for part in values:
            one = part(f)
            if one == 1:
                return 1
            if one:
                result = 2
        return result

    return value


def _count(k: int, values: list[Value]) -> Value:
    def value(f: FactVector) -> int:
        true = possible = 0
        for part in values:
            one = part(f)
            if one:
                possible += 1
                true += one == 1
        return 1 if true >= k else 2 if possible >= k else 0

    return value


def _at_least(k: int, parts: list[Compiled]) -> Compiled:
    if len(parts) == 1:
        return parts[0]
    count = len(parts)
    values = [part.value for part in parts]
    value = _all(values) if k == count else _any(values) if k == 1 else _count(k, values)

    def reasons(facts: Reasons, want: int) -> list[int]:
        vector = facts.vector
        families = [part.reasons(facts, want) for part in parts if part.value(vector) == want]
        needed = k if want else count - k + 1
        if len(families) == 1 and needed == 1:
            return families[0]
        if needed == 1:
            return smallest(one for family in families for one in family)
        if needed == len(families):
            return joined(families)
        return smallest(one for some in combinations(families, needed) for one in joined(some))

    def missing(facts: Reasons) -> int:
        found = 0
        for part in parts:
            if part.value(facts.vector) == 2:
                found |= part.missing(facts)
        return found

    atoms = 0
    repeats = False
    scores: list[int] = []
    for part in parts:
        repeats = repeats or part.repeats or bool(atoms & part.atoms)
        atoms |= part.atoms
        scores += part.scores
    return Compiled(value, reasons, missing, atoms, tuple(dict.fromkeys(scores)), repeats)


def _negated(inner: Compiled) -> Compiled:
    opposite = (1, 0, 2)
    inner_value, inner_reasons = inner.value, inner.reasons
    return Compiled(
        lambda f: opposite[inner_value(f)],
        lambda facts, want: inner_reasons(facts, opposite[want]),
        inner.missing,
        inner.atoms,
        inner.scores,
        inner.repeats,
    )


def _item_leaf(value: Value, item: int) -> Compiled:
    atom = 1 << item

    def reasons(facts: Reasons, want: int) -> list[int]:
        asked = facts.because_asked(item)
        if not facts.vector[item * 3]:
            return asked
        return [atom] if asked == [0] else [one | atom for one in asked]

    return Compiled(value, reasons, lambda facts: facts.item_missing(item), atom)


def _chosen(at: int, hit: int, item: int) -> Compiled:
    def value(f: FactVector) -> int:
        mask = f[at]
        return 1 if mask & hit else 2 if mask & OPEN else 0

    return _item_leaf(value, item)


def _answered(at: int, item: int) -> Compiled:
    return _chosen(at, ANSWERED, item)


def _limit(at: int, how: str, limit: float) -> Value:
    low, high = at, at + 1
    # Bounds of an item or score that is not asked are NaN: every comparison with them is false.
    if how == "at_least":
        return lambda f: 1 if f[low] >= limit else 2 if f[high] >= limit else 0
    if how == "above":
        return lambda f: 1 if f[low] > limit else 2 if f[high] > limit else 0
    if how == "at_most":
        return lambda f: 1 if f[high] <= limit else 2 if f[low] <= limit else 0
    return lambda f: 1 if f[high] < limit else 2 if f[low] < limit else 0


def _item_limit(at: int, item: int, how: str, limit: float) -> Compiled:
    return _item_leaf(_limit(at + 1, how, limit), item)


def _score_limit(at: int, score: int, how: str, limit: float) -> Compiled:
    upward, strict = how in ("at_least", "above"), how in ("above", "below")

    def reasons(facts: Reasons, want: int) -> list[int]:
        # False is the opposite comparison: not "at least 3" is "below 3".
        return facts.score_reasons(score, upward == bool(want), limit, strict == bool(want))

    return Compiled(_limit(at, how, limit), reasons, lambda facts: facts.score_missing(score), 0, (score,))


def _takes(at: int, hit: int, item: int) -> Compiled:
    def value(f: FactVector) -> int:
        mask = f[at]
        if mask & hit:
            return 1
        # Where there is an answer, the second fact holds what an entry that is not surely read may be.
        return 2 if mask & OPEN or (mask and f[at + 1] & hit) else 0

    def reasons(facts: Reasons, want: int) -> list[int]:
        if not facts.vector[at]:
            return facts.because_asked(item)
        return facts.taken(hit) if want else facts.not_taken()

    return Compiled(value, reasons, lambda facts: facts.item_missing(item), 1 << item)
