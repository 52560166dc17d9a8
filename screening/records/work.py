"""What staff do to responses: how far the work is, who has it, what was said, and answers that were asked for later.

Each change is one transaction with its audit line. What was said is sealed; how far the work is stands in clear.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from screening.model.item import Given, as_accepted
from screening.records.database import AlreadyThere, iso, put
from screening.records.reconcile import EXPORT, KEPT, held_entries, of_entry, of_export, of_response, whole
from screening.records.schema import (
    amendments,
    audits,
    entries,
    exports,
    patient_audits,
    responses,
    staff_drafts,
    steps,
    works,
)
from screening.records.seal import NotOpened, canonical
from screening.records.store import Record, Store

_MANY = 500
_SIDE = 2**40
_READS = ("open", "sheet", "export", "private")

Begun = Literal["note", "call"]
"""What staff begin to write: a note, or the answers of a call."""


@dataclass(frozen=True)
class State:
    """How far the work on a response is. assigned: an account's name; version: counts changes.

    contacted: when the person was reached or no call was needed; None while somebody has still to be reached. outcome
    and tried: what came of the last call, and when. urgent_since: when answers that staff asked for made the person
    newly urgent. Times are ISO 8601 in UTC.
    """

    status: str
    assigned: str | None = None
    contacted: str | None = None
    version: int = 0
    outcome: str | None = None
    tried: str | None = None
    urgent_since: str | None = None


@dataclass(frozen=True)
class Entry:
    """One thing that staff did. said: by kind {"status"}, {"assigned"}, {"text"}, {"rule", "verdict", "reason"},
    {"changed"}; of a call {"outcome", "reason", "before"}, where `before` is what undoing it brings back."""

    at: str
    actor: str
    kind: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class CallOutcome:
    """What came of a call: said, as its entry keeps it; what it changes in the work's state, and that as it was
    seen."""

    said: Mapping[str, Any]
    changes: Mapping[str, Any]
    seen: State


@dataclass(frozen=True)
class ListedResponse:
    """A response as the worklist knows it; `brief` is None where it has none or it does not open."""

    id: int
    reference: str
    received: str
    authored: str
    content: str
    brief: Mapping[str, Any] | None
    state: State


class Changed(Exception):
    """Somebody else changed it meanwhile; nothing was written. `state`: as it is now."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state


