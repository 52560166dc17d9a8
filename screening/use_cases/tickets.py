"""Tickets: a file that one browser may fetch for a short while, once or, where it is their own, as often as it asks."""

from __future__ import annotations

import atexit
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from screening.records.sealed_file import SealedFile

SECONDS = 600
"""How long a person's own copy waits for them."""
SHORT = 60
"""How long what staff take away waits."""
MOST_OF_ONE, MOST = 5, 20_000
"""Tickets that wait for one owner, whose oldest gives way to a new one, and for everybody."""

Body = bytes | SealedFile

_lock = threading.Lock()


@dataclass(frozen=True)
class Ticket:
    """What waits. owner: the visitor or staff session it is for; make: its bytes, or a file that is gone once it is
    sent; shown: whether the browser shows it in place of saving it."""

    owner: str
    make: Callable[[], Body]
    until: float
    name: str
    media: str
    drop: Callable[[], None]
    again: bool = False
    shown: bool = False


_tickets: dict[str, Ticket] = {}


def issue(
    owner: str,
    make: Callable[[], Body],
    seconds: float,
    name: str,
    media: str,
    drop: Callable[[], None] | None = None,
    again: bool = False,
    shown: bool = False,
) -> str:
    """A ticket for `owner`: 256 random bits. `make` runs when it is used; `drop` when it was not used in time, by
    itself and not only when somebody comes, and when the process ends.

    again: it may be used more than once, as browsers that ask twice for a download do. shown: the browser shows it.
    """
    token = secrets.token_urlsafe(32)
    now = time.monotonic()
    gone: list[Ticket] = []
    with _lock:
        gone += [_tickets.pop(key) for key in [key for key, one in _tickets.items() if one.until < now]]
        own = [key for key, one in _tickets.items() if one.owner == owner]
        gone += [_tickets.pop(key) for key in own[: max(0, len(own) - MOST_OF_ONE + 1)]]
        while len(_tickets) >= MOST:
            gone.append(_tickets.pop(next(iter(_tickets))))
        _tickets[token] = Ticket(owner, make, now + seconds, name, media, drop or (lambda: None), again, shown)
    for one in gone:
        one.drop()
    if drop:  # only what waits as a file needs somebody to remove it
        late = threading.Timer(seconds, _expire, [token])
        late.daemon = True
        late.start()
    return token


def _expire(token: str) -> None:
    with _lock:
        ticket = _tickets.pop(token, None)
    if ticket is not None:
        ticket.drop()


@atexit.register
def drop_all() -> None:
    """Drop what nobody took, because the process ends."""
    for token in list(_tickets):
        _expire(token)


def use(token: str, *owners: str) -> Ticket | None:
    """The ticket, once unless it may be used again; None if it is unknown, used, late, or another's (whose ticket stays
    good)."""
    with _lock:
        ticket = _tickets.get(token)
        if ticket is None or not any(owner and secrets.compare_digest(ticket.owner, owner) for owner in owners):
            return None
        if not ticket.again or ticket.until < time.monotonic():
            del _tickets[token]
    if ticket.until < time.monotonic():
        ticket.drop()
        return None
    return ticket
