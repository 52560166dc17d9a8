"""What staff can do: see who waits, open a response, work on it, and take things away. The only door from the staff's
pages to the records: who may do what is decided here, and what was read, changed or taken is audited here."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from exports.choices import Choices
from exports.formats import Kind
from screening.engine.answer_text import chosen
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.result import Result
from screening.engine.screen import facts_of, screen_answers
from screening.engine.summary import Summary, summary_of
from screening.model.rule import words_of_id
from screening.records.accounts.accounts import ROLES, Account, AccountProblem, Accounts, Role, StaffSession
from screening.records.seal import NotOpened
from screening.records.store import Record
from screening.records.work import Begun, Changed, Entry, State, Work
from screening.use_cases.export_files import ExportFiles
from screening.use_cases.intake import Intake, missing, open_intake
from screening.use_cases.permissions import MAY, Action, NotAllowed
from screening.use_cases.queues import Queue, queue_of
from screening.use_cases.small_cells import masked
from screening.use_cases.statistics import Statistics, statistics
from screening.use_cases.worklist import NOBODY, Row, Wanted, counts, duplicates, filter_words, matching, ordered

Verdict = Literal["discussed", "not-relevant", "follow-up"]
LONGEST_NOTE = 4_000

Outcome = Literal["reached", "voicemail", "no-answer", "wrong-number", "not-needed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SETTLED: tuple[Outcome, ...] = ("reached", "not-needed")
"""After these nobody has to be reached any more."""

__all__ = [
    "ROLES",
    "AccountProblem",
    "Action",
    "Case",
    "Changed",
    "Choices",
    "Entry",
    "Judgements",
    "NotAllowed",
    "NotDone",
    "Review",
    "StaffSession",
    "State",
    "Verdict",
    "open_review",
]


class NotDone(Exception):
    """What was asked for cannot be done; the message is a plain sentence for staff, without an answer in it."""


@dataclass(frozen=True)
class Case:
    """One response, opened. content: the version it was answered under, or the newest where that cannot be read any
    more.

    row: its line of the worklist. original: the answers as sent, where staff amended them. earlier: other responses of
    what is probably the same person.
    """

    record: Record
    content: Content
    facts: ResponseFacts
    result: Result
    state: State
    row: Row
    entries: tuple[Entry, ...]
    original: Mapping[str, Any] | None
    earlier: tuple[Record, ...]

    def judged(self) -> dict[str, Entry]:
        """rule -> what a clinician last said of its flag."""
        return {entry.said["rule"]: entry for entry in self.entries if entry.kind == "feedback"}


@dataclass(frozen=True)
class Bulk:
    """What was done to several responses, by reference: how each was before and is after; why some were refused."""

    before: dict[str, State]
    after: dict[str, State]
    refused: dict[str, str]


@dataclass(frozen=True)
class Judgements:
    """What clinicians made of one rule's flags. reasons: why flags were not relevant, the most frequent first, with how
    often."""

    rule: str
    raised: int
    discussed: int
    not_relevant: int
    follow_up: int
    reasons: tuple[tuple[str, int], ...]


def _counted(said: list[Mapping[str, Any]]) -> tuple[int, int, int, tuple[tuple[str, int], ...]]:
    verdicts = Counter(one["verdict"] for one in said)
    reasons = Counter(one["reason"] for one in said if one["verdict"] == "not-relevant")
    return verdicts["discussed"], verdicts["not-relevant"], verdicts["follow-up"], tuple(reasons.most_common())


class Review:
    """The staff's side of one clinic. Raises NotAllowed, NotSaved or NotOpened everywhere."""

    def __init__(self, intake: Intake, accounts: Accounts) -> None:
        self.intake, self.store, self.accounts = intake, intake.store, accounts
        self.content = intake.content
        self.zone, self.directory = intake.zone, intake.directory
        self.staff = intake.content.site.staff
        self.work = Work(self.store, self.staff.statuses[0].code)
        self.export_files = ExportFiles(self.store, self.content, self.work, self._content_of)
        self._titles = {rule.id: rule.short for rule in intake.content.rules}
        self._sections = {rule.id: one.section for one in intake.content.sections for rule in one.rules}
        self._rows: dict[str, Row] = {}
        self._seen = -1
        self._statistics: Statistics | None = None
        self._counted_at = 0
        self._counting = threading.Lock()
        self._sorted: tuple[list[Row], dict[int, list[int]]] = ([], {})
        self._lock = threading.Lock()

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

    # ------------------------------------------------------------ who

    def holds(self, by: StaffSession) -> bool:
        """Whether somebody is still signed in; asking is no sign that they are there."""
        return self.accounts.session(by.id, datetime.now(UTC), here=False) is not None

    def who(self, session: str) -> StaffSession | None:
        """The session of that id, if it still holds."""
        return self.accounts.session(session, datetime.now(UTC)) if session else None

    def can(self, by: StaffSession, action: Action) -> bool:
        """Whether somebody may do it. What no section is kept for clinicians of is not private."""
        if action in ("private", "sheet") and not self.staff.clinician_only:
            return "open" in MAY[by.account.role]
        return action in MAY[by.account.role]

    def reads(self, by: StaffSession, section: str) -> bool:
        """Whether somebody may read the answers and flags of a section."""
        return section not in self.staff.clinician_only or self.can(by, "private")

    def require(self, by: StaffSession, action: Action, record: str = "") -> None:
        """Go on only if somebody may do it; a refusal is audited."""
        if not self.can(by, action):
            self.store.note(by.account.name, action, record or "-", "refused")
            raise NotAllowed(action)

    # ------------------------------------------------------------ the list

    def rows(self, by: StaffSession, wanted: Wanted, sort: str = "") -> tuple[list[Row], dict[int, list[int]]]:
        """The wanted lines in their order, and for ids which others may be the same person's."""
        self.require(by, "list")
        rows, twins = self._all()
        found = matching(rows, wanted, self.staff, twins.keys())
        return (ordered(found, sort) if sort else found), twins

    def queues(self, by: StaffSession) -> dict[Queue, int]:
        """How many stand in each queue."""
        self.require(by, "list")
        return counts(self._all()[0])

    def unreached(self, by: StaffSession) -> frozenset[str]:
        """The references of everybody urgent whom nobody has reached; of nobody for those who see no list."""
        if not self.can(by, "list"):
            return frozenset()
        return frozenset(row.reference for row in self._all()[0] if row.queue == "call")

    def title(self, by: StaffSession, rule: str) -> str:
        """The few words by which staff know a flag in a list; of one that they may not read, that a clinician does."""
        self.require(by, "list")
        if not self.reads_rule(by, rule):
            return "for a clinician"
        return self._titles.get(rule) or words_of_id(rule)

    def reads_rule(self, by: StaffSession, rule: str) -> bool:
        """Whether somebody may read the flags of a rule. One that today's content does not have could be of any
        section: it is private where anything is."""
        section = self._sections.get(rule)
        return self.reads(by, section) if section else self.can(by, "private")

    def _all(self) -> tuple[list[Row], dict[int, list[int]]]:
        """Every row, kept in memory; the audit trail says which have changed since the last time."""
        with self._lock:
            first = self._seen < 0
            seen, touched = self.work.touched(max(self._seen, 0))
            if first or touched:
                fresh = {
                    line.reference: self._row_of(line)
                    for line in self.work.lines(None if first or len(touched) > 500 else touched)
                }
                gone = {reference for reference in touched if reference in self._rows and reference not in fresh}
                changed = [row for row in fresh.values() if self._rows.get(row.reference) != row]
                before = {row.reference: self._rows.get(row.reference) for row in changed}
                people = gone or any(
                    (was := before[row.reference]) is None or was.summary != row.summary for row in changed
                )
                for reference in gone:
                    del self._rows[reference]
                self._rows.update(fresh)
                if gone or changed:  # most lines of the trail only say that somebody read something
                    rows = ordered(self._rows.values())
                    self._sorted = rows, duplicates(rows) if people else self._sorted[1]
            self._seen = seen
            return self._sorted

    def _row_of(self, line: Any) -> Row:
        opens, found = True, line.brief
        if found is None or "ask_tier" not in found:  # from before summaries said so, or damaged
            try:
                record = self.store.record(line.reference)
                found = asdict(self._summary(record)) if record else {}
            except NotOpened:
                opens, found = False, {}
        summary, state = Summary.of(found), line.state
        queue = queue_of(summary, state, self.staff)
        return Row(line.id, line.reference, line.received, line.authored, summary, state, queue, opens)

    def _summary(self, record: Record) -> Summary:
        result = Result.of(record.result, record.answers)
        return summary_of(record.answers, result, self._content(record)[0])

    # ------------------------------------------------------------ one response

    def open(self, by: StaffSession, reference: str, already_open: bool = False) -> Case:
        """One response with everything about it. `already_open`: it is on this person's screen already, so no new line
        is audited.

        Raises NotDone when there is no such response.
        """
        self.require(by, "open", reference[:16])
        record = self.store.record(reference)
        if record is None:
            raise NotDone("There is no response with this reference. It may have been deleted.")
        if not already_open:
            self.store.note(by.account.name, "open", record.reference)
        content, _ = self._content(record)
        rows, twins = self._all()
        others = [row for row in rows if row.id in twins.get(record.id, ()) and row.opens]
        earlier = [self.store.record(row.reference) for row in sorted(others, key=lambda row: row.id)]
        original = self.work.original(record) if record.amendments else None
        return Case(
            record,
            content,
            facts_of(record.answers, _day(record), content)[0],
            Result.of(record.result, record.answers),
            self.work.state(record.id),
            next(row for row in rows if row.id == record.id),
            tuple(self.work.entries(record)),
            original,
            tuple(one for one in earlier if one),
        )

    def _content(self, record: Record) -> tuple[Content, bool]:
        """The content of a record's own day, and whether it could be read."""
        intake = self.intake.under(record.content)
        return (intake.content, True) if intake else (self.content, False)

    # ------------------------------------------------------------ work on it

    def set_status(self, by: StaffSession, case: Case, status: str) -> None:
        """Say how far the work is. Raises Changed when somebody else did so meanwhile, and NotDone for what a call
        has to say: that somebody was reached, and that somebody urgent is done with."""
        self.require(by, "work", case.record.reference)
        if status not in {one.code for one in self.staff.statuses}:
            raise NotDone("This status is not one of the clinic's.")
        if case.state.contacted is None and status == self.staff.contacted:
            raise NotDone("Please say how the call went: that sets this status.")
        if case.state.contacted is None and case.record.tier == "urgent" and self.staff.is_done(status):
            raise NotDone("This person is urgent and was not reached. Say how the call went, or that none is needed.")
        self._change(by, case, "status", {"status": status}, status=status)

    def assign(self, by: StaffSession, case: Case, to: str | None) -> None:
        """Say who has it; None for nobody. Raises Changed."""
        self.require(by, "work", case.record.reference)
        if to is not None and to not in self.colleagues():
            raise NotDone("Nobody of this name works on responses.")
        self._change(by, case, "assigned", {"assigned": to}, assigned=to)

    def called(self, by: StaffSession, case: Case, outcome: Outcome, reason: str = "") -> None:
        """Say what came of a call: time and name are kept, and who is urgent waits until somebody reached them.
        `reason` is needed where no call is. Raises Changed or NotDone."""
        self.require(by, "work", case.record.reference)
        if outcome not in OUTCOMES or (outcome == "not-needed" and not reason.strip()):
            raise NotDone("Please say why no call is needed." if outcome == "not-needed" else "No such outcome.")
        state, at = case.state, datetime.now(UTC).isoformat(timespec="seconds")
        order = [status.code for status in self.staff.statuses]
        changes = {"outcome": outcome, "tried": at, "contacted": at if outcome in SETTLED else state.contacted}
        further = state.status in order and order.index(state.status) >= order.index(self.staff.contacted)
        if outcome == "reached" and not further:
            changes["status"] = self.staff.contacted
        before = {name: getattr(state, name) for name in changes}
        said = {"outcome": outcome, "reason": reason.strip()[:LONGEST_NOTE], "at": at, "before": before}
        self._change(by, case, "call", said, **changes)

    def last_call(self, case: Case) -> Entry | None:
        """The call that can still be taken back: the last one, while nothing that it changed was changed again."""
        last = next((entry for entry in reversed(case.entries) if entry.kind in ("call", "undone", "amended")), None)
        return last if last and last.kind == "call" and last.said["at"] == case.state.tried else None

    def undo_call(self, by: StaffSession, case: Case) -> None:
        """Take back what was said of the last call: a wrong press on the wrong person. Raises Changed or NotDone."""
        self.require(by, "work", case.record.reference)
        last = self.last_call(case)
        if last is None:
            raise NotDone("There is no call to take back.")
        self._change(by, case, "undone", {"outcome": last.said["outcome"]}, **last.said["before"])

    def begun(self, by: StaffSession, case: Case, kind: Begun) -> Any:
        """What this person began to write about a response and has not saved; None where nothing is."""
        self.require(by, "work", case.record.reference)
        return self.work.begun(by.account.id, case.record, kind)

    def keep_begun(self, by: StaffSession, case: Case, kind: Begun, said: Any) -> None:
        """Keep what this person began to write, so that it outlasts a reload and a sign-out; None drops it."""
        self.require(by, "work", case.record.reference)
        self.work.keep_begun(by.account.id, case.record, kind, said)

    def note(self, by: StaffSession, case: Case, text: str) -> None:
        """Keep a note. Raises NotDone for an empty or overlong one."""
        self.require(by, "work", case.record.reference)
        if not text.strip() or len(text) > LONGEST_NOTE:
            raise NotDone(f"A note has 1 to {LONGEST_NOTE} characters.")
        self._change(by, case, "note", {"text": text.strip()})

    def judge(self, by: StaffSession, case: Case, rule: str, verdict: Verdict, reason: str = "") -> None:
        """A clinician's word on one flag. `reason` is needed for not-relevant."""
        self.require(by, "judge", case.record.reference)
        if rule not in {flag.rule for flag in case.result.flags} or verdict not in get_args(Verdict):
            raise NotDone("This response has no such flag.")
        if verdict == "not-relevant" and not reason.strip():
            raise NotDone("Please give a reason: it is how the rules get better.")
        self._change(by, case, "feedback", {"rule": rule, "verdict": verdict, "reason": reason.strip()[:LONGEST_NOTE]})

    def change_many(self, by: StaffSession, references: list[str], status: str | None, to: str | None) -> Bulk:
        """Say of several how far they are, or give them to somebody (`-`: nobody): each by itself, as if one after the
        other, with a line of audit each. What cannot be is refused for that one alone."""
        self.require(by, "work")
        done = Bulk({}, {}, {})
        for reference in references:
            try:
                case = self.open(by, reference, already_open=True)
                before = case.state
                if status is not None and status != case.state.status:
                    self.set_status(by, case, status)
                if to is not None and (None if to == NOBODY else to) != case.state.assigned:
                    self.assign(by, case, None if to == NOBODY else to)
            except (NotDone, Changed, NotOpened) as error:
                done.refused[reference] = str(error) or "Somebody else changed it a moment ago."
            else:
                done.before[reference] = before
                done.after[reference] = self.work.state(case.record.id)
        return done

    def undo_many(self, by: StaffSession, done: Bulk) -> Bulk:
        """Take back what was done to several, save where somebody changed it again since."""
        self.require(by, "work")
        back = Bulk({}, {}, {})
        for reference, before in done.before.items():
            case = replace(self.open(by, reference, already_open=True), state=done.after[reference])
            try:
                if before.status != case.state.status:
                    self._change(by, case, "status", {"status": before.status}, status=before.status)
                if before.assigned != case.state.assigned:
                    self._change(by, case, "assigned", {"assigned": before.assigned}, assigned=before.assigned)
            except Changed:
                back.refused[reference] = "Somebody else changed it since."
            else:
                back.before[reference], back.after[reference] = case.state, before
        return back

    def _change(self, by: StaffSession, case: Case, kind: str, said: Mapping[str, Any], **fields: Any) -> None:
        self.work.add(case.record, kind, said, by.account.name, datetime.now(UTC), case.state, **fields)

    def amend(self, by: StaffSession, case: Case, answers: Mapping[str, Any]) -> None:
        """Keep the answers after staff asked the person; they are screened under the content of their own day.

        Raises NotDone when an answer cannot be accepted or nothing differs, Changed when somebody else amended
        meanwhile.
        """
        record, content = case.record, case.content
        self.require(by, "amend", record.reference)
        if content.hash != record.content:
            raise NotDone("The questions of that day cannot be read any more: write a note instead.")
        outcome = screen_answers(answers, _day(record), content)
        if wrong := missing(outcome.facts, outcome.problems, answers):
            raise NotDone(f"{len(wrong)} answers cannot be accepted as they are. Please look at them again.")
        after = outcome.response.answers
        changed = sorted(one for one in {*after, *record.answers} if after.get(one) != record.answers.get(one))
        if not changed:
            raise NotDone("Nothing has changed.")
        found = {"tier": outcome.result.tier, "result": outcome.result.stored()}
        summary = asdict(summary_of(after, outcome.result, content))
        before = {flag.rule for flag in case.result.flags if flag.tier == "urgent"}
        newly = any(flag.tier == "urgent" and flag.rule not in before for flag in outcome.result.flags)
        done = [status.code for status in self.staff.statuses if status.done]
        now, actor = datetime.now(UTC), by.account.name
        self.work.amend(record, dict(after), found, summary, changed, actor, now, newly, done)

    def colleagues(self) -> list[str]:
        """The names of those who work on responses."""
        return [one.name for one in self.accounts.all() if one.state == "active" and "work" in MAY[one.role]]

    # ------------------------------------------------------------ take away

    def body(self, case: Case) -> tuple[str, list[str]]:
        """The body map of an opened response as SVG, and the names of the regions that were chosen."""
        from exports.prep_sheet import body_map

        item = case.content.body_map
        given = case.facts.response.answers.get(item.link_id) if item else None
        if item is None or not isinstance(given, tuple):
            return "", []
        return body_map(str(code) for code in given), list(chosen(item, given, case.content.languages[0]))

    def export(
        self,
        by: StaffSession,
        wanted: Wanted,
        choices: Choices,
        kind: Kind,
        progress: Callable[[float], None],
        only: Collection[str] = (),
    ) -> tuple[Path, int, int]:
        """Write what is wanted, of that `only` these references where some are named; (the file, how many responses are
        in it, how many did not open and are left out).

        CSV comes as a ZIP with its codebook. Whoever takes the file removes it. Raises NotDone for choices that cannot
        be.
        """
        self.require(by, "export-deidentified" if choices.deidentified else "export")
        rows = [row for row in self.rows(by, wanted)[0] if not only or row.reference in only]
        try:
            path, taken, unopened = self.export_files.write([row.id for row in rows], choices, kind, progress)
        except ValueError as error:
            raise NotDone(f"This export cannot be made: {error}.") from None
        form = f"{kind} {'de-identified' if choices.deidentified else 'identified'}"
        said = f"{filter_words(wanted)}{f' chosen={len(only)}' if only else ''}"
        self.work.taken(form, said, taken, by.account.name, datetime.now(UTC))
        return path, len(taken), unopened

    def preview(
        self, by: StaffSession, wanted: Wanted, choices: Choices, only: Collection[str] = ()
    ) -> tuple[list[str], list[list[str]]]:
        """The columns of an export, and the first rows of it."""
        self.require(by, "export-deidentified" if choices.deidentified else "export")
        rows = [row for row in self.rows(by, wanted)[0] if not only or row.reference in only]
        try:
            return self.export_files.preview([row.id for row in rows], choices)
        except ValueError as error:
            raise NotDone(f"This export cannot be made: {error}.") from None

    def _content_of(self, content: str) -> Content | None:
        """The content of that hash; None where it cannot be read any more."""
        intake = self.intake.under(content)
        return intake.content if intake else None

    def columns(self, choices: Choices) -> list[str]:
        """The names of the columns that such an export has."""
        from exports.sheet import Sheet

        return [column.name for column in Sheet(self.content, choices, b"only the names of columns").columns]

    def choices(self, by: StaffSession) -> Mapping[str, Any]:
        """What this person chose for the last export."""
        return self.accounts.choices(by.account.id)

    def remember(self, by: StaffSession, kind: str, choices: Choices) -> None:
        """Keep the choices for this person's next export."""
        kept = choices.model_dump(exclude={"columns", "language"}) | {
            "kind": kind,
            "columns": sorted(choices.columns or ()),
        }
        self.accounts.remember(by.account.id, kept)

    # ------------------------------------------------------------ how the rules do

    def judgements(self, by: StaffSession) -> list[Judgements]:
        """For each rule how often it is raised, and what clinicians last said of its flags; the most often set aside
        first."""
        self.require(by, "judgements")
        raised = Counter(rule for row in self._all()[0] for rule in row.summary.rules)
        last = {(reference, entry.said["rule"]): entry.said for reference, entry in self.work.all_entries("feedback")}
        said: dict[str, list[Mapping[str, Any]]] = {}
        for (_, rule), one in last.items():
            said.setdefault(rule, []).append(one)
        found = [Judgements(rule, raised[rule], *_counted(said.get(rule, []))) for rule in {*raised, *said}]
        return sorted(found, key=lambda one: (-one.not_relevant, -one.raised, one.rule))

    def sheet(self, by: StaffSession, case: Case) -> bytes:
        """The prep sheet as a PDF."""
        self.require(by, "sheet", case.record.reference)
        from exports.prep_sheet import prep_sheet  # typesetting is only loaded when somebody wants a sheet

        self.store.note(by.account.name, "sheet", case.record.reference)
        return prep_sheet(case.record, case.content, self.intake.directory / "prep-sheet.typ")

    def statistics(self, by: StaffSession, hidden: bool) -> Statistics:
        """What all responses together look like; `hidden`: no count is below five people, as it always
        is for somebody who reads no responses. Counted anew when something changed."""
        self.require(by, "pictures")
        with self._counting:
            seen = self.work.touched(self._counted_at)[0]
            if self._statistics is None or seen != self._counted_at:
                unopened: list[str] = []
                records = self.store.records(unopened=unopened.append)
                self._statistics = statistics(
                    records, self.work.reached(), self.content, self.staff.items.pain, self.intake.today()
                )
                self._counted_at = seen
            return masked(self._statistics) if hidden or not self.can(by, "list") else self._statistics

    # ------------------------------------------------------------ accounts

    def members(self, by: StaffSession) -> list[Account]:
        """Every account."""
        self.require(by, "accounts")
        return self.accounts.all()

    def add_account(self, by: StaffSession, name: str, role: str) -> str:
        """A new account; the path of its one-time link. Raises AccountProblem."""
        self.require(by, "accounts")
        self.accounts.add(name, cast(Role, role), by.account.name, datetime.now(UTC))
        return self._link(by, name)

    def set_role(self, by: StaffSession, name: str, role: str) -> None:
        """Another role for an account; its sessions end. Raises AccountProblem."""
        self.require(by, "accounts")
        self.accounts.set_role(name, cast(Role, role), by.account.name, datetime.now(UTC))

    def disable(self, by: StaffSession, name: str) -> None:
        """Nobody signs in with this account any more. Raises AccountProblem."""
        self.require(by, "accounts")
        self.accounts.disable(name, by.account.name, datetime.now(UTC))

    def enable(self, by: StaffSession, name: str) -> None:
        """The account can be used again. Raises AccountProblem."""
        self.require(by, "accounts")
        self.accounts.enable(name, by.account.name, datetime.now(UTC))

    def new_link(self, by: StaffSession, name: str) -> str:
        """The path of a new one-time link; the old password ends. Raises AccountProblem."""
        self.require(by, "accounts")
        return self._link(by, name)

    def _link(self, by: StaffSession, name: str) -> str:
        return f"/sign-in/new/{self.accounts.link(name, by.account.name, datetime.now(UTC))}"


def _day(record: Record) -> date:
    return date.fromisoformat(record.authored)


_opening = threading.Lock()


def open_review() -> Review:
    """The review of this process; opened once."""
    with _opening:
        return opened(open_intake())


@cache
def opened(intake: Intake) -> Review:
    """See `open_review`."""
    return Review(intake, Accounts(intake.store.database, intake.store.keys))
