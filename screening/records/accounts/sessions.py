"""Sessions of staff: a row for each, so that a sign-in can be ended from here, whatever cookie somebody still holds.

The browser's cookie holds 256 random bits; the row holds their SHA-256, so that a copy of the store signs nobody in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from screening.records.database import Database, iso
from screening.records.schema import accounts, staff_sessions

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
_TOUCH = timedelta(minutes=1)


def session_id(token: str) -> str:
    """The id of the session that a cookie's token opens."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def begin(connection: Connection, account: str, former: str, now: datetime) -> str:
    """A new session for an account, in the caller's transaction; its token. `former`: the id of this browser's session
    so far,
    which ends. Rows that are over are removed."""
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
    }
    connection.execute(insert(staff_sessions).values(row))
    return token


def end_all(connection: Connection, account: str) -> None:
    """End every session of an account, in the caller's transaction."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.account == account))


def current(database: Database, identity: str, now: datetime, here: bool = True) -> Any | None:
    """The row of a session that is good now, with its account's columns; None if there is none. Where somebody is here
    the 15 minutes begin anew, noted at most once a minute. Raises NotSaved."""
    query = (
        select(accounts, staff_sessions.c.begun, staff_sessions.c.until, staff_sessions.c.touched)
        .join(staff_sessions, staff_sessions.c.account == accounts.c.id)
        .where(staff_sessions.c.id == identity, accounts.c.state == "active")
        .where(staff_sessions.c.until > iso(now), staff_sessions.c.touched > iso(now - IDLE))
    )
    with database.reading() as connection:
        row = connection.execute(query).first()
    if here and row is not None and row.touched <= iso(now - _TOUCH):
        with database.writing() as connection:
            connection.execute(update(staff_sessions).where(staff_sessions.c.id == identity).values(touched=iso(now)))
    return row
