"""Last lines of the audit trail, noted where whoever changes the store does not reach: in a file, and those of the
patients' chain in the staff's."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from screening.records.audit import PATIENTS, STAFF, Head, Trail
from screening.records.database import Database, NotSaved, iso
from screening.records.reader import OPERATOR

FILE = "audit-heads.txt"
NOTED = "patients-head"
"""The action by which the staff's chain notes the head of the patients'."""
FILE_SECONDS, CHAIN_SECONDS = 900, 3_600
"""How often a process notes the last lines in the file, and in the staff's chain."""


class Heads:
    """Notes the last lines from time to time, in a file of each directory."""

    def __init__(self, directories: Sequence[Path], database: Database, patients: Trail) -> None:
        self._directories, self._database, self._patients = directories, database, patients
        self._times: dict[str, float] = {}

    def note(self, staff: Trail | None, now: datetime) -> None:
        """Note them where it is time. staff: none in a process that serves patients only. What was kept is kept: a full
        disk here must not turn it into an error."""
        for directory in self._directories:
            with suppress(OSError, ValueError, NotSaved):  # the next one tries again
                if self._due(str(directory), FILE_SECONDS, not (directory / FILE).exists()):
                    self._append(directory, [self._patients, *([staff] if staff else [])], now)
        with suppress(ValueError, NotSaved):
            if staff and self._due(NOTED, CHAIN_SECONDS):
                with self._database.writing(audited=True) as connection:
                    if head := self._patients.head(connection):
                        staff.add(connection, iso(now), OPERATOR, NOTED, str(head.seq), head.mac)

    def noted(self, staff: Trail, connection: Connection) -> list[Head]:
        """Every last line that was noted. In files, lines that were cut off are left out, and those from before there
        were sides are staff's."""
        found = []
        for path in (directory / FILE for directory in self._directories):
            for line in path.read_text("ascii", "replace").splitlines() if path.exists() else ():
                match line.split():
                    case [_, *side, seq, mac] if seq.isdigit() and len(side) < 2 and len(mac) == 64:
                        found.append(Head(side[0] if side else STAFF, int(seq), mac))
        lines = (line for line in staff.lines(connection) if line.action == NOTED)
        return found + [Head(PATIENTS, int(line.record), line.outcome) for line in lines]

    def _append(self, directory: Path, trails: Sequence[Trail], now: datetime) -> None:
        with self._database.reading() as connection:
            heads = [head for trail in trails if (head := trail.head(connection))]
        descriptor = os.open(directory / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{iso(now)} {one.side} {one.seq} {one.mac}\n" for one in heads)

    def _due(self, what: str, seconds: float, at_once: bool = False) -> bool:
        present = time.monotonic()
        if not at_once and present - self._times.get(what, -seconds) < seconds:
            return False
        self._times[what] = present
        return True
