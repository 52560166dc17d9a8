"""What staff have begun to write about a response and not saved: it outlasts a reload and a sign-out."""

from __future__ import annotations

import json
from typing import Any, Literal

from sqlalchemy import delete, select

from screening.records.database import put
from screening.records.reader import Reader
from screening.records.record import Record
from screening.records.schema import staff_drafts
from screening.records.seal import canonical
from screening.records.store import Store

Begun = Literal["note", "call"]
"""What staff begin to write: a note, or the answers of a call."""


class StaffDrafts:
    """What is begun, by account, response and kind."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def begun(self, reader: Reader, account: str, record: Record, kind: Begun) -> Any:
        """What somebody has begun to write about a response; None where nothing is. Raises NotOpened or NotSaved."""
        with self.store.database.reading() as connection:
            box = connection.execute(select(staff_drafts.c.box).where(_of(account, record, kind))).scalar()
        if box is None:
            return None
        with self.store.opening(reader) as open_box:
            return json.loads(open_box(record.reference, box, _place(account, record, kind)))

    def keep(self, account: str, record: Record, kind: Begun, said: Any) -> None:
        """Keep what somebody has begun to write; None drops it. Raises NotSaved."""
        box = None if said is None else self.store.sealer.seal(canonical(said), _place(account, record, kind))
        with self.store.database.writing() as connection:
            if box is None:
                connection.execute(delete(staff_drafts).where(_of(account, record, kind)))
            else:
                put(connection, staff_drafts, {"account": account, "response": record.id, "kind": kind, "box": box})


def _of(account: str, record: Record, kind: Begun) -> Any:
    draft = staff_drafts.c
    return (draft.account == account) & (draft.response == record.id) & (draft.kind == kind)


def _place(account: str, record: Record, kind: Begun) -> str:
    return f"staff_draft|box|{account}|{record.form}|{kind}"
