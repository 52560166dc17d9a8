"""The audit trail and the records compared, both ways: what a line says is there, and what is there has its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, func, inspect, select, text

from screening.records.audit import AuditLine, Trail
from screening.records.authority import Marks, digest
from screening.records.schema import (
    accounts,
    amendments,
    audits,
    contents,
    entries,
    exports,
    patient_audits,
    responses,
    screenings,
    staff_sessions,
    works,
)

ADOPT, KEPT, EXPORT, CONTENT, SIGN_OUT = "adopt", "kept", "export", "content", "sign-out"
"""Actions whose line holds a response (from before lines held anything; amended), an export, a content archive, or the
id of a session that ended; all other lines of staff that hold something hold an entry of the work on a response."""
_ACCOUNT = "account-"
_MANY = 500

WHOLE = (
    select(
        responses,
        screenings.c.box.label("screening"),
        amendments.c.box.label("amended"),
        amendments.c.screening.label("screened"),
    )
    .join(screenings, (screenings.c.response == responses.c.id) & (screenings.c.content == responses.c.content))
    .outerjoin(amendments, (amendments.c.response == responses.c.id) & (amendments.c.number == responses.c.amendments))
)
"""A response with its first screening and, where there is one, its newest amendment."""


def of_response(row: Mapping[Any, Any]) -> bytes:
    """The digest of a response, from a row of WHOLE."""
    clear = ("form", "reference", "received", "authored", "status", "content", "amendments")
    boxes = (row[name] for name in ("box", "brief", "screening", "amended", "screened"))
    return digest(*(row[name] for name in clear), *(None if box is None else bytes(box) for box in boxes))


def of_entry(reference: str, row: Mapping[Any, Any]) -> bytes:
    """The digest of an entry of the work on a response."""
    return digest(reference, *(row[name] for name in ("token", "at", "actor", "kind")), bytes(row["box"]))


def of_export(row: Mapping[Any, Any]) -> bytes:
    """The digest of an export."""
    clear = (row[name] for name in ("id", "at", "actor", "kind", "filter", "count"))
    return digest(*clear, bytes(row["records"]))


def whole(connection: Connection, response: int) -> Mapping[Any, Any]:
    """A response's row of WHOLE."""
    return connection.execute(WHOLE.where(responses.c.id == response)).mappings().one()


def adopt(connection: Connection, trail: Trail, response: int, reference: str, at: str) -> int:
    """Lines for a response, and the work on it, from before lines held anything; the number of the last."""
    seq = trail.add(connection, at, "operator", ADOPT, reference, holds=of_response(whole(connection, response)))
    query = select(entries).where(entries.c.response == response).order_by(entries.c.id)
    for row in connection.execute(query).mappings().all():
        seq = trail.add(connection, at, "operator", "adopt-entry", reference, holds=of_entry(reference, row))
    return seq


def altered(
    connection: Connection, rows: Collection[Mapping[Any, Any]], patients: Trail, staff: Trail | None
) -> set[str]:
    """The references of those rows of WHOLE that are not as their newest line holds them."""
    references = [row["reference"] for row in rows]
    held = patients.newest(connection, references)
    if staff is not None:
        held |= staff.newest(connection, references, audits.c.action.in_((ADOPT, KEPT)))
    return {
        row["reference"]
        for row in rows
        if row["reference"] not in held or bytes(held[row["reference"]].digest or b"") != of_response(row)
    }


def content_holds(connection: Connection, content: str, archive: bytes) -> bool:
    """Whether an archive of content is the one that was kept."""
    held = [
        bytes(held)
        for lines in (audits.c, patient_audits.c)
        for held in connection.execute(
            select(lines.digest).where(lines.record == content, lines.action == CONTENT)
        ).scalars()
    ]
    return held == [digest(content, archive)]


def held_entries(connection: Connection, reference: str) -> list[bytes]:
    """The digests that the lines about a response hold of the work on it, oldest first."""
    columns = audits.c
    here = (columns.record == reference) & columns.digest.is_not(None) & columns.action.not_in((ADOPT, KEPT))
    return [
        bytes(held) for held in connection.execute(select(columns.digest).where(here).order_by(columns.seq)).scalars()
    ]


def account_line(connection: Connection, name: str) -> int:
    """The number of the newest line about an account."""
    here = (audits.c.record == name) & audits.c.action.startswith(_ACCOUNT)
    return int(connection.execute(select(func.max(audits.c.seq)).where(here)).scalar() or 0)


