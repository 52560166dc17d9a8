"""Conditions over answers as content writes them: one of a few node kinds. `compiled` says what they are worth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

Number = int | float
Limit = int | float | str  # a number, or the name of a threshold of site.yaml


# ---------------------------------------------------------------- what content may say


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)


def _refused(why: str) -> PydanticCustomError:
    return PydanticCustomError("unknown_condition", "{why}", {"why": why})


Parts = Annotated[tuple["Condition", ...], Field(min_length=1, strict=False)]


class AllOf(_Node):
    """Every part holds."""

    all: Parts
    """Conditions that must all hold."""


class AnyOf(_Node):
    """Some part holds."""

    any: Parts
    """Conditions of which one is enough."""


class NoneOf(_Node):
    """No part holds."""

    none: Parts
    """Conditions none of which may hold."""


class AtLeastOf(_Node):
    """At least so many of the parts hold."""

    at_least: Annotated[int, Field(ge=1)]
    """How many of the parts must hold."""
    of: Parts
    """The parts."""

    @model_validator(mode="after")
    def _reachable(self) -> AtLeastOf:
        if self.at_least > len(self.of):
            raise _refused(f"at_least {self.at_least} of only {len(self.of)} parts can never hold")
        return self


class Named(_Node):
    """A condition named elsewhere in the content."""

    condition: str
    """The id of a named condition of any section."""


class Takes(_Node):
    """A medicine of this class, or with this ingredient, is taken. `unrecognised`: an entry could not be read.

    use: `now` unless it says `regular` (not only as needed), `lately` (now, or stopped within the window), `listed`
    (now, or as needed at any time, or only carried), `works-on` (stopped, but long-acting and within its weeks), or
    `ever` (also stopped at any time). What works on counts as taken now.
    """

    takes: str
    """The id of a class of classes.yaml, an ingredient, or `unrecognised`."""
    use: Literal["now", "regular", "lately", "listed", "works-on", "ever"] = "now"
    """What counts as taking it; see above."""


class _Limits(_Node):
    at_least: Limit | None = None
    """True from this number on."""
    at_most: Limit | None = None
    """True up to this number."""
    above: Limit | None = None
    """True over this number."""
    below: Limit | None = None
    """True under this number."""

    @property
    def limits(self) -> list[tuple[str, Limit]]:
        """The comparisons that were written, as (name, limit)."""
        named = (("at_least", self.at_least), ("at_most", self.at_most), ("above", self.above), ("below", self.below))
        return [(name, limit) for name, limit in named if limit is not None]


def constant_outcome(how: str, limit: float, low: float, high: float) -> bool | None:
    """What a comparison comes to for every number from `low` to `high`: True always, False never, None where it
    depends."""
    never, always = {
        "at_least": (limit > high, limit <= low),
        "above": (limit >= high, limit < low),
        "at_most": (limit < low, limit >= high),
        "below": (limit <= low, limit > high),
    }[how]
    return True if always else False if never else None


class ItemTest(_Limits):
    """A comparison with one item's answer: exactly one of is, any_of, answered, or number limits."""

    item: str
    """The link_id of the item."""
    is_: str | None = Field(default=None, alias="is")
    """True when this option was chosen."""
    any_of: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] | None = None
    """True when one of these options was chosen."""
    answered: Literal["yes"] | None = None
    """`yes`: true when there is a real answer."""

    @model_validator(mode="after")
    def _one_comparison(self) -> ItemTest:
        said = [self.is_ is not None, self.any_of is not None, self.answered is not None, bool(self.limits)]
        if sum(said) != 1:
            raise _refused(
                "compare the item in exactly one way: is, any_of, answered, or at_least / at_most / above / below"
            )
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """The option codes that make it true."""
        return (self.is_,) if self.is_ is not None else self.any_of or ()


class ScoreTest(_Limits):
    """A comparison with a score."""

    score: str
    """The id of the score."""

    @model_validator(mode="after")
    def _limited(self) -> ScoreTest:
        if not self.limits:
            raise _refused("compare the score with at_least, at_most, above or below")
        return self


def _kind(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    if "of" in keys:
        return "of"
    return next((kind for kind in ("all", "any", "none", "condition", "takes", "score", "item") if kind in keys), None)


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NoneOf, Tag("none")]
    | Annotated[AtLeastOf, Tag("of")]
    | Annotated[Named, Tag("condition")]
    | Annotated[Takes, Tag("takes")]
    | Annotated[ScoreTest, Tag("score")]
    | Annotated[ItemTest, Tag("item")],
    Discriminator(
        _kind,
        custom_error_type="unknown_condition",
        custom_error_message="this is not a condition: "
        "begin with all, any, none, at_least + of, item, score, takes or condition",
    ),
]

for _model in (AllOf, AnyOf, NoneOf, AtLeastOf):
    _model.model_rebuild()


def parts(node: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside `node`; none for a comparison."""
    match node:
        case AllOf(all=inside) | AnyOf(any=inside) | NoneOf(none=inside) | AtLeastOf(of=inside):
            return inside
    return ()


def leaves(node: Condition) -> Iterable[Condition]:
    """Every comparison and named condition inside `node`, in order."""
    inside = parts(node)
    if not inside:
        yield node
    for part in inside:
        yield from leaves(part)
