"""What compiling and evaluating a condition needs to know: where facts are, and why they are as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from screening.engine.fact_vector import FactVector
from screening.model.condition import Condition, ItemTest, Limit


class Unresolved(LookupError):
    """A condition names something that does not exist, or compares it in a way that it cannot be compared."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), why: str = "") -> None:
        super().__init__(name)
        self.kind, self.name, self.known, self.why = kind, name, tuple(known), why


class Scope(Protocol):
    """Where the facts of this content are. Every method raises Unresolved for a name it does not know."""

    def item(self, test: ItemTest) -> tuple[int, int, int]:
        """(position of the item's facts, mask of the wanted options, number of the item as an atom)."""

    def score(self, score: str) -> tuple[int, int]:
        """(position of the two bounds, number of the score)."""

    def takes(self, name: str, use: str) -> tuple[int, int, int]:
        """(position of the medicines' facts, mask of the class or ingredient in that use, number of the medicines
        item)."""

    def limit(self, limit: Limit) -> float:
        """The number, or the threshold of that name."""

    def named(self, name: str) -> Condition:
        """The condition of that name."""


class Reasons(Protocol):
    """Why the facts of one response are as they are. A set of answers is a bit mask of atoms."""

    vector: FactVector

    def because_asked(self, item: int) -> list[int]:
        """The smallest sets that settle whether the item is asked."""

    def item_missing(self, item: int) -> int:
        """The answers that are missing for this item to be known, its gate's included."""

    def taken(self, mask: int) -> list[int]:
        """The smallest sets which show that a medicine under `mask` is taken."""

    def not_taken(self) -> list[int]:
        """The sets which show that nothing else is taken."""

    def score_reasons(self, score: int, upward: bool, limit: float, strict: bool) -> list[int]:
        """The smallest sets that keep the score at or over (upward), or at or under, the limit."""

    def score_missing(self, score: int) -> int:
        """The answers that are missing for this score."""
