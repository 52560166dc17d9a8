"""Lists that somebody comes back to, each a name and the address of a filter: their own, and nothing of a patient."""

from __future__ import annotations

from screening.records.accounts.account import StaffSession
from screening.use_cases.access import Access, NotDone

MOST, LONGEST = 20, 40
"""So many views a person, and so many letters of a name."""
_KEY, _LIST = "views", "/worklist?"


class SavedViews:
    """The saved views of everybody who works here."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def all(self, by: StaffSession) -> dict[str, str]:
        """name -> address, in the order in which they were saved."""
        self._access.require(by, "list")
        return dict(self._access.accounts.choices(by.account.id).get(_KEY, {}))

    def keep(self, by: StaffSession, name: str, address: str) -> None:
        """Save a view, in place of one of the same name. Raises NotDone."""
        views, name = self.all(by), " ".join(name.split())
        if not name or len(name) > LONGEST:
            raise NotDone(f"A name has 1 to {LONGEST} characters.")
        if not address.startswith(_LIST):
            raise NotDone("This list has no filter to save.")
        if name not in views and len(views) >= MOST:
            raise NotDone(f"{MOST} lists are saved already: remove one first.")
        self._store(by, views | {name: address})

    def drop(self, by: StaffSession, name: str) -> None:
        """Forget a view."""
        self._store(by, {one: address for one, address in self.all(by).items() if one != name})

    def _store(self, by: StaffSession, views: dict[str, str]) -> None:
        kept = self._access.accounts.choices(by.account.id)
        self._access.accounts.remember(by.account.id, kept | {_KEY: views})
