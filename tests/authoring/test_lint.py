"""Every kind of finding is found where it was planted, has a page, and says how to mend it; warnings do not stop, errors do."""

from __future__ import annotations

import gc
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from screening.__main__ import app
from screening.authoring.book.findings_page import page
from screening.authoring.check import check
from screening.authoring.lint import reading, translation
from screening.authoring.lint.lint import lint
from screening.authoring.lint.manuscript import LintContext
from screening.loading.codes import CODES
from screening.loading.finding import ContentError
from screening.loading.load import manuscript
from screening.settings import ROOT
from tests.authoring.planted import PLANTED, Planted
from tests.conftest import SHIPPED

TODAY = date(2026, 12, 1)
SHELF: dict = {}  # what is the same in all copies is read once
ELSEWHERE = {  # these need a search or a proof, not a look
    "U001": "authoring/test_mutate.py",
    "U002": "authoring/test_mutate.py",
    **{f"X{number:03}": "authoring/test_reach.py" for number in range(1, 11)},
    **{f"D{number:03}": "exports/test_prep_sheet.py" for number in (4, 5)},
    **{f"K{number:03}": "authoring/test_cohort.py" for number in range(1, 4)},
}


def found(directory, code):
    """The findings of a copy, without running its worked cases where the code is not about them."""
    if code in ("C001", "C002", "C003", "C004"):
        return check(directory, TODAY, SHELF)[1]
    try:
        return lint(manuscript(directory, SHELF), TODAY)
    except ContentError as error:
        return list(error.findings)


@pytest.fixture(scope="module", autouse=True)
def shared():
    """The shipped content is read once and then left alone by the garbage collector: a third less time over all copies."""
    lint(manuscript(SHIPPED, SHELF), TODAY)
    gc.freeze()
    yield
    gc.unfreeze()
    SHELF.clear()


@pytest.fixture(scope="module")
def draft():
    return LintContext(manuscript(SHIPPED, SHELF), TODAY)


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_a_planted_mistake_is_found_with_its_file_and_line(tmp_path, planted: Planted):
    copy = planted.plant(tmp_path)
    file, lines = planted.lines(copy)
    findings = [one for one in found(copy, planted.code) if one.code == planted.code]
    assert findings, f"{planted.code} is not found"
    here = [one for one in findings if one.file == f"content/{file}" and one.line in lines]
    assert here, f"{lines}: {[str(one) for one in findings][:3]}"
    assert all(one.what and one.remedy for one in findings)


def test_every_code_has_a_planted_mistake():
    planted = {one.code for one in PLANTED}
    assert planted | set(ELSEWHERE) == set(CODES)
    for code, file in ELSEWHERE.items():
        assert code in (ROOT / "tests" / file).read_text("utf-8")


def test_the_shipped_content_has_no_findings():
    assert check(SHIPPED, TODAY)[1] == []


def test_a_rule_can_only_be_active_once_it_is_reviewed(tmp_path):
    copy = next(one for one in PLANTED if one.code == "M008").plant(tmp_path)
    assert {one.code for one in found(copy, "M008")} == {"M008"}


def test_every_code_says_what_is_wrong_and_how_to_mend_it():
    assert len({code.what for code in CODES.values()}) == len(CODES) >= 60
    for name, code in CODES.items():
        assert re.fullmatch(r"[A-Z]\d{3}", name) and code.remedy.endswith(".") and not code.what.endswith("."), name


def test_the_page_of_findings_is_current():
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == page()


def test_a_warning_alone_does_not_stop_and_an_error_does(tmp_path):
    runner = CliRunner()
    for new, level, code in (("en: What was the HIGHEST number?", "warning", 0), ("en: Are you eligible?", "error", 1)):
        place = tmp_path / level
        place.mkdir()
        copy = Planted("", "sections/heart.yaml", "en: What was the top number?", new).plant(place)
        confirm(copy)
        done = runner.invoke(app, ["check", str(copy), "--json", "--on", TODAY.isoformat()])
        assert done.exit_code == code and {one["level"] for one in json.loads(done.stdout)} == {level}


def test_what_will_be_due_on_a_later_day_is_said_beforehand():
    due = CliRunner().invoke(app, ["check", "--json", "--on", "2099-12-31"])
    assert "was to be reviewed by" in due.stdout
    assert CliRunner().invoke(app, ["check", "--on", "soon"]).exit_code == 2


def confirm(copy):
    text = translation.confirmed(LintContext(manuscript(copy, SHELF), TODAY))
    (copy / translation.FILE).unlink()
    (copy / translation.FILE).write_text(text, "utf-8")


def test_a_stale_translation_is_settled_by_translating_or_by_confirming(tmp_path):
    stale = next(one for one in PLANTED if one.code == "T004").plant(tmp_path)
    assert "T004" in {one.code for one in found(stale, "T004")}
    heart = stale / "sections/heart.yaml"
    heart.write_text(
        heart.read_text("utf-8").replace("¿Cuál fue el número de arriba?", "¿Cuál fue el número superior?"), "utf-8"
    )
    assert found(stale, "T004") == []
    heart.write_text(heart.read_text("utf-8").replace("número superior", "número de arriba"), "utf-8")
    confirm(stale)
    assert found(stale, "T004") == []


def test_a_warning_that_is_accepted_is_silent_only_at_its_place(tmp_path):
    copy = next(one for one in PLANTED if one.code == "W014").plant(tmp_path)
    confirm(copy)
    accepted = copy / "accepted.yaml"
    text = accepted.read_text("utf-8")
    accepted.unlink()
    entry = "accepted:\n  - {code: W014, at: [item %s], reason: Because we tried it out.}\n"
    accepted.write_text(text.replace("accepted:\n", entry % "systolic", 1), "utf-8")
    assert found(copy, "W014") == []
    accepted.write_text(text.replace("accepted:\n", entry % "diastolic", 1), "utf-8")
    assert {one.code for one in found(copy, "W014")} == {"W014", "A001"}


def test_every_text_that_patients_read_has_one_place(draft):
    places = [one.place for one in draft.passages]
    assert len(set(places)) == len(places) > 1000
    assert {one.kind for one in draft.passages} == {
        "title",
        "intro",
        "question",
        "stem",
        "hint",
        "option",
        "prompt",
        "patient",
        "word",
        "consent",
        "help",
        "clinic",
    }


def test_the_english_reads_at_grade_6_or_below(draft):
    assert reading.reading(reading.graded(draft)).median <= 6


def test_syllables_are_those_of_the_dictionary():
    known = {
        "clinic": 2,
        "medicine": 3,
        "ketamine": 3,
        "anesthesia": 4,
        "blood": 1,
        "pressure": 2,
        "something": 2,
        "breathing": 2,
        "talked": 1,
        "wanted": 2,
        "table": 2,
    }
    assert {word: reading.syllables(word) for word in known} == known


def test_a_grade_is_the_formula_of_kincaid():
    assert reading.grade("The clinic has your form now.") == pytest.approx(0.39 * 6 + 11.8 * 7 / 6 - 15.59)
    assert reading.grade("Not at all.") is None


@given(st.text())
def test_any_text_can_be_graded(text):
    for sentence in reading.sentences(text):
        level = reading.grade(sentence)
        assert level is None or level > -15
