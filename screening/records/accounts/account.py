"""What an account of staff is, and the words around it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

Role = Literal["front-desk", "clinician", "exporter", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~@-]{3,64}\Z")
"""How names of accounts look: all that may stand in an e-mail address, and nothing that breaks a line of the audit
trail."""


@dataclass(frozen=True)
class Account:
    """One person's account. has_...: the ways to sign in that were set up; made: ISO 8601 in UTC."""

    id: str
    name: str
    role: Role
    state: Literal["active", "disabled"]
    has_password: bool
    has_totp: bool
    has_subject: bool
    made: str


@dataclass(frozen=True)
class StaffSession:
    """Somebody who is signed in. id: SHA-256 of the cookie's token, as 64 hexadecimal digits; times are ISO 8601 in
    UTC."""

    id: str
    account: Account
    begun: str
    until: str


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from. known: the value of the browser's `known` cookie; session: the id of its session so
    far."""

    address: str
    known: str = ""
    session: str = ""


@dataclass(frozen=True)
class Subject:
    """A person as the clinic's identity service names them. email: only one that the service has verified; else
    empty."""

    issuer: str
    name: str
    email: str = ""

    @property
    def digest(self) -> str:
        """What is kept of it: 64 hexadecimal digits."""
        return hashlib.sha256(json.dumps([self.issuer, self.name]).encode()).hexdigest()


class SignInRefused(Exception):
    """Not signed in, whatever the reason. wait: seconds until the next try is looked at."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__("The name, the password or the code is not right.")
        self.wait = wait


class AccountProblem(Exception):
    """What was asked of the accounts cannot be done. The message is one plain sentence."""


def check_role(role: str) -> None:
    """Raises AccountProblem where there is no such role."""
    if role not in ROLES:
        raise AccountProblem(f"{role} is not a role: {', '.join(ROLES)}.")


def account_of(row: Any) -> Account:
    """The account of a row."""
    ways = {
        "has_password": row.password is not None,
        "has_totp": row.totp is not None,
        "has_subject": row.subject is not None,
    }
    return Account(row.id, row.name, row.role, row.state, **ways, made=row.made)
