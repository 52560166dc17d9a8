"""Who has the same response open at this moment, in this process: so that two people do not telephone one person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from screening.records.accounts.account import StaffSession

GONE_AFTER = 75.0
"""Seconds without a sign of an open page; pages give one each half minute."""


class Presence:
    """Signs of open pages. Nothing is stored."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[str, str, float]] = {}

    def here(self, by: StaffSession, reference: str) -> list[str]:
        """Say that somebody has this response open, and nothing else any more; the names of others who have it too."""
        now = self._clock()
        with self._lock:
            self._seen = {key: one for key, one in self._seen.items() if now - one[2] < GONE_AFTER}
            self._seen[by.id] = (by.account.name, reference, now)
            return sorted({name for name, at, _ in self._seen.values() if at == reference} - {by.account.name})

    def leaves(self, by: StaffSession) -> None:
        """Say that somebody has no response open any more."""
        with self._lock:
            self._seen.pop(by.id, None)
