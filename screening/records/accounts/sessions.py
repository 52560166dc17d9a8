"""Sessions of staff: a row for each, so that a sign-in can be ended from here, whatever cookie somebody still holds.

The browser's cookie holds 256 random bits; the row holds their SHA-256, so that a copy of the store signs nobody in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from screening.records.authority import Marks
from screening.records.database import Database, iso
from screening.records.reconcile import SIGN_OUT, account_line
from screening.records.schema import accounts, audits, staff_sessions

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
_TOUCH = timedelta(minutes=1)


def session_id(token: str) -> str:
    """The id of the session that a cookie's token opens."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def begin(connection: Connection, marks: Marks, account: str, former: str, now: datetime, seq: int) -> str:
    """A new session for an account, in the caller's transaction; its token. former: the id of this browser's session
    so far, which ends. seq: the line of the sign-in. Rows that are over are removed."""
    over = (
        (staff_sessions.c.until <= iso(now))
        | (staff_sessions.c.touched <= iso(now - IDLE))
        | (staff_sessions.c.id == former)
    )
    connection.execute(delete(staff_sessions).where(over))
    token = secrets.token_urlsafe(32)
    row = {
        "id": session_id(token),
        "account": account,
        "begun": iso(now),
        "touched": iso(now),
        "until": iso(now + LONGEST),
        "seq": seq,
    }
    connection.execute(insert(staff_sessions).values(row | {"mac": marks.of(staff_sessions, row)}))
    return token


def end_all(connection: Connection, account: str) -> None:
    """End every session of an account, in the caller's transaction."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.account == account))


def holds(connection: Connection, marks: Marks, account: Any | None) -> bool:
    """Whether an account's row is as we wrote it last: neither changed outside the program, nor an older one. Takes the
    same work where there is no account."""
    newest = account_line(connection, account.name if account is not None else "")
    return account is not None and marks.fits(accounts, account._mapping) and account.seq == newest


def current(
    database: Database, marks: Marks, identity: str, now: datetime, here: bool = True
) -> tuple[Any, Any] | None:
    """The rows of a session that is good now, and of its account; None if there is none. Where somebody is here the 15
    minutes begin anew, noted at most once a minute. Raises NotSaved."""
    query = select(staff_sessions).where(staff_sessions.c.id == identity)
    query = query.where(staff_sessions.c.until > iso(now), staff_sessions.c.touched > iso(now - IDLE))
    with database.reading() as connection:
        row = connection.execute(query).first()
        if row is None or not marks.fits(staff_sessions, row._mapping):
            return None
        active = (accounts.c.id == row.account) & (accounts.c.state == "active")
        account = connection.execute(select(accounts).where(active)).first()
        if account is None or not holds(connection, marks, account):
            return None
        if row.seq < account.seq or _signed_out(connection, account.name, identity):  # a row that was put back
            return None
    if here and row.touched <= iso(now - _TOUCH):
        with database.writing() as connection:
            marks.put_on(connection, staff_sessions, staff_sessions.c.id == identity, touched=iso(now))
    return row, account


def of_account(database: Database, marks: Marks, account: str, now: datetime) -> list[tuple[str, str]]:
    """(id, when it began) of every session of an account that is good now, the newest first. Raises NotSaved."""
    columns = staff_sessions.c
    query = select(staff_sessions).where(columns.account == account, columns.until > iso(now))
    query = query.where(columns.touched > iso(now - IDLE)).order_by(columns.begun.desc())
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [(row.id, row.begun) for row in rows if marks.fits(staff_sessions, row._mapping)]


def _signed_out(connection: Connection, name: str, identity: str) -> bool:
    ended = (audits.c.record == name) & (audits.c.action == SIGN_OUT) & (audits.c.digest == bytes.fromhex(identity))
    return connection.execute(select(audits.c.seq).where(ended)).first() is not None
