"""How often resume codes may be tried and forms sent. What was tried or kept counts, by network; what was refused does
not, so nobody is kept out longer by pressing again."""

from __future__ import annotations

import threading
import time

from cachetools import TTLCache
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from screening.records.accounts.attempts import network

RESUMES, RESUMES_OF_NETWORK = parse("5/minute"), parse("60/minute")
"""How often one browser, and all browsers of a network, may try a resume code (78 bits)."""
SUBMITS, SUBMITS_ALL = parse("60/hour"), parse("1000/hour")
"""How many forms one network, which may be a clinic's own tablets, and everybody may send."""
FEW = parse("10/hour")
"""Where everybody together has sent too many, networks that sent fewer than these go on: who sent many gives way."""


class TooMany(Exception):
    """Somebody tries too often. What they typed stays where it is. wait: seconds until the next try is taken."""

    def __init__(self, wait: float) -> None:
        super().__init__("too many")
        self.wait = wait

    @property
    def minutes(self) -> int:
        """The wait in minutes, rounded up."""
        return max(1, int(-(-self.wait // 60)))


class FormLimits:
    """The limits of one process."""

    def __init__(self) -> None:
        self._limiter, self._lock = MovingWindowRateLimiter(MemoryStorage()), threading.Lock()
        self._sent: TTLCache[str, bool] = TTLCache(100_000, 24 * 3_600)

    def tried(self, browser: str, address: str) -> None:
        """A resume code is tried. Raises TooMany."""
        self._take((RESUMES, "resume", browser or address), (RESUMES_OF_NETWORK, "resume", network(address)))

    def may_send(self, form: str, address: str) -> None:
        """A form is about to be kept. Raises TooMany. One that was kept before may come again: it is kept once."""
        here = network(address)
        own, everybody, few = (SUBMITS, "form", here), (SUBMITS_ALL, "form"), (FEW, "form", here)
        with self._lock:
            if form in self._sent:
                return
            if wait := self._wait(own):
                raise TooMany(wait)
            if self._wait(everybody) and (wait := self._wait(few)):
                raise TooMany(wait)

    def sent(self, form: str, address: str) -> None:
        """A form was kept."""
        with self._lock:
            if form not in self._sent:
                self._sent[form] = True
                for limit, *key in ((SUBMITS, "form", network(address)), (FEW, "form", network(address))):
                    self._limiter.hit(limit, *key)
                self._limiter.hit(SUBMITS_ALL, "form")

    def _take(self, *counted: tuple[RateLimitItem, str, str]) -> None:
        with self._lock:
            if wait := max(self._wait(one) for one in counted):
                raise TooMany(wait)
            for limit, *key in counted:
                self._limiter.hit(limit, *key)

    def _wait(self, counted: tuple[RateLimitItem, *tuple[str, ...]]) -> float:
        limit, *key = counted
        if self._limiter.test(limit, *key):
            return 0.0
        return max(1.0, self._limiter.get_window_stats(limit, *key).reset_time - time.time())
