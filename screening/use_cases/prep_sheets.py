"""Several prep sheets as one file, to be printed at once; each is audited by itself."""

from __future__ import annotations

from collections.abc import Iterable

from screening.records.accounts.account import StaffSession
from screening.records.seal import NotOpened
from screening.use_cases.access import NotDone
from screening.use_cases.review import StaffReview
from screening.use_cases.since_last import on_sheet

MOST = 50
"""So many at once."""


def prep_sheets(review: StaffReview, by: StaffSession, references: Iterable[str]) -> tuple[bytes, list[str]]:
    """The sheets of these responses one after the other as one PDF, and the references of those that do not open.

    Raises NotDone for none, for more than MOST, and where none of them opens.
    """
    review.require(by, "sheet")
    from exports.prep_sheet import bound

    chosen = list(references)
    if not 0 < len(chosen) <= MOST:
        raise NotDone(f"Choose 1 to {MOST} people to print their sheets at once.")
    made, closed = [], []
    for reference in chosen:
        try:
            opened = review.responses.open(by, reference, already_open=True)
            made.append(review.responses.sheet(by, opened, on_sheet(opened)))
        except (NotDone, NotOpened):
            closed.append(reference)
    if not made:
        raise NotDone("None of these opens: see the operator.")
    return bound(made), closed
