"""What an account of staff is, and the words around it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from screening.model.site import StaffRole

Role = StaffRole
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~@-]{3,64}\Z")
"""How names of accounts look: all that may stand in an e-mail address, and nothing that breaks a line of the audit
trail."""


@dataclass(frozen=True)
class Account:
    """One person's account. role: one role, or several joined by `+` in their order. has_...: the ways to sign in that
    were set up; made: ISO 8601 in UTC."""

    id: str
    name: str
    role: str
    state: Literal["active", "disabled"]
    has_password: bool
    has_totp: bool
    has_subject: bool
    made: str

    @property
    def roles(self) -> tuple[Role, ...]:
        """What this person is: one role or several."""
        return roles_of(self.role)


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


class SecondStepWanted(Exception):
    """Name and password are right, and the role needs a second step that is not set up yet. address: what an
    authenticator app takes in; secret: the same to be typed; waiting: what finishing it brings back, good for ten
    minutes."""

    def __init__(self, address: str, secret: str, waiting: str) -> None:
        super().__init__("A second step is to be set up.")
        self.address, self.secret, self.waiting = address, secret, waiting


class AccountProblem(Exception):
    """What was asked of the accounts cannot be done. The message is one plain sentence."""


def roles_of(words: str) -> tuple[Role, ...]:
    """One role or several, joined by `+` in any order. Raises AccountProblem where there is no such role."""
    said = {part.strip() for part in words.split("+")}
    if unknown := sorted(said - set(ROLES)):
        raise AccountProblem(f"{unknown[0]} is not a role: {', '.join(ROLES)}, or several joined by +.")
    return tuple(role for role in ROLES if role in said)


def kept_role(roles: tuple[Role, ...]) -> str:
    """Roles as they are kept: one by its name, several by their first letters, which all fit the column."""
    return roles[0] if len(roles) == 1 else "+".join(role[0] for role in roles)


def role_of(kept: str) -> str:
    """The names of the roles that are kept like this, joined by `+`."""
    return "+".join(next((role for role in ROLES if part in (role, role[0])), part) for part in kept.split("+"))


def account_of(row: Any) -> Account:
    """The account of a row."""
    ways = {
        "has_password": row.password is not None,
        "has_totp": row.totp is not None,
        "has_subject": row.subject is not None,
    }
    return Account(row.id, row.name, role_of(row.role), row.state, **ways, made=row.made)
