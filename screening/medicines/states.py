"""The ways in which a medicine may be taken, as far as is known, and which of them `takes` counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

State = Literal[
    "regular", "as-needed-lately", "as-needed-before", "carried", "working-on", "just-stopped", "long-stopped"
]
CURRENT: Final[frozenset[State]] = frozenset({"regular", "as-needed-lately"})
AS_NEEDED: Final[Mapping[bool | None, frozenset[State]]] = {
    True: frozenset({"as-needed-lately"}),
    False: frozenset({"as-needed-before"}),
    None: frozenset({"as-needed-lately", "as-needed-before"}),
}
STOPPED: Final[Mapping[bool | None, frozenset[State]]] = {
    True: frozenset({"just-stopped"}),
    False: frozenset({"long-stopped"}),
    None: frozenset({"just-stopped", "long-stopped"}),
}
LONG_ACTING: Final[Mapping[bool | None, frozenset[State]]] = {
    True: frozenset({"working-on"}),
    False: frozenset({"long-stopped"}),
    None: frozenset({"working-on", "long-stopped"}),
}
"""By whether its weeks are not over yet."""
RAN_OUT: Final[Mapping[bool | None, frozenset[State]]] = {
    True: frozenset({"regular", "just-stopped"}),
    False: frozenset({"long-stopped"}),
    None: frozenset({"regular", "just-stopped", "long-stopped"}),
}
"""Who ran out of it lately may have it again by now, so nothing says that it is not taken."""

UNKNOWN: Final[frozenset[State]] = CURRENT | {"as-needed-before", "just-stopped", "long-stopped"}

_NOW: Final[frozenset[State]] = CURRENT | {"working-on"}
TAKEN: Final[Mapping[str, frozenset[State]]] = {
    "now": _NOW,
    "regular": frozenset({"regular", "working-on"}),
    "lately": _NOW | {"just-stopped"},
    "listed": _NOW | {"as-needed-before", "carried"},
    "works-on": frozenset({"working-on"}),
    "ever": _NOW | {"as-needed-before", "just-stopped", "long-stopped"},
}
"""What `{takes: X, use: ...}` means: the states that count. `now` is what a rule asks without `use`."""
