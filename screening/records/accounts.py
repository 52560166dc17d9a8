"""Accounts of staff, and how somebody signs in with one. There is no account that nobody made.

Every change is in the audit trail, in the transaction of the change. A wrong name, password or code and a disabled
account all look the same from outside, and take the same time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from screening.records import audit, second_step, sessions
from screening.records.attempts import Attempts
from screening.records.database import Database, iso
from screening.records.keys import KeyRing
from screening.records.passwords import Passwords, WeakPassword
from screening.records.schema import accounts, staff_sessions

Role = Literal["front-desk", "clinician", "exporter", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9._@+-]{3,64}\Z")
LINK_HOURS = 24
_SESSION = re.compile(r"[0-9a-f]{64}\Z")
_MOST_ACCOUNTS_OF_BROWSER = 8

__all__ = ["ROLES", "Account", "AccountProblem", "Accounts", "Origin", "Role", "SignInRefused", "StaffSession", "WeakPassword"]


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
    """Somebody who is signed in. id: SHA-256 of the cookie's token, as 64 hexadecimal digits; times are ISO 8601 in UTC."""

    id: str
    account: Account
    begun: str
    until: str


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from. known: the value of the browser's `known` cookie; session: the id of its session so far."""

    address: str
    known: str = ""
    session: str = ""


