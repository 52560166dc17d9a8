"""Backup and restore: everything comes back on an empty machine, a copy that is not whole is refused, deletions stay deleted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from screening.records import backup
from screening.records.doctor import examine
from screening.records.store import Store
from screening.settings import Settings
from screening.use_cases.intake import new_form
from tests.conftest import CONSENT, command
from tests.records.conftest import BOTH


def filled(intake, people=5):
    return [intake.submit(new_form(), {"full-name": f"Ana {n}"}, "en", CONSENT).reference for n in range(people)]


def answers(store):
    return [(one.reference, one.answers, one.result) for one in store.records()]


@pytest.mark.parametrize("onto", BOTH)
def test_a_copy_restores_on_an_empty_machine_of_either_kind(intake, settings, tmp_path, onto, request):
    filled(intake)
    intake.begin(None, {"answer full-name": "Eva"})
    copy = tmp_path / "copy.jsonl.gz"
    rows = backup.backup(intake.store, copy)
    url = request.getfixturevalue("postgresql")() if onto == "postgresql" else ""
    other = Store.open(
        Settings(content=settings.content, data=tmp_path / "other", keys=settings.keys, database=url), opens=True
    )
    assert backup.restore(copy, other, []) == rows
    assert answers(other) == answers(intake.store) and other.complaints() == []
    other.submit(_next(intake), "NEW1-NEW1", datetime.now(UTC))
    assert other.count() == 6


def _next(intake):
    from screening.records.store import Submission

    return Submission(new_form(), "2026-11-23", "en", CONSENT, {"full-name": "Later"}, intake.content.hash, None, {})


def test_what_was_deleted_after_the_copy_is_deleted_again(intake, settings, tmp_path):
    references = filled(intake)
    copy = tmp_path / "copy.jsonl.gz"
    backup.backup(intake.store, copy)
    assert intake.store.erase(references[2], datetime.now(UTC))
    other = Store.open(settings.model_copy(update={"data": tmp_path / "other", "database": ""}), opens=True)
    from screening.records import erased

    backup.restore(copy, other, erased.references(settings.data / erased.FILE))
    assert [one.reference for one in other.records()] == references[:2] + references[3:]


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
    assert "is deleted" in run("erase", reference, "--yes")
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
