"""One response with its screening: as it is handed over to be kept, and as it is read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from screening.model.item import Given, as_accepted
from screening.records.seal import canonical

OpenBox = Callable[[str, bytes, str], bytes]
"""Opens a box of a response: (its reference, the box, the place of the box). May raise NotOpened."""


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

    def boxes(self, seal: Callable[[bytes, str], bytes]) -> tuple[bytes, bytes, bytes]:
        """What was said, how it was screened, and what a line of the worklist shows, each sealed for its place."""
        said = {"language": self.language, "consent": self.consent, "answers": self.answers}
        found = {"tier": self.tier, "result": self.result}
        return (
            seal(canonical(said), f"response|box|{self.form}"),
            seal(canonical(found), f"screening|box|{self.form}|{self.content}"),
            seal(canonical(self.brief), f"response|brief|{self.form}|0"),
        )


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

    @classmethod
    def of(cls, row: Any, open_box: OpenBox) -> Record:
        """The response of a row of reconcile.WHOLE. Raises NotOpened."""

        def opened(box: bytes, place: str) -> Any:
            return json.loads(open_box(row.reference, box, place))

        said = opened(row.box, f"response|box|{row.form}")
        if row.amendments:
            place = f"{row.form}|{row.amendments}"
            said["answers"] = opened(row.amended, f"amendment|box|{place}")["answers"]
            found = opened(row.screened, f"amendment|screening|{place}")
        else:
            found = opened(row.screening, f"screening|box|{row.form}|{row.content}")
        said["answers"] = {link_id: as_accepted(given) for link_id, given in said["answers"].items()}
        return cls(
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


def as_written(reference: str) -> str:
    """A reference as somebody says it (small letters, a space or nothing in the middle) as it was given out."""
    code = "".join(char for char in reference.upper() if char.isalnum())
    return f"{code[:4]}-{code[4:]}" if len(code) == 8 else reference.strip().upper()
