"""What says that a row is as we wrote it: a digest in its line of the audit trail, or a MAC that only staff make.

Whoever can write to the database, and whoever has taken over a patients' process, can change rows; neither can make
these. A response, an entry of the work on it and an export are held by the digest in their line. Rows that give
somebody authority (accounts, sessions) or say how far the work is carry a MAC over every column, with the number of
the line that made them: an older row, put back, does not fit the newest line.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select, update

from screening.records.keys import KeyRing

Value = str | int | bytes | None


def digest(*values: Value) -> bytes:
    """SHA-256 of values, each with its kind and length, so that no two rows have the same bytes."""
    return hashlib.sha256(_bytes(values)).digest()


class Marks:
    """Makes and checks the MACs of rows. Raises EnvironmentProblem in a process without the staff's key."""

    def __init__(self, ring: KeyRing) -> None:
        self._key = ring.derived("rows")

    def of(self, table: Table, row: Mapping[Any, Any], about: str = "") -> bytes:
        """The MAC of a row. about: what it stands for and does not hold itself, as the reference of a response."""
        values = [_plain(row.get(column.name)) for column in table.columns if column.name != "mac"]
        return hmac.digest(self._key, _bytes((table.name, about, *values)), "sha256")

    def fits(self, table: Table, row: Mapping[Any, Any], about: str = "") -> bool:
        """Whether a row is as we wrote it."""
        return hmac.compare_digest(self.of(table, row, about), bytes(row["mac"] or b""))

    def put_on(self, connection: Connection, table: Table, condition: Any, about: str = "", **changes: Any) -> int:
        """Change rows of a table, each with its MAC made anew, in the caller's transaction; how many there were."""
        rows = connection.execute(select(table).where(condition)).mappings().all()
        for row in rows:
            changed = {**row, **changes}
            here = [column == row[column.name] for column in table.primary_key]
            connection.execute(update(table).where(*here).values(**changes, mac=self.of(table, changed, about)))
        return len(rows)


def _plain(value: Any) -> Value:
    return bytes(value) if isinstance(value, memoryview) else value


def _bytes(values: tuple[Value, ...]) -> bytes:
    parts = []
    for value in values:
        kind = type(value).__name__[:1].encode()
        raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        parts.append(kind + len(raw).to_bytes(8, "big") + raw)
    return b"".join(parts)
