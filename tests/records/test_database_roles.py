"""The two roles of the database: each can do its work, and nothing that only the other one may."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from screening.records.deletion import erase
from screening.records.drafts import Secret
from screening.records.reader import PROGRAM
from screening.records.schema import metadata
from screening.records.store import Store
from screening.settings import ROOT, Settings
from screening.use_cases.intake import Intake, new_form
from tests.conftest import CONSENT

SQL = ROOT / "deploy" / "sql"
PATIENTS_READ = {
    "content",
    "step",
    "draft",
    "draft_key",
    "draft_answer",
    "patient_audit",
    "patient_audit_head",
    "refusal",
}
PATIENTS_CHANGE = {"step", "draft", "draft_key", "draft_answer", "patient_audit_head", "refusal"}


@pytest.fixture
def roles(postgresql, tmp_path):
    """role -> the settings of a process with that role, on one database; "owner" made the tables."""
    address = postgresql()
    owner = Settings.at(tmp_path / "records", database=address)
    store = Store.open(owner)
    for name in ("patient", "staff"):
        with store.database.engine.begin() as connection:
            connection.exec_driver_sql((SQL / f"{name}.sql").read_text())
    with_role = {
        name: owner.model_copy(update={"database": address.replace("postgres:@", f"intake_{name}:@", 1)})
        for name in ("patient", "staff")
    }
    return {"owner": owner, **with_role}


def refused(store, statement):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        store.database.engine.begin() as connection,
    ):
        connection.execute(text(statement))


def test_the_patients_role_takes_a_form_in_from_the_first_answer_to_the_receipt(roles, content):
    store = Store.open(roles["patient"])
    with store.database.engine.connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar() == "intake_patient"
    intake, device, now = Intake(content, store), Secret("d" * 64, b"k" * 32), datetime.now(UTC)
    store.keep_content(content.hash, b"archive", now)
    intake.begin(device, {"answer full-name": "Ana"}, "about-you")
    draft = intake.on_device(device)
    intake.save(draft, {"answer full-name": "Ana Maria"}, "pain")
    form = new_form()
    receipt = intake.submit(form, {"full-name": "Ana Maria"}, "en", CONSENT, draft)
    assert intake.submit(form, {"full-name": "Ana Maria"}, "en", CONSENT).reference == receipt.reference
    assert store.archive(content.hash) == b"archive"
    staff = Store.open(roles["staff"], opens=True)
    assert [record.answers["full-name"] for record in staff.records(PROGRAM)] == ["Ana Maria"]
    staff.note("operator", "export", "1")
    assert erase(staff, receipt.reference, now) and staff.complaints() == []


def test_the_patients_role_reads_and_changes_nothing_of_staff_and_no_form_that_was_sent(roles):
    store = Store.open(roles["patient"])
    for name, table in metadata.tables.items():
        first = next(iter(table.primary_key)).name
        if name not in PATIENTS_READ:
            refused(store, f"SELECT * FROM {name}")
        if name not in PATIENTS_CHANGE:
            refused(store, f"UPDATE {name} SET {first} = {first}")
            refused(store, f"DELETE FROM {name}")
    for name in ("account", "staff_session", "work", "entry", "export", "amendment", "audit", "audit_head"):
        refused(store, f"INSERT INTO {name} SELECT * FROM {name}")
    refused(store, "CREATE TABLE mine (id integer)")
    refused(store, "ALTER TABLE patient_audit DISABLE TRIGGER ALL")


def test_the_staff_role_cannot_change_the_trail_or_the_tables(roles):
    store = Store.open(roles["staff"])
    for name in ("audit", "patient_audit"):
        refused(store, f"UPDATE {name} SET actor = actor")
        refused(store, f"DELETE FROM {name}")
        refused(store, f"ALTER TABLE {name} DISABLE TRIGGER ALL")
    refused(store, "DROP TABLE step")
