"""Accounts of staff, and how somebody signs in with one. There is no account that nobody made.

Every change is in the audit trail, in the transaction of the change. A wrong name, password or code and a disabled
account all look the same from outside, and take the same time.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from screening.records.accounts import second_step, sessions
from screening.records.accounts.account import (
    NAME,
    ROLES,
    Account,
    AccountProblem,
    Origin,
    Role,
    SignInRefused,
    StaffSession,
    Subject,
    account_of,
    kept_role,
    role_of,
    roles_of,
)
from screening.records.accounts.attempts import Attempts, TooEarly
from screening.records.accounts.known_browsers import KnownBrowsers
from screening.records.accounts.passwords import Passwords, WeakPassword
from screening.records.audit import Trail
from screening.records.authority import Marks
from screening.records.database import AlreadyThere, Database, iso
from screening.records.keys import KeyRing
from screening.records.reconcile import SIGN_OUT
from screening.records.schema import accounts, staff_sessions

LINK_HOURS = 24
_SESSION = re.compile(r"[0-9a-f]{64}\Z")

__all__ = [
    "ROLES",
    "Account",
    "AccountProblem",
    "Accounts",
    "Origin",
    "Role",
    "SignInRefused",
    "StaffSession",
    "Subject",
    "WeakPassword",
]


class Accounts:
    """The accounts of one clinic. Every method may raise NotSaved; `actor` is the account (or `operator`) that acts."""

    def __init__(self, database: Database, keys: KeyRing, passwords: Passwords | None = None) -> None:
        self._database, self._trail, self._marks = database, Trail.of_staff(keys), Marks(keys)
        self._passwords = passwords or Passwords()
        self._attempts = Attempts(database, keys.derived("staff attempts"))
        self._totp_key, self._browsers = (
            keys.derived("staff second step"),
            KnownBrowsers(keys.derived("staff known browsers")),
        )

    # ------------------------------------------------------------ sign in and out

    def sign_in(self, name: str, password: str, code: str, origin: Origin, now: datetime) -> str:
        """The token of a new session. Raises SignInRefused; a try that comes too early is not looked at."""
        name = name.strip().lower()
        row = self._row(accounts.c.name == (name if NAME.match(name) else ""))
        try:
            this = self._attempts.begin(
                name, origin.address, self._browsers.browser(row, origin.known), now.timestamp()
            )
        except TooEarly as early:
            raise SignInRefused(early.wait) from None
        right = self._passwords.right(row.password if row else None, password)
        fresher = self._passwords.fresher(row.password, password) if row and right else None
        with self._writing() as connection:
            token = None
            present = self._still(connection, row) if row and right else None
            if present and second_step.passed(connection, self._totp_key, present, code, now):
                Attempts.succeeded(connection, this)
                self._set(connection, present.id, **({"password": fresher} if fresher else {}))
                seq = self._note(connection, now, present.name, "sign-in", present.name)
                token = sessions.begin(connection, self._marks, present.id, origin.session, now, seq)
            else:
                who = row.name if row else "unknown"
                self._note(connection, now, who, "sign-in", who, "refused")
        if token is None:
            raise SignInRefused(self._attempts.wait(this))
        return token

    def sign_in_as(self, subject: Subject, origin: Origin, now: datetime) -> str:
        """The token of a new session for somebody whom the clinic's identity service names. Raises SignInRefused.

        The first time, the account is the one whose name is the e-mail address that the service has verified; from then
        on it belongs to the service's own name for that person, so that an address given to somebody else later opens
        nothing.
        """
        bound = self._row(accounts.c.subject == subject.digest)
        email = subject.email.strip().lower()
        row = bound or (
            self._row((accounts.c.name == email) & accounts.c.subject.is_(None)) if NAME.match(email) else None
        )
        with self._writing() as connection:
            here = select(accounts).where(accounts.c.id == (row.id if row else ""), accounts.c.state == "active")
            present = connection.execute(here if bound else here.where(accounts.c.subject.is_(None))).first()
            token = None
            if present is not None:
                if not bound:
                    seq = self._note(connection, now, present.name, "account-bind", present.name)
                    self._set(connection, present.id, subject=subject.digest, seq=seq)
                seq = self._note(connection, now, present.name, "sign-in", present.name)
                token = sessions.begin(connection, self._marks, present.id, origin.session, now, seq)
            else:
                who = row.name if row else "unknown"
                self._note(connection, now, who, "sign-in", who, "refused")
        if token is None:
            raise SignInRefused
        return token

    def session(self, session_id: str, now: datetime, here: bool = True) -> StaffSession | None:
        """Who is signed in; None after 15 minutes without a sign of life, 10 hours, sign-out, a change of role or
        password. here: whether this is such a sign."""
        if not _SESSION.match(session_id):
            return None
        found = sessions.current(self._database, self._marks, session_id, now, here)
        if found is None:
            return None
        session, account = found
        return StaffSession(session_id, account_of(account), session.begun, session.until)

    def end(self, session_id: str, now: datetime) -> None:
        """Sign out."""
        with self._writing() as connection:
            query = select(accounts.c.name).join(staff_sessions).where(staff_sessions.c.id == session_id)
            name = connection.execute(query).scalar()
            if name is not None:
                connection.execute(staff_sessions.delete().where(staff_sessions.c.id == session_id))
                self._note(connection, now, name, SIGN_OUT, name, holds=bytes.fromhex(session_id))

    def known(self, former: str, session_id: str, now: datetime) -> str:
        """The `known` cookie of a browser in which somebody has just signed in. `former`: its value so far."""
        found = sessions.current(self._database, self._marks, session_id, now)
        return self._browsers.value(found[1] if found else None, former)

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
            return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def any(self) -> bool:
        """Whether there is an account at all."""
        with self._database.reading() as connection:
            return bool(connection.execute(select(func.count()).select_from(accounts)).scalar_one())

    def add(self, name: str, role: str, actor: str, now: datetime, password: str | None = None) -> Account:
        """A new account; without a password it needs a link. Raises AccountProblem or WeakPassword."""
        name = name.strip().lower()
        if not NAME.match(name):
            raise AccountProblem(
                "A name has 3 to 64 characters: small letters, digits and what may stand in an e-mail address."
            )
        roles = kept_role(roles_of(role))
        kept = self._passwords.hashed(password, name) if password is not None else None
        row: dict[str, Any] = {
            "id": secrets.token_hex(16),
            "name": name,
            "role": roles,
            "state": "active",
            "password": kept,
            "made": iso(now),
        }
        try:
            with self._writing() as connection:
                row["seq"] = self._note(connection, now, actor, "account-add", name, role)
                connection.execute(insert(accounts).values(row | {"mac": self._marks.of(accounts, row)}))
        except AlreadyThere:
            raise AccountProblem(f"There is an account {name} already.") from None
        return self._named(name)

    def set_role(self, name: str, role: str, actor: str, now: datetime) -> None:
        """Give another role, or several joined by `+`; ends the account's sessions. Raises AccountProblem."""
        self._change(name, actor, now, "account-role", role, role=kept_role(roles_of(role)))

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
        """The token of a link by which the person sets a password, once, within 24 hours. Ends the password and the
        sessions so far. Raises AccountProblem."""
        token = secrets.token_urlsafe(32)
        until = iso(now + timedelta(hours=LINK_HOURS))
        self._change(name, actor, now, "account-link", password=None, link=sessions.session_id(token), link_until=until)
        return token

    def of_link(self, token: str, now: datetime) -> Account | None:
        """Whose link it is; None if it was used, is too old or never was."""
        row = self._row((accounts.c.link == sessions.session_id(token)) & (accounts.c.state == "active"))
        return account_of(row) if row and row.link_until > iso(now) else None

    def use_link(self, token: str, password: str, now: datetime) -> Account | None:
        """Set the password by a link; None if the link is not good. Raises WeakPassword; then the link stays good."""
        account = self.of_link(token, now)
        if account is None:
            return None
        kept = self._passwords.hashed(password, account.name)
        link = sessions.session_id(token)
        with self._writing() as connection:
            good = (accounts.c.link == link) & (accounts.c.link_until > iso(now)) & (accounts.c.state == "active")
            if connection.execute(select(accounts.c.id).where(good)).first() is None:
                return None
            sessions.end_all(connection, account.id)
            seq = self._note(connection, now, account.name, "account-password", account.name, "by link")
            self._set(connection, account.id, password=kept, link=None, link_until=None, seq=seq)
        return account

    def set_totp(self, name: str, actor: str, now: datetime) -> str:
        """Ask for a second step from now on; the otpauth address for the person's app, shown once. Raises
        AccountProblem."""
        one = self._named(name)
        secret, address = second_step.enrolment(one.name)
        box = second_step.sealed(self._totp_key, one.id, secret)
        self._change(name, actor, now, "account-totp", "on", totp=box, totp_step=None)
        return address

    def clear_totp(self, name: str, actor: str, now: datetime) -> None:
        """Ask for no second step any more. Raises AccountProblem."""
        self._change(name, actor, now, "account-totp", "off", totp=None, totp_step=None)

    def unbind(self, name: str, actor: str, now: datetime) -> None:
        """Forget who of the identity service the account belongs to, where the clinic changes its service. Raises
        AccountProblem."""
        self._change(name, actor, now, "account-unbind", subject=None)

    # ------------------------------------------------------------ within

    def _change(self, name: str, actor: str, now: datetime, action: str, outcome: str = "done", **values: Any) -> None:
        """Change an account's row, end its sessions and note it. Raises AccountProblem."""
        account = self._named(name)
        with self._writing() as connection:
            stays = "admin" in role_of(values.get("role", "admin")) and values.get("state") != "disabled"
            if "admin" in account.roles and account.state == "active" and not stays:
                others = select(accounts).where((accounts.c.state == "active") & (accounts.c.id != account.id))
                if not any("admin" in account_of(row).roles for row in connection.execute(others)):
                    raise AccountProblem(f"{account.name} is the only admin: make another one first.")
            sessions.end_all(connection, account.id)
            seq = self._note(connection, now, actor, action, account.name, outcome)
            self._set(connection, account.id, **values, seq=seq)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._database.writing(audited=True) as connection:
            yield connection

    def _note(
        self,
        connection: Connection,
        now: datetime,
        actor: str,
        action: str,
        name: str,
        outcome: str = "done",
        holds: bytes | None = None,
    ) -> int:
        return self._trail.add(connection, iso(now), actor, action, name, outcome, holds)

    def _set(self, connection: Connection, account: str, **values: Any) -> None:
        self._marks.put_on(connection, accounts, accounts.c.id == account, **values)

    @staticmethod
    def _still(connection: Connection, row: Any) -> Any | None:
        """The row as it is now; None if the account may not come in, or its password was changed meanwhile."""
        same = select(accounts).where(
            accounts.c.id == row.id, accounts.c.state == "active", accounts.c.password == row.password
        )
        return connection.execute(same).first()

    def _row(self, condition: Any) -> Any | None:
        """The row of an account, if it is as we wrote it last."""
        with self._database.reading() as connection:
            row = connection.execute(select(accounts).where(condition)).first()
            return row if sessions.holds(connection, self._marks, row) else None

    def _named(self, name: str) -> Account:
        name = name.strip().lower()
        row = self._row(accounts.c.name == name) if NAME.match(name) else None
        if row is None:
            raise AccountProblem("There is no account of this name.")
        return account_of(row)
