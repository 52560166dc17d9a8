"""Delays between sign-in tries: the more failed, the longer the next has to wait. A try that comes too early is not
looked at.

The schedule. A try counts as failed from its beginning, so that many at once do not slip through; success takes it
back.

| counted by                                        | failed tries free | then a wait of         | at most | forgotten
|
| account name and address                          | 5                 | 1 s, doubled each time | 15 min  | by success,
or after 24 h |
| account name, whatever the address                | 10                | 1 s, doubled each time | 60 s    | one every
10 min         |
| address, whatever the name                        | 30                | 1 s, doubled each time | 60 s    | one every
10 min         |
| a browser that signed in with this account before | 5                 | 1 s, doubled each time | 15 min  | by success,
or after 24 h |

A browser that signed in with this account before meets only its own counter: however long others try, they do not keep
the real person out. A clinic behind one address shares the third line, so it is short and forgets soon.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from screening.records.database import Database, put
from screening.records.schema import attempts

DAY, SOON = 86_400.0, 600.0


class TooEarly(Exception):
    """A try that is not looked at. wait: seconds until one is."""

    def __init__(self, wait: float) -> None:
        super().__init__("too early")
        self.wait = wait


@dataclass(frozen=True)
class Limit:
    """free: failed tries without a wait; longest: seconds; one_forgotten: seconds after which one failure is forgotten,
    if any."""

    kind: str
    free: int
    longest: float
    one_forgotten: float | None = None

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures."""
        return 0.0 if failures < self.free else min(self.longest, 2.0 ** min(failures - self.free, 20))

    def left(self, failures: int, since: float) -> int:
        """How many failures still count, `since` seconds after the last try."""
        if since < 0 or since >= DAY:  # a clock that was set back must not keep anybody out
            return 0
        return max(0, failures - int(since // self.one_forgotten)) if self.one_forgotten else failures


PAIR, BROWSER = Limit("pair", 5, 900), Limit("browser", 5, 900)
NAME, ADDRESS = Limit("name", 10, 60, SOON), Limit("address", 30, 60, SOON)


@dataclass(frozen=True)
class Counter:
    """One count of failures: its key in the table, and its limit."""

    key: str
    limit: Limit


@dataclass(frozen=True)
class Try:
    """A try that is looked at. before: key -> (failures, last) as they were."""

    counters: tuple[Counter, ...]
    before: dict[str, tuple[int, float]]
    at: float


class Attempts:
    """Failed sign-ins in a row. key: 32 bytes; names and addresses are kept as HMACs under it only."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database, self._key = database, key

    def begin(self, name: str, address: str, browser: str, now: float) -> Try:
        """A try, which counts as failed from now on. Raises TooEarly or NotSaved.

        browser: names a browser that signed in with this account before; empty for any other. now: seconds since 1970.
        """
        counters = self._counters(name, address, browser)
        with self._database.reading() as connection:  # a flood of early tries must not hold up those who write
            if wait := _wait(counters, _found(connection, counters), now):
                raise TooEarly(wait)
        with self._database.writing(audited=True) as connection:  # in turns: of two tries one is the last free one
            before = _found(connection, counters)
            if wait := _wait(counters, before, now):
                raise TooEarly(wait)
            for one in counters:
                failures, last = before.get(one.key, (0, now))
                row = {"key": one.key, "failures": one.limit.left(failures, now - last) + 1, "last": now}
                put(connection, attempts, row)
            connection.execute(delete(attempts).where(attempts.c.last < now - DAY))
        return Try(counters, before, now)

    def wait(self, one: Try) -> float:
        """Seconds until the next try is looked at, after this one failed. Raises NotSaved."""
        with self._database.reading() as connection:
            return _wait(one.counters, _found(connection, one.counters), one.at)

    @staticmethod
    def succeeded(connection: Connection, one: Try) -> None:
        """Clear the try's own counter, and take this try back from the others, in the caller's transaction."""
        connection.execute(delete(attempts).where(attempts.c.key == one.counters[0].key))
        for counter in one.counters[1:]:
            here = update(attempts).where(attempts.c.key == counter.key)
            connection.execute(here.values(failures=attempts.c.failures - 1))
            if (
                counter.key in one.before
            ):  # unless somebody else tried meanwhile, a colleague must not wait for this success
                connection.execute(here.where(attempts.c.last == one.at).values(last=one.before[counter.key][1]))

    def _counters(self, name: str, address: str, browser: str) -> tuple[Counter, ...]:
        """Whom a try concerns, its own counter first."""
        if browser:
            return (self._counter(BROWSER, name, browser),)
        address = network(address)
        return self._counter(PAIR, name, address), self._counter(NAME, name), self._counter(ADDRESS, address)

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
        if wait := one.limit.wait(one.limit.left(failures, now - last)):
            waits.append(last + wait - now)
    return max(waits)
