"""Which responses left with which export, so that it can be told of each who took it."""

from __future__ import annotations

import json
import secrets
import zlib
from datetime import datetime

from sqlalchemy import Connection, insert, select

from screening.records.database import iso
from screening.records.reconcile import EXPORT, of_export
from screening.records.schema import exports, responses
from screening.records.store import Store


def note_export(store: Store, kind: str, wanted: str, ids: list[int], actor: str, now: datetime) -> str:
    """Keep which records left, in what form and by which filter, with an audit line; the export's id. Raises
    NotSaved."""
    name = secrets.token_hex(8)
    row = {"id": name, "at": iso(now), "actor": actor, "kind": kind, "filter": wanted[:300], "count": len(ids)}
    row["records"] = zlib.compress(json.dumps(ids).encode())
    with store.database.writing(audited=True) as connection:
        connection.execute(insert(exports).values(row))
        outcome = f"{len(ids)} {kind}"
        store.trail.add(connection, iso(now), actor, EXPORT, name, outcome, holds=of_export(row))
    return name


def exports_of(connection: Connection, reference: str) -> list[tuple[str, str, str]]:
    """(when, who, in what form) of every export that a response left with."""
    record = connection.execute(select(responses.c.id).where(responses.c.reference == reference)).scalar()
    rows = connection.execute(select(exports).order_by(exports.c.at)).all()
    return [(row.at, row.actor, row.kind) for row in rows if record in json.loads(zlib.decompress(row.records))]
