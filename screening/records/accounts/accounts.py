"""Accounts of staff. There is no account that nobody made.

Every change is in the audit trail, in the transaction of the change.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from screening.records.accounts import second_step, sessions
from screening.records.accounts.account import NAME, Account, AccountProblem, account_of, kept_role, role_of, roles_of
from screening.records.accounts.passwords import Passwords
from screening.records.accounts.sign_ins import SignIns
from screening.records.database import AlreadyThere, Database, iso
from screening.records.keys import KeyRing
from screening.records.schema import accounts

LINK_HOURS = 24


class Accounts(SignIns):
    """The accounts of one clinic. Every method may raise NotSaved; `actor` is the account (or `operator`) that acts."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        passwords: Passwords | None = None,
        second_step_for: Collection[str] = (),
    ) -> None:
        super().__init__(database, keys, passwords or Passwords(), second_step_for)

    # ------------------------------------------------------------ one's own

    def choices(self, account_id: str) -> dict[str, Any]:
        """What a person chose to see, as `remember` was given it; empty at first."""
        row = self.row(accounts.c.id == account_id)
        return dict(json.loads(row.choices)) if row and row.choices else {}

    def remember(self, account_id: str, choices: Mapping[str, Any]) -> None:
        """Keep what a person chose to see: names of columns and filters, never anything of a patient."""
        with self.database.writing() as connection:
            self.put(connection, account_id, choices=json.dumps(dict(choices)))

    # ------------------------------------------------------------ look after accounts

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self.database.reading() as connection:
            return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def any(self) -> bool:
        """Whether there is an account at all."""
        with self.database.reading() as connection:
            return bool(connection.execute(select(func.count()).select_from(accounts)).scalar_one())

    def add(self, name: str, role: str, actor: str, now: datetime, password: str | None = None) -> Account:
        """A new account; without a password it needs a link. Raises AccountProblem or WeakPassword."""
        name = name.strip().lower()
        if not NAME.match(name):
            raise AccountProblem(
                "A name has 3 to 64 characters: small letters, digits and what may stand in an e-mail address."
            )
        roles = kept_role(roles_of(role))
        kept = self.passwords.hashed(password, name) if password is not None else None
        row: dict[str, Any] = {
            "id": secrets.token_hex(16),
            "name": name,
            "role": roles,
            "state": "active",
            "password": kept,
            "made": iso(now),
        }
        try:
            with self.writing() as connection:
                row["seq"] = self.note(connection, now, actor, "account-add", name, role)
                connection.execute(insert(accounts).values(row | {"mac": self.marks.of(accounts, row)}))
        except AlreadyThere:
            raise AccountProblem(f"There is an account {name} already.") from None
        return self.named(name)

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
        kept = self.passwords.hashed(password, self.named(name).name)
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
        row = self.row((accounts.c.link == sessions.session_id(token)) & (accounts.c.state == "active"))
        return account_of(row) if row and row.link_until > iso(now) else None

    def use_link(self, token: str, password: str, now: datetime) -> Account | None:
        """Set the password by a link; None if the link is not good. Raises WeakPassword; then the link stays good."""
        account = self.of_link(token, now)
        if account is None:
            return None
        kept = self.passwords.hashed(password, account.name)
        link = sessions.session_id(token)
        with self.writing() as connection:
            good = (accounts.c.link == link) & (accounts.c.link_until > iso(now)) & (accounts.c.state == "active")
            if connection.execute(select(accounts.c.id).where(good)).first() is None:
                return None
            sessions.end_all(connection, account.id)
            seq = self.note(connection, now, account.name, "account-password", account.name, "by link")
            self.put(connection, account.id, password=kept, link=None, link_until=None, seq=seq)
        return account

    def set_totp(self, name: str, actor: str, now: datetime) -> str:
        """Ask for a second step from now on; the otpauth address for the person's app, shown once. Raises
        AccountProblem."""
        one = self.named(name)
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
        account = self.named(name)
        with self.writing() as connection:
            stays = "admin" in role_of(values.get("role", "admin")) and values.get("state") != "disabled"
            if "admin" in account.roles and account.state == "active" and not stays:
                others = select(accounts).where((accounts.c.state == "active") & (accounts.c.id != account.id))
                if not any("admin" in account_of(row).roles for row in connection.execute(others)):
                    raise AccountProblem(f"{account.name} is the only admin: make another one first.")
            sessions.end_all(connection, account.id)
            seq = self.note(connection, now, actor, action, account.name, outcome)
            self.put(connection, account.id, **values, seq=seq)