class SignInRefused(Exception):
    """Not signed in, whatever the reason. wait: seconds until the next try is looked at."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__("The name, the password or the code is not right.")
        self.wait = wait


class AccountProblem(Exception):
    """What was asked of the accounts cannot be done. The message is one plain sentence."""


class Accounts:
    """The accounts of one clinic. Every method may raise NotSaved; `actor` is the account (or `operator`) that acts."""

    def __init__(self, database: Database, keys: KeyRing, passwords: Passwords | None = None) -> None:
        self._database, self._audit_key = database, keys.audit()
        self._passwords = passwords or Passwords()
        self._attempts = Attempts(database, keys.derived("staff attempts"))
        self._totp_key, self._known_key = keys.derived("staff second step"), keys.derived("staff known browsers")

    # ------------------------------------------------------------ sign in and out

    def sign_in(self, name: str, password: str, code: str, origin: Origin, now: datetime) -> str:
        """The token of a new session. Raises SignInRefused; a try that comes too early is not looked at."""
        name = name.strip().lower()
        row = self._row(accounts.c.name == (name if NAME.match(name) else ""))
        counters = self._attempts.counters(name, origin.address, self._browser(row, origin.known))
        if wait := self._attempts.begin(counters, now.timestamp()):
            raise SignInRefused(wait)
        right = self._passwords.right(row.password if row else None, password)
        fresher = self._passwords.fresher(row.password, password) if row and right else None
        with self._writing() as connection:
            token = None
            present = self._still(connection, row) if row and right else None
            if present and second_step.passed(connection, self._totp_key, present, code, now):
                Attempts.succeeded(connection, counters)
                if fresher:
                    self._set(connection, present.id, password=fresher)
                token = sessions.begin(connection, present.id, origin.session, now)
            who = row.name if row else "unknown"
            self._note(connection, now, who, "sign-in", who, "done" if token else "refused")
        if token is None:
            raise SignInRefused(self._attempts.wait(counters, now.timestamp()))
        return token

    def session(self, session_id: str, now: datetime) -> StaffSession | None:
        """Who is signed in; None after 15 minutes without a sign of life, 10 hours, sign-out, a change of role or password."""
        row = sessions.current(self._database, session_id, now) if _SESSION.match(session_id) else None
        return StaffSession(session_id, _account(row), row.begun, row.until) if row is not None else None

    def end(self, session_id: str, now: datetime) -> None:
        """Sign out."""
        with self._writing() as connection:
            query = select(accounts.c.name).join(staff_sessions).where(staff_sessions.c.id == session_id)
            name = connection.execute(query).scalar()
            if name is not None:
                connection.execute(staff_sessions.delete().where(staff_sessions.c.id == session_id))
                self._note(connection, now, name, "sign-out", name)

    def known(self, former: str, session_id: str, now: datetime) -> str:
        """The `known` cookie of a browser in which somebody has just signed in. `former`: its value so far."""
        row = sessions.current(self._database, session_id, now)
        browser, *marks = former.split(".") if re.fullmatch(r"[\w-]{22}(\.[0-9a-f]{32}){0,8}", former) else [secrets.token_urlsafe(16)]
        if row is None:
            return ".".join([browser, *marks])
        mark = self._mark(row, browser)
        return ".".join([browser, mark, *(one for one in marks if one != mark)][: _MOST_ACCOUNTS_OF_BROWSER + 1])

    # ------------------------------------------------------------ one's own

    def choices(self, account_id: str) -> dict[str, Any]:
        """What a person chose to see, as `remember` was given it; empty at first."""
        row = self._row(accounts.c.id == account_id)
        return dict(json.loads(row.choices)) if row and row.choices else {}

    def remember(self, account_id: str, choices: Mapping[str, Any]) -> None:
        """Keep what a person chose to see: names of columns and filters, never anything of a patient."""
        with self._database.writing() as connection:
            self._set(connection, account_id, choices=json.dumps(dict(choices)))

    # ------------------------------------------------------------ look after accounts

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._database.reading() as connection:
            return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def any(self) -> bool:
        """Whether there is an account at all."""
        with self._database.reading() as connection:
            return bool(connection.execute(select(func.count()).select_from(accounts)).scalar_one())

    def add(self, name: str, role: Role, actor: str, now: datetime, password: str | None = None) -> Account:
        """A new account; without a password it needs a link. Raises AccountProblem or WeakPassword."""
        name = name.strip().lower()
        if not NAME.match(name):
            raise AccountProblem("A name has 3 to 64 characters: small letters, digits and . _ @ + -")
        _check_role(role)
        kept = self._passwords.hashed(password, name) if password is not None else None
        row = {"id": secrets.token_hex(16), "name": name, "role": role, "state": "active", "password": kept, "made": iso(now)}
        try:
            with self._writing() as connection:
                connection.execute(insert(accounts).values(row))
                self._note(connection, now, actor, "account-add", name, role)
        except IntegrityError:
            raise AccountProblem(f"There is an account {name} already.") from None
        return self._named(name)

    def set_role(self, name: str, role: Role, actor: str, now: datetime) -> None:
        """Give another role; ends the account's sessions. Raises AccountProblem."""
        _check_role(role)
        self._change(name, actor, now, "account-role", role, role=role)

    def disable(self, name: str, actor: str, now: datetime) -> None:
        """Let nobody in with this account, from now on. Raises AccountProblem."""
        self._change(name, actor, now, "account-disable", state="disabled", link=None, link_until=None)

    def enable(self, name: str, actor: str, now: datetime) -> None:
        """Let the account in again. Raises AccountProblem."""
        self._change(name, actor, now, "account-enable", state="active")

    def set_password(self, name: str, password: str, actor: str, now: datetime) -> None:
        """A new password; ends the account's sessions. Raises AccountProblem or WeakPassword."""
        kept = self._passwords.hashed(password, self._named(name).name)
        self._change(name, actor, now, "account-password", password=kept, link=None, link_until=None)

    def link(self, name: str, actor: str, now: datetime) -> str:
        """The token of a link by which the person sets a password, once, within 24 hours. Ends the password and the sessions so far.
        Raises AccountProblem."""
        token = secrets.token_urlsafe(32)
        until = iso(now + timedelta(hours=LINK_HOURS))
        self._change(name, actor, now, "account-link", password=None, link=sessions.session_id(token), link_until=until)
        return token

    def of_link(self, token: str, now: datetime) -> Account | None:
        """Whose link it is; None if it was used, is too old or never was."""
        row = self._row((accounts.c.link == sessions.session_id(token)) & (accounts.c.state == "active"))
        return _account(row) if row and row.link_until > iso(now) else None

    def use_link(self, token: str, password: str, now: datetime) -> Account | None:
        """Set the password by a link; None if the link is not good. Raises WeakPassword; then the link stays good."""
        account = self.of_link(token, now)
        if account is None:
            return None
        kept = self._passwords.hashed(password, account.name)
        link = sessions.session_id(token)
        with self._writing() as connection:
            query = update(accounts).where(accounts.c.link == link, accounts.c.link_until > iso(now), accounts.c.state == "active")
            if not connection.execute(query.values(password=kept, link=None, link_until=None)).rowcount:
                return None
            sessions.end_all(connection, account.id)
            self._note(connection, now, account.name, "account-password", account.name, "by link")
        return account

    def set_totp(self, name: str, actor: str, now: datetime) -> str:
        """Ask for a second step from now on; the otpauth address for the person's app, shown once. Raises AccountProblem."""
        account = self._named(name)
        secret, address = second_step.enrolment(account.name)
        box = second_step.sealed(self._totp_key, account.id, secret)
        self._change(name, actor, now, "account-totp", "on", totp=box, totp_step=None)
        return address

    def clear_totp(self, name: str, actor: str, now: datetime) -> None:
        """Ask for no second step any more. Raises AccountProblem."""
        self._change(name, actor, now, "account-totp", "off", totp=None, totp_step=None)

    # ------------------------------------------------------------ within

    def _change(self, name: str, actor: str, now: datetime, action: str, outcome: str = "done", **values: Any) -> None:
        """Change an account's row, end its sessions and note it. Raises AccountProblem."""
        account = self._named(name)
        with self._writing() as connection:
            if account.role == "admin" and (values.get("role", "admin") != "admin" or values.get("state") == "disabled"):
                active = (accounts.c.role == "admin") & (accounts.c.state == "active") & (accounts.c.id != account.id)
                if not connection.execute(select(func.count()).select_from(accounts).where(active)).scalar_one():
                    raise AccountProblem(f"{account.name} is the only admin: make another one first.")
            self._set(connection, account.id, **values)
            sessions.end_all(connection, account.id)
            self._note(connection, now, actor, action, account.name, outcome)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._database.writing(audited=True) as connection:
            yield connection

    def _note(self, connection: Connection, now: datetime, actor: str, action: str, name: str, outcome: str = "done") -> None:
        audit.add(connection, self._audit_key, iso(now), actor, action, name, outcome)

    @staticmethod
    def _set(connection: Connection, account: str, **values: Any) -> None:
        connection.execute(update(accounts).where(accounts.c.id == account).values(values))

    @staticmethod
    def _still(connection: Connection, row: Any) -> Any | None:
        """The row as it is now; None if the account may not come in, or its password was changed meanwhile."""
        same = select(accounts).where(accounts.c.id == row.id, accounts.c.state == "active", accounts.c.password == row.password)
        return connection.execute(same).first()

    def _row(self, condition: Any) -> Any | None:
        with self._database.reading() as connection:
            return connection.execute(select(accounts).where(condition)).first()

    def _named(self, name: str) -> Account:
        name = name.strip().lower()
        row = self._row(accounts.c.name == name) if NAME.match(name) else None
        if row is None:
            raise AccountProblem("There is no account of this name.")
        return _account(row)

    def _browser(self, row: Any | None, known: str) -> str:
        """The browser of a `known` cookie, if somebody signed in with this account in it since the password was set."""
        browser, *marks = known.split(".")
        mark = self._mark(row, browser) if row is not None else "-"
        return browser if any(hmac.compare_digest(mark.encode(), one.encode("utf-8", "surrogatepass")) for one in marks) else ""

    def _mark(self, row: Any, browser: str) -> str:
        kept = hashlib.sha256((row.password or "").encode()).hexdigest()
        return hmac.new(self._known_key, f"{row.id}|{kept}|{browser}".encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:32]


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountProblem(f"{role} is not a role: {', '.join(ROLES)}.")


def _account(row: Any) -> Account:
    ways = {"has_password": row.password is not None, "has_totp": row.totp is not None, "has_subject": row.subject is not None}
    return Account(row.id, row.name, row.role, row.state, **ways, made=row.made)
