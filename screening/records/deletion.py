"""What is deleted for good: old responses, and those that somebody asks to have deleted. Each leaves a tombstone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from screening.records.database import iso
from screening.records.drafts import Drafts
from screening.records.erased import tombstone
from screening.records.schema import amendments, entries, responses, screenings, staff_drafts, works
from screening.records.store import FETCH, Store


def purge(store: Store, before: str, really: bool, now: datetime) -> int:
    """Delete every response of a day before `before` (ISO date) and every draft past its days; how many responses.
    Each leaves a line in the audit trail. Without `really` they are only counted. Raises NotSaved."""
    columns = responses.c
    old = select(columns.id, columns.reference).where(columns.authored < before).order_by(columns.id)
    if not really:
        with store.database.reading() as connection:
            return len(connection.execute(old).all())
    gone = 0
    while True:  # in portions, so that nobody who is sending a form waits long
        with store.database.writing(audited=True) as connection:
            rows = connection.execute(old.limit(FETCH)).all()
            for row in rows:
                _delete(store, connection, row.id, row.reference)
                store.trail.add(connection, iso(now), store.actor, "purge", row.reference)
            Drafts.remove_old(connection, now)
        gone += len(rows)
        if len(rows) < FETCH:
            return gone


def erase(store: Store, reference: str, now: datetime) -> bool:
    """Delete one response for good; whether there was one. Raises NotSaved."""
    with store.database.writing(audited=True) as connection:
        found = connection.execute(select(responses.c.id).where(responses.c.reference == reference)).scalar()
        if found is not None:
            _delete(store, connection, found, reference)
        outcome = "done" if found is not None else "not found"
        store.trail.add(connection, iso(now), store.actor, "erase", reference, outcome)
    return found is not None


def _delete(store: Store, connection: Connection, response: int, reference: str) -> None:
    tombstone(store.database.directory, reference)  # first: a copy restored later must not bring it back
    for table in (screenings, amendments, works, entries, staff_drafts):
        connection.execute(delete(table).where(table.c.response == response))
    connection.execute(delete(responses).where(responses.c.id == response))
