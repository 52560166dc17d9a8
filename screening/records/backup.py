"""A copy of the whole store in one file, the same for SQLite and PostgreSQL, and the way back.

The file is gzip of JSON lines: a header, every row of every table (sealed boxes stay sealed), and a trailer with the
number of rows and the HMAC of everything before it under a key of the staff's side. Keys are never in it.
"""

from __future__ import annotations

import base64
import gzip
import hmac
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from screening.records.database import FILE, AlreadyThere, Database, NotSaved, iso
from screening.records.deletion import erase
from screening.records.migrate import newest
from screening.records.reader import PROGRAM
from screening.records.schema import metadata
from screening.records.seal import NotOpened
from screening.records.store import Store
from screening.settings import EnvironmentProblem, Settings

FORMAT = 1
_MANY = 500
_LONGEST = 16_000_000
Progress = Callable[[int], None]


class BadCopy(Exception):
    """The file is not a whole copy. The message says what is wrong, in plain words."""


@dataclass(frozen=True)
class Copied:
    """What a copy holds, and whether the audit trail could note it: a full disk must not keep a clinic from a copy."""

    rows: int
    noted: bool


def backup(store: Store, out: Path, progress: Progress = lambda _: None) -> Copied:
    """Write a copy to `out` while the app goes on. Raises OSError or EnvironmentProblem; `out` appears only when it is
    whole. Nothing is written where the records are, but the line of the audit trail."""
    unfinished = out.with_name(out.name + ".part")
    try:
        count = _write(store, unfinished, progress)
        unfinished.replace(out)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    try:
        store.note(store.actor, "backup", str(count))
    except NotSaved:
        return Copied(count, noted=False)
    return Copied(count, noted=True)


def _write(store: Store, unfinished: Path, progress: Progress) -> int:
    digest = _digest(store)
    count = 0
    with (
        gzip.open(_private(unfinished), "wb", compresslevel=3) as file,
        _snapshot(store.database, unfinished.parent) as connection,
    ):

        def line(value: Any) -> None:
            text = json.dumps(value, separators=(",", ":")).encode() + b"\n"
            digest.update(text)
            file.write(text)

        line({"format": FORMAT, "schema": newest(), "made": iso(datetime.now(UTC))})
        for table in metadata.sorted_tables:
            for row in _rows(connection, table):
                line([table.name, row])
                count += 1
                if count % _MANY == 0:
                    progress(count)
        file.write(json.dumps({"rows": count, "mac": digest.hexdigest()}).encode() + b"\n")
    return count


def restore(path: Path, store: Store, erased: list[str], progress: Progress = lambda _: None) -> int:
    """Fill an empty store from a copy, then delete again what was deleted since; the number of rows. Raises BadCopy or
    NotSaved.

    All of it happens in one transaction: a copy that is not whole leaves the store empty.
    """
    with store.database.engine.connect() as connection:
        if any(
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables
        ):
            raise BadCopy("The store is not empty. Restore into an empty data directory or an empty database.")
    tables = {table.name: table for table in metadata.sorted_tables}
    count = 0
    try:
        with store.database.writing(audited=True) as connection:
            waiting: list[dict[str, Any]] = []
            name = ""
            for table, row in _read(path, tables, _digest(store)):
                if waiting and (table != name or len(waiting) >= _MANY):
                    connection.execute(insert(tables[name]), waiting)
                    waiting = []
                    progress(count)
                name = table
                waiting.append(row)
                count += 1
            if waiting:
                connection.execute(insert(tables[name]), waiting)
            if not store.database.file:  # rows brought their numbers along
                connection.exec_driver_sql(
                    "SELECT setval(pg_get_serial_sequence('response', 'id'), coalesce(max(id), 1)) FROM response"
                )
    except AlreadyThere:
        raise BadCopy(f"{path} holds a row twice.") from None
    now = datetime.now(UTC)
    store.note(store.actor, "restore", str(count))
    for reference in erased:
        erase(store, reference, now)
    return count


def examine(path: Path, settings: Settings, progress: Progress = lambda _: None) -> tuple[int, int, list[str]]:
    """Restore into a throw-away store and look at all of it: (responses, opened, complaints). Raises BadCopy or
    EnvironmentProblem."""
    with tempfile.TemporaryDirectory() as place:
        trial = Settings(content=settings.content, data=Path(place), keys=settings.keys)
        store = Store.open(trial, opens=True)
        restore(path, store, [], progress)
        complaints = store.complaints()
        total = opened = 0
        can_open = bool(list(settings.keys.glob("*.private")))
        if can_open:
            try:
                for _ in store.records(
                    PROGRAM, unopened=lambda reference: complaints.append(f"Response {reference} does not open.")
                ):
                    opened += 1
            except NotOpened as error:
                complaints.append(str(error))
        total = store.count()
        return total, opened, complaints


def _digest(store: Store) -> hmac.HMAC:
    """Of a copy: only the staff's side can make it, so nobody adds an account to a copy."""
    return hmac.new(store.keys.derived("copies"), digestmod="sha256")


def _read(path: Path, tables: dict[str, Table], digest: hmac.HMAC) -> Iterator[tuple[str, dict[str, Any]]]:
    count = 0
    whole = False
    try:
        with gzip.open(path, "rb") as file:
            header = json.loads(first := file.readline(_LONGEST))
            if header.get("format") != FORMAT or header.get("schema") != newest():
                raise BadCopy(
                    f"The copy is of version {header.get('schema')}; this program restores version {newest()}."
                )
            digest.update(first)
            while text := file.readline(_LONGEST):
                value = json.loads(text)
                if isinstance(value, dict):
                    whole = value == {"rows": count, "mac": digest.hexdigest()} and not file.read(1)
                    break
                digest.update(text)
                table, row = value
                yield table, {column.name: _from_json(row[column.name]) for column in tables[table].columns}
                count += 1
    except BadCopy:
        raise
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCopy(f"{path} is not a whole copy of a store ({type(error).__name__}).") from None
    if not whole:
        raise BadCopy(f"{path} is cut short or was changed.")


@contextmanager
def _snapshot(database: Database, near: Path) -> Iterator[Connection]:
    """A connection that sees the store as it is at one moment, and keeps nobody from writing. near: a directory with
    room for a second file of the same size."""
    if not database.file:
        with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(dir=near) as place:
        copy = Path(place) / FILE
        source, target = sqlite3.connect(database.file, timeout=30), sqlite3.connect(copy)
        try:
            source.backup(target)
        except sqlite3.Error as error:
            raise EnvironmentProblem(f"No copy could be made in {near} ({error}). Is there room?") from None
        finally:
            source.close()
            target.close()
        other = Database(Path(place))
        with other.engine.connect() as connection:
            yield connection
        other.engine.dispose()


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    found = connection.execution_options(yield_per=_MANY).execute(select(table).order_by(*table.primary_key.columns))
    for row in found.mappings():
        yield {name: _to_json(value) for name, value in row.items()}


def _to_json(value: Any) -> Any:
    return {"b": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


def _from_json(value: Any) -> Any:
    return base64.b64decode(value["b"]) if isinstance(value, dict) else value


def _private(path: Path) -> Any:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be written ({error.strerror}).") from None
