"""Drafts: answers that were not sent yet, saved as they are given, which the server alone cannot open.

A draft has a key of its own. It is wrapped under the secret of a device's cookie and under the resume code; neither is
stored. All of a draft is one box, written whole each time and filled up: neither a length nor an order says which
question was answered, or how. The box is bound to the number and time of the save that made it, so that one which
somebody puts back, takes away or takes from another draft does not open.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from screening.model.item import HelpKind
from screening.records.database import Database, NotSaved, iso, put
from screening.records.refusals import Refusals
from screening.records.schema import draft_answers, draft_keys, drafts, steps
from screening.records.seal import NotOpened, canonical, lock, padded, unlock

# Without letters and digits that are misread or misheard.
ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
_LETTERS = 16
_WHOLE = "all"
"""The slot of the box that holds everything; drafts from before there was one have a row for each answer."""
_LEAST = 8_192
"""Bytes of the shortest draft, before it is sealed: most whole forms are shorter."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Secret:
    """What opens a draft: where to look it up, and the 32 bytes its key is wrapped under."""

    lookup: str
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Sent:
    """What a draft keeps, for a day, of a form that was sent. received: ISO 8601; help_shown: the kinds of help that
    the last page shows."""

    reference: str
    received: str
    help_shown: tuple[HelpKind, ...] = ()


@dataclass
class Draft:
    """An open draft. values: name -> what is saved; version: how often it was saved, by whichever window; sent: what is
    left of it once it was sent."""

    id: str
    content: str
    key: bytes = field(repr=False)
    version: int
    touched: datetime
    values: dict[str, Any] = field(repr=False)
    sent: Sent | None = None


@dataclass(frozen=True)
class Saved:
    """others: what another window saved since; conflicts: names that both changed to something else (ours was kept)."""

    others: Values = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()


class DraftGone(Exception):
    """The draft is no longer there: it is too old, or was sent longer ago. `sent`: if it was sent just now."""

    def __init__(self, sent: Sent | None = None) -> None:
        super().__init__()
        self.sent = sent


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

    def __init__(self, database: Database, refusals: Refusals) -> None:
        self.database, self.refusals = database, refusals

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
            _put(connection, draft, _expiry(now, days))
            _count(connection, reached, now)
        return draft

    def find(self, secret: Secret, now: datetime) -> Draft | None:
        """The draft that a secret opens; None if there is none, it is too old, or it does not open. Raises NotSaved."""
        with self.database.reading() as connection:
            rows = connection.execute(  # in one look: another window may be saving
                select(drafts, draft_keys.c.wrapped, draft_answers.c.slot, draft_answers.c.box)
                .join(draft_keys, draft_keys.c.draft == drafts.c.id)
                .outerjoin(draft_answers, draft_answers.c.draft == drafts.c.id)
                .where(draft_keys.c.lookup == secret.lookup, drafts.c.expires > iso(now))
            ).all()
        if not rows:
            return None
        row = rows[0]
        try:
            key = _unwrapped(secret, row)
            values, sent = _opened(rows, key, row)
        except NotOpened:
            self.refusals.count("draft")
            return None
        return Draft(row.id, row.content, key, row.version, datetime.fromisoformat(row.touched), values, sent)

    def save(self, draft: Draft, values: Values, now: datetime, days: int, reached: str = "") -> Saved:
        """Save what changed, and count the page that the form `reached`. Raises NotSaved or DraftGone.

        `draft` then is as it stands in the store, others' answers included."""
        others: dict[str, Any] = {}
        with self.database.writing() as connection:
            here = drafts.c.id == draft.id
            row = connection.execute(select(drafts).where(here).with_for_update()).first()
            if row is None:
                raise DraftGone
            if row.version > draft.version:
                boxes = connection.execute(select(draft_answers).where(draft_answers.c.draft == draft.id)).all()
                try:
                    stored, sent = _opened(boxes, draft.key, row)
                except NotOpened:
                    raise NotSaved("a draft that does not open") from None
                if sent:  # from another window: nothing is added to it any more
                    raise DraftGone(sent)
                others = {name: value for name, value in stored.items() if value != draft.values.get(name)}
            # An older draft that somebody put back is written over: this window has the newest answers.
            version, expires = max(row.version, draft.version) + 1, _expiry(now, days)
            after = replace(draft, version=version, touched=now, values={**draft.values, **others, **values})
            fields = {"version": after.version, "touched": iso(now), "expires": expires}
            connection.execute(update(drafts).where(here).values(fields))
            _put(connection, after, expires)
            _count(connection, reached, now)
        draft.version, draft.values, draft.touched = after.version, after.values, now
        conflicts = tuple(name for name, value in values.items() if name in others and others[name] != value)
        return Saved({name: value for name, value in others.items() if name not in values}, conflicts)

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
    def finish(connection: Connection, draft: Draft, sent: Sent, now: datetime, reached: str) -> None:
        """Keep of a draft only that it was sent, so that a lost answer can be asked for again, for a day; the resume
        code opens it no more. Inside the transaction that keeps the response. `reached`: as in `save`."""
        _count(connection, reached, now)
        connection.execute(delete(draft_keys).where(draft_keys.c.draft == draft.id, draft_keys.c.kind == "code"))
        fields = {"version": drafts.c.version + 1, "touched": iso(now), "expires": _expiry(now, 1)}
        known = update(drafts).where(drafts.c.id == draft.id).values(fields).returning(drafts.c.version)
        version = connection.execute(known).scalar()
        if version is not None:
            left = replace(draft, version=version, touched=now, values={}, sent=sent)
            _put(connection, left, _expiry(now, 1))


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


def _put(connection: Connection, draft: Draft, expires: str) -> None:
    """Write all of a draft in place of what was there."""
    whole = {"values": draft.values, "sent": vars(draft.sent) if draft.sent else None}
    place = _place(draft.id, draft.version, iso(draft.touched), expires)
    box = lock(draft.key, padded(canonical(whole), _LEAST, b" "), place)
    former = (draft_answers.c.draft == draft.id) & (draft_answers.c.slot != _WHOLE)
    connection.execute(delete(draft_answers).where(former))
    put(connection, draft_answers, {"draft": draft.id, "slot": _WHOLE, "version": draft.version, "box": box})


def _opened(rows: Sequence[Any], key: bytes, row: Any) -> tuple[dict[str, Any], Sent | None]:
    """What a draft holds, from its boxes and its own row. Raises NotOpened."""
    if len(rows) == 1 and rows[0].slot == _WHOLE:
        whole = json.loads(unlock(key, rows[0].box, _place(row.id, row.version, row.touched, row.expires)))
        sent = whole["sent"]
        return whole["values"], Sent(sent["reference"], sent["received"], tuple(sent["help_shown"])) if sent else None
    if any(one.slot in (None, _WHOLE) for one in rows):
        raise NotOpened("A draft has lost what it held.")
    values = dict(json.loads(unlock(key, one.box, f"draft_answer|box|{row.id}|{one.slot}")) for one in rows)
    if "receipt" in values:
        reference, received = values["receipt"]
        return {}, Sent(reference, received, tuple(values.get("help", ())))
    return values, None


def _place(draft: str, version: int, touched: str, expires: str) -> str:
    return f"draft|box|{draft}|{version}|{touched}|{expires}"


def _expiry(now: datetime, days: int) -> str:
    return iso(now + timedelta(days=days))
