"""The second step of a sign-in: a code of six digits from a person's telephone (TOTP, RFC 6238), each good once."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, update

from screening.records.schema import accounts
from screening.records.seal import NotOpened, lock, unlock

SECONDS = 30
_ISSUER = "Intake screening"


def enrolment(name: str) -> tuple[str, str]:
    """A new secret (Base32), and the address that an authenticator app takes it in as."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


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
    present, typed = int(now.timestamp()) // SECONDS, "".join(code.split()).encode("utf-8", "surrogatepass")
    right = [
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed)
    ]
    if not right or (account.totp_step is not None and right[-1] <= account.totp_step):
        return False
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(totp_step=right[-1]))
    return True
