"""Replay: screen stored responses again, each under the content of its own day, and see that every byte is as it was
kept.

What differs shows that this program, or the store, no longer says what staff read on that day. Nothing of what a person
answered is in the outcome: counts, references and content hashes only.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from screening.engine.content import Content
from screening.engine.result import Result, in_todays_format
from screening.engine.screen import Outcome, screen_answers
from screening.loading.archive import unpacked
from screening.loading.finding import ContentError
from screening.records.reader import Reader
from screening.records.record import Record
from screening.records.seal import NotOpened, canonical
from screening.records.store import Store

MOST_CONTENTS = 2
"""Contents in memory at a time. Responses come in the order received, so a version is rarely needed twice."""


@dataclass
class Replay:
    """What a replay found: how many were checked and equal, and references of what is not.

    different: screened otherwise. no_content: content hash -> responses whose content is not there, cannot be read any
    more or is not what
    its hash says. unopened: no key for them, or damaged.
    """

    checked: int = 0
    equal: int = 0
    different: list[str] = field(default_factory=list)
    no_content: dict[str, list[str]] = field(default_factory=dict)
    unopened: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every response was screened again and came out equal."""
        return self.checked == self.equal and not self.no_content and not self.unopened


def replay(store: Store, only: str = "", progress: Callable[[int], None] = lambda _: None) -> Replay:
    """Replay every stored response, or that of the reference `only`; leaves an audit line. `progress` is told how many
    were looked at.

    `store` must hold private keys. Raises NotSaved.
    """
    earlier, found = Archive(store), Replay()
    for seen, record in enumerate(records(store, Reader(store.actor, "replay"), only, found.unopened), 1):
        content = earlier.content(record.content)
        if content is None:
            found.no_content.setdefault(record.content, []).append(record.reference)
        else:
            found.checked += 1
            if is_equal(record, content):
                found.equal += 1
            else:
                found.different.append(record.reference)
        progress(seen)
    store.note(store.actor, "replay", only or str(found.checked), "equal" if found.whole else "not equal")
    return found


def records(store: Store, reader: Reader, only: str, unopened: list[str]) -> Iterator[Record]:
    """The stored responses, or that of one reference; references of what does not open go to `unopened`."""
    if not only:
        yield from store.records(reader, unopened=unopened.append)
        return
    try:
        record = store.record(reader, only)
    except NotOpened:
        unopened.append(only)
    else:
        if record is not None:
            yield record


class Archive:
    """Earlier contents of a store, a few in memory at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.content = lru_cache(MOST_CONTENTS)(self._content)

    def _content(self, wanted: str) -> Content | None:
        """The content of that hash; None if it is not there, cannot be read, or is not what its hash says."""
        try:
            found = unpacked(self._store.archive(wanted))
        except (KeyError, ContentError, tarfile.TarError, OSError, EOFError):
            return None
        return found if found.hash == wanted else None


def is_equal(record: Record, content: Content) -> bool:
    """Whether a stored response is screened today as it was on its day. A result that is damaged is not."""
    try:
        return canonical(rescreen(record, content)) == canonical(as_kept(record))
    except ValueError:
        return False


def rescreen(record: Record, content: Content) -> dict[str, Any]:
    """The screening of a stored response under `content`, in the form in which the store keeps it."""
    result = responded(record, content).result
    return {"tier": result.tier, "result": result.stored()}


def responded(record: Record, content: Content) -> Outcome:
    """What comes of the stored answers. How many invisible characters were typed is known only from the day."""
    outcome = screen_answers(record.answers, record.day, content)
    return replace(outcome, result=replace(outcome.result, dropped=Result.of(record.result, record.answers).dropped))


def as_kept(record: Record) -> dict[str, Any]:
    """The screening as the store keeps it today, whichever format it was written in. Raises ValueError."""
    return {"tier": record.tier, "result": in_todays_format(record.result, record.answers)}
