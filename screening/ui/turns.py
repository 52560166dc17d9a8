"""Whose page is drawn next, where more want one than the machine can draw at once.

Nobody is refused for being one of many. Who is in the middle of a form, or signed in, and clicks as a person does comes
first; among all others the network that used least processor time lately. So whoever asks for much waits for everybody
else, from however many places.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import streamlit as st
from cachetools import LRUCache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from screening.records.accounts.attempts import network
from screening.ui.visitor import address, visitor

AT_ONCE, OTHERS_AT_ONCE = 12, 4
"""How many pages are drawn at once, and how many of them for people who are not in the middle of something."""
MOST_WAITING = 200
"""Beyond so many that wait, whoever used most gets an apology instead of a page."""
FAIR = 0.7
"""Seconds of processor time lately, which is far more than a person's clicks take."""
SETTLES_AFTER = 30
"""Seconds after which somebody with a form that is saved is in the middle of it."""

_LATELY = 10.0  # seconds after which half of what was used is forgotten
_LOOK = 0.25  # seconds between looks at whether the page is still wanted
_SETTLED = "settled from"


class Crowded(Exception):
    """Too many wait, and this network used more than others. What was typed stays where it is."""


@dataclass(eq=False)
class _Waiting:
    person: str
    network: str
    settled: bool
    called: threading.Event = field(default_factory=threading.Event)
    draws: bool = False
    as_other: bool = False


class Turns:
    """The turns of one process."""

    def __init__(self, at_once: int = AT_ONCE, others: int = OTHERS_AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._at_once, self._others, self._most_waiting = at_once, others, most_waiting
        self._lock = threading.Lock()
        self._drawing: set[_Waiting] = set()
        self._waiting: list[_Waiting] = []
        self._people: Counter[str] = Counter()
        self._used: LRUCache[str, tuple[float, float]] = LRUCache(20_000)

    def waits(self, person: str) -> bool:
        """Whether a page of this person waits for its turn: asking again would not bring it sooner."""
        return self._people[person] > 0

    @contextmanager
    def turn(self, person: str, network: str, settled: bool, stop: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Wait, then draw. stop: called while waiting; raises where the page is no longer wanted. Raises Crowded."""
        here = _Waiting(person, network, settled)
        begun = 0.0
        try:
            self._come(here)
            while not here.called.wait(_LOOK):
                stop()
            if not here.draws:
                raise Crowded
            begun = time.thread_time()
            yield
        finally:
            self._go(here, time.thread_time() - begun if begun else 0.0)

    def _come(self, here: _Waiting) -> None:
        with self._lock:
            self._waiting.append(here)
            self._people[here.person] += 1
            self._call()
            if len(self._waiting) > self._most_waiting:
                worst = max(self._waiting, key=partial(self._rank, time.monotonic()))
                self._called(worst)

    def _go(self, here: _Waiting, seconds: float) -> None:
        with self._lock:
            if here in self._waiting:
                self._called(here)
            self._drawing.discard(here)
            now = time.monotonic()
            network = [f"network {here.network}"] if here.as_other else []  # a waiting room is no flood
            for key in (f"person {here.person}", *network):
                self._used[key] = (self._lately(key, now) + seconds, now)
            self._call()

    def _call(self) -> None:
        """Let the next ones draw. The lock is held."""
        while self._waiting and len(self._drawing) < self._at_once:
            now = time.monotonic()
            following = min(self._waiting, key=partial(self._rank, now))
            other = self._rank(now, following)[0]
            if other and sum(one.as_other for one in self._drawing) >= self._others:
                return
            following.draws, following.as_other = True, other
            self._drawing.add(following)
            self._called(following)

    def _called(self, here: _Waiting) -> None:
        self._waiting.remove(here)
        self._people[here.person] -= 1
        if not self._people[here.person]:
            del self._people[here.person]
        here.called.set()

    def _rank(self, now: float, here: _Waiting) -> tuple[bool, float]:
        """Smaller comes first."""
        used = self._lately(f"person {here.person}", now)
        if here.settled and used < FAIR:
            return False, used
        return True, self._lately(f"network {here.network}", now)

    def _lately(self, key: str, now: float) -> float:
        seconds, at = self._used.get(key, (0.0, 0.0))
        return float(seconds * 0.5 ** ((now - at) / _LATELY))


turns = Turns()
_mine = threading.local()


@contextmanager
def in_turn() -> Iterator[None]:
    """Draw a page, or a part that is drawn alone, when it is this browser's turn. Raises Crowded."""
    context = get_script_run_ctx()
    if context is None or getattr(_mine, "turn", False):
        yield
        return
    settled = time.monotonic() >= st.session_state.get(_SETTLED, float("inf"))
    with turns.turn(visitor(), network(address()), settled, context.yield_check):
        _mine.turn = True
        try:
            yield
        finally:
            _mine.turn = False


def is_here(after: float = SETTLES_AFTER) -> None:
    """Somebody is in the middle of something from now on, or from so many seconds on."""
    if _SETTLED not in st.session_state:
        st.session_state[_SETTLED] = time.monotonic() + after
