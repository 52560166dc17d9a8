"""The demo: made-up people on a real store, spread over the last weeks, each with a name that is nobody's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from screening.authoring.samples.people import MOST, people
from screening.cli import demo
from screening.records.accounts.accounts import Accounts
from screening.records.reader import PROGRAM
from screening.records.work import Work
from screening.settings import ROOT
from screening.use_cases.review import StaffReview
from screening.use_cases.statistics import statistics
from tests.journeys.conftest import free_port
from tests.stored import DAY

COUNT = 30


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    intake = demo.Past.open(demo.throw_away(tmp_path_factory.mktemp("demo")))
    demo.fill(intake, people(intake.content, COUNT, 7, intake.today()), COUNT)
    signs = demo.staffed(intake)
    yield intake, signs
    intake.store.database.engine.dispose()


def test_everybody_opens_and_was_screened_on_a_day_of_their_own(filled):
    intake, _ = filled
    records = list(intake.store.records(PROGRAM))
    now = datetime.now(UTC)
    assert len(records) == COUNT
    days = {record.authored for record in records}
    assert len(days) > COUNT / 3
    for record in records:
        received = datetime.fromisoformat(record.received)
        assert now - timedelta(days=demo.DAYS + 1) < received < now
        assert record.authored == received.astimezone(intake.zone).date().isoformat()
        assert record.started and datetime.fromisoformat(record.started) < received
    assert [record.received for record in records] == sorted(record.received for record in records)
    assert intake.store.complaints() == []


def test_no_name_is_that_of_two_people_and_no_telephone_or_address_is_anybodys(content):
    everybody = list(people(content, 40, 3, DAY))
    assert max(Counter(one.answers["full-name"] for one in everybody).values()) == 1
    for one in everybody:
        assert one.answers.get("email", "").endswith("@example.org") or "email" not in one.answers
        assert one.answers.get("phone", "0100")[-4:-2] == "01"
    assert MOST >= 1000


def test_the_same_seed_gives_the_same_people_and_some_read_spanish(content):
    first, again = (list(people(content, 25, 3, DAY)) for _ in range(2))
    assert first == again
    assert 0 < sum(one.language == "es" for one in first) < 10


def test_staff_can_sign_in_and_some_work_is_done(filled):
    intake, signs = filled
    assert {one.role for one in signs} == {"front-desk", "clinician", "exporter", "admin"}
    assert len({one.password for one in signs}) == len(signs)
    review = StaffReview(intake, Accounts(intake.store.database, intake.store.keys))
    assert [one.name for one in review.accounts.all()] == sorted(one.name for one in signs)
    states = Counter(line.state.status for line in Work(intake.store, "new").lines())
    assert states["new"] and len(states) > 1


def test_the_pictures_of_the_demo_have_something_in_each(filled):
    intake, _ = filled
    made = statistics(intake.store.records(PROGRAM), {}, intake.content)
    for table in (made.days, made.tiers, made.flags, made.pain_types, made.regions, made.minutes, made.languages):
        assert sum(bool(row.count) for row in table.rows) > 1, table.title
    assert 5 < made.median_minutes < 60


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_the_demo_stops(tmp_path, how):
    port = free_port()
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path),
        "SCREENING_DATA": str(tmp_path / "real"),
        "SCREENING_DATABASE": "",
    }
    command = [sys.executable, "-m", "screening", "demo", "--people", "2", "--port", str(port)]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        while "Stop with" not in said:
            line = running.stderr.readline()
            assert line, said
            said += line
        for _ in range(100):
            try:
                assert urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5).status == 200
                break
            except OSError:
                assert running.poll() is None
                time.sleep(0.2)
        assert list(tmp_path.glob("screening-demo-*"))
    finally:
        running.send_signal(how)
        running.wait(30)
        running.stderr.close()
    assert not list(Path(tmp_path).iterdir())
