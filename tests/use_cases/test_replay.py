"""Replay: what was kept comes out again byte for byte under its own content, and what does not is named by its reference."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import update

from screening.authoring.samples.generate import responses
from screening.records.deletion import erase
from screening.records.reader import PROGRAM
from screening.records.reconcile import adopt
from screening.records.schema import contents, screenings
from screening.records.seal import canonical
from screening.records.store import Store
from screening.settings import Settings
from screening.use_cases.intake import Intake, new_form
from screening.use_cases.replay import MOST_CONTENTS, Archive, as_kept, replay, rescreen
from tests.conftest import CONSENT, command, intake_on
from tests.exports.test_prep_sheet import HOSTILE
from tests.stored import DAY


def send(intake, answers, language="en"):
    return intake.submit(new_form(), {"full-name": "Ana", **answers}, language, CONSENT).reference


def later(intake, settings, spoilt):
    """The same clinic on a later day, with a rule of another limit and other words."""
    spoilt("site.yaml", "bp-high-systolic: 160", "bp-high-systolic: 150")
    copy = spoilt("sections/right-now.yaml", "Possible acute coronary syndrome", "Perhaps an acute coronary syndrome")
    changed = Intake.open(settings.model_copy(update={"content": copy}))
    changed.store = intake.store
    assert changed.content.hash != intake.content.hash
    return changed


def kept_otherwise(store, record, change):
    """Keep another screening for a record, as another version of the program might have kept it."""
    result = json.loads(json.dumps(as_kept(record)))
    change(result)
    box = store.sealer.seal(canonical(result), f"screening|box|{record.form}|{record.content}")
    with store.database.writing(audited=True) as connection:
        connection.execute(update(screenings).where(screenings.c.response == record.id).values(box=box))
        adopt(connection, store.trail, record.id, record.reference, record.received)


def test_responses_of_two_contents_come_out_byte_for_byte_each_under_its_own(intake, settings, spoilt):
    reading = {"knows-blood-pressure": "yes", "systolic": 155, "diastolic": 80}
    send(intake, reading)
    new = later(intake, settings, spoilt)
    send(new, reading, "es")
    send(intake, {"now-signs": ["chest-pain"], "medicines": ["oxycodone 5 mg", "zzqy"]})
    first, second, _ = intake.store.records(PROGRAM)
    assert (len(first.result["flags"]), len(second.result["flags"])) == (0, 1), (
        "the change of content changes the screening"
    )
    assert canonical(rescreen(first, new.content)) != canonical(as_kept(first))
    found = replay(intake.store)
    assert (found.checked, found.equal, found.whole) == (3, 3, True)
    with intake.store.database.engine.connect() as connection:
        line = connection.exec_driver_sql(
            "SELECT actor, action, record, outcome FROM audit ORDER BY seq DESC LIMIT 1"
        ).one()
    assert tuple(line) == ("operator", "replay", "3", "equal")


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept["result"]["flags"].pop(),
        lambda kept: kept.update(tier="info"),
        lambda kept: kept["result"]["flags"][0].update(clinician="Nothing to see."),
        lambda kept: kept["result"]["flags"][0]["evidence"].clear(),
        lambda kept: kept["result"]["to_ask"].pop(),
        lambda kept: kept["result"]["scores"]["age"].__setitem__(1, 1),
    ],
    ids=["a flag", "the tier", "the words", "the evidence", "what to ask", "a score"],
)
def test_a_screening_that_was_changed_is_named_by_its_reference(embedded, change):
    intake = intake_on(embedded)
    send(intake, {"now-signs": ["none"]})
    reference = send(intake, {"now-signs": ["chest-pain"]})
    kept_otherwise(embedded, list(embedded.records(PROGRAM))[1], change)
    found = replay(embedded)
    assert (found.checked, found.equal, found.different, found.whole) == (2, 1, [reference], False)


def test_a_content_that_is_damaged_or_another_names_the_responses_that_need_it(intake, settings, spoilt):
    reference = send(intake, {})
    new = later(intake, settings, spoilt)
    send(new, {})
    for archive in (b"\x1f\x8bnot an archive", b"", intake.store.archive(new.content.hash)):
        with intake.store.database.writing() as connection:
            connection.execute(update(contents).where(contents.c.hash == intake.content.hash).values(archive=archive))
        found = replay(intake.store)
        assert (found.checked, found.equal, found.no_content) == (1, 1, {intake.content.hash: [reference]})
        assert not found.whole


def test_a_response_that_does_not_open_is_named_and_the_others_are_checked(intake, settings):
    first, second = send(intake, {}), send(intake, {})
    with intake.store.database.writing() as connection:
        connection.execute(update(screenings).where(screenings.c.response == 1).values(box=b"\x01broken"))
    found = replay(intake.store)
    assert (found.checked, found.equal, found.unopened) == (1, 1, [first])
    assert replay(intake.store, second).whole and replay(intake.store, second).checked == 1


def test_only_a_few_contents_are_in_memory_however_many_there_are(embedded, tmp_path, spoilt):
    archive = Archive(embedded)
    hashes = [intake_on(embedded).content.hash]
    for n in range(3):
        copy = spoilt("site.yaml", f"\nminutes: {20 + n}", f"\nminutes: {21 + n}")
        hashes.append(Intake.open(Settings.at(tmp_path / "records", copy)).content.hash)
    for wanted in hashes:
        assert archive.content(wanted).hash == wanted
    assert archive.content.cache_info().currsize == MOST_CONTENTS
    assert archive.content("0" * 64) is None


@pytest.fixture(scope="module")
def quiet_desk(tmp_path_factory):
    """One desk for many made-up people."""
    settings = Settings.at(tmp_path_factory.mktemp("many") / "records")
    made = intake_on(Store.open(settings, opens=True))
    made._limits.may_send = lambda *_: None
    return made


@given(
    seed=st.integers(0, 10_000),
    words=st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=40),
    how=st.sampled_from(["regular", "as-needed", "stopped"]),
)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_people_type_replays_byte_for_byte(quiet_desk, seed, words, how):
    answers = next(iter(responses(quiet_desk.content, 1, seed, DAY, 0.7)))["answers"]
    typed = {"pain-goal": words, "anything-else": words, "medicines": [{"text": words, "how": how}, "oxycodone 5 mg"]}
    _, problems = quiet_desk.facts({**answers, **typed})
    wrong = {one.link_id for one in problems}
    reference = send(
        quiet_desk, {link_id: value for link_id, value in {**answers, **typed}.items() if link_id not in wrong}
    )
    record = next(one for one in quiet_desk.store.records(PROGRAM) if one.reference == reference)
    content = Archive(quiet_desk.store).content(record.content) if seed == 0 else quiet_desk.content
    assert canonical(rescreen(record, content)) == canonical(as_kept(record))
    erase(quiet_desk.store, reference, datetime.now(UTC))


def test_the_command_prints_counts_and_references_and_never_an_answer(intake, settings):
    fine, wrong = (
        send(intake, {"pain-goal": "walk the dog"}),
        send(intake, {"now-signs": ["chest-pain"], "pain-goal": "dance again"}),
    )

    def run(*words, expect=0, records=settings.data):
        done = command("replay", *words, expect=expect, records=records)
        for answer in ("Ana", "walk the dog", "dance again", "chest"):
            assert answer not in done.stdout + done.stderr
        return done.stdout, done.stderr

    assert run()[0] == "2 checked, 2 equal, 0 different.\n"
    assert run("--id", fine.lower())[0] == "1 checked, 1 equal, 0 different.\n"
    assert "No such reference" in run("--id", "AAAA-AAAA", expect=1)[1]
    kept_otherwise(intake.store, list(intake.store.records(PROGRAM))[1], lambda kept: kept.update(tier=None))
    printed, words = run(expect=1)
    assert printed == "2 checked, 1 equal, 1 different.\n" and wrong in words and fine not in words
    assert run("--id", fine)[0] == "1 checked, 1 equal, 0 different.\n"
    with intake.store.database.writing() as connection:
        connection.execute(update(contents).values(archive=b"lost"))
    assert f"Content {intake.content.hash[:12]} is not in the store" in run(expect=1)[1]
    assert [one for one in intake.store.complaints() if "archive" not in one] == [], "only the lost archive is named"
    for key in settings.keys.glob("*.private"):
        key.unlink()
    assert "2 responses do not open" in run(expect=1)[1]
    run(expect=3, records=settings.data.with_name("typo"))
