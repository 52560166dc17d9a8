"""The second step of a sign-in: a code of six digits from a person's telephone (TOTP, RFC 6238), each good once."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pyotp
from sqlalchemy import Connection, update

from screening.records.accounts.account import SecondStepWanted, SignInRefused
from screening.records.schema import accounts
from screening.records.seal import NotOpened, canonical, lock, unlock

SECONDS = 30
_ISSUER = "Intake screening"
_WAITING, _WAITS = "account|second step that waits", timedelta(minutes=10)


def enrolment(name: str) -> tuple[str, str]:
    """A new secret (Base32), and the address that an authenticator app takes it in as."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def waiting(key: bytes, account: Any, now: datetime) -> SecondStepWanted:
    """A second step that is to be set up for an account's row, right after its password."""
    secret, address = enrolment(account.name)
    until = (now + _WAITS).isoformat()
    kept = {"account": account.id, "password": account.password, "secret": secret, "until": until}
    return SecondStepWanted(address, secret, urlsafe_b64encode(lock(key, canonical(kept), _WAITING)).decode())


def finished(key: bytes, kept: str, code: str, now: datetime) -> tuple[str, str, str]:
    """(account id, hash of its password, secret) of what `waiting` made, where the code is right. Raises SignInRefused
    where it is too old or not ours, and SecondStepWanted where only the code is wrong."""
    try:
        found = json.loads(unlock(key, urlsafe_b64decode(kept), _WAITING))
    except (NotOpened, ValueError):
        raise SignInRefused from None
    if datetime.fromisoformat(found["until"]) < now:
        raise SignInRefused
    totp = pyotp.TOTP(found["secret"])
    if not _steps(totp, code, now):
        address = totp.provisioning_uri(name="", issuer_name=_ISSUER)
        raise SecondStepWanted(address, found["secret"], kept)
    return found["account"], found["password"], found["secret"]


def _steps(totp: pyotp.TOTP, code: str, now: datetime) -> list[int]:
    """The steps, of the present one and its neighbours, whose code this is."""
    present, typed = int(now.timestamp()) // SECONDS, "".join(code.split()).encode("utf-8", "surrogatepass")
    near = (present - 1, present, present + 1)
    return [step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), typed)]


def sealed(key: bytes, account: str, secret: str) -> bytes:
    """A secret as it is kept."""
    return lock(key, secret.encode(), f"account|totp|{account}")


def passed(connection: Connection, key: bytes, account: Any, code: str, now: datetime) -> bool:
    """Whether the code is right for an account's row; then no code of that step or before is good again.

    One step of 30 seconds early or late is allowed. An account without a second step passes. In the caller's
    transaction.
    """
    if account.totp is None:
        return True
    try:
        totp = pyotp.TOTP(unlock(key, account.totp, f"account|totp|{account.id}").decode())
    except NotOpened:
        return False
    right = _steps(totp, code, now)
    if not right or (account.totp_step is not None and right[-1] <= account.totp_step):
        return False
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(totp_step=right[-1]))
    return True
