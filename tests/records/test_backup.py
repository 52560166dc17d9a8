"""Backup and restore: everything comes back on an empty machine, a copy that is not whole is refused, deletions stay deleted."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from screening.records import backup
from screening.records.deletion import erase
from screening.records.doctor import examine
from screening.records.reader import PROGRAM
from screening.records.schema import metadata
from screening.records.store import Store
from screening.settings import ROOT, Settings
from screening.use_cases.intake import Intake, new_form
from tests.conftest import CONSENT, command
from tests.records.conftest import BOTH


def filled(intake, people=5):
    return [intake.submit(new_form(), {"full-name": f"Ana {n}"}, "en", CONSENT).reference for n in range(people)]


def answers(store):
    return [(one.reference, one.answers, one.result) for one in store.records(PROGRAM)]


@pytest.mark.parametrize("onto", BOTH)
def test_a_copy_restores_on_an_empty_machine_of_either_kind(intake, settings, tmp_path, onto, request):
    filled(intake)
    intake.begin(None, {"answer full-name": "Eva"})
    copy = tmp_path / "copy.jsonl.gz"
    made = backup.backup(intake.store, copy)
    url = request.getfixturevalue("postgresql")() if onto == "postgresql" else ""
    other = Store.open(
        Settings(content=settings.content, data=tmp_path / "other", keys=settings.keys, database=url), opens=True
    )
    assert backup.restore(copy, other, []) == made.rows
    assert answers(other) == answers(intake.store) and other.complaints() == []
    other.submit(_next(intake), "NEW1-NEW1", datetime.now(UTC))
    assert other.count() == 6


def _next(intake):
    from screening.records.record import Submission

    return Submission(new_form(), "2026-11-23", "en", CONSENT, {"full-name": "Later"}, intake.content.hash, None, {})


def test_what_was_deleted_after_the_copy_is_deleted_again(intake, settings, tmp_path):
    references = filled(intake)
    copy = tmp_path / "copy.jsonl.gz"
    backup.backup(intake.store, copy)
    assert erase(intake.store, references[2], datetime.now(UTC))
    other = Store.open(settings.model_copy(update={"data": tmp_path / "other", "database": ""}), opens=True)
    from screening.records import erased

    backup.restore(copy, other, erased.references(settings.data / erased.FILE))
    assert [one.reference for one in other.records(PROGRAM)] == references[:2] + references[3:]


def test_a_copy_that_was_cut_or_changed_anywhere_is_refused_and_nothing_is_restored(embedded, tmp_path):
    import gzip

    for _ in range(3):
        embedded.note("operator", "export", "1")
    copy = tmp_path / "copy.jsonl.gz"
    backup.backup(embedded, copy)
    text = gzip.decompress(copy.read_bytes())
    lines = text.splitlines(keepends=True)
    bad = [
        b"".join(lines[:-1]),
        b"".join(lines[:2] + lines[3:]),
        text.replace(b"export", b"exporx"),
        text[: len(text) // 2],
        b"",
        text + b"{}\n",
    ]
    for number, broken in enumerate(bad):
        path = tmp_path / f"bad-{number}"
        path.write_bytes(gzip.compress(broken))
        empty = Store.open(Settings.at(tmp_path / f"empty-{number}"))
        with pytest.raises(backup.BadCopy):
            backup.restore(path, empty, [])
        with empty.database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar_one() == 0
    path.write_bytes(copy.read_bytes()[:-40])
    with pytest.raises(backup.BadCopy):
        backup.restore(path, empty, [])


def test_a_copy_made_while_people_send_forms_is_whole(intake, settings, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        sending = pool.submit(filled, intake, 30)
        copies = [tmp_path / f"{n}.gz" for n in range(4)]
        for copy in copies:
            backup.backup(intake.store, copy)
        sending.result()
    for copy in copies:
        total, opened, complaints = backup.examine(copy, settings)
        assert total == opened and complaints == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # the store was shown above on both
def test_the_commands_say_plainly_what_they_did(intake, settings, tmp_path):
    reference = filled(intake)[0]

    def run(*words, expect=0, records=settings.data):
        return command(*words, expect=expect, records=records).output

    copy = tmp_path / "copy.gz"
    assert "rows in" in run("backup", copy)
    assert "5 responses, 5 of them opened, 0 complaints" in run("restore", "--check", copy)
    assert "would be deleted" in run("erase", reference)
    assert "is deleted" in run("erase", f" {reference.lower().replace('-', ' ')} ", "--yes")
    assert "No such reference" in run("erase", reference, "--yes", expect=1)
    assert "0 responses from before" in run("purge")
    assert "0 responses from before" in run("purge", "--yes")
    assert "data keys now belong" in run("keys", "rotate")
    assert "whole" in run("audit", "verify")
    assert "erase" in run("audit", "show")
    assert "LOOK" not in run("doctor")
    assert "not empty" in run("restore", copy, expect=3)
    assert "There are no records" in run("doctor", expect=3, records=tmp_path / "typo")
    assert not (tmp_path / "typo").exists()


def test_doctor_names_what_is_wrong(embedded, tmp_path):
    embedded.keys.directory.chmod(0o755)
    assert [one.what.split(":")[0] for one in examine(embedded) if one.remedy] == ["Key directory"]


FULL = """
set -e
mount -t tmpfs -o size={size} tmpfs "$RECORDS" && cp -a "$BEFORE"/. "$RECORDS"/
dd if=/dev/zero of="$RECORDS/fill" bs=4096 2>/dev/null || true
"$PYTHON" -m screening backup {out} || code=$?
ls "$RECORDS"
exit ${{code:-0}}
"""


@pytest.mark.slow
def test_a_copy_can_be_made_while_the_disk_of_the_records_is_full(tmp_path):
    done = _backup_on_a_full_disk(tmp_path, tmp_path / "other" / "copy.gz")
    assert done.returncode == 0, done.stderr
    assert "rows in" in done.stderr
    assert "could not note" in done.stderr
    assert backup.examine(tmp_path / "other" / "copy.gz", Settings.at(tmp_path / "records")) == (5, 5, [])


@pytest.mark.slow
def test_a_copy_for_which_there_is_no_room_is_refused_in_words_and_leaves_nothing(tmp_path):
    done = _backup_on_a_full_disk(tmp_path, tmp_path / "full" / "copy.gz")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "room" in done.stderr or "space" in done.stderr
    assert "copy" not in done.stdout


def _backup_on_a_full_disk(tmp_path, out):
    """`backup` where the records lie on a small disk without a free block, in a name space of its own."""
    (tmp_path / "full").mkdir()
    settings = Settings.at(tmp_path / "records")
    filled(Intake.open(settings))
    before = settings.data
    environment = {
        **os.environ,
        "BEFORE": str(before),
        "RECORDS": str(tmp_path / "full"),
        "PYTHON": sys.executable,
        "SCREENING_DATA": str(tmp_path / "full"),
        "SCREENING_KEYS": str(settings.keys),
    }
    script = FULL.format(size=f"{8 + sum(path.stat().st_size for path in before.iterdir()) // 1024}k", out=out)
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=300)


def test_a_copy_to_which_somebody_added_an_account_or_a_row_twice_is_refused(embedded, tmp_path):
    copy, other = tmp_path / "copy.jsonl.gz", tmp_path / "other.jsonl.gz"
    embedded.keep_content("c" * 64, b"archive", datetime.now(UTC))
    backup.backup(embedded, copy)
    lines = gzip.decompress(copy.read_bytes()).splitlines(keepends=True)
    trailer = json.loads(lines[-1])
    account = {"id": "m", "name": "mallory", "role": "clinician", "state": "active", "made": "2026-11-23", "seq": 0}
    full = dict.fromkeys(column.name for column in metadata.tables["account"].columns) | account
    for added in (json.dumps(["account", full]).encode() + b"\n", lines[1]):
        changed = [lines[0], added, *lines[1:-1]]
        summed = hashlib.sha256(b"".join(changed)).hexdigest()
        end = json.dumps(trailer | {"rows": trailer["rows"] + 1, "sha256": summed}).encode() + b"\n"
        other.write_bytes(gzip.compress(b"".join([*changed, end])))
        fresh = Settings.at(tmp_path / "fresh").model_copy(update={"keys": embedded.keys.directory})
        with pytest.raises(backup.BadCopy):
            backup.restore(other, Store.open(fresh), [])
        assert Store.open(fresh).count() == 0
