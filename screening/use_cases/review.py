"""What staff can do: see who waits, open a response, work on it, and take things away. The only door from the staff's
pages to the records: who may do what is decided here, and what was read, changed or taken is audited here."""

from __future__ import annotations

import threading
from functools import cache

from screening.records.accounts.accounts import Accounts
from screening.use_cases.access import Access
from screening.use_cases.changes import Changes
from screening.use_cases.figures import Figures
from screening.use_cases.intake import Intake, open_intake
from screening.use_cases.members import Members
from screening.use_cases.opened_response import Responses
from screening.use_cases.presence import Presence
from screening.use_cases.saved_views import SavedViews
from screening.use_cases.staff_exports import StaffExports
from screening.use_cases.worklist_rows import WorklistRows


class StaffReview(Access):
    """The staff's side of one clinic, a part for each thing that they do."""

    def __init__(self, intake: Intake, accounts: Accounts) -> None:
        super().__init__(intake, accounts)
        self.worklist = WorklistRows(self)
        self.responses = Responses(self, self.worklist)
        self.changes = Changes(self, self.responses)
        self.exports = StaffExports(self, self.worklist)
        self.figures = Figures(self, self.worklist)
        self.members = Members(self)
        self.presence = Presence()
        self.views = SavedViews(self)


_opening = threading.Lock()


def open_review() -> StaffReview:
    """The review of this process; opened once."""
    with _opening:
        return opened(open_intake())


@cache
def opened(intake: Intake) -> StaffReview:
    """See `open_review`."""
    return StaffReview(intake, Accounts(intake.store.database, intake.store.keys))
