"""Bringing a store's tables up to date: one direction, after a copy of the old file was put aside."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from screening.records.database import Database
from screening.records.keys import KeyRing
from screening.records.seal import NotOpened
from screening.settings import EnvironmentProblem

FIRST = "0001"
"""The tables of version 0.1.0, which did not note their version."""

_HERE = Path(__file__).parent / "migrations"
_LOCK = 7_391_847


def newest() -> str:
    """The version of the tables that this program works with."""
    head = ScriptDirectory(str(_HERE)).get_current_head()
    assert head is not None
    return head


def version(connection: Connection) -> str | None:
    """The version of the tables in the store; None for an empty store."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None and connection.dialect.has_table(connection, "response"):
        return FIRST
    return found


def upgrade(database: Database, keys: KeyRing) -> None:
    """Bring the tables to the newest version; nothing to do is quick. Raises EnvironmentProblem; then nothing was
    changed."""
    wanted = newest()
    try:
        with database.engine.connect() as connection:
            found = version(connection)
        if found == wanted:
            return
        if found is not None and database.file:
            _put_aside(database.file, found)
        with database.writer.begin() as connection:
            if not database.file:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            found = version(connection)  # another process may have done it meanwhile
            config = Config()
            config.set_main_option("script_location", str(_HERE))
            config.attributes.update(connection=connection, keys=keys)
            if found == FIRST:
                command.stamp(config, FIRST)
            if found != wanted:
                command.upgrade(config, "head")
    except CommandError:
        raise EnvironmentProblem(
            f"The records are of version {found}, which this program (version {wanted}) does not know. "
            "Use the newer program they were made with."
        ) from None
    except (SQLAlchemyError, ValueError, KeyError, NotOpened) as error:
        raise EnvironmentProblem(
            f"The records could not be brought to version {wanted} ({type(error).__name__}). Nothing was changed. "
            "Is the disk full, or a row damaged?"
        ) from None


def _put_aside(file: Path, found: str) -> None:
    """A copy of the store file from before. The caller's process is the only one: it is starting."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = file.with_name(f"{file.stem}-before-{stamp}-version-{found}{file.suffix}")
    try:
        shutil.copy2(file, copy)
        copy.chmod(0o600)
    except OSError as error:
        raise EnvironmentProblem(
            f"No copy of the records could be made before the change of version ({error.strerror})."
        ) from None
