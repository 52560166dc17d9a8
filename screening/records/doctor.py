"""A look at the store, the keys and the machine: what is in order, and what to do about what is not."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from screening.records.migrate import newest, version
from screening.records.reader import Reader
from screening.records.refusals import MANY, of_last_day
from screening.records.schema import responses
from screening.records.store import Store

LEAST_SPACE = 500_000_000


@dataclass(frozen=True)
class HealthCheck:
    """One thing that was looked at. `remedy` is empty when it is in order."""

    what: str
    remedy: str = ""


def examine(store: Store) -> Iterator[HealthCheck]:
    """Everything that can be looked at without the app running."""
    database = store.database
    with database.engine.connect() as connection:
        modes = database.modes(connection)
        found = version(connection)
        last = connection.execute(select(func.max(responses.c.received))).scalar()
        count = store.count()
    yield HealthCheck(
        f"Store: {database.kind}, {count} responses, tables of version {found}.",
        "" if found == newest() else "Start the app once.",
    )
    wrong = modes != database.wanted
    yield HealthCheck(f"Durability: {modes}.", f"It must be {database.wanted}." if wrong else "")
    if database.file:
        yield HealthCheck(
            f"SQLite {sqlite3.sqlite_version}, journal TRUNCATE: safe also before the fixed write-ahead log."
        )
        for old in sorted(database.directory.glob("*-before-*")):
            yield HealthCheck(
                f"A copy from before a change of version: {old.name}.",
                "Delete it once all is well: it may not be sealed.",
            )
        yield _mode("Data directory", database.directory.stat().st_mode, str(database.directory))
    yield from _keys(store)
    free = shutil.disk_usage(database.directory).free
    yield HealthCheck(
        f"Free space: {free // 1_000_000} MB.", "Make room: a full disk refuses forms." if free < LEAST_SPACE else ""
    )
    ahead = last is not None and datetime.fromisoformat(last) > datetime.now(UTC) + timedelta(minutes=5)
    yield HealthCheck(
        f"Clock: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        "The newest response is in the future: set the clock." if ahead else "",
    )
    for one in of_last_day(database, datetime.now(UTC)):
        many = f"More than {MANY} in a day: somebody may be trying something." if one.count > MANY else ""
        yield HealthCheck(f"Refused in 24 hours, {one.kind}: {one.count} from {one.networks} networks.", many)
    complaints = store.complaints()
    yield HealthCheck(
        "Audit trail: " + ("whole." if not complaints else complaints[0]),
        "Find out who changed it." if complaints else "",
    )


def _keys(store: Store) -> Iterator[HealthCheck]:
    directory = store.keys.directory
    name, _ = store.keys.current()
    private = store.keys.private()
    there = (
        "its private key is here"
        if name in private
        else "its private key is not here, as it should be where only patients are served"
    )
    yield HealthCheck(f"Key {name} in {directory}; {there}.")
    yield _mode("Key directory", directory.stat().st_mode, str(directory))
    if directory.is_relative_to(store.database.directory):
        yield HealthCheck(
            "The keys lie among the records.",
            "Move them: a copy of the records must not hold the keys. Set SCREENING_KEYS.",
        )
    if private:
        unopened: list[str] = []
        with store.database.reading() as connection:
            newest_one = connection.execute(select(func.max(responses.c.id))).scalar()
        ids = [] if newest_one is None else [newest_one]
        opened = list(store.records(Reader(store.actor, "doctor"), unopened=unopened.append, ids=ids))
        yield HealthCheck(
            "The newest response opens." if opened else "No response opens.",
            "A response does not open: see `restore --check`." if unopened else "",
        )


def _mode(what: str, mode: int, place: str) -> HealthCheck:
    loose = stat.S_IMODE(mode) & 0o077
    return HealthCheck(
        f"{what}: {place}, mode {stat.S_IMODE(mode):o}.", f"Close it to others: chmod 700 {place}" if loose else ""
    )
