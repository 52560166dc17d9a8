"""Drafts: answers that were not sent yet, saved one by one, which the server alone cannot open.

A draft has a key of its own. It is wrapped under the secret of a device's cookie and under the resume code; neither is
stored. Each answer is a row, so that two windows of one person do not overwrite each other; the name of the row hides
which question it answers.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from screening.records.database import Database, NotSaved, iso, put
from screening.records.schema import draft_answers, draft_keys, drafts, steps
from screening.records.seal import NotOpened, lock, padded, unlock

# Without letters and digits that are misread or misheard.
ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
_LETTERS = 16
_LEAST = 256
"""Bytes of the shortest answer, before it is sealed: what is chosen from a list is never longer."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Secret:
    """What opens a draft: where to look it up, and the 32 bytes its key is wrapped under."""

    lookup: str
    key: bytes = field(repr=False)


@dataclass
class Draft:
    """An open draft. values: name -> what is saved; version: how often it was saved, by whichever window."""

    id: str
    content: str
    key: bytes = field(repr=False)
    version: int
    touched: datetime
    values: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Saved:
    """others: what another window saved since; conflicts: names that both changed to something else (ours was kept)."""

    others: Values = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()


class DraftGone(Exception):
    """The draft is no longer there: it is too old, or was sent longer ago. `receipt`: [reference, time] if it was sent
    just now."""

    def __init__(self, receipt: list[str] | None = None) -> None:
        super().__init__()
        self.receipt = receipt


def new_code() -> str:
    """A resume code: 4 x 4 of 30 letters and digits, 78 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, _LETTERS, 4))


def by_code(typed: str) -> Secret | None:
    """The secret of a code as somebody typed it; None if it cannot be a code."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    if len(letters) != _LETTERS or any(char not in ALPHABET for char in letters):
        return None
    derived = HKDF(SHA256(), 64, b"intake-screening", b"resume code").derive(letters.encode())
    return Secret(derived[:32].hex(), derived[32:])


class Drafts:
    """The drafts of one store."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(
        self, content: str, secrets_: Mapping[str, Secret], values: Values, now: datetime, days: int, reached: str = ""
    ) -> Draft:
        """A new draft that each of the secrets (kind -> secret) opens. `reached`: as in `save`. Raises NotSaved."""
        draft = Draft(os.urandom(16).hex(), content, os.urandom(32), 1, now, dict(values))
        with self.database.writing() as connection:
            connection.execute(
                insert(drafts).values(
                    id=draft.id, content=content, version=1, touched=iso(now), expires=_expiry(now, days)
                )
            )
            for kind, secret in secrets_.items():
                _bind(connection, draft, secret, kind)
            for name, value in values.items():
                _put(connection, draft, 1, name, value)
            _count(connection, reached, now)
        return draft

    def find(self, secret: Secret, now: datetime) -> Draft | None:
        """The draft that a secret opens; None if there is none, it is too old, or it does not open. Raises NotSaved."""
        with self.database.reading() as connection:
            row = connection.execute(
                select(drafts, draft_keys.c.wrapped)
                .join(draft_keys, draft_keys.c.draft == drafts.c.id)
                .where(draft_keys.c.lookup == secret.lookup, drafts.c.expires > iso(now))
            ).first()
            if row is None:
                return None
            try:
                key = _unwrapped(secret, row)
                boxes = connection.execute(select(draft_answers).where(draft_answers.c.draft == row.id)).all()
                values = dict(_open(key, row.id, one.slot, one.box) for one in boxes)
            except NotOpened:
                return None
        return Draft(row.id, row.content, key, row.version, datetime.fromisoformat(row.touched), values)

    def save(self, draft: Draft, values: Values, now: datetime, days: int, reached: str = "") -> Saved:
        """Save what changed, and count the page that the form `reached`. Raises NotSaved or DraftGone.

        `draft` then is as it stands in the store, others' answers included."""
        with self.database.writing() as connection:
            fields = {"version": drafts.c.version + 1, "touched": iso(now), "expires": _expiry(now, days)}
            known = update(drafts).where(drafts.c.id == draft.id).values(fields).returning(drafts.c.version)
            version = connection.execute(known).scalar()
            if version is None:
                raise DraftGone
            others: dict[str, Any] = {}
            if version != draft.version + 1:
                newer = select(draft_answers).where(
                    draft_answers.c.draft == draft.id, draft_answers.c.version > draft.version
                )
                try:
                    others = dict(
                        _open(draft.key, draft.id, one.slot, one.box) for one in connection.execute(newer).all()
                    )
                except NotOpened:
                    raise NotSaved("a draft that does not open") from None
                if "receipt" in others:  # sent from another window: nothing is added to it any more
                    raise DraftGone(others["receipt"])
            for name, value in values.items():
                _put(connection, draft, version, name, value)
            _count(connection, reached, now)
        draft.version = version
        conflicts = tuple(name for name, value in values.items() if name in others and others[name] != value)
        others = {name: value for name, value in others.items() if name not in values}
        draft.values |= {**others, **values}
        draft.touched = now
        return Saved(others, conflicts)

    def bind(self, draft: Draft, secret: Secret, kind: str) -> None:
        """Let a further secret open the draft, in place of what that secret opened before. Raises NotSaved."""
        with self.database.writing() as connection:
            connection.execute(delete(draft_keys).where(draft_keys.c.lookup == secret.lookup))
            _bind(connection, draft, secret, kind)

    def unbind(self, secret: Secret) -> None:
        """This secret opens nothing any more; the resume code still does. Raises NotSaved."""
        with self.database.writing() as connection:
            connection.execute(delete(draft_keys).where(draft_keys.c.lookup == secret.lookup))

    def count_old(self, now: datetime) -> int:
        """How many drafts are past their days."""
        with self.database.reading() as connection:
            return len(connection.execute(select(drafts.c.id).where(drafts.c.expires <= iso(now))).all())

    @staticmethod
    def remove_old(connection: Connection, now: datetime) -> None:
        """Delete the drafts that are past their days, inside the caller's transaction."""
        old = select(drafts.c.id).where(drafts.c.expires <= iso(now))
        for table in (draft_answers, draft_keys):
            connection.execute(delete(table).where(table.c.draft.in_(old)))
        connection.execute(delete(drafts).where(drafts.c.expires <= iso(now)))

    @staticmethod
    def finish(connection: Connection, draft: Draft, values: Values, now: datetime, reached: str) -> None:
        """Replace all answers of a draft by `values` (the receipt, so that a lost answer can be asked for again), for a
        day; the resume code opens it no more. Inside the transaction that keeps the response. `reached`: as in
        `save`."""
        _count(connection, reached, now)
        connection.execute(delete(draft_answers).where(draft_answers.c.draft == draft.id))
        connection.execute(delete(draft_keys).where(draft_keys.c.draft == draft.id, draft_keys.c.kind == "code"))
        fields = {"version": drafts.c.version + 1, "touched": iso(now), "expires": _expiry(now, 1)}
        known = update(drafts).where(drafts.c.id == draft.id).values(fields).returning(drafts.c.version)
        version = connection.execute(known).scalar()
        if version is not None:
            for name, value in values.items():
                _put(connection, draft, version, name, value)


