"""The CSV: every answer in its place, every kind of no-answer by its own code, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.cell import harmless
from exports.sheet import Sheet
from exports.staff_csv import codebook_rows, write
from screening.authoring.samples.generate import responses
from screening.records.reader import PROGRAM
from screening.use_cases.intake import new_form
from tests.conftest import CONSENT, command

STARTERS = "=+-@＝＋－＠"


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_answer_has_its_column_and_each_kind_of_no_answer_its_code(intake, tmp_path):
    intake.submit(
        new_form(),
        {
            "full-name": "Ana",
            "now-signs": ["declined"],
            "high-blood-pressure": "declined",
            "knows-blood-pressure": "yes",
            "systolic": 165,
            "heart-conditions": ["heart-attack", "heart-failure"],
            "weight": {"value": 180, "unit": "lb"},
            "medicines": ["oxycodone 5 mg", "zzqy"],
        },
        "en",
        CONSENT,
    )
    path, _, count = write(intake.store.records(PROGRAM), intake.content, tmp_path / "out")
    assert count == 1
    row = _rows(path)[0]
    assert row["full_name"] == "Ana"
    assert row["now_signs"] == "[declined]"
    assert row["high_blood_pressure"] == "[declined]"
    assert row["blood_pressure_problem"] == "[unsettled]"
    assert (row["diastolic"], row["diastolic_why"]) == ("", "[skipped]")
    assert row["systolic"] == "165"
    assert row["heart_conditions"] == "heart-attack; heart-failure"
    names = Sheet(intake.content).names
    split = [row[names[f"heart-conditions.{code}"]] for code in ("heart-attack", "heart-failure", "angina")]
    assert split == ["1", "1", "0"]
    assert (row["weight"], row["weight_kg"]) == ("180 lb", "81.6")
    assert "cv-heart-failure" in row["flags_high"]
    assert "cv-chest-pain-now (now-signs" in row["to_ask"]
    assert row["medicines"] == "oxycodone 5 mg; zzqy"
    assert "oxycodone" in row["medicines_read"] and "zzqy = [not recognised]" in row["medicines_read"]
    assert row["content"] == intake.content.hash


def test_the_codebook_explains_every_column_once(content):
    sheet = Sheet(content)
    lines = codebook_rows(sheet)
    assert [name for name, *_ in lines] == [column.name for column in sheet.columns]
    assert len({name for name, *_ in lines}) == len(lines)
    assert all(meaning and kind for _, meaning, kind, _ in lines)


def test_filters_by_day_and_tier(intake, tmp_path):
    intake.submit(new_form(), {"full-name": "Ana", "now-signs": ["chest-pain"]}, "en", CONSENT)
    intake.submit(new_form(), {"full-name": "Eva", "now-signs": ["none"]}, "en", CONSENT)
    today = intake.today().isoformat()
    assert write(intake.store.records(PROGRAM, tier="urgent"), intake.content, tmp_path / "a")[2] == 1
    assert write(intake.store.records(PROGRAM, today, today), intake.content, tmp_path / "b")[2] == 2
    assert write(intake.store.records(PROGRAM, until="2020-01-01"), intake.content, tmp_path / "c")[2] == 0
    assert len(_rows(tmp_path / "c" / "responses.csv")) == 0


def test_many_made_up_patients_come_back_as_they_were_sent(intake, tmp_path):
    sent = list(responses(intake.content, 40, 7, intake.today()))
    names = Sheet(intake.content).names
    for one in sent:
        intake.submit(new_form(), one["answers"], "en", CONSENT)
    rows = _rows(write(intake.store.records(PROGRAM), intake.content, tmp_path / "out")[0])
    for one, row in zip(sent, rows, strict=True):
        for link_id, value in one["answers"].items():
            if isinstance(value, str) and value not in ("not-sure", "declined") and "\n" not in value:
                assert row[names[link_id]].replace("'", "") == value.replace("'", ""), link_id


def cells(text: str) -> list[str]:
    """Where a spreadsheet could begin a cell, whatever it splits at."""
    return re.split(r"[,;\t\n\r:|\"']", text)


hostile = st.text(alphabet=st.sampled_from(STARTERS + ",;\t\n\r:| \"'ab1()!"), max_size=24)


@given(hostile)
def test_no_cell_begins_a_formula_in_any_reading(text):
    safe = harmless(text)
    for separator in ",;\t\n\r:|":
        for piece in re.split(re.escape(separator), safe):
            assert piece.strip(' "')[:1] not in STARTERS or piece.strip(' "') == "", (text, safe)


@given(st.text(max_size=60))
def test_making_a_cell_harmless_only_adds_apostrophes(text):
    assert harmless(text).replace("'", "") == text.replace("'", "")


def test_ordinary_answers_are_untouched():
    for text in ("Ana O'Neil", "walk; sit - sleep", "120/80", "name@example.org", "2026-11-23", "a-b"):
        assert harmless(text) == text


def test_the_command_line_writes_both_files_and_says_how_many(intake, settings, tmp_path):
    intake.submit(new_form(), {"full-name": "=1+1"}, "en", CONSENT)
    done = command("export", "csv", "--out", tmp_path / "out", "--since", "2020-01-01", records=settings.data)
    assert "1 responses" in done.stderr
    assert _rows(tmp_path / "out" / "responses.csv")[0]["full_name"] == "'=1+1"


@pytest.mark.parametrize("option, value", [("--since", "yesterday"), ("--tier", "worst")])
def test_a_wrong_filter_is_exit_2(option, value, tmp_path):
    command("export", "csv", "--out", tmp_path, option, value, expect=2)


def test_the_day_of_a_made_up_patient_is_the_one_given(content):
    assert next(responses(content, 1, 1, date(2026, 1, 2)))["authored"] == "2026-01-02"
