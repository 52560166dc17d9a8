"""Who is here on the staff's side, and who may do what. A refusal is audited."""

from __future__ import annotations

from datetime import UTC, date, datetime

from screening.engine.content import Content
from screening.records.accounts.account import StaffSession
from screening.records.accounts.accounts import Accounts
from screening.records.reader import Read, Reader
from screening.records.record import Record
from screening.records.staff_drafts import StaffDrafts
from screening.records.work import Work
from screening.use_cases.intake import Intake
from screening.use_cases.permissions import Action, NotAllowed, allowed


def reader(by: StaffSession, action: Read, again: bool = False) -> Reader:
    """Somebody who reads. again: what they have read for this today needs no second line."""
    return Reader(by.account.name, action, again)


class NotDone(Exception):
    """What was asked for cannot be done; the message is a plain sentence for staff, without an answer in it."""


class Access:
    """The records of one clinic as its staff reach them. Raises NotAllowed, NotSaved or NotOpened everywhere."""

    def __init__(self, intake: Intake, accounts: Accounts) -> None:
        self.intake, self.store, self.accounts = intake, intake.store, accounts
        self.content = intake.content
        self.zone, self.directory = intake.zone, intake.directory
        self.staff = intake.content.site.staff
        self.work, self.drafts = Work(self.store, self.staff.statuses[0].code), StaffDrafts(self.store)

    def now(self) -> datetime:
        """The clinic's own time."""
        return self.intake.now()

    def today(self) -> date:
        """The clinic's own date."""
        return self.intake.today()

    def form(self, content: str) -> Intake:
        """The patients' form of a content version, to ask somebody on the telephone. Raises KeyError where it cannot be
        read."""
        found = self.intake.under(content)
        if found is None:
            raise KeyError(content)
        return found

    def content_of(self, record: Record) -> tuple[Content, bool]:
        """The content of a record's own day, and whether it could be read."""
        intake = self.intake.under(record.content)
        return (intake.content, True) if intake else (self.content, False)

    def holds(self, by: StaffSession) -> bool:
        """Whether somebody is still signed in; asking is no sign that they are there."""
        return self.accounts.session(by.id, datetime.now(UTC), here=False) is not None

    def who(self, session: str) -> StaffSession | None:
        """The session of that id, if it still holds."""
        return self.accounts.session(session, datetime.now(UTC)) if session else None

    def can(self, by: StaffSession, action: Action) -> bool:
        """Whether somebody may do it. What no section is kept for clinicians of is not private."""
        if action in ("private", "sheet") and not self.staff.clinician_only:
            return "open" in allowed(by.account)
        return action in allowed(by.account)

    def reads(self, by: StaffSession, section: str) -> bool:
        """Whether somebody may read the answers and flags of a section."""
        return section not in self.staff.clinician_only or self.can(by, "private")

    def require(self, by: StaffSession, action: Action, record: str = "") -> None:
        """Go on only if somebody may do it; a refusal is audited."""
        if not self.can(by, action):
            self.store.note(by.account.name, action, record or "-", "refused")
            raise NotAllowed(action)

    def colleagues(self) -> list[str]:
        """The names of those who work on responses."""
        return [one.name for one in self.accounts.all() if one.state == "active" and "work" in allowed(one)]