class Work:
    """The staff's side of the records. `first`: the status of a response that nobody has touched."""

    def __init__(self, store: Store, first: str) -> None:
        self.store, self.first = store, first

    # ------------------------------------------------------------ read

    def state(self, record: int) -> State:
        """How far the work on a response is. Raises NotSaved."""
        with self.store.database.reading() as connection:
            return self._state(connection, record)

    def entries(self, record: Record) -> list[Entry]:
        """Everything that was done to a response, oldest first. Raises NotOpened or NotSaved."""
        query = select(entries).where(entries.c.response == record.id).order_by(entries.c.id)
        with self.store.database.reading() as connection:
            rows = connection.execute(query).all()
            held = held_entries(connection, record.reference)
        if [of_entry(record.reference, row._mapping) for row in rows] != held:
            raise NotOpened(f"What was done to response {record.reference} is not as its lines say.")
        return [self._entry(row) for row in rows]

    def all_entries(self, *kinds: str) -> Iterator[tuple[str, Entry]]:
        """(reference, entry) of every response, oldest first, of some kinds or of all. Raises NotOpened or NotSaved."""
        last = 0
        query = (
            select(entries, responses.c.reference)
            .join(responses, responses.c.id == entries.c.response)
            .order_by(entries.c.id)
        )
        if kinds:
            query = query.where(entries.c.kind.in_(kinds))
        while True:
            with self.store.database.reading() as connection:
                rows = connection.execute(query.where(entries.c.id > last).limit(_MANY)).all()
            for row in rows:
                yield row.reference, self._entry(row)
            if len(rows) < _MANY:
                return
            last = rows[-1].id

    def lines(self, references: set[str] | None = None) -> list[ListedResponse]:
        """The worklist's lines, of some responses or of all, in the order received. Raises NotSaved."""
        columns = (
            responses.c.id,
            responses.c.form,
            responses.c.reference,
            responses.c.received,
            responses.c.authored,
            responses.c.content,
            responses.c.brief,
            responses.c.amendments,
            works.c.status,
            works.c.assigned,
            works.c.contacted,
            works.c.version,
            works.c.outcome,
            works.c.tried,
            works.c.urgent_since,
            works.c.response,
            works.c.seq,
            works.c.mac,
        )
        query = select(*columns).outerjoin(works, works.c.response == responses.c.id).order_by(responses.c.id)
        if references is not None:
            query = query.where(responses.c.reference.in_(references))
        with self.store.database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            ListedResponse(
                row.id, row.reference, row.received, row.authored, row.content, self._brief(row), self._state_of(row)
            )
            for row in rows
        ]

    def touched(self, since: int, reads: bool = True) -> tuple[int, set[str]]:
        """(where the audit trail ends, the records that its lines after `since` name). reads: those that were only
        read or taken too. Raises NotSaved.

        Where it ends is one number for both chains, to be given back and compared only.
        """
        ends, touched = divmod(since, _SIDE), set()
        with self.store.database.reading() as connection:
            for number, table in enumerate((patient_audits, audits)):
                columns = table.c.seq, table.c.record, table.c.action
                later = select(*columns).where(table.c.seq > ends[number]).order_by(table.c.seq)
                if rows := connection.execute(later).all():
                    ends = (rows[-1].seq, ends[1]) if number == 0 else (ends[0], rows[-1].seq)
                    touched |= {row.record for row in rows if reads or row.action not in _READS}
        return ends[0] * _SIDE + ends[1], touched

    def reached(self) -> dict[tuple[str, str], int]:
        """(day, page) -> how many forms came to that page for the first time. Raises NotSaved."""
        with self.store.database.reading() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(select(steps)).all()}

    def original(self, record: Record) -> Mapping[str, Given]:
        """The answers as the person sent them, before any amendment. Raises NotOpened or NotSaved."""
        with self.store.database.reading() as connection:
            row = connection.execute(select(responses.c.form, responses.c.box).where(responses.c.id == record.id)).one()
        kept = json.loads(self.store.opener.open(row.box, f"response|box|{row.form}"))["answers"]
        return {link_id: as_accepted(given) for link_id, given in kept.items()}

    # ------------------------------------------------------------ change

    def add(
        self,
        record: Record,
        kind: str,
        said: Mapping[str, Any],
        actor: str,
        now: datetime,
        seen: State | None = None,
        **changes: Any,
    ) -> State:
        """Keep one thing that was done; with `changes`, these change in the work's state too, if they still are as
        `seen`: what others changed beside them stays.

        Raises Changed or NotSaved.
        """
        token, box = self._sealed(said)
        with self.store.database.writing(audited=True) as connection:
            state = self._state(connection, record.id)
            if changes:
                state = self._changed(state, seen, changes)
            self._put(connection, record, state, self._log(connection, record, kind, actor, now, token, box))
        return state

    def amend(
        self,
        record: Record,
        answers: Mapping[str, Any],
        found: Mapping[str, Any],
        brief: Mapping[str, Any],
        changed: list[str],
        actor: str,
        now: datetime,
        newly_urgent: bool = False,
        done: Collection[str] = (),
        call: CallOutcome | None = None,
    ) -> None:
        """Keep answers that staff asked for, beside those that the person sent. `found`: tier and result of their
        screening. newly_urgent: somebody has to be reached, whatever was done before; a status of `done` ends. call:
        what came of the call in which they were asked, kept together with them or not at all.

        Raises Changed when somebody else amended or called meanwhile, or NotSaved.
        """
        number = record.amendments + 1
        place = f"{record.form}|{number}"
        seal = self.store.sealer.seal
        box = seal(canonical({"answers": answers, "changed": changed}), f"amendment|box|{place}")
        screening = seal(canonical(found), f"amendment|screening|{place}")
        short = seal(canonical(brief), f"response|brief|{place}")
        token, entry = self._sealed({"changed": changed, "number": number})
        called = self._sealed(call.said) if call else None
        try:
            with self.store.database.writing(audited=True) as connection:
                known = (responses.c.id == record.id) & (responses.c.amendments == record.amendments)
                amended = {"amendments": number, "status": "amended", "brief": short}
                if not connection.execute(update(responses).where(known).values(amended)).rowcount:
                    raise Changed(self._state(connection, record.id))
                state = self._state(connection, record.id)
                if call and called:
                    state = self._changed(state, call.seen, call.changes)
                    self._log(connection, record, "call", actor, now, *called)
                if newly_urgent:
                    state = self._reopened(state, iso(now), done)
                row = {"at": iso(now), "actor": actor, "box": box, "screening": screening}
                connection.execute(insert(amendments).values(response=record.id, number=number, **row))
                self._log(connection, record, "amended", actor, now, token, entry)
                held = of_response(whole(connection, record.id))
                seq = self.store.trail.add(connection, iso(now), actor, KEPT, record.reference, holds=held)
                self._put(connection, record, state, seq)
        except AlreadyThere:
            raise Changed(self.state(record.id)) from None

    def taken(self, kind: str, wanted: str, ids: list[int], actor: str, now: datetime) -> str:
        """Keep which records left, in what form and by which filter, with an audit line; the export's id. Raises
        NotSaved."""
        name = secrets.token_hex(8)
        row = {"id": name, "at": iso(now), "actor": actor, "kind": kind, "filter": wanted[:300], "count": len(ids)}
        row["records"] = zlib.compress(json.dumps(ids).encode())
        with self.store.database.writing(audited=True) as connection:
            connection.execute(insert(exports).values(row))
            outcome = f"{len(ids)} {kind}"
            self.store.trail.add(connection, iso(now), actor, EXPORT, name, outcome, holds=of_export(row))
        return name

    def _changed(self, state: State, seen: State | None, changes: Mapping[str, Any]) -> State:
        """The state with the changes, where what they change still is as it was seen. Raises Changed."""
        if seen is None or any(getattr(seen, name) != getattr(state, name) for name in changes):
            raise Changed(state)
        return State(**{**vars(state), **changes, "version": state.version + 1})

    def _reopened(self, state: State, now: str, done: Collection[str]) -> State:
        again = {"contacted": None, "outcome": None, "tried": None, "urgent_since": now, "version": state.version + 1}
        status = self.first if state.status in done else state.status
        return State(**{**vars(state), **again, "status": status})

    # ------------------------------------------------------------ what is begun and not saved

    def begun(self, account: str, record: Record, kind: Begun) -> Any:
        """What somebody has begun to write about a response; None where nothing is. Raises NotOpened or NotSaved."""
        with self.store.database.reading() as connection:
            box = connection.execute(select(staff_drafts.c.box).where(_of(account, record, kind))).scalar()
        return None if box is None else json.loads(self.store.opener.open(box, _place(account, record, kind)))

    def keep_begun(self, account: str, record: Record, kind: Begun, said: Any) -> None:
        """Keep what somebody has begun to write; None drops it. Raises NotSaved."""
        box = None if said is None else self.store.sealer.seal(canonical(said), _place(account, record, kind))
        with self.store.database.writing() as connection:
            if box is None:
                connection.execute(delete(staff_drafts).where(_of(account, record, kind)))
            else:
                put(connection, staff_drafts, {"account": account, "response": record.id, "kind": kind, "box": box})

    # ------------------------------------------------------------ rows

    def _state(self, connection: Connection, record: int) -> State:
        query = select(works, responses.c.reference).join(responses, responses.c.id == works.c.response)
        row = connection.execute(query.where(works.c.response == record)).first()
        if row is None:
            return State(self.first)
        newest = self.store.trail.newest(connection, [row.reference])
        if not self._fits(row) or row.seq != newest[row.reference].seq:
            raise NotOpened(f"How far the work on response {row.reference} is was changed outside the program.")
        return self._state_of(row)

    def _fits(self, row: Any) -> bool:
        return row.status is None or self.store.marks.fits(works, row._mapping, row.reference)

    def _put(self, connection: Connection, record: Record, state: State, seq: int) -> None:
        row = {"response": record.id, **vars(state), "seq": seq}
        put(connection, works, row | {"mac": self.store.marks.of(works, row, record.reference)})

    def _state_of(self, row: Any) -> State:
        if row.status is None:
            return State(self.first)
        return State(**{field.name: getattr(row, field.name) for field in fields(State)})

    def _log(
        self, connection: Connection, record: Record, kind: str, actor: str, now: datetime, token: str, box: bytes
    ) -> int:
        row = {"token": token, "response": record.id, "at": iso(now), "actor": actor, "kind": kind, "box": box}
        connection.execute(insert(entries).values(row))
        held = of_entry(record.reference, row)
        return self.store.trail.add(connection, iso(now), actor, kind, record.reference, holds=held)

    def _sealed(self, said: Mapping[str, Any]) -> tuple[str, bytes]:
        token = secrets.token_hex(16)
        return token, self.store.sealer.seal(canonical(said), f"entry|box|{token}")

    def _entry(self, row: Any) -> Entry:
        return Entry(row.at, row.actor, row.kind, json.loads(self.store.opener.open(row.box, f"entry|box|{row.token}")))

    def _brief(self, row: Any) -> Mapping[str, Any] | None:
        if row.brief is None or not self._fits(row):
            return None
        try:
            found: Mapping[str, Any] = json.loads(
                self.store.opener.open(row.brief, f"response|brief|{row.form}|{row.amendments}")
            )
        except NotOpened:
            return None
        return found


def _of(account: str, record: Record, kind: Begun) -> Any:
    draft = staff_drafts.c
    return (draft.account == account) & (draft.response == record.id) & (draft.kind == kind)


def _place(account: str, record: Record, kind: Begun) -> str:
    return f"staff_draft|box|{account}|{record.form}|{kind}"


def takings(connection: Connection, reference: str) -> list[tuple[str, str, str]]:
    """(when, who, in what form) of every export that a response left with."""
    record = connection.execute(select(responses.c.id).where(responses.c.reference == reference)).scalar()
    rows = connection.execute(select(exports).order_by(exports.c.at)).all()
    return [(row.at, row.actor, row.kind) for row in rows if record in json.loads(zlib.decompress(row.records))]