def _bind(connection: Connection, draft: Draft, secret: Secret, kind: str) -> None:
    wrapped = lock(secret.key, draft.key, f"draft_key|wrapped|{draft.id}|{draft.content}")
    try:
        connection.execute(insert(draft_keys).values(lookup=secret.lookup, draft=draft.id, kind=kind, wrapped=wrapped))
    except IntegrityError:
        raise NotSaved("the secret opens another draft") from None


def _count(connection: Connection, step: str, now: datetime) -> None:
    """One more form came to this page today: a number that belongs to nobody."""
    if step:
        put(connection, steps, {"day": now.date().isoformat(), "step": step, "count": 1}, count=steps.c.count + 1)


def _unwrapped(secret: Secret, row: Any) -> bytes:
    """The key of a draft; drafts from before the content was bound to it last their 14 days. Raises NotOpened."""
    try:
        return unlock(secret.key, row.wrapped, f"draft_key|wrapped|{row.id}|{row.content}")
    except NotOpened:
        return unlock(secret.key, row.wrapped, f"draft_key|wrapped|{row.id}")


def _slot(key: bytes, name: str) -> str:
    return hmac.digest(key, name.encode(), "sha256")[:16].hex()


def _put(connection: Connection, draft: Draft, version: int, name: str, value: Any) -> None:
    slot = _slot(draft.key, name)
    plain = json.dumps([name, value], ensure_ascii=True, separators=(",", ":")).encode()
    box = lock(draft.key, padded(plain, _LEAST, b" "), f"draft_answer|box|{draft.id}|{slot}")
    put(connection, draft_answers, {"draft": draft.id, "slot": slot, "version": version, "box": box})


def _open(key: bytes, draft: str, slot: str, box: bytes) -> tuple[str, Any]:
    name, value = json.loads(unlock(key, box, f"draft_answer|box|{draft}|{slot}"))
    return name, value


def _expiry(now: datetime, days: int) -> str:
    return iso(now + timedelta(days=days))
