"""The short form of the clinic's two days (`python -m tests.soak.clinic_days days` runs the whole)."""

from __future__ import annotations

from tests.journeys.staff import clinic
from tests.soak import clinic_days


def test_forms_arrive_while_three_work_and_nobody_is_unseen_and_no_word_is_lost(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(clinic_days, "WATCHED", 1)
    monkeypatch.setattr(clinic_days, "SIGN_OUT_EVERY", 2)
    monkeypatch.setattr(clinic_days, "MEET_EVERY", 2)
    with clinic(tmp_path) as ward:
        toll = clinic_days.days(ward, browser, 2)
    assert toll.clean, toll
    assert (toll.forms, toll.urgent, toll.notes, toll.left, toll.met) == (2, 1, 2, 1, 1)
