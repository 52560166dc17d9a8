"""The audit trail: who did what to which record, and how it ended; never a value.

Two chains: what patients' processes do (forms that are sent), and what staff and commands do. Every line carries an
HMAC-SHA256 over itself and the line before it, written in the transaction of what it tells of. The key of a line is
made from the key of the line before, which is deleted then: who takes over a process cannot rewrite yesterday. The
first key is kept sealed for the holder of the private key, who alone can verify. The head (number and HMAC of the last
line) is kept in the store, in a file, and that of the patients' chain in the staff's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from screening.records.database import NotSaved
from screening.records.keys import KeyRing
from screening.records.schema import audit_heads, audits, patient_audit_heads, patient_audits
from screening.records.seal import NotOpened, lock, unlock, unwrap, wrap

PATIENTS, STAFF = "patients", "staff"
_FIRST = b"\0" * 32
_PAGE = 5_000


@dataclass(frozen=True)
class AuditLine:
    """One line. at: ISO 8601 UTC; actor: patient, a staff account or `operator`; record: an id or a count."""

    seq: int
    at: str
    actor: str
    action: str
    record: str
    outcome: str
    mac: bytes
    digest: bytes | None


@dataclass(frozen=True)
class Head:
    """A last line that was noted somewhere else. mac: as hex."""

    side: str
    seq: int
    mac: str


class Trail:
    """One chain of the trail. key: 32 bytes, under which the key of the next line is kept."""

    def __init__(self, side: str, lines: Table, heads: Table, key: bytes, ring: KeyRing) -> None:
        self.side, self.table, self._heads, self._key, self._ring = side, lines, heads, key, ring

    @classmethod
    def of_patients(cls, ring: KeyRing) -> Trail:
        """What patients' processes write. Raises EnvironmentProblem."""
        return cls(PATIENTS, patient_audits, patient_audit_heads, ring.audit(), ring)

    @classmethod
    def of_staff(cls, ring: KeyRing) -> Trail:
        """What the staff's processes and the commands write. Raises EnvironmentProblem where the staff's key is not."""
        return cls(STAFF, audits, audit_heads, ring.derived("audit trail"), ring)

    def add(
        self,
        connection: Connection,
        at: str,
        actor: str,
        action: str,
        record: str,
        outcome: str = "done",
        holds: bytes | None = None,
    ) -> int:
        """Add a line inside the caller's transaction (`writing(audited=True)`); its number. Raises NotSaved.

        holds: the digest of what the line made of the record.
        """
        head = connection.execute(select(self._heads)).first()
        if head is None or head.key is None:  # the first line of all, or the first of this kind
            seq, before, key = (head.seq if head else 0) + 1, self._last(connection), os.urandom(32)
            fingerprint, public = self._ring.current()
            fresh = {"since": seq, "start": fingerprint.encode() + wrap(key, self._place("start", seq), public)}
        else:
            seq, before, fresh = head.seq + 1, bytes(head.mac), {}
            try:
                key = unlock(self._key, bytes(head.key), self._place(before.hex(), seq))
            except NotOpened:
                raise NotSaved("the head of the audit trail was changed") from None
        fields = {"at": at, "actor": actor, "action": action, "record": record, "outcome": outcome}
        mac = _mac(key, before, seq, holds, *fields.values())
        connection.execute(insert(self.table).values(seq=seq, mac=mac, digest=holds, **fields))
        box = lock(self._key, _next(key), self._place(mac.hex(), seq + 1))
        values = {"seq": seq, "mac": mac, "key": box, **fresh}
        connection.execute(update(self._heads).values(values) if head else insert(self._heads).values(id=1, **values))
        return seq

    def lines(self, connection: Connection, after: int = 0) -> Iterator[AuditLine]:
        """Every line in order, a few thousand in memory."""
        columns = self.table.c
        while rows := connection.execute(
            select(self.table).where(columns.seq > after).order_by(columns.seq).limit(_PAGE)
        ).all():
            for row in rows:
                yield AuditLine(*row)
            after = rows[-1].seq

    def newest(self, connection: Connection, records: Collection[str], *more: Any) -> dict[str, AuditLine]:
        """The newest line of each of these records that holds a digest. more: conditions on the lines."""
        columns = self.table.c
        here = select(self.table).where(columns.record.in_(records), columns.digest.is_not(None), *more)
        return {row.record: AuditLine(*row) for row in connection.execute(here.order_by(columns.seq))}

    def head(self, connection: Connection) -> Head | None:
        """The last line."""
        row = connection.execute(select(self._heads.c.seq, self._heads.c.mac)).first()
        return Head(self.side, row.seq, bytes(row.mac).hex()) if row else None

    def complaints(self, connection: Connection, heads: Sequence[Head] = ()) -> list[str]:
        """What is wrong with the chain, in plain words; empty when it is whole. heads: those noted elsewhere."""
        head = connection.execute(select(self._heads)).first()
        noted: dict[int, set[str]] = {}
        for one in heads:
            if one.side == self.side:
                noted.setdefault(one.seq, set()).add(one.mac)
        since = head.since if head is not None and head.since else 0
        found: list[str] = []
        before, seq, key = _FIRST, 0, b""
        for line in self.lines(connection):
            seq += 1
            if line.seq != seq:
                return [*found, f"Line {seq} of {self.side} is missing."]
            if seq == since and head is not None:
                try:
                    key = self._first_key(bytes(head.start), since)
                except NotOpened as error:
                    return [*found, f"The trail of {self.side} cannot be verified from line {seq} on: {error}"]
            used = key if since and seq >= since else self._ring.audit()
            if not hmac.compare_digest(_mac(used, before, seq, line.digest, *_fields(line)), line.mac):
                return [*found, f"Line {seq} of {self.side} was changed, or the audit key is another one."]
            if noted.get(seq, {line.mac.hex()}) != {line.mac.hex()}:
                found.append(f"Line {seq} of {self.side} is not the one that was noted elsewhere.")
            before, key = line.mac, _next(key)
        if (head is None and seq) or (head is not None and not self._fits(head, seq, before, key)):
            found.append(
                f"The trail of {self.side} ends at line {seq}, but its head says otherwise: lines at the end were "
                "removed or changed."
            )
        if noted and max(noted) > seq:
            found.append(f"The trail of {self.side} ends at line {seq}, but line {max(noted)} was noted elsewhere.")
        return found

    def wrap_again(self, connection: Connection) -> None:
        """Seal the first key for the current pair, in the caller's transaction. Raises NotOpened."""
        head = connection.execute(select(self._heads)).first()
        fingerprint, public = self._ring.current()
        if head is not None and head.start is not None and bytes(head.start[:16]) != fingerprint.encode():
            key = self._first_key(bytes(head.start), head.since)
            start = fingerprint.encode() + wrap(key, self._place("start", head.since), public)
            connection.execute(update(self._heads).values(start=start))

    def _first_key(self, start: bytes, since: int) -> bytes:
        fingerprint = start[:16].decode("ascii", "replace")
        private = self._ring.private()
        if fingerprint not in private:
            raise NotOpened(f"it needs the private key {fingerprint}.")
        return unwrap(start[16:], self._place("start", since), private[fingerprint])

    def _fits(self, head: Row[Any], seq: int, mac: bytes, key: bytes) -> bool:
        try:
            kept = unlock(self._key, bytes(head.key or b""), self._place(mac.hex(), seq + 1))
        except NotOpened:
            return False
        return head.seq == seq and bytes(head.mac) == mac and kept == key

    def _last(self, connection: Connection) -> bytes:
        found = connection.execute(select(self.table.c.mac).order_by(self.table.c.seq.desc()).limit(1)).scalar()
        return bytes(found) if found is not None else _FIRST

    def _place(self, what: str, seq: int) -> str:
        return f"audit|{self.side}|{what}|{seq}"


def _fields(line: AuditLine) -> tuple[str, ...]:
    return line.at, line.actor, line.action, line.record, line.outcome


def _mac(key: bytes, before: bytes, seq: int, holds: bytes | None, *fields: str) -> bytes:
    # Each field with its length: no two lines have the same bytes.
    parts = [before, str(seq).encode(), *(field.encode("utf-8", "surrogatepass") for field in fields)]
    parts += [bytes(holds)] if holds is not None else []
    return hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


def _next(key: bytes) -> bytes:
    return hashlib.sha256(b"the key of the next line" + key).digest()