class Reconciled:
    """Both chains and all rows, compared."""

    def __init__(self, connection: Connection, patients: Trail, staff: Trail, marks: Marks) -> None:
        self._connection, self._marks, self._patients, self._staff = connection, marks, patients, staff
        self._sent: set[str] = set()
        self._gone: set[str] = set()
        self._accounts: dict[str, int] = {}
        self._newest: dict[str, int] = {}
        self._entries: dict[str, list[bytes]] = {}
        self._exports: dict[str, bytes] = {}
        for trail in (patients, staff):
            for line in trail.lines(connection):
                self._note(line, trail is staff)

    def _note(self, line: AuditLine, by_staff: bool) -> None:
        if line.action in ("submit", ADOPT):
            self._sent.add(line.record)
        if not by_staff:
            return
        if line.action in ("erase", "purge") and line.outcome == "done":
            self._gone.add(line.record)
        if line.action.startswith(_ACCOUNT):
            self._accounts[line.record] = line.seq
        if line.digest is not None:
            if line.action == EXPORT:
                self._exports[line.record] = bytes(line.digest)
            if line.action in (EXPORT, CONTENT, SIGN_OUT):
                return
            self._newest[line.record] = line.seq
            if line.action not in (ADOPT, KEPT):
                self._entries.setdefault(line.record, []).append(bytes(line.digest))

    def complaints(self) -> Iterator[str]:
        """What does not fit, in plain words."""
        yield from self._responses()
        yield from self._work()
        yield from self._authority()
        rows = {row["id"]: of_export(row) for row in self._connection.execute(select(exports)).mappings()}
        yield from (f"Export {name} is not as its line says." for name in sorted(_differing(rows, self._exports)))
        for content, archive in self._connection.execute(select(contents.c.hash, contents.c.archive)):
            if not content_holds(self._connection, content, bytes(archive)):
                yield f"The archive of content {content[:12]} is not the one that was kept."
        yield from _triggers(self._connection)

    def _responses(self) -> Iterator[str]:
        here: set[str] = set()
        last = 0
        query = WHOLE.order_by(responses.c.id).limit(_MANY)
        while rows := self._connection.execute(query.where(responses.c.id > last)).mappings().all():
            here |= {row["reference"] for row in rows}
            for reference in sorted(altered(self._connection, rows, self._patients, self._staff)):
                yield f"Response {reference} is not as its line of the audit trail says."
            last = rows[-1]["id"]
        for reference in sorted(self._sent - self._gone - here):
            yield f"Response {reference} was sent, and is neither here nor deleted by anybody."
        for reference in sorted(here & self._gone):
            yield f"Response {reference} was deleted, and is here again."
        total = self._connection.execute(select(func.count()).select_from(responses)).scalar_one()
        if total != len(here):
            yield f"{total - len(here)} responses have no screening of their content."

    def _work(self) -> Iterator[str]:
        query = select(responses.c.id, responses.c.reference)
        names = {row.id: row.reference for row in self._connection.execute(query)}
        found: dict[str, list[bytes]] = {}
        for row in self._connection.execute(select(entries).order_by(entries.c.id)).mappings():
            reference = names.get(row["response"], "-")
            found.setdefault(reference, []).append(of_entry(reference, row))
        kept = {name: held for name, held in self._entries.items() if name not in self._gone}
        for reference in sorted(_differing(found, kept)):
            yield f"What was done to response {reference} is not as its lines say."
        rows = {names.get(row["response"], "-"): row for row in self._connection.execute(select(works)).mappings()}
        for reference, row in rows.items():
            if not self._marks.fits(works, row, reference) or row["seq"] != self._newest.get(reference):
                yield f"How far the work on response {reference} is was changed outside the program."
        for reference in sorted(kept.keys() - rows.keys()):
            yield f"How far the work on response {reference} is was removed."

    def _authority(self) -> Iterator[str]:
        rows = {row["name"]: row for row in self._connection.execute(select(accounts)).mappings()}
        for name, row in rows.items():
            if not self._marks.fits(accounts, row) or row["seq"] != self._accounts.get(name):
                yield f"Account {name} was changed outside the program: it lets nobody in."
        for name in sorted(self._accounts.keys() - rows.keys()):
            yield f"Account {name} was removed."
        for row in self._connection.execute(select(staff_sessions)).mappings():
            if not self._marks.fits(staff_sessions, row):
                yield "A session of staff was made outside the program: it lets nobody in."


def _differing(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _triggers(connection: Connection) -> Iterator[str]:
    """Whether the store still refuses to change lines."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        wanted = 2
    else:
        query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        found, wanted = connection.execute(text(query)).scalars().all(), 1
    for table in ("audit", "patient_audit"):
        if inspect(connection).has_table(table) and list(found).count(table) != wanted:
            yield f"The store no longer refuses to change lines of {table}: its trigger is gone."
