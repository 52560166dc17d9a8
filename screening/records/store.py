"""What must last: responses, their screenings, and the content they were answered under, sealed and in one transaction
each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from heapq import merge
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from screening.model.addresses import DONE
from screening.model.item import Given, as_accepted
from screening.records.audit import HEADS, NOTED, PATIENTS, AuditLine, Head, Trail, note_heads, noted_heads
from screening.records.authority import Marks, digest
from screening.records.database import AlreadyThere, Database, NotSaved, iso
from screening.records.drafts import Draft, Drafts
from screening.records.erased import tombstone
from screening.records.keys import KeyRing
from screening.records.migrate import upgrade
from screening.records.reconcile import CONTENT, WHOLE, Reconciled, altered, content_holds, of_response
from screening.records.schema import (
    amendments,
    contents,
    data_keys,
    entries,
    responses,
    screenings,
    staff_drafts,
    works,
)
from screening.records.seal import NotOpened, Opener, Sealer, canonical
from screening.settings import EnvironmentProblem, Settings

FETCH = 500
HEADS_SECONDS, NOTED_SECONDS = 900, 3_600
"""How often a process notes the last lines of the audit trail in the file, and in the staff's chain."""
OPERATOR = "operator"
"""Who acts where somebody uses the command line."""

__all__ = ["NotOpened", "NotSaved", "Record", "Store", "Submission", "as_written"]


@dataclass(frozen=True)
class Submission:
    """A response with its screening, ready to be kept. Dates and language as in Record."""

    form: str
    authored: str
    language: str
    consent: Mapping[str, Any]
    answers: Mapping[str, Any]
    content: str
    tier: str | None
    result: Mapping[str, Any]
    brief: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One stored response with its newest screening. Times are ISO 8601 in UTC; `authored` is the clinic's date.

    amendments: how often staff asked and added answers; `answers` and `result` (as engine.result keeps it) are then
    those after the last time.
    """

    id: int
    form: str
    reference: str
    received: str
    authored: str
    language: str
    status: str
    consent: Mapping[str, Any]
    answers: Mapping[str, Given]
    content: str
    tier: str | None
    result: Mapping[str, Any]
    amendments: int = 0

    @property
    def day(self) -> date:
        """The clinic's date on which the form was filled in."""
        return date.fromisoformat(self.authored)

    @property
    def started(self) -> str | None:
        """When the person agreed and began, in UTC; None where that is not known."""
        return self.consent.get("at")


