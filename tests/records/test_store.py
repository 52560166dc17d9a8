"""Records: one transaction, one record however often it is sent, and a clear word when the disk or the directory fails."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from screening.records.database import Database, NotSaved
from screening.records.deletion import purge
from screening.records.reader import PROGRAM
from screening.settings import ROOT, EnvironmentProblem, Settings
from screening.use_cases.intake import Intake, NotReady, TooMany, new_form
from tests.conftest import CONSENT, command


def test_a_submitted_form_is_kept_with_its_screening_its_content_and_an_audit_line(intake):
    receipt = intake.submit(new_form(), {"full-name": "Ana", "now-signs": ["chest-pain"]}, "en", CONSENT)
    record = next(intake.store.records(PROGRAM))
    assert (record.reference, record.language, record.tier) == (receipt.reference, "en", "urgent")
    assert record.answers == {"full-name": "Ana", "now-signs": ("chest-pain",)}
    assert record.consent == CONSENT
    assert [flag["rule"] for flag in record.result["flags"]] == ["cv-chest-pain-now"]
    assert len(intake.store.archive(record.content)) > 10_000
    with intake.store.database.engine.connect() as connection:
        line = connection.exec_driver_sql(
            "SELECT actor, action, record, outcome FROM patient_audit WHERE action = 'submit'"
        ).one()
    assert tuple(line) == ("patient", "submit", receipt.reference, "done")
    assert intake.store.complaints() == []


def test_a_form_without_consent_or_with_an_answer_that_cannot_be_is_not_kept(intake):
    for typed, consent in (
        ({"full-name": "Ana"}, {}),
        ({"full-name": "Ana"}, {**CONSENT, "version": "0"}),
        ({"now-signs": ["none"]}, CONSENT),
        ({"full-name": "Ana", "knows-blood-pressure": "yes", "systolic": 9_000}, CONSENT),
    ):
        with pytest.raises(NotReady) as error:
            intake.submit(new_form(), typed, "en", consent)
        assert "Ana" not in str(error.value) and "9000" not in str(error.value)
    assert intake.store.count() == 0


def test_a_flood_of_forms_from_one_address_is_stopped_and_others_still_get_in(intake):
    with pytest.raises(TooMany):
        for _ in range(200):
            intake.submit(new_form(), {"full-name": "Spam"}, "en", CONSENT, address="203.0.113.9")
    assert intake.store.count() == 60
    assert intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT, address="203.0.113.10")


def test_answers_to_items_that_are_no_longer_asked_are_not_kept(intake):
    intake.submit(new_form(), {"full-name": "Ana", "knows-blood-pressure": "no", "systolic": 190}, "en", CONSENT)
    assert next(intake.store.records(PROGRAM)).answers == {"full-name": "Ana", "knows-blood-pressure": "no"}


def test_purge_counts_first_deletes_only_what_is_old_and_leaves_a_tombstone(intake):
    receipt = intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)
    tomorrow, now = (intake.today() + timedelta(days=1)).isoformat(), datetime.now(UTC)
    assert purge(intake.store, intake.today().isoformat(), True, now) == 0
    assert purge(intake.store, tomorrow, False, now) == 1 and intake.store.count() == 1
    assert purge(intake.store, tomorrow, True, now) == 1 and intake.store.count() == 0
    assert receipt.reference in (intake.store.database.directory / "erased.txt").read_text()
    with intake.store.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT record FROM audit WHERE action = 'purge'").scalars().all() == [
            receipt.reference
        ]
    assert intake.store.complaints() == []


def test_the_store_is_private_and_durable(embedded, tmp_path):
    assert stat.S_IMODE((tmp_path / "records").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "records" / "records.sqlite3").stat().st_mode) == 0o600
    with embedded.database.engine.connect() as connection:
        assert embedded.database.modes(connection) == {
            "journal_mode": "truncate",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "trusted_schema": 0,
        }


def test_the_data_directory_is_outside_the_source_tree_by_default(monkeypatch):
    monkeypatch.delenv("SCREENING_DATA", raising=False)
    assert not Settings.from_environment().data.is_relative_to(ROOT)


def test_a_data_directory_that_cannot_be_made_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="SCREENING_DATA"):
        Database(tmp_path / "file" / "records")


def test_a_file_that_is_not_a_store_is_said_plainly(tmp_path):
    (tmp_path / "records.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(EnvironmentProblem, match="cannot be opened"):
        Database(tmp_path)


def test_serving_from_an_unusable_directory_is_exit_3_without_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    assert "SCREENING_DATA" in command("serve", "--port", 0, expect=3, records=tmp_path / "file" / "x").stderr


@pytest.mark.parametrize(
    "old, new",
    [
        ("  crisis:", "  crisisx:"),
        ("  emergency:", "  emergencyx:"),
        ('    en: "Need help now?', '    xx: "Need help now?'),
    ],
)
def test_the_app_refuses_to_start_without_crisis_and_emergency_lines(tmp_path, spoilt, monkeypatch, old, new):
    monkeypatch.setenv("SCREENING_CONTENT", str(spoilt("site.yaml", old, new)))
    assert "site.yaml" in command("serve", "--port", 0, expect=3, records=tmp_path / "x").stderr


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="a small disk of its own needs root")
def test_a_full_disk_keeps_nothing_half_and_works_again_when_there_is_room(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(small)], capture_output=True
    ).returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        intake = Intake.open(Settings.at(small / "records"))
        kept = 0
        with pytest.raises(NotSaved) as error:
            for _ in range(2_000):
                intake.submit(
                    new_form(),
                    {"full-name": "Ana Secreta", "pain-goal": os.urandom(1_500).hex()},
                    "en",
                    CONSENT,
                    address=str(kept),
                )
                kept += 1
        assert "Secreta" not in str(error.value)
        assert intake.store.count() == kept
        subprocess.run(["mount", "-o", "remount,size=9m", str(small)], check=True)
        intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)
        assert intake.store.count() == kept + 1
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)
