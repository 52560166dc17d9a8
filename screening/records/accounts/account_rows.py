"""The rows of accounts: read only as we wrote them last, and changed only with a line and a new MAC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from screening.records.accounts import sessions
from screening.records.accounts.account import NAME, Account, AccountProblem, account_of
from screening.records.audit import Trail
from screening.records.authority import Marks
from screening.records.database import Database, iso
from screening.records.keys import KeyRing
from screening.records.schema import accounts


class AccountRows:
    """The rows of one clinic. Every method may raise NotSaved."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self.database, self.trail, self.marks = database, Trail.of_staff(keys), Marks(keys)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that keeps a change and its line."""
        with self.database.writing(audited=True) as connection:
            yield connection

    def note(
        self,
        connection: Connection,
        now: datetime,
        actor: str,
        action: str,
        name: str,
        outcome: str = "done",
        holds: bytes | None = None,
    ) -> int:
        """A line about an account, in the caller's transaction; its number."""
        return self.trail.add(connection, iso(now), actor, action, name, outcome, holds)

    def put(self, connection: Connection, account: str, **values: Any) -> None:
        """Change a row and its MAC, in the caller's transaction."""
        self.marks.put_on(connection, accounts, accounts.c.id == account, **values)

    def row(self, condition: Any) -> Any | None:
        """The row of an account, if it is as we wrote it last."""
        with self.database.reading() as connection:
            row = connection.execute(select(accounts).where(condition)).first()
            return row if sessions.holds(connection, self.marks, row) else None

    def named(self, name: str) -> Account:
        """The account of this name. Raises AccountProblem."""
        name = name.strip().lower()
        row = self.row(accounts.c.name == name) if NAME.match(name) else None
        if row is None:
            raise AccountProblem("There is no account of this name.")
        return account_of(row)