class Store:
    """The records of one clinic. Seals with the public key; opens only where private keys are handed over."""

    def __init__(self, database: Database, keys: KeyRing, opens: bool = False) -> None:
        """Bring the tables up to date, and see that the keys are those of the records. Raises EnvironmentProblem or
        NotSaved."""
        self.database, self.keys = database, keys
        upgrade(database, keys)
        self.patients = Trail.of_patients(keys)
        self._noted: dict[str, float] = {}
        self._see_keys()
        self.sealer = Sealer(keys.current, self._keep_data_key)
        self.opener = Opener(keys.private() if opens else {}, self._data_key)
        self.drafts = Drafts(database)

    @classmethod
    def open(cls, settings: Settings, opens: bool = False) -> Store:
        """The store of a process. `opens`: with the private keys. Raises EnvironmentProblem or NotSaved."""
        return cls(Database(settings.data, settings.database), KeyRing.open(settings.keys), opens)

    # ------------------------------------------------------------ keep

    def keep_content(self, content: str, archive: bytes, now: datetime) -> None:
        """Keep the content that responses will be answered under, once per hash. Raises NotSaved."""
        try:
            with self.database.reading() as connection:
                if connection.execute(select(contents.c.hash).where(contents.c.hash == content)).first():
                    return
            with self.database.writing(audited=True) as connection:
                connection.execute(insert(contents).values(hash=content, archive=archive, first_used=iso(now)))
                self.patients.add(connection, iso(now), OPERATOR, CONTENT, content, holds=digest(content, archive))
        except AlreadyThere:
            return  # another process kept it just now

    def submit(
        self,
        one: Submission,
        reference: str,
        now: datetime,
        draft: Draft | None = None,
        actor: str = "patient",
        help_shown: tuple[str, ...] = (),
    ) -> str:
        """Keep response, screening and audit line, and remove the draft's answers, all in one transaction; the
        reference.

        help_shown: the kinds of help that the person's last page shows, for a day.
        `form` names one filling-in of the form: sending it again changes nothing and gives the first reference.
        Raises NotSaved; its text holds "reference" when another response has that reference.
        """
        said = {"language": one.language, "consent": one.consent, "answers": one.answers}
        body = self.sealer.seal(canonical(said), f"response|box|{one.form}")
        result = self.sealer.seal(
            canonical({"tier": one.tier, "result": one.result}), f"screening|box|{one.form}|{one.content}"
        )
        brief = self.sealer.seal(canonical(one.brief), f"response|brief|{one.form}|0")
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
                    last_page = {"receipt": [kept or reference, iso(now)], "help": list(help_shown)}
                    Drafts.finish(connection, draft, last_page, now, "" if kept else DONE)
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
            for row in rows:
                try:
                    record = self._opened(row, changed)
                except NotOpened:
                    if unopened is None:
                        raise
                    unopened(row.reference)
                    continue
                if tier is None or record.tier == tier:
                    yield record
            if chosen is None:
                if len(rows) < FETCH:
                    return
                last = rows[-1].id

    def record(self, reference: str) -> Record | None:
        """One response by its reference; None if there is none. Raises NotOpened or NotSaved."""
        with self.database.reading() as connection:
            row = connection.execute(WHOLE.where(responses.c.reference == reference)).first()
            changed = self._altered(connection, [row] if row else [])
        return self._opened(row, changed) if row else None

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

    def _opened(self, row: Any, changed: Collection[str]) -> Record:
        if row.reference in changed:
            raise NotOpened(f"Response {row.reference} is not as its line of the audit trail says.")
        said = json.loads(self.opener.open(row.box, f"response|box|{row.form}"))
        if row.amendments:
            place = f"{row.form}|{row.amendments}"
            said["answers"] = json.loads(self.opener.open(row.amended, f"amendment|box|{place}"))["answers"]
            found = json.loads(self.opener.open(row.screened, f"amendment|screening|{place}"))
        else:
            found = json.loads(self.opener.open(row.screening, f"screening|box|{row.form}|{row.content}"))
        said["answers"] = {link_id: as_accepted(given) for link_id, given in said["answers"].items()}
        return Record(
            id=row.id,
            form=row.form,
            reference=row.reference,
            received=row.received,
            authored=row.authored,
            status=row.status,
            content=row.content,
            amendments=row.amendments,
            **said,
            **found,
        )

    # ------------------------------------------------------------ delete

    def purge(self, before: str, really: bool, now: datetime) -> int:
        """Delete every response of a day before `before` (ISO date) and every draft past its days; how many responses.
        Each leaves a tombstone in the audit trail. Without `really` they are only counted. Raises NotSaved."""
        old = (
            select(responses.c.id, responses.c.reference).where(responses.c.authored < before).order_by(responses.c.id)
        )
        if not really:
            with self.database.reading() as connection:
                return len(connection.execute(old).all())
        gone = 0
        while True:  # in portions, so that nobody who is sending a form waits long
            with self.database.writing(audited=True) as connection:
                rows = connection.execute(old.limit(FETCH)).all()
                for row in rows:
                    self._delete(connection, row.id, row.reference)
                    self.trail.add(connection, iso(now), OPERATOR, "purge", row.reference)
                Drafts.remove_old(connection, now)
            gone += len(rows)
            if len(rows) < FETCH:
                return gone

    def erase(self, reference: str, now: datetime, actor: str = OPERATOR) -> bool:
        """Delete one response for good, with a tombstone in the audit trail; whether there was one. Raises NotSaved."""
        with self.database.writing(audited=True) as connection:
            found = connection.execute(select(responses.c.id).where(responses.c.reference == reference)).scalar()
            if found is not None:
                self._delete(connection, found, reference)
            outcome = "done" if found is not None else "not found"
            self.trail.add(connection, iso(now), actor, "erase", reference, outcome)
        return found is not None

    def _delete(self, connection: Connection, response: int, reference: str) -> None:
        tombstone(self.database.directory, reference)  # first: a copy restored later must not bring it back
        for table in (screenings, amendments, works, entries, staff_drafts):
            connection.execute(delete(table).where(table.c.response == response))
        connection.execute(delete(responses).where(responses.c.id == response))

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
        noted = noted_heads(self.database.directory)
        with self.database.reading() as connection:
            lines = (line for line in self.trail.lines(connection) if line.action == NOTED)
            noted += [Head(PATIENTS, int(line.record), line.outcome) for line in lines]
            found = [*self.trail.complaints(connection, noted), *self.patients.complaints(connection, noted)]
            return [*found, *Reconciled(connection, self.patients, self.trail, self.marks).complaints()]

    def _note_heads(self, now: datetime) -> None:
        """Note the last lines elsewhere, from time to time: in a file, and that of patients in the staff's chain.

        What was kept is kept: a full disk here must not turn a receipt into an error.
        """
        with suppress(OSError, ValueError, NotSaved):  # the next one tries again
            if self._due("file", HEADS_SECONDS, not (self.database.directory / HEADS).exists()):
                trails = [self.patients, *([self.trail] if self.keys.of_staff else [])]
                with self.database.reading() as connection:
                    heads = [head for trail in trails if (head := trail.head(connection))]
                note_heads(self.database.directory, heads, now)
            if self.keys.of_staff and self._due("staff", NOTED_SECONDS):
                with self.database.writing(audited=True) as connection:
                    if head := self.patients.head(connection):
                        self.trail.add(connection, iso(now), OPERATOR, NOTED, str(head.seq), head.mac)

    def _due(self, what: str, seconds: float, at_once: bool = False) -> bool:
        present = time.monotonic()
        if not at_once and present - self._noted.get(what, -seconds) < seconds:
            return False
        self._noted[what] = present
        return True

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


def as_written(reference: str) -> str:
    """A reference as somebody says it (small letters, a space or nothing in the middle) as it was given out."""
    code = "".join(char for char in reference.upper() if char.isalnum())
    return f"{code[:4]}-{code[4:]}" if len(code) == 8 else reference.strip().upper()


def _days(since: str | None, until: str | None) -> list[Any]:
    found: list[Any] = []
    if since:
        found.append(responses.c.authored >= since)
    if until:
        found.append(responses.c.authored <= until)
    return found
