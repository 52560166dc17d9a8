"""What must last: responses, their screenings, and the content they were answered under, sealed and in one transaction
each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from heapq import merge
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from screening.model.addresses import DONE
from screening.model.item import HelpKind
from screening.records.audit import AuditLine, Trail
from screening.records.authority import Marks, digest
from screening.records.database import AlreadyThere, Database, NotSaved, iso
from screening.records.drafts import Draft, Drafts, Sent
from screening.records.heads import Heads
from screening.records.keys import KeyRing
from screening.records.migrate import upgrade
from screening.records.reader import FEW, OPERATOR, Noted, Reader, of_many
from screening.records.reconcile import CONTENT, WHOLE, Reconciled, altered, content_holds, of_response
from screening.records.record import OpenBox, Record, Submission
from screening.records.refusals import Refusals
from screening.records.schema import contents, data_keys, responses, screenings
from screening.records.seal import NotOpened, Opener, Sealer
from screening.settings import EnvironmentProblem, Settings

FETCH = 500


class Store:
    """The records of one clinic. Seals with the public key; opens only where private keys are handed over."""

    def __init__(
        self, database: Database, keys: KeyRing, opens: bool = False, actor: str = OPERATOR, witness: Path | None = None
    ) -> None:
        """Bring the tables up to date, and see that the keys are those of the records. actor: who acts where nobody
        signs in; witness: a second directory for the last lines of the trail. Raises EnvironmentProblem or NotSaved."""
        self.database, self.keys, self.actor = database, keys, actor
        upgrade(database, keys)
        self.patients = Trail.of_patients(keys)
        self._heads = Heads([database.directory, *([witness] if witness else [])], database, self.patients)
        self._noted = Noted()
        self._see_keys()
        self.sealer = Sealer(keys.current, self._keep_data_key)
        self._opener = Opener(keys.private() if opens else {}, self._data_key)
        self.refusals = Refusals(keys.common("refusals"))
        self.drafts = Drafts(database, self.refusals)

    @classmethod
    def open(cls, settings: Settings, opens: bool = False, actor: str = OPERATOR) -> Store:
        """The store of a process. `opens`: with the private keys. Raises EnvironmentProblem or NotSaved."""
        database, keys = Database(settings.data, settings.database), KeyRing.open(settings.keys)
        return cls(database, keys, opens, actor, settings.witness)

    # ------------------------------------------------------------ keep

    def keep_content(self, content: str, archive: bytes, now: datetime) -> None:
        """Keep the content that responses will be answered under, once per hash. Raises NotSaved."""
        try:
            with self.database.reading() as connection:
                if connection.execute(select(contents.c.hash).where(contents.c.hash == content)).first():
                    return
            with self.database.writing(audited=True) as connection:
                connection.execute(insert(contents).values(hash=content, archive=archive, first_used=iso(now)))
                self.patients.add(connection, iso(now), self.actor, CONTENT, content, holds=digest(content, archive))
        except AlreadyThere:
            return  # another process kept it just now

    def submit(
        self,
        one: Submission,
        reference: str,
        now: datetime,
        draft: Draft | None = None,
        actor: str = "patient",
        help_shown: tuple[HelpKind, ...] = (),
    ) -> str:
        """Keep response, screening and audit line, and remove the draft's answers, all in one transaction; the
        reference.

        help_shown: the kinds of help that the person's last page shows, for a day.
        `form` names one filling-in of the form: sending it again changes nothing and gives the first reference.
        Raises NotSaved; its text holds "reference" when another response has that reference.
        """
        body, result, brief = one.boxes(self.sealer.seal)
        try:
            with self.database.writing(audited=True) as connection:
                kept = connection.execute(select(responses.c.reference).where(responses.c.form == one.form)).scalar()
                if kept is None:
                    fields = {
                        "form": one.form,
                        "reference": reference,
                        "received": iso(now),
                        "authored": one.authored,
                        "status": "completed",
                        "content": one.content,
                        "box": body,
                        "brief": brief,
                    }
                    row = connection.execute(insert(responses).values(fields)).inserted_primary_key
                    assert row is not None
                    connection.execute(insert(screenings).values(response=row[0], content=one.content, box=result))
                    whole = fields | {"screening": result, "amendments": 0, "amended": None, "screened": None}
                    self.patients.add(connection, iso(now), actor, "submit", reference, holds=of_response(whole))
                if draft is not None:
                    sent = Sent(kept or reference, iso(now), help_shown)
                    Drafts.finish(connection, draft, sent, now, "" if kept else DONE)
        except AlreadyThere:
            raise NotSaved("the reference is taken") from None
        self._note_heads(now)
        return str(kept or reference)

    def note(self, actor: str, action: str, record: str, outcome: str = "done") -> None:
        """An audit line of its own, for what changes no record. Raises NotSaved."""
        now = datetime.now(UTC)
        with self.database.writing(audited=True) as connection:
            self.trail.add(connection, iso(now), actor, action, record, outcome)
        self._note_heads(now)

    # ------------------------------------------------------------ read

    def records(
        self,
        reader: Reader,
        since: str | None = None,
        until: str | None = None,
        tier: str | None = None,
        unopened: Callable[[str], None] | None = None,
        ids: Collection[int] | None = None,
    ) -> Iterator[Record]:
        """Every response in the order received, a few hundred in memory at a time; only those of `ids`, where given.
        `since` and `until` are ISO dates, both inclusive, of the clinic's own calendar. Raises NotOpened, or calls
        `unopened` with the reference instead."""
        last, chosen = 0, None if ids is None else sorted(ids)
        while chosen is None or chosen:  # by key, not by cursor: no lock is held while a caller writes a file
            query = WHOLE.where(responses.c.id > last, *_days(since, until)).order_by(responses.c.id)
            portion, chosen = (chosen[:FETCH], chosen[FETCH:]) if chosen else ([], chosen)
            query = query.where(responses.c.id.in_(portion)) if chosen is not None else query.limit(FETCH)
            with self.database.engine.connect() as connection:
                rows = connection.execute(query).all()
                changed = self._altered(connection, rows)
            found = []
            with self.opening(reader) as open_box:
                for row in rows:
                    try:
                        found.append(self._opened(row, changed, open_box))
                    except NotOpened:
                        if unopened is None:
                            raise
                        unopened(row.reference)
            yield from (record for record in found if tier is None or record.tier == tier)
            if chosen is None:
                if len(rows) < FETCH:
                    return
                last = rows[-1].id

    def record(self, reader: Reader, reference: str) -> Record | None:
        """One response by its reference; None if there is none. Raises NotOpened or NotSaved."""
        with self.database.reading() as connection:
            row = connection.execute(WHOLE.where(responses.c.reference == reference)).first()
            changed = self._altered(connection, [row] if row else [])
        if row is None:
            return None
        with self.opening(reader) as open_box:
            return self._opened(row, changed, open_box)

    def count(self) -> int:
        """How many responses are kept."""
        with self.database.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(responses)).scalar_one())

    def archive(self, content: str) -> bytes:
        """The archive of a content version. Raises KeyError where it is not there, or not as its line says."""
        with self.database.engine.connect() as connection:
            found = connection.execute(select(contents.c.archive).where(contents.c.hash == content)).scalar()
            if found is None or not content_holds(connection, content, bytes(found)):
                raise KeyError(content)
        return bytes(found)

    def _altered(self, connection: Connection, rows: Sequence[Any]) -> set[str]:
        trail = self.trail if self.keys.of_staff else None
        return altered(connection, [row._mapping for row in rows], self.patients, trail)

    def _opened(self, row: Any, changed: Collection[str], open_box: OpenBox) -> Record:
        if row.reference in changed:
            raise NotOpened(f"Response {row.reference} is not as its line of the audit trail says.")
        return Record.of(row, open_box)

    @contextmanager
    def opening(self, reader: Reader) -> Iterator[OpenBox]:
        """Open boxes for somebody: the only way to. At the end a line says whose were opened. Raises NotSaved where it
        cannot be left: nothing may be shown then."""
        opened: dict[str, None] = {}

        def open_box(reference: str, box: bytes, place: str) -> bytes:
            opened[reference] = None
            return self._opener.open(box, place)

        try:
            yield open_box
        finally:
            self.read_by(reader, opened)

    def read_by(self, reader: Reader, references: Collection[str]) -> None:
        """Leave the lines of somebody who is shown these responses. Raises NotSaved."""
        now = datetime.now(UTC)
        fresh = self._noted.fresh(reader, references, now.date().isoformat())
        if not fresh:
            return
        together = len(fresh) > FEW
        lines = [(of_many(fresh), f"{len(fresh)} responses")] if together else [(one, "done") for one in fresh]
        with self.database.writing(audited=True) as connection:
            for record, outcome in lines:
                self.trail.add(connection, iso(now), reader.actor, reader.action, record, outcome)
        self._noted.add(reader, fresh)
        self._note_heads(now)

    # ------------------------------------------------------------ keys and audit

    @cached_property
    def trail(self) -> Trail:
        """The staff's chain of the audit trail. Raises EnvironmentProblem in a process without the staff's key."""
        return Trail.of_staff(self.keys)

    @cached_property
    def marks(self) -> Marks:
        """The MACs of rows. Raises EnvironmentProblem in a process without the staff's key."""
        return Marks(self.keys)

    def lines(self, connection: Connection) -> Iterator[tuple[str, AuditLine]]:
        """(chain, line) of both chains, in the order of their times."""
        chains = ([(trail.side, line) for line in trail.lines(connection)] for trail in (self.patients, self.trail))
        return merge(*chains, key=lambda one: one[1].at)

    def complaints(self) -> list[str]:
        """What is wrong with the audit trail, or does not fit it; empty when all is whole."""
        with self.database.reading() as connection:
            noted = self._heads.noted(self.trail, connection)
            found = [*self.trail.complaints(connection, noted), *self.patients.complaints(connection, noted)]
            return [*found, *Reconciled(connection, self.patients, self.trail, self.marks).complaints()]

    def _note_heads(self, now: datetime) -> None:
        self._heads.note(self.trail if self.keys.of_staff else None, now)

    def _keep_data_key(self, identity: str, fingerprint: str, wrapped: bytes) -> None:
        with self.database.writing() as connection:
            connection.execute(
                insert(data_keys).values(id=identity, key=fingerprint, wrapped=wrapped, made=iso(datetime.now(UTC)))
            )

    def _data_key(self, identity: str) -> tuple[str, bytes] | None:
        with self.database.engine.connect() as connection:
            row = connection.execute(
                select(data_keys.c.key, data_keys.c.wrapped).where(data_keys.c.id == identity)
            ).first()
        return (row.key, bytes(row.wrapped)) if row else None

    def _see_keys(self) -> None:
        """Refuse to go on with keys of another clinic: what is sealed with them could be lost."""
        with self.database.reading() as connection:
            used = set(connection.execute(select(data_keys.c.key).distinct()).scalars())
        here = {path.stem for path in self.keys.directory.glob("*.public")}
        if used and not used & here:
            raise EnvironmentProblem(
                f"The records are sealed for key {', '.join(sorted(used))}, but {self.keys.directory} holds "
                f"{', '.join(sorted(here))}. "
                "Put the right keys back, or set SCREENING_KEYS; without them nobody can read the records."
            )


def _days(since: str | None, until: str | None) -> list[Any]:
    found: list[Any] = []
    if since:
        found.append(responses.c.authored >= since)
    if until:
        found.append(responses.c.authored <= until)
    return found
