"""Who works here: accounts, their roles and their one-time links."""

from __future__ import annotations

from datetime import UTC, datetime

from screening.records.accounts.account import Account, StaffSession
from screening.records.refusals import RefusalCount, of_last_day
from screening.use_cases.access import Access


class Members:
    """The accounts of one clinic. Raises AccountProblem."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def all(self, by: StaffSession) -> list[Account]:
        """Every account."""
        self._access.require(by, "accounts")
        return self._access.accounts.all()

    def refused(self, by: StaffSession) -> list[RefusalCount]:
        """What was refused in the last 24 hours, the most frequent kind first."""
        self._access.require(by, "accounts")
        return of_last_day(self._access.store.database, datetime.now(UTC))

    def add(self, by: StaffSession, name: str, role: str) -> str:
        """A new account; the path of its one-time link. Raises AccountProblem."""
        self._access.require(by, "accounts")
        self._access.accounts.add(name, role, by.account.name, datetime.now(UTC))
        return self._link(by, name)

    def set_role(self, by: StaffSession, name: str, role: str) -> None:
        """Another role for an account; its sessions end. Raises AccountProblem."""
        self._access.require(by, "accounts")
        self._access.accounts.set_role(name, role, by.account.name, datetime.now(UTC))

    def disable(self, by: StaffSession, name: str) -> None:
        """Nobody signs in with this account any more. Raises AccountProblem."""
        self._access.require(by, "accounts")
        self._access.accounts.disable(name, by.account.name, datetime.now(UTC))

    def enable(self, by: StaffSession, name: str) -> None:
        """The account can be used again. Raises AccountProblem."""
        self._access.require(by, "accounts")
        self._access.accounts.enable(name, by.account.name, datetime.now(UTC))

    def new_link(self, by: StaffSession, name: str) -> str:
        """The path of a new one-time link; the old password ends. Raises AccountProblem."""
        self._access.require(by, "accounts")
        return self._link(by, name)

    def _link(self, by: StaffSession, name: str) -> str:
        return f"/sign-in/new/{self._access.accounts.link(name, by.account.name, datetime.now(UTC))}"
