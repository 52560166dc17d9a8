"""Delays between sign-in tries: the more failed, the longer the next has to wait. A try that comes too early is not looked at.

The schedule. A try counts as failed from its beginning, so that many at once do not slip through; success takes it back.

| counted by                                        | failed tries free | then a wait of            | at most |
| account name and address                          | 5                 | 1 s, doubled each time    | 15 min  |
| account name, whatever the address                | 10                | 1 s, doubled each time    | 60 s    |
| address, whatever the name                        | 30                | 1 s, doubled each time    | 60 s    |
| a browser that signed in with this account before | 5                 | 1 s, doubled each time    | 15 min  |

A browser that signed in with this account before meets only its own counter: however long others try, they do not keep
the real person out. Counters are forgotten a day after the last try.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from screening.records.database import Database
from screening.records.schema import attempts

FORGOTTEN = 86_400.0


@dataclass(frozen=True)
class Limit:
    """free: failed tries without a wait; longest: seconds."""

    kind: str
    free: int
    longest: float

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures."""
        return 0.0 if failures < self.free else min(self.longest, 2.0 ** min(failures - self.free, 20))


PAIR, NAME, ADDRESS, BROWSER = Limit("pair", 5, 900), Limit("name", 10, 60), Limit("address", 30, 60), Limit("browser", 5, 900)


@dataclass(frozen=True)
class Counter:
    """One count of failures: its key in the table, and its limit."""

    key: str
    limit: Limit


class Attempts:
    """Failed sign-ins in a row. key: 32 bytes; names and addresses are kept as HMACs under it only."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database, self._key = database, key

    def counters(self, name: str, address: str, browser: str = "") -> tuple[Counter, ...]:
        """Whom a try concerns, its own counter first. browser: one that signed in with this account before."""
        if browser:
            return (self._counter(BROWSER, name, browser),)
        address = network(address)
        return self._counter(PAIR, name, address), self._counter(NAME, name), self._counter(ADDRESS, address)

    def begin(self, counters: Sequence[Counter], now: float) -> float:
        """Seconds to wait; 0 if this try may be looked at, which then already counts as failed. Raises NotSaved."""
        with self._database.writing(audited=True) as connection:  # one after the other: two tries must not both be the last free one
            found = _found(connection, counters)
            if wait := _wait(counters, found, now):
                return wait
            for one in counters:
                row = {"failures": found.get(one.key, (0, 0.0))[0] + 1, "last": now}
                if one.key in found:
                    connection.execute(update(attempts).where(attempts.c.key == one.key).values(row))
                else:
                    connection.execute(insert(attempts).values(key=one.key, **row))
            connection.execute(delete(attempts).where(attempts.c.last < now - FORGOTTEN))
        return 0.0

    def wait(self, counters: Sequence[Counter], now: float) -> float:
        """Seconds until the next try is looked at. Raises NotSaved."""
        with self._database.reading() as connection:
            return _wait(counters, _found(connection, counters), now)

    @staticmethod
    def succeeded(connection: Connection, counters: Sequence[Counter]) -> None:
        """Clear the try's own counter, and take this try back from the others."""
        connection.execute(delete(attempts).where(attempts.c.key == counters[0].key))
        others = [one.key for one in counters[1:]]
        connection.execute(update(attempts).where(attempts.c.key.in_(others)).values(failures=attempts.c.failures - 1))

    def _counter(self, limit: Limit, *values: str) -> Counter:
        parts = [part.encode("utf-8", "surrogatepass") for part in (limit.kind, *values)]
        message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return Counter(hmac.new(self._key, message, "sha256").hexdigest(), limit)


def network(address: str) -> str:
    """The address that is counted: of IPv6 the first 64 bits, which is what one customer has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _found(connection: Connection, counters: Sequence[Counter]) -> dict[str, tuple[int, float]]:
    rows = connection.execute(select(attempts).where(attempts.c.key.in_([one.key for one in counters])))
    return {row.key: (row.failures, row.last) for row in rows}


def _wait(counters: Sequence[Counter], found: dict[str, tuple[int, float]], now: float) -> float:
    waits = [0.0]
    for one in counters:
        failures, last = found.get(one.key, (0, now))
        if last <= now < last + FORGOTTEN:  # a clock that was set back must not keep anybody out
            waits.append(last + one.limit.wait(failures) - now)
    return max(waits)
