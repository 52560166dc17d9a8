"""Who reads, and the lines that say so: no sealed box of a response is opened but for a reader."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

OPERATOR = "operator"
"""Who acts where nobody signs in: a command, of which `terminal` says whose, or the program by itself."""

Read = Literal[
    "open", "beside", "list", "pictures", "judgements", "preview", "export", "sheet", "replay", "impact", "doctor"
]
"""What responses are read for."""
READS: tuple[Read, ...] = get_args(Read)

FEW = 20
"""As many responses as are read together leave a line each; more leave one line for all."""
_MOST = 200_000


@dataclass(frozen=True)
class Reader:
    """Who reads, and what for. again: what they have read for this today, in this process, needs no second line."""

    actor: str
    action: Read
    again: bool = False


PROGRAM = Reader("program", "list")
"""The program itself, which keeps the worklist and counts: whoever is then shown some of it leaves the line."""


class Noted:
    """Which lines of readers this process has left today. Any thread may ask."""

    def __init__(self) -> None:
        self._lock, self._day = threading.Lock(), ""
        self._lines: dict[tuple[str, Read], set[str]] = {}

    def fresh(self, reader: Reader, references: Iterable[str], day: str) -> list[str]:
        """Of these responses those whose reading needs a line."""
        if reader is PROGRAM:
            return []
        with self._lock:
            if day != self._day or sum(map(len, self._lines.values())) > _MOST:
                self._day, self._lines = day, {}
            known = self._lines.get((reader.actor, reader.action), set()) if reader.again else ()
            return [one for one in dict.fromkeys(references) if one not in known]

    def add(self, reader: Reader, references: Collection[str]) -> None:
        """These have their lines."""
        with self._lock:
            self._lines.setdefault((reader.actor, reader.action), set()).update(references)


def of_many(references: Collection[str]) -> str:
    """What stands in place of a reference in a line for many: whoever has the list of them can prove that it is it."""
    return "many-" + hashlib.sha256("\n".join(sorted(references)).encode()).hexdigest()[:24]
