"""What staff do to responses: how far the work is, who has it, what was said, and answers that were asked for later.

Each change is one transaction with its audit line. What was said is sealed; how far the work is stands in clear.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from screening.model.item import Given, as_accepted
from screening.records.database import AlreadyThere, iso
from screening.records.reader import PROGRAM, READS, Reader
from screening.records.reconcile import KEPT, held_entries, of_entry, of_response, whole
from screening.records.record import OpenBox, Record
from screening.records.schema import amendments, audits, entries, patient_audits, responses, steps, works
from screening.records.seal import NotOpened, canonical
from screening.records.store import Store
from screening.records.work_state import Changed, State, States

_MANY = 500
_SIDE = 2**40


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


class Work:
    """The staff's side of the records. `first`: the status of a response that nobody has touched."""

    def __init__(self, store: Store, first: str) -> None:
        self.store, self.states = store, States(store.trail, store.marks, first)

    # ------------------------------------------------------------ read

    def state(self, record: int) -> State:
        """How far the work on a response is. Raises NotSaved."""
        with self.store.database.reading() as connection:
            return self.states.of(connection, record)

    def entries(self, reader: Reader, record: Record) -> list[Entry]:
        """Everything that was done to a response, oldest first. Raises NotOpened or NotSaved."""
        query = select(entries).where(entries.c.response == record.id).order_by(entries.c.id)
        with self.store.database.reading() as connection:
            rows = connection.execute(query).all()
            held = held_entries(connection, record.reference)
        if [of_entry(record.reference, row._mapping) for row in rows] != held:
            raise NotOpened(f"What was done to response {record.reference} is not as its lines say.")
        with self.store.opening(reader) as open_box:
            return [self._entry(row, record.reference, open_box) for row in rows]

    def all_entries(
        self, reader: Reader, *kinds: str, only: Collection[int] | None = None
    ) -> Iterator[tuple[str, Entry]]:
        """(reference, entry) of every response, or of those with the ids of `only`, oldest first, of some kinds or of
        all. Raises NotOpened or NotSaved."""
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
            with self.store.opening(reader) as open_box:
                wanted = [row for row in rows if only is None or row.response in only]
                found = [(row.reference, self._entry(row, row.reference, open_box)) for row in wanted]
            yield from found
            if len(rows) < _MANY:
                return
            last = rows[-1].id

    def lines(self, references: set[str] | None = None) -> list[ListedResponse]:
        """The worklist's lines, of some responses or of all, in the order received: for the program, which keeps them
        until it shows them to somebody. Raises NotSaved."""
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
        with self.store.opening(PROGRAM) as open_box:
            return [self._listed(row, open_box) for row in rows]

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
                    touched |= {row.record for row in rows if reads or row.action not in READS}
        return ends[0] * _SIDE + ends[1], touched

    def reached(self) -> dict[tuple[str, str], int]:
        """(day, page) -> how many forms came to that page for the first time. Raises NotSaved."""
        with self.store.database.reading() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(select(steps)).all()}

    def original(self, reader: Reader, record: Record) -> Mapping[str, Given]:
        """The answers as the person sent them, before any amendment. Raises NotOpened or NotSaved."""
        with self.store.database.reading() as connection:
            row = connection.execute(select(responses.c.form, responses.c.box).where(responses.c.id == record.id)).one()
        with self.store.opening(reader) as open_box:
            kept = json.loads(open_box(record.reference, row.box, f"response|box|{row.form}"))["answers"]
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
            state = self.states.of(connection, record.id)
            if changes:
                state = self._changed(state, seen, changes)
            self.states.put(connection, record, state, self._log(connection, record, kind, actor, now, token, box))
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
                    raise Changed(self.states.of(connection, record.id))
                state = self.states.of(connection, record.id)
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
                self.states.put(connection, record, state, seq)
        except AlreadyThere:
            raise Changed(self.state(record.id)) from None

    def _changed(self, state: State, seen: State | None, changes: Mapping[str, Any]) -> State:
        """The state with the changes, where what they change still is as it was seen. Raises Changed."""
        if seen is None or any(getattr(seen, name) != getattr(state, name) for name in changes):
            raise Changed(state)
        return State(**{**vars(state), **changes, "version": state.version + 1})

    def _reopened(self, state: State, now: str, done: Collection[str]) -> State:
        again = {"contacted": None, "outcome": None, "tried": None, "urgent_since": now, "version": state.version + 1}
        status = self.states.first if state.status in done else state.status
        return State(**{**vars(state), **again, "status": status})

    # ------------------------------------------------------------ rows

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

    @staticmethod
    def _entry(row: Any, reference: str, open_box: OpenBox) -> Entry:
        said = json.loads(open_box(reference, row.box, f"entry|box|{row.token}"))
        return Entry(row.at, row.actor, row.kind, said)

    def _listed(self, row: Any, open_box: OpenBox) -> ListedResponse:
        brief = None
        if row.brief is not None and self.states.fits(row):
            with suppress(NotOpened):
                brief = json.loads(open_box(row.reference, row.brief, f"response|brief|{row.form}|{row.amendments}"))
        state = self.states.of_row(row)
        return ListedResponse(row.id, row.reference, row.received, row.authored, row.content, brief, state)
