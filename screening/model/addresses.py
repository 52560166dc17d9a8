"""The addresses of the app's pages that are no topic of the form. A topic cannot have one of these names."""

from __future__ import annotations

WELCOME, CONSENT, CHECK, DONE = "welcome", "before-you-start", "check", "done"
COME_BACK, SEND_NOW = "come-back", "send-now"
PATIENT_PAGES = frozenset({WELCOME, CONSENT, CHECK, DONE, COME_BACK, SEND_NOW})
STAFF_PAGES = frozenset(
    {
        "staff",
        "worklist",
        "response",
        "exports",
        "pictures",
        "figures",
        "feedback",
        "accounts",
        "first-day",
        "rule-book",
    }
)
