"""Who may do what on the staff's side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from screening.records.accounts.account import Account, Role

Action = Literal[
    "list",
    "open",
    "work",
    "amend",
    "judge",
    "private",
    "sheet",
    "export",
    "export-deidentified",
    "pictures",
    "judgements",
    "accounts",
    "rules",
]

MAY: Mapping[Role, frozenset[Action]] = {
    "front-desk": frozenset({"list", "open", "work", "amend", "rules"}),
    "clinician": frozenset(
        {"list", "open", "work", "amend", "judge", "private", "sheet", "pictures", "judgements", "rules"}
    ),
    "exporter": frozenset(
        {"list", "open", "work", "amend", "private", "sheet", "export", "export-deidentified", "pictures", "rules"}
    ),
    "admin": frozenset({"accounts", "pictures", "judgements", "rules"}),
}
"""Who may do what. "private" is to read the sections that site.yaml keeps for clinicians, and "sheet" to print them:
the front desk may do both where no section is kept. An exporter is front desk who may also take records away; an
admin, who gives out rights, reads no answers."""


def allowed(account: Account) -> frozenset[Action]:
    """Everything that somebody may do by any of their roles."""
    return frozenset().union(*(MAY[role] for role in account.roles))


class NotAllowed(Exception):
    """The role may not do this. Nothing was done, and the attempt is in the audit trail."""
