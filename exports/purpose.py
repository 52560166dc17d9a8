"""What an export is for, and what that says of its other choices."""

from __future__ import annotations

from exports.choices import Choices
from exports.names import Names
from screening.engine.content import Content

CALL_SHEET = (
    *("reference", "received", "authored", "language", "tier", "why", "questions_open"),
    *("work_status", "who_has_it", "last_call", "last_call_at"),
)
"""The columns of a call sheet, beside the four answers that a line of the worklist shows."""


def of_purpose(choices: Choices, content: Content, names: Names) -> Choices:
    """What a purpose says of the other choices."""
    if choices.purpose == "call-sheet":
        known = {item.link_id for item in content.items}
        answers = [names[link_id] for _, link_id in content.site.staff.items if link_id in known]
        words = {"answers": "labels", "split": False, "flags": False, "to_ask": False, "deidentified": False}
        only = {"columns": frozenset({*CALL_SHEET, *answers}), "history": False, "notes": False}
        return choices.model_copy(update={**words, **only})
    if choices.purpose == "research":
        return choices.model_copy(update={"answers": "codes", "split": True, "history": False, "notes": False})
    return choices
