"""What must last: responses, their screenings, and the content they were answered under. SQLAlchemy Core on SQLite.

Journal mode TRUNCATE with synchronous FULL: in simulated power cuts it lost no acknowledged commit, which SQLite's own
default did, and it does not need the write-ahead log whose reset bug many shipped SQLite versions still have.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from screening.settings import EnvironmentProblem

SCHEMA = 1
FETCH = 500

metadata = MetaData()

contents = Table(
    "content",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("archive", LargeBinary, nullable=False),
    Column("first_used", String(32), nullable=False),
)

responses = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form", String(64), nullable=False, unique=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("received", String(32), nullable=False),
    Column("authored", String(10), nullable=False),
    Column("language", String(8), nullable=False),
    Column("status", String(24), nullable=False),
    Column("consent", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("content", String(64), ForeignKey("content.hash"), nullable=False),
)

screenings = Table(
    "screening",
    metadata,
    Column("response", Integer, ForeignKey("response.id"), primary_key=True),
    Column("content", String(64), ForeignKey("content.hash"), primary_key=True),
    Column("tier", String(16)),
    Column("result", Text, nullable=False),
)

Index("response_received", responses.c.received)


class NotSaved(Exception):
    """The store could not keep it; nothing was written. Never holds an answer."""


@dataclass(frozen=True)
class Record:
    """One stored response with the screening of its day. Times are ISO 8601 in UTC; `authored` is the clinic's date."""

    id: int
    form: str
    reference: str
    received: str
    authored: str
    language: str
    status: str
    consent: Mapping[str, Any]
    answers: Mapping[str, Any]
    content: str
    tier: str | None
    result: Mapping[str, Any]


class Store:
    """The records of one clinic in one data directory."""

    def __init__(self, directory: Path) -> None:
        """Open or create the store. Raises EnvironmentProblem in plain words."""
        path = directory / "records.sqlite3"
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            directory.chmod(0o700)
            self.engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
            event.listen(self.engine, "connect", _durable)
            event.listen(self.engine, "begin", _begin)
            self.writer = self.engine.execution_options(writes=True)
            with self.writer.begin() as connection:
                found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                if found not in (0, SCHEMA):
                    raise EnvironmentProblem(f"The records in {path} are of version {found}; this program reads version {SCHEMA}.")
                metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
                modes = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")]
            path.chmod(0o600)
        except OSError as error:
            raise EnvironmentProblem(
                f"The data directory {directory} cannot be used ({error.strerror}). Set SCREENING_DATA to one that can be written."
            ) from None
        except SQLAlchemyError as error:
            raise EnvironmentProblem(
                f"The records in {path} cannot be opened ({type(error).__name__}). Check that the disk is not full or read-only."
            ) from None
        if modes != ["truncate", 2]:
            raise EnvironmentProblem(f"The store in {path} does not keep what it acknowledges: journal and synchronous are {modes}.")

    def keep_content(self, content: str, archive: bytes, now: datetime) -> None:
        """Keep the content that responses will be answered under, once per hash. Raises NotSaved."""
        with self._writing() as connection:
            if connection.execute(select(contents.c.hash).where(contents.c.hash == content)).first() is None:
                connection.execute(insert(contents).values(hash=content, archive=archive, first_used=_iso(now)))

    def submit(
        self,
        form: str,
        reference: str,
        now: datetime,
        authored: str,
        language: str,
        consent: Mapping[str, Any],
        answers: Mapping[str, Any],
        content: str,
        tier: str | None,
        result: Mapping[str, Any],
    ) -> str:
        """Keep a response and its screening in one transaction; the reference under which it is kept.

        `form` names one filling-in of the form: sending it again changes nothing and gives the first reference.
        Raises NotSaved.
        """
        try:
            with self._writing() as connection:
                before = connection.execute(select(responses.c.reference).where(responses.c.form == form)).scalar()
                if before is not None:
                    return str(before)
                row = connection.execute(
                    insert(responses).values(
                        form=form,
                        reference=reference,
                        received=_iso(now),
                        authored=authored,
                        language=language,
                        status="completed",
                        consent=_json(consent),
                        answers=_json(answers),
                        content=content,
                    )
                ).inserted_primary_key
                assert row is not None
                connection.execute(insert(screenings).values(response=row[0], content=content, tier=tier, result=_json(result)))
        except IntegrityError:
            raise NotSaved("the reference is taken") from None
        return reference

    def records(self, since: str | None = None, until: str | None = None, tier: str | None = None) -> Iterator[Record]:
        """Every response in the order received, a few hundred in memory at a time. `since` and `until` are ISO dates,
        both inclusive, of the clinic's own calendar."""
        query = (
            select(responses, screenings.c.tier, screenings.c.result)
            .join(screenings, (screenings.c.response == responses.c.id) & (screenings.c.content == responses.c.content))
            .order_by(responses.c.id)
        )
        if since:
            query = query.where(responses.c.authored >= since)
        if until:
            query = query.where(responses.c.authored <= until)
        if tier:
            query = query.where(screenings.c.tier == tier)
        last = 0
        while True:  # by key, not by cursor: no lock is held while a caller writes a file
            with self.engine.connect() as connection:
                rows = connection.execute(query.where(responses.c.id > last).limit(FETCH)).mappings().all()
            for row in rows:
                values = {**row, "consent": json.loads(row["consent"]), "answers": json.loads(row["answers"])}
                yield Record(**{**values, "result": json.loads(row["result"])})
            if len(rows) < FETCH:
                return
            last = rows[-1]["id"]

    def purge(self, before: str, really: bool) -> int:
        """Delete every response of a day before `before` (ISO date), with its screening; how many. Raises NotSaved."""
        old = select(responses.c.id).where(responses.c.authored < before)
        with self._writing() as connection:
            ids = list(connection.execute(old).scalars())
            if really:
                connection.execute(delete(screenings).where(screenings.c.response.in_(old)))
                connection.execute(delete(responses).where(responses.c.authored < before))
        return len(ids)

    def count(self) -> int:
        """How many responses are kept."""
        with self.engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM response").scalar_one())

    def archive(self, content: str) -> bytes:
        """The archive of a content version. Raises KeyError."""
        with self.engine.connect() as connection:
            found = connection.execute(select(contents.c.archive).where(contents.c.hash == content)).scalar()
        if found is None:
            raise KeyError(content)
        return bytes(found)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self.writer.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, SQLAlchemyError) as error:
            # The driver's text may hold values: only its kind goes on.
            raise NotSaved(type(error).__name__) from None


def _durable(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin
    for pragma in ("journal_mode = TRUNCATE", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once, so that it waits its turn; a reader must not wait for writers.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _iso(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
