"""Each door on each store: a person sends a form, staff work on it, an operator takes it away."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

from screening.records.accounts.account import Account, StaffSession
from screening.records.accounts.accounts import Accounts
from screening.use_cases.intake import new_form
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import Wanted
from tests.conftest import CONSENT, command

DOC = StaffSession(
    "s", Account("a", "doc", "clinician", "active", True, False, False, "2026-11-23T00:00:00+00:00"), "", ""
)


def test_a_form_is_begun_gone_on_with_sent_worked_on_amended_and_taken_away(intake, settings, tmp_path):
    draft, code = intake.begin(None, {"answer full-name": "Ana"})
    intake.save(draft, {"answer high-blood-pressure": "not-sure"}, "heart")
    assert intake.resume(code, "203.0.113.1", None).values["answer high-blood-pressure"] == "not-sure"
    typed = {"full-name": "Ana", "high-blood-pressure": "not-sure"}
    reference = intake.submit(new_form(), typed, "en", CONSENT, draft).reference

    accounts = Accounts(intake.store.database, intake.store.keys)
    accounts.add("doc", "clinician", "operator", datetime.now(UTC))
    review = StaffReview(intake, accounts)
    assert [row.reference for row in review.worklist.rows(DOC, Wanted())[0]] == [reference]
    review.changes.note(DOC, review.responses.open(DOC, reference), "Rang")
    review.changes.amend(DOC, review.responses.open(DOC, reference), {**typed, "high-blood-pressure": "no"})
    after = review.responses.open(DOC, reference)
    assert after.record.answers["high-blood-pressure"] == "no" and after.original == typed
    assert [one.kind for one in after.entries][:1] == ["note"]

    operator = {"records": settings.data, "database": settings.database}
    command("export", "csv", "--out", tmp_path / "out", **operator)
    with (tmp_path / "out" / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["high_blood_pressure"] for row in csv.DictReader(file)] == ["no"]
    assert ", 0 different." in command("replay", **operator).stdout
    assert "whole" in command("audit", "verify", **operator).output
