"""The connection to the store: SQLite in one file, or PostgreSQL. The same tables and the same promises on both.

SQLite runs with journal mode TRUNCATE and synchronous FULL: in simulated power cuts it lost no acknowledged commit,
which SQLite's own default did, and it does not need the write-ahead log whose reset bug many shipped SQLite versions
still have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from screening.records.group_commit import GroupCommit, NotCommitted
from screening.settings import EnvironmentProblem

FILE = "records.sqlite3"
_WRITER_LOCK = 7_391_846  # any number, the same in every process

PRAGMAS = {
    "journal_mode": "TRUNCATE",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "trusted_schema": "OFF",
}
READ_BACK: dict[str, Any] = {
    "journal_mode": "truncate",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}


class AlreadyThere(Exception):
    """A row of this name is there already; nothing was written. Without the driver's text, which holds values."""


class NotSaved(Exception):
    """The store could not keep it; nothing was written. Never holds an answer."""


class Database:
    """One store. `url`: empty for the SQLite file of `directory`."""

    def __init__(self, directory: Path, url: str = "") -> None:
        """Connect, and refuse a store that does not keep what it acknowledges. Raises EnvironmentProblem."""
        self.directory = directory
        self.file = None if url else directory / FILE
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            directory.chmod(0o700)
        except OSError as error:
            raise EnvironmentProblem(
                f"The data directory {directory} cannot be used ({error.strerror}). Set SCREENING_DATA to "
                f"one that can be written."
            ) from None
        try:
            self.engine = _sqlite(self.file) if self.file else _postgresql(url)
            self.writer = self.engine.execution_options(writes=True)
            self.together = GroupCommit(self._begin, self.engine.dispose)
            with self.writer.begin() as connection:
                modes = self.modes(connection)
            if self.file:
                self.file.chmod(0o600)
        except SQLAlchemyError as error:
            place = self.file or "the database of SCREENING_DATABASE"
            raise EnvironmentProblem(
                f"The records in {place} cannot be opened ({type(error).__name__}). "
                "Check that the disk is not full or read-only, and that the database runs."
            ) from None
        if wrong := {name: value for name, value in modes.items() if value != self.wanted[name]}:
            raise EnvironmentProblem(
                f"The store does not keep what it acknowledges: {wrong}, wanted are {self.wanted}."
            )

    @property
    def kind(self) -> str:
        """sqlite or postgresql."""
        return str(self.engine.dialect.name)

    @property
    def wanted(self) -> dict[str, Any]:
        """The settings of the store on which its promises stand."""
        return READ_BACK if self.file else {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

    def modes(self, connection: Connection) -> dict[str, Any]:
        """The same settings, as they are."""
        how = "PRAGMA {}" if self.file else "SHOW {}"
        return {name: connection.exec_driver_sql(how.format(name)).scalar_one() for name in self.wanted}

    @contextmanager
    def writing(self, audited: bool = False) -> Iterator[Connection]:
        """One piece of work, all or nothing, durable once this ends; those of other sessions may share its commit.

        audited: an audit line is added, so writers of all processes take turns and the chain has one order. Not to be
        used within itself. Raises NotSaved, or AlreadyThere.
        """
        # PostgreSQL gathers the commits of its connections by itself, but those that wait for one lock come singly.
        work = self.together.work() if audited or self.file else self.writer.begin()
        try:
            with work as connection:
                yield connection
        except IntegrityError:
            raise AlreadyThere from None
        except SQLAlchemyError as error:
            # The driver's text may hold values: only its kind goes on. A connection that failed is not trusted again.
            self.engine.dispose()
            raise NotSaved(type(error).__name__) from None
        except NotCommitted as error:
            raise NotSaved(str(error)) from None

    def _begin(self) -> Connection:
        connection: Connection = self.writer.connect()
        try:
            connection.begin()
            if not self.file:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. Raises NotSaved, since whoever reads here is about to answer somebody."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise NotSaved(type(error).__name__) from None

    def tables(self) -> set[str]:
        """The names of the tables that are there."""
        return set(inspect(self.engine).get_table_names())


def _sqlite(file: Path) -> Any:
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: str) -> Any:
    try:
        address = make_url(url)
    except ArgumentError:
        raise EnvironmentProblem(
            "SCREENING_DATABASE is not a database address such as postgresql://user@host/name."
        ) from None
    if address.get_backend_name() != "postgresql":
        raise EnvironmentProblem(
            "SCREENING_DATABASE must begin with postgresql://; leave it empty for the SQLite file."
        )
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        hide_parameters=True,  # an error must not print a hash or an address
    )


def _durable(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once, so that it waits its turn; a reader must not wait for writers.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def put(connection: Connection, table: Table, row: Mapping[str, Any], **instead: Any) -> None:
    """Add a row, or change the one with its primary key: to `row`, or where it is there already to `instead`."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    keys = [column.name for column in table.primary_key]
    changed = instead or {name: value for name, value in row.items() if name not in keys}
    connection.execute(dialect.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=changed))


def iso(now: datetime) -> str:
    """A moment as it is stored: ISO 8601, UTC, whole seconds."""
    return now.astimezone(UTC).isoformat(timespec="seconds")
