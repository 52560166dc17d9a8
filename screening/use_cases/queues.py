"""The queues of a clinic's morning: whose turn it is for a response, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

from screening.engine.summary import Summary
from screening.model.site import Staff
from screening.records.work_state import State

Queue = Literal["call", "ask", "decide", "ready", "waiting", "done"]
QUEUES: tuple[Queue, ...] = get_args(Queue)
NAMES: dict[Queue, str] = {
    "call": "Call now",
    "ask": "Ask",
    "decide": "Clinician decides",
    "ready": "Ready",
    "waiting": "Waiting for us",
    "done": "Done",
}
MEANINGS: dict[Queue, str] = {
    "call": "Urgent, and nobody has reached them yet.",
    "ask": "Something that matters was left open. Ask it before a date is set.",
    "decide": "A clinician reads it before a date is set.",
    "ready": "Nothing that has to wait for a clinician, and nothing that matters is open.",
    "waiting": "Somebody has begun. The next step is ours.",
    "done": "Nobody waits any more.",
}


def unreached(summary: Summary, state: State) -> bool:
    """Whether somebody urgent has still to be reached, however far the work is said to be."""
    return summary.tier == "urgent" and state.contacted is None


def queue_of(summary: Summary, state: State, staff: Staff) -> Queue:
    """The one queue in which a response stands. Nobody urgent leaves "call" before they were reached."""
    if unreached(summary, state):
        return "call"
    if staff.is_done(state.status):
        return "done"
    if state.status != staff.statuses[0].code or state.tried:
        return "waiting"
    if summary.ask_tier in ("urgent", "high"):
        return "ask"
    return "decide" if summary.tier in ("urgent", "high") else "ready"


def due(summary: Summary, since: datetime, staff: Staff) -> datetime | None:
    """When the next step is due by the clinic's own hours for the tier that presses most; None where none is set."""
    hours = staff.due_hours.get(summary.most_pressing or "")
    return since + timedelta(hours=hours) if hours else None
