"""Signing in, by a password or by the clinic's identity service, and signing out.

A wrong name, password or code and a disabled account all look the same from outside, and take the same time.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from screening.records.accounts import second_step, sessions
from screening.records.accounts.account import NAME, Account, Origin, SignInRefused, StaffSession, Subject, account_of
from screening.records.accounts.account_rows import AccountRows
from screening.records.accounts.attempts import Attempts, TooEarly
from screening.records.accounts.known_browsers import KnownBrowsers
from screening.records.accounts.passwords import Passwords
from screening.records.database import Database
from screening.records.keys import KeyRing
from screening.records.reconcile import SIGN_OUT
from screening.records.schema import accounts, staff_sessions

_SESSION = re.compile(r"[0-9a-f]{64}\Z")


class SignIns(AccountRows):
    """The way in and out of one clinic's accounts."""

    def __init__(
        self, database: Database, keys: KeyRing, passwords: Passwords, second_step_for: Collection[str] = ()
    ) -> None:
        """second_step_for: the roles that sign in with a password only together with a second step."""
        super().__init__(database, keys)
        self.passwords, self._second_step_for = passwords, second_step_for
        self._attempts = Attempts(database, keys.derived("staff attempts"))
        self._totp_key = keys.derived("staff second step")
        self._browsers = KnownBrowsers(keys.derived("staff known browsers"))

    def sign_in(self, name: str, password: str, code: str, origin: Origin, now: datetime) -> str:
        """The token of a new session. Raises SignInRefused; a try that comes too early is not looked at. Raises
        SecondStepWanted where the role needs a second step that is not set up yet."""
        name = name.strip().lower()
        row = self.row(accounts.c.name == (name if NAME.match(name) else ""))
        try:
            this = self._attempts.begin(
                name, origin.address, self._browsers.browser(row, origin.known), now.timestamp()
            )
        except TooEarly as early:
            raise SignInRefused(early.wait) from None
        right = self.passwords.right(row.password if row else None, password)
        fresher = self.passwords.fresher(row.password, password) if row and right else None
        with self.writing() as connection:
            token = None
            present = self._still(connection, row) if row and right else None
            wanted = None
            if present and present.totp is None and self._needs_second_step(present):
                Attempts.succeeded(connection, this)
                self.note(connection, now, present.name, "sign-in", present.name, "second step to be set up")
                wanted = second_step.waiting(self._totp_key, present, now)
            elif present and second_step.passed(connection, self._totp_key, present, code, now):
                Attempts.succeeded(connection, this)
                self.put(connection, present.id, **({"password": fresher} if fresher else {}))
                seq = self.note(connection, now, present.name, "sign-in", present.name)
                token = sessions.begin(connection, self.marks, present.id, origin.session, now, seq)
            else:
                who = row.name if row else "unknown"
                self.note(connection, now, who, "sign-in", who, "refused")
        if wanted:
            raise wanted
        if token is None:
            raise SignInRefused(self._attempts.wait(this))
        return token

    def finish_second_step(self, waiting: str, code: str, origin: Origin, now: datetime) -> str:
        """The token of a new session, with the second step set up. Raises SignInRefused or SecondStepWanted."""
        account, password, secret = second_step.finished(self._totp_key, waiting, code, now)
        with self.writing() as connection:
            same = (accounts.c.id == account) & (accounts.c.password == password) & accounts.c.totp.is_(None)
            row = connection.execute(select(accounts).where(same, accounts.c.state == "active")).first()
            if row is None or not sessions.holds(connection, self.marks, row):
                raise SignInRefused
            sessions.end_all(connection, row.id)
            seq = self.note(connection, now, row.name, "account-totp", row.name, "on")
            self.put(connection, row.id, totp=second_step.sealed(self._totp_key, row.id, secret), seq=seq)
            seq = self.note(connection, now, row.name, "sign-in", row.name)
            return sessions.begin(connection, self.marks, row.id, origin.session, now, seq)

    def change_own(self, account: Account, current: str, password: str, origin: Origin, now: datetime) -> str:
        """A new password for oneself, or with none the same, and the end of all sessions; the token of a new one.
        Raises SignInRefused where the password so far is not right, and WeakPassword."""
        kept = self.passwords.hashed(password, account.name) if password else None
        row = self.row(accounts.c.id == account.id)
        try:
            known = self._browsers.browser(row, origin.known)
            this = self._attempts.begin(account.name, origin.address, known, now.timestamp())
        except TooEarly as early:
            raise SignInRefused(early.wait) from None
        right = self.passwords.right(row.password if row else None, current)
        with self.writing() as connection:
            present = self._still(connection, row) if row and right else None
            if present is not None:
                Attempts.succeeded(connection, this)
                sessions.end_all(connection, present.id)
                outcome = "by oneself" if kept else "sessions ended"
                seq = self.note(connection, now, present.name, "account-password", present.name, outcome)
                self.put(connection, present.id, seq=seq, **({"password": kept} if kept else {}))
                return sessions.begin(connection, self.marks, present.id, origin.session, now, seq)
            self.note(connection, now, account.name, "sign-in", account.name, "refused")
        raise SignInRefused(self._attempts.wait(this))

    def sessions_of(self, account: str, now: datetime) -> list[tuple[str, str]]:
        """(id, when it began) of every session of an account that is good now, the newest first."""
        return sessions.of_account(self.database, self.marks, account, now)

    def sign_in_as(self, subject: Subject, origin: Origin, now: datetime) -> str:
        """The token of a new session for somebody whom the clinic's identity service names. Raises SignInRefused.

        The first time, the account is the one whose name is the e-mail address that the service has verified; from then
        on it belongs to the service's own name for that person, so that an address given to somebody else later opens
        nothing.
        """
        bound = self.row(accounts.c.subject == subject.digest)
        email = subject.email.strip().lower()
        row = bound or (
            self.row((accounts.c.name == email) & accounts.c.subject.is_(None)) if NAME.match(email) else None
        )
        with self.writing() as connection:
            here = select(accounts).where(accounts.c.id == (row.id if row else ""), accounts.c.state == "active")
            present = connection.execute(here if bound else here.where(accounts.c.subject.is_(None))).first()
            token = None
            if present is not None:
                if not bound:
                    seq = self.note(connection, now, present.name, "account-bind", present.name)
                    self.put(connection, present.id, subject=subject.digest, seq=seq)
                seq = self.note(connection, now, present.name, "sign-in", present.name)
                token = sessions.begin(connection, self.marks, present.id, origin.session, now, seq)
            else:
                who = row.name if row else "unknown"
                self.note(connection, now, who, "sign-in", who, "refused")
        if token is None:
            raise SignInRefused
        return token

    def session(self, session_id: str, now: datetime, here: bool = True) -> StaffSession | None:
        """Who is signed in; None after 15 minutes without a sign of life, 10 hours, sign-out, a change of role or
        password. here: whether this is such a sign."""
        if not _SESSION.match(session_id):
            return None
        found = sessions.current(self.database, self.marks, session_id, now, here)
        if found is None:
            return None
        session, account = found
        return StaffSession(session_id, account_of(account), session.begun, session.until)

    def end(self, session_id: str, now: datetime) -> None:
        """Sign out."""
        with self.writing() as connection:
            query = select(accounts.c.name).join(staff_sessions).where(staff_sessions.c.id == session_id)
            name = connection.execute(query).scalar()
            if name is not None:
                connection.execute(staff_sessions.delete().where(staff_sessions.c.id == session_id))
                self.note(connection, now, name, SIGN_OUT, name, holds=bytes.fromhex(session_id))

    def known(self, former: str, session_id: str, now: datetime) -> str:
        """The `known` cookie of a browser in which somebody has just signed in. `former`: its value so far."""
        found = sessions.current(self.database, self.marks, session_id, now)
        return self._browsers.value(found[1] if found else None, former)

    def _needs_second_step(self, account: Any) -> bool:
        return any(role in self._second_step_for for role in account_of(account).roles)

    @staticmethod
    def _still(connection: Connection, row: Any) -> Any | None:
        """The row as it is now; None if the account may not come in, or its password was changed meanwhile."""
        same = select(accounts).where(
            accounts.c.id == row.id, accounts.c.state == "active", accounts.c.password == row.password
        )
        return connection.execute(same).first()
