"""The demo: a throw-away store full of made-up people, with both sides open, so that anyone can try the app.

Everything goes through the doors that patients and staff use; only the clock of the patients' side is set back, so that
people came on the last sixty days. The store and its keys are deleted at the end.
"""

from __future__ import annotations

import random
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from tqdm import tqdm

from screening.authoring.samples.people import Person, people
from screening.cli.terminal import environment, say
from screening.records.accounts.account import Origin, Role, StaffSession
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.sessions import session_id
from screening.records.reader import OPERATOR
from screening.settings import Settings
from screening.use_cases.changes import Verdict
from screening.use_cases.intake import Intake, new_form
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import Wanted

DAYS = 60
OPEN_HOURS = (7, 22)
STAFF: dict[str, Role] = {
    "dana.desk": "front-desk",
    "chris.clinician": "clinician",
    "erin.exporter": "exporter",
    "ada.admin": "admin",
}
NOTES = (
    "Called, left a message.",
    "Will bring a list of medicines.",
    "Asked for Tuesday mornings.",
    "Reached by phone, visit explained.",
)
LETTERS = "abcdefghjkmnpqrtuvwxyz2346789"


@dataclass(frozen=True)
class DemoAccount:
    """How to sign in to the demo."""

    name: str
    role: str
    password: str


class Past(Intake):
    """The patients' side at a moment that has passed."""

    moment: datetime | None = None

    def now(self) -> datetime:
        return self.moment or super().now()


def run(count: int, port: int) -> None:
    """Fill a store, serve both sides of it until stopped, and delete it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the store is deleted then too
    with environment(), suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="screening-demo-") as place:
        settings = throw_away(Path(place))
        intake = Past.open(settings)
        assert isinstance(intake, Past)
        arriving = people(intake.content, count, secrets.randbits(32), intake.today())
        fill(intake, tqdm(arriving, total=count, unit=" people", disable=None), count)
        signs = staffed(intake)
        say(f"\nPatients: http://127.0.0.1:{port}/\nStaff:    http://127.0.0.1:{port}/sign-in\n")
        for one in signs:
            say(f"  {one.name:16} {one.role:11} {one.password}")
        say("\nStop with Ctrl-C. Then this store and its keys are deleted.")
        intake.store.database.engine.dispose()
        from screening.web.server import serve

        serve(settings, "127.0.0.1", port)


def staffed(intake: Intake) -> list[DemoAccount]:
    """Accounts for every role, and what two of them have done already."""
    review = StaffReview(intake, Accounts(intake.store.database, intake.store.keys))
    signs = accounts(review)
    here: dict[str, StaffSession] = {}
    for one in signs:
        if one.role in ("front-desk", "clinician"):
            now = datetime.now(UTC)
            session = review.accounts.session(
                session_id(review.accounts.sign_in(one.name, one.password, "", Origin("demo"), now)), now
            )
            assert session is not None
            here[one.role] = session
    work(review, here["front-desk"], here["clinician"], intake.store.count())
    for session in here.values():
        review.accounts.end(session.id, datetime.now(UTC))
    return signs


def throw_away(place: Path) -> Settings:
    """A store below `place`, whatever database and identity service the environment names."""
    return Settings(data=place / "records", content=Settings.from_environment().content, role="both")


def moments(now: datetime, count: int, seed: int) -> list[datetime]:
    """When people send their forms: by day and oldest first, fewer at weekends, none in the future."""
    chance = random.Random(seed)
    found: list[datetime] = []
    while len(found) < count:
        day = now - timedelta(days=chance.randrange(DAYS))
        at = day.replace(
            hour=chance.randrange(*OPEN_HOURS), minute=chance.randrange(60), second=chance.randrange(60), microsecond=0
        )
        if at < now and (at.weekday() < 5 or chance.random() < 0.4):
            found.append(at)
    return sorted(found)


def fill(intake: Past, arriving: Iterable[Person], count: int) -> None:
    """Let `count` people send their form, each at a moment of its own."""
    told = intake.content.questionnaire.consent
    points = [point.id for point in told.points]
    for number, (at, one) in enumerate(zip(moments(intake.now(), count, count), arriving, strict=True)):
        intake.moment = at
        begun = (at - timedelta(minutes=one.minutes)).astimezone(UTC).isoformat(timespec="seconds")
        consent = {"version": told.version, "points": points, "language": one.language, "at": begun}
        intake.submit(new_form(), one.answers, one.language, consent, address=f"demo {number}")
    intake.moment = None


def accounts(review: StaffReview) -> list[DemoAccount]:
    """An account for each role, with a password of its own."""
    made = []
    for name, role in STAFF.items():
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
        review.accounts.add(name, role, OPERATOR, datetime.now(UTC), password)
        made.append(DemoAccount(name, role, password))
    return made


def work(review: StaffReview, front: StaffSession, clinician: StaffSession, seed: int) -> None:
    """What staff did so far: with what is urgent in the first days, with the rest the likelier the older it is."""
    chance = random.Random(seed)
    now = datetime.now(UTC)
    rows, _ = review.worklist.rows(front, Wanted(status="all"))
    for row in tqdm(sorted(rows, key=lambda row: row.id), unit=" looked at by staff", disable=None):
        days = (now - datetime.fromisoformat(row.received)).days
        if chance.random() < (days / 3 if row.summary.tier == "urgent" else min(0.15, days / 120)):
            _worked_on(review, front, row.reference, chance)
            if chance.random() < 0.4:
                _judged(review, clinician, row.reference, chance)


def _worked_on(review: StaffReview, by: StaffSession, reference: str, chance: random.Random) -> None:
    """Somebody notes something, reaches the person or says how far it is, and gives it to a colleague."""
    case = review.responses.open(by, reference)
    review.changes.note(by, case, chance.choice(NOTES))
    if case.record.tier == "urgent" or chance.random() < 0.5:
        review.changes.called(by, case, chance.choice(("reached", "reached", "voicemail", "no-answer")))
    else:
        others = [one.code for one in review.staff.statuses[1:] if one.code != review.staff.contacted]
        review.changes.set_status(by, case, chance.choice(others))
    if chance.random() < 0.5:
        review.changes.assign(
            by, review.responses.open(by, reference, already_open=True), chance.choice(review.colleagues())
        )


def _judged(review: StaffReview, by: StaffSession, reference: str, chance: random.Random) -> None:
    """A clinician's word on the first flags."""
    case = review.responses.open(by, reference)
    for flag in case.result.flags[: chance.randrange(4)]:
        verdict = chance.choices(get_args(Verdict), (60, 25, 15))[0]
        reason = chance.choice(review.staff.not_relevant) if verdict == "not-relevant" else ""
        review.changes.judge(by, case, flag.rule, verdict, reason)
