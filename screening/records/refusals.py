"""How often what was refused: by hour, kind and network, so that an attack is seen. Never an address or a value.

A network is kept as an HMAC of it: whether it is one that asks often or many can be told, and not which.
"""

from __future__ import annotations

import hmac
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import delete, func, select

from screening.records.database import Database, put
from screening.records.schema import refusals

Kind = Literal[
    "page", "address", "embedded", "cookies", "socket", "message", "form", "sign-in", "link", "ticket", "service",
    "code", "sending", "proof", "draft",
]  # fmt: skip
"""What is refused: too many pages, an address that is not there, what another site embeds, two cookies of one name, a
socket, a message no page sends, a form of staff, a sign-in, a password link, a ticket, who comes back from the identity
service, a resume code, sending too many forms, a proof of work, a draft that does not open."""
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_NETWORKS = 50
"""Networks of one kind that are counted by themselves at a time; the rest are counted together, as `-`."""
KEPT = timedelta(days=30)
MANY = 1_000
"""Refusals of one kind in a day that somebody should look at."""


@dataclass(frozen=True)
class RefusalCount:
    """Refusals of one kind. networks: how many different ones there were, at least."""

    kind: str
    count: int
    networks: int


class Refusals:
    """The counters of one process. key: 32 bytes, the same in every process of a clinic."""

    def __init__(self, key: bytes) -> None:
        self._key, self._lock = key, threading.Lock()
        self._counts: dict[Kind, Counter[str]] = {}

    def count(self, kind: Kind, network: str = "") -> None:
        """One more. Quick, and never an error: it stands beside every refusal."""
        mark = hmac.digest(self._key, network.encode(), "sha256").hex()[:16] if network else "-"
        with self._lock:
            counts = self._counts.setdefault(kind, Counter())
            counts[mark if mark in counts or len(counts) < MOST_NETWORKS else "-"] += 1

    def keep(self, database: Database, now: datetime) -> dict[str, int]:
        """Write what was counted since the last time; how many of each kind. Raises NotSaved; then it counts on."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return {}
        hour = _hour(now)
        try:
            with database.writing() as connection:
                for kind, networks in counts.items():
                    for network, count in networks.items():
                        row = {"hour": hour, "kind": kind, "network": network, "count": count}
                        put(connection, refusals, row, count=refusals.c.count + count)
                connection.execute(delete(refusals).where(refusals.c.hour < _hour(now - KEPT)))
        except BaseException:
            with self._lock:
                for kind, networks in counts.items():
                    self._counts.setdefault(kind, Counter()).update(networks)
            raise
        return {kind: networks.total() for kind, networks in counts.items()}


def of_last_day(database: Database, now: datetime) -> list[RefusalCount]:
    """What was refused in the last 24 hours, the most frequent kind first. Raises NotSaved."""
    columns = refusals.c
    query = select(columns.kind, func.sum(columns.count), func.count(columns.network.distinct()))
    query = query.where(columns.hour > _hour(now - timedelta(days=1))).group_by(columns.kind)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return sorted((RefusalCount(*row) for row in rows), key=lambda one: (-one.count, one.kind))


def _hour(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H")
