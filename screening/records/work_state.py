"""How far the work on a response is: a row for each response that staff have touched, with its MAC."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select

from screening.records.audit import Trail
from screening.records.authority import Marks
from screening.records.database import put
from screening.records.record import Record
from screening.records.schema import responses, works
from screening.records.seal import NotOpened


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


class Changed(Exception):
    """Somebody else changed it meanwhile; nothing was written. `state`: as it is now."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state


class States:
    """Reads and writes the rows. first: the status of a response that nobody has touched."""

    def __init__(self, trail: Trail, marks: Marks, first: str) -> None:
        self._trail, self._marks, self.first = trail, marks, first

    def of(self, connection: Connection, record: int) -> State:
        """How far the work on a response is. Raises NotOpened where its row is not as we wrote it last."""
        query = select(works, responses.c.reference).join(responses, responses.c.id == works.c.response)
        row = connection.execute(query.where(works.c.response == record)).first()
        if row is None:
            return State(self.first)
        newest = self._trail.newest(connection, [row.reference])
        if not self.fits(row) or row.seq != newest[row.reference].seq:
            raise NotOpened(f"How far the work on response {row.reference} is was changed outside the program.")
        return self.of_row(row)

    def fits(self, row: Any) -> bool:
        """Whether a row of `work`, with the reference of its response, has its MAC."""
        return row.status is None or self._marks.fits(works, row._mapping, row.reference)

    def of_row(self, row: Any) -> State:
        """The state that a row holds."""
        if row.status is None:
            return State(self.first)
        return State(**{field.name: getattr(row, field.name) for field in fields(State)})

    def put(self, connection: Connection, record: Record, state: State, seq: int) -> None:
        """Keep a state, in the caller's transaction. seq: the line of what changed it."""
        row = {"response": record.id, **vars(state), "seq": seq}
        put(connection, works, row | {"mac": self._marks.of(works, row, record.reference)})
