"""Forms of one person: linked or told apart by a decision of staff that sticks and can be taken back. Never merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from screening.records.work import Entry


@dataclass(frozen=True)
class Links:
    """What was decided of two forms each: the same person or not. The last word counts."""

    decided: Mapping[frozenset[str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[tuple[str, Entry]]) -> Links:
        """From what staff did, oldest first, by the reference of the form that they did it on."""
        found: dict[frozenset[str], bool] = {}
        for reference, entry in entries:
            pair = frozenset((reference, entry.said["other"]))
            found.pop(pair, None)
            if entry.said["same"] is not None:
                found[pair] = entry.said["same"]
        return cls(found)

    def between(self, one: str, other: str) -> bool | None:
        """What was decided of these two; None where nothing is."""
        return self.decided.get(frozenset((one, other)))

    def apart(self, reference: str) -> frozenset[str]:
        """Every form of which was said that it is somebody else's."""
        return frozenset(
            one for pair, same in self.decided.items() if reference in pair and not same for one in pair - {reference}
        )

    def same(self, reference: str) -> frozenset[str]:
        """Every other form of the person of this one, over any number of links."""
        found, waiting = {reference}, [reference]
        pairs = [pair for pair, same in self.decided.items() if same]
        while waiting:
            here = waiting.pop()
            near = {one for pair in pairs if here in pair for one in pair} - found
            found |= near
            waiting += near
        return frozenset(found - {reference})
