"""One-time tickets: a file that one visitor may fetch, once, for a short while."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 600
MOST = 2_000

_lock = threading.Lock()


@dataclass(frozen=True)
class _Ticket:
    visitor: str
    make: Callable[[], bytes]
    until: float


_tickets: dict[str, _Ticket] = {}


def issue(visitor: str, make: Callable[[], bytes]) -> str:
    """A ticket for `visitor`: 256 random bits. `make` runs when it is used."""
    token = secrets.token_urlsafe(32)
    now = time.monotonic()
    with _lock:
        for old in [key for key, one in _tickets.items() if one.until < now]:
            del _tickets[old]
        while len(_tickets) >= MOST:
            del _tickets[next(iter(_tickets))]
        _tickets[token] = _Ticket(visitor, make, now + SECONDS)
    return token


def use(token: str, visitor: str) -> bytes | None:
    """What the ticket is for; None if it is unknown, used, late, or another visitor's (whose ticket stays good)."""
    with _lock:
        ticket = _tickets.get(token)
        if ticket is None or not visitor or not secrets.compare_digest(ticket.visitor, visitor):
            return None
        del _tickets[token]
    return ticket.make() if ticket.until >= time.monotonic() else None
