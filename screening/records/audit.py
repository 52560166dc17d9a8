"""The audit trail: who did what to which record, and how it ended; never a value.

Every line carries an HMAC-SHA256 over itself and the line before it, written in the transaction of what it tells of.
The
head (number and HMAC of the last line) is kept in the store and, each day, in a file, so that a cut end is found as
well.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from screening.records.database import Database, put
from screening.records.schema import audit_heads, audits

HEADS = "audit-heads.txt"
_FIRST = b"\0" * 32
_PAGE = 5_000


@dataclass(frozen=True)
class Line:
    """One line. at: ISO 8601 UTC; actor: patient, a staff account or `operator`; record: an id or a count."""

    seq: int
    at: str
    actor: str
    action: str
    record: str
    outcome: str
    mac: bytes


def add(
    connection: Connection, key: bytes, at: str, actor: str, action: str, record: str, outcome: str = "done"
) -> None:
    """Add a line inside the caller's transaction (`writing(audited=True)`)."""
    known = select(audit_heads.c.seq, audits.c.mac).outerjoin(audits, audits.c.seq == audit_heads.c.seq)
    head = connection.execute(known).first()
    seq, before = (head.seq + 1, bytes(head.mac or _FIRST)) if head else (1, _FIRST)
    mac = _mac(key, before, seq, at, actor, action, record, outcome)
    connection.execute(
        insert(audits).values(seq=seq, at=at, actor=actor, action=action, record=record, outcome=outcome, mac=mac)
    )
    put(connection, audit_heads, {"id": 1, "seq": seq, "mac": _head_mac(key, seq, mac)})


def lines(connection: Connection) -> Iterator[Line]:
    """Every line in order, a few thousand in memory."""
    last = 0
    while rows := connection.execute(
        select(audits).where(audits.c.seq > last).order_by(audits.c.seq).limit(_PAGE)
    ).all():
        for row in rows:
            yield Line(*row)
        last = rows[-1].seq


def complaints(connection: Connection, key: bytes, heads: Sequence[tuple[int, str]] = ()) -> list[str]:
    """What is wrong with the trail, in plain words; empty when it is whole. `heads`: (seq, HMAC as hex) noted
    earlier."""
    found: list[str] = []
    before, seq = _FIRST, 0
    noted = dict(heads)
    for line in lines(connection):
        seq += 1
        if line.seq != seq:
            return [*found, f"Line {seq} is missing."]
        expected = _mac(key, before, seq, line.at, line.actor, line.action, line.record, line.outcome)
        if not hmac.compare_digest(expected, line.mac):
            return [*found, f"Line {seq} was changed, or the audit key is another one."]
        if noted.get(seq, line.mac.hex()) != line.mac.hex():
            found.append(f"Line {seq} is not the one that was noted in the file of daily heads.")
        before = line.mac
    head = connection.execute(select(audit_heads.c.seq, audit_heads.c.mac)).first()
    if (head is None and seq) or (
        head is not None and (head[0] != seq or not hmac.compare_digest(head[1], _head_mac(key, seq, before)))
    ):
        found.append(
            f"The trail ends at line {seq}, but its head says otherwise: lines at the end were removed or changed."
        )
    if noted and max(noted) > seq:
        found.append(f"The trail ends at line {seq}, but line {max(noted)} was noted in the file of daily heads.")
    return found


def note_head(database: Database, day: str) -> None:
    """Note the last line in the file of heads, once a day. Raises OSError or NotSaved."""
    path = database.directory / HEADS
    if path.exists() and path.read_text("ascii").rstrip().rpartition("\n")[2].startswith(day):
        return
    with database.reading() as connection:
        row = connection.execute(select(audits.c.seq, audits.c.mac).order_by(audits.c.seq.desc()).limit(1)).first()
    if row:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{day} {row.seq} {row.mac.hex()}\n")


def heads(directory: Path) -> list[tuple[int, str]]:
    """The heads that were noted; lines that cannot be read are left out."""
    path = directory / HEADS
    found = []
    for line in path.read_text("ascii", "replace").splitlines() if path.exists() else ():
        parts = line.split()
        if len(parts) == 3 and parts[1].isdigit():
            found.append((int(parts[1]), parts[2]))
    return found


def _mac(key: bytes, before: bytes, seq: int, *fields: str) -> bytes:
    # Each field with its length: no two lines have the same bytes.
    parts = [before, str(seq).encode(), *(field.encode("utf-8", "surrogatepass") for field in fields)]
    return hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


def _head_mac(key: bytes, seq: int, mac: bytes) -> bytes:
    return hmac.digest(key, b"head" + seq.to_bytes(8, "big") + mac, "sha256")
