"""What staff change about a response: how far it is, who has it, calls, notes, verdicts and answers they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from screening.engine.screen import screen_answers
from screening.engine.summary import summary_of
from screening.records.accounts.account import StaffSession
from screening.records.seal import NotOpened
from screening.records.staff_drafts import Begun
from screening.records.work import CallOutcome, Entry
from screening.records.work_state import Changed, State
from screening.use_cases.access import Access, NotDone, reader
from screening.use_cases.intake import missing
from screening.use_cases.opened_response import OpenedResponse, Responses
from screening.use_cases.worklist import NOBODY

Verdict = Literal["discussed", "not-relevant", "follow-up"]
LONGEST_NOTE = 4_000

Outcome = Literal["reached", "voicemail", "no-answer", "wrong-number", "not-needed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SETTLED: tuple[Outcome, ...] = ("reached", "not-needed")
"""After these nobody has to be reached any more."""


@dataclass(frozen=True)
class Bulk:
    """What was done to several responses, by reference: how each was before and is after; why some were refused."""

    before: dict[str, State]
    after: dict[str, State]
    refused: dict[str, str]


class Changes:
    """Each change with its line of audit. Raises Changed where somebody else was first."""

    def __init__(self, access: Access, responses: Responses) -> None:
        self._access, self._responses = access, responses

    def set_status(self, by: StaffSession, opened: OpenedResponse, status: str) -> None:
        """Say how far the work is. Raises Changed when somebody else did so meanwhile, and NotDone for what a call
        has to say: that somebody was reached, and that somebody urgent is done with."""
        self._access.require(by, "work", opened.record.reference)
        if status not in {one.code for one in self._access.staff.statuses}:
            raise NotDone("This status is not one of the clinic's.")
        if opened.state.contacted is None and status == self._access.staff.contacted:
            raise NotDone("Please say how the call went: that sets this status.")
        if opened.state.contacted is None and opened.record.tier == "urgent" and self._access.staff.is_done(status):
            raise NotDone("This person is urgent and was not reached. Say how the call went, or that none is needed.")
        self._change(by, opened, "status", {"status": status}, status=status)

    def assign(self, by: StaffSession, opened: OpenedResponse, to: str | None) -> None:
        """Say who has it; None for nobody. Raises Changed."""
        self._access.require(by, "work", opened.record.reference)
        if to is not None and to not in self._access.colleagues():
            raise NotDone("Nobody of this name works on responses.")
        self._change(by, opened, "assigned", {"assigned": to}, assigned=to)

    def called(self, by: StaffSession, opened: OpenedResponse, outcome: Outcome, reason: str = "") -> None:
        """Say what came of a call: time and name are kept, and who is urgent waits until somebody reached them.
        `reason` is needed where no call is. Raises Changed or NotDone."""
        call = self._call(by, opened, outcome, reason)
        self._change(by, opened, "call", call.said, **call.changes)

    def _call(self, by: StaffSession, opened: OpenedResponse, outcome: Outcome, reason: str = "") -> CallOutcome:
        self._access.require(by, "work", opened.record.reference)
        if outcome not in OUTCOMES or (outcome == "not-needed" and not reason.strip()):
            raise NotDone("Please say why no call is needed." if outcome == "not-needed" else "No such outcome.")
        state, at = opened.state, datetime.now(UTC).isoformat(timespec="seconds")
        order = [status.code for status in self._access.staff.statuses]
        changes = {"outcome": outcome, "tried": at, "contacted": at if outcome in SETTLED else state.contacted}
        further = state.status in order and order.index(state.status) >= order.index(self._access.staff.contacted)
        if outcome == "reached" and not further:
            changes["status"] = self._access.staff.contacted
        before = {name: getattr(state, name) for name in changes}
        said = {"outcome": outcome, "reason": reason.strip()[:LONGEST_NOTE], "at": at, "before": before}
        return CallOutcome(said, changes, state)

    def last_call(self, opened: OpenedResponse) -> Entry | None:
        """The call that can still be taken back: the last one, while nothing that it changed was changed again."""
        last = next((entry for entry in reversed(opened.entries) if entry.kind in ("call", "undone", "amended")), None)
        return last if last and last.kind == "call" and last.said["at"] == opened.state.tried else None

    def undo_call(self, by: StaffSession, opened: OpenedResponse) -> None:
        """Take back what was said of the last call: a wrong press on the wrong person. Raises Changed or NotDone."""
        self._access.require(by, "work", opened.record.reference)
        last = self.last_call(opened)
        if last is None:
            raise NotDone("There is no call to take back.")
        self._change(by, opened, "undone", {"outcome": last.said["outcome"]}, **last.said["before"])

    def begun(self, by: StaffSession, opened: OpenedResponse, kind: Begun) -> Any:
        """What this person began to write about a response and has not saved; None where nothing is."""
        self._access.require(by, "work", opened.record.reference)
        return self._access.drafts.begun(reader(by, "open", again=True), by.account.id, opened.record, kind)

    def keep_begun(self, by: StaffSession, opened: OpenedResponse, kind: Begun, said: Any) -> None:
        """Keep what this person began to write, so that it outlasts a reload and a sign-out; None drops it."""
        self._access.require(by, "work", opened.record.reference)
        self._access.drafts.keep(by.account.id, opened.record, kind, said)

    def note(self, by: StaffSession, opened: OpenedResponse, text: str) -> None:
        """Keep a note. Raises NotDone for an empty or overlong one."""
        self._access.require(by, "work", opened.record.reference)
        if not text.strip() or len(text) > LONGEST_NOTE:
            raise NotDone(f"A note has 1 to {LONGEST_NOTE} characters.")
        self._change(by, opened, "note", {"text": text.strip()})

    def link(self, by: StaffSession, opened: OpenedResponse, other: str, same: bool | None) -> None:
        """Say whether another form is of the same person; None takes back what was said. Nothing is merged."""
        self._access.require(by, "work", opened.record.reference)
        known = {*(one.reference for one in (*opened.perhaps, *opened.linked)), *opened.apart}
        if other not in known:
            raise NotDone("There is no such other form.")
        self._change(by, opened, "linked", {"other": other, "same": same})

    def judge(self, by: StaffSession, opened: OpenedResponse, rule: str, verdict: Verdict, reason: str = "") -> None:
        """A clinician's word on one flag. `reason` is needed for not-relevant."""
        self._access.require(by, "judge", opened.record.reference)
        if rule not in {flag.rule for flag in opened.result.flags} or verdict not in get_args(Verdict):
            raise NotDone("This response has no such flag.")
        if verdict == "not-relevant" and not reason.strip():
            raise NotDone("Please give a reason: it is how the rules get better.")
        self._change(
            by, opened, "feedback", {"rule": rule, "verdict": verdict, "reason": reason.strip()[:LONGEST_NOTE]}
        )

    def change_many(self, by: StaffSession, references: list[str], status: str | None, to: str | None) -> Bulk:
        """Say of several how far they are, or give them to somebody (`-`: nobody): each by itself, as if one after the
        other, with a line of audit each. What cannot be is refused for that one alone."""
        self._access.require(by, "work")
        done = Bulk({}, {}, {})
        for reference in references:
            try:
                opened = self._responses.open(by, reference, already_open=True)
                before = opened.state
                if status is not None and status != opened.state.status:
                    self.set_status(by, opened, status)
                if to is not None and (None if to == NOBODY else to) != opened.state.assigned:
                    self.assign(by, opened, None if to == NOBODY else to)
            except (NotDone, Changed, NotOpened) as error:
                done.refused[reference] = str(error) or "Somebody else changed it a moment ago."
            else:
                done.before[reference] = before
                done.after[reference] = self._access.work.state(opened.record.id)
        return done

    def undo_many(self, by: StaffSession, done: Bulk) -> Bulk:
        """Take back what was done to several, save where somebody changed it again since."""
        self._access.require(by, "work")
        back = Bulk({}, {}, {})
        for reference, before in done.before.items():
            opened = replace(self._responses.open(by, reference, already_open=True), state=done.after[reference])
            try:
                if before.status != opened.state.status:
                    self._change(by, opened, "status", {"status": before.status}, status=before.status)
                if before.assigned != opened.state.assigned:
                    self._change(by, opened, "assigned", {"assigned": before.assigned}, assigned=before.assigned)
            except Changed:
                back.refused[reference] = "Somebody else changed it since."
            else:
                back.before[reference], back.after[reference] = opened.state, before
        return back

    def _change(
        self, by: StaffSession, opened: OpenedResponse, kind: str, said: Mapping[str, Any], **fields: Any
    ) -> None:
        self._access.work.add(opened.record, kind, said, by.account.name, datetime.now(UTC), opened.state, **fields)

    def amend(
        self, by: StaffSession, opened: OpenedResponse, answers: Mapping[str, Any], outcome: Outcome | None = None
    ) -> None:
        """Keep the answers after staff asked the person; they are screened under the content of their own day.
        `outcome`: what came of the call in which they were asked, kept together with them or not at all.

        Raises NotDone when an answer cannot be accepted or nothing differs, Changed when somebody else amended
        meanwhile.
        """
        record, content = opened.record, opened.content
        self._access.require(by, "amend", record.reference)
        if content.hash != record.content:
            raise NotDone("The questions of that day cannot be read any more: write a note instead.")
        screened = screen_answers(answers, record.day, content)
        if wrong := missing(screened.facts, screened.problems, answers):
            raise NotDone(f"{len(wrong)} answers cannot be accepted as they are. Please look at them again.")
        after = screened.response.answers
        changed = sorted(one for one in {*after, *record.answers} if after.get(one) != record.answers.get(one))
        if not changed:
            raise NotDone("Nothing has changed.")
        found = {"tier": screened.result.tier, "result": screened.result.stored()}
        summary = asdict(summary_of(after, screened.result, content))
        before = {flag.rule for flag in opened.result.flags if flag.tier == "urgent"}
        newly = any(flag.tier == "urgent" and flag.rule not in before for flag in screened.result.flags)
        done = [status.code for status in self._access.staff.statuses if status.done]
        now, actor = datetime.now(UTC), by.account.name
        call = self._call(by, opened, outcome) if outcome else None
        self._access.work.amend(record, dict(after), found, summary, changed, actor, now, newly, done, call)
