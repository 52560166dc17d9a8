"""Files for a purpose open right everywhere: names that every program takes, numbers that are numbers, text that is whole,
and an old response judged by the questions of its own day."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from exports import staff_csv
from exports.choices import PURPOSES, Attached, Choices
from exports.columns import Column
from exports.formats import FILE_FORMATS
from exports.names import LONGEST, RESERVED, Names
from exports.purpose import CALL_SHEET
from exports.redcap import HEAD
from exports.sheet import Sheet
from exports.syntax import NUMBERS, r, spss, stata
from screening.authoring.samples.generate import responses
from screening.loading.archive import packed
from screening.loading.load import load
from screening.records.reader import PROGRAM
from screening.records.work_state import State
from screening.use_cases.intake import new_form
from screening.use_cases.worklist import Wanted
from tests.conftest import CONSENT, SHIPPED, command
from tests.stored import DAY, stored, workbook
from tests.use_cases.test_review import EXPORTER, made, send

NAME = re.compile(r"[a-z](?:_?[a-z0-9])*\Z")
KEY = b"sixteen secret bytes"


@pytest.fixture(scope="module")
def people(content):
    return [stored(content, one["answers"], n) for n, one in enumerate(responses(content, 25, 11, DAY, 0.7), 1)]


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("split", [True, False])
def test_every_name_is_taken_by_redcap_stata_spss_and_r_and_is_the_same_in_every_form(content, purpose, split):
    sheet = Sheet(content, Choices(purpose=purpose, split=split))
    names = [column.name for column in sheet.columns]
    assert len(set(names)) == len(names)
    for name in names:
        assert NAME.match(name) and len(name) <= LONGEST and name not in RESERVED, name
    assert set(names) <= {column.name for column in Sheet(content).columns}


def test_names_do_not_change_when_a_question_is_added_or_taken_away(content):
    fewer = replace(content, sections=content.sections[:3] + content.sections[4:])
    less, all_ = Names(fewer), Names(content)
    assert {one.link_id: less[one.link_id] for one in fewer.items} == {
        one.link_id: all_[one.link_id] for one in fewer.items
    }


@pytest.mark.parametrize("purpose", PURPOSES)
def test_numbers_and_days_load_as_numbers_and_days_and_why_they_are_missing_stands_beside(
    content, people, purpose, tmp_path
):
    choices = Choices(purpose=purpose)
    path, _, count = staff_csv.write(people, content, tmp_path, choices)
    assert count == len(people)
    table = pd.read_csv(path)
    kinds = {column.name: column.kind for column in Sheet(content, choices).columns}
    for name, kind in kinds.items():
        if kind in ("integer", "decimal", "number", "0/1"):
            assert pd.api.types.is_numeric_dtype(table[name]), name
        if kind == "date":
            pd.to_datetime(table[name], format="%Y-%m-%d")
    book = tmp_path / "responses.xlsx"
    workbook(people, content, book, choices)
    sheet = pd.read_excel(book, sheet_name="responses")
    assert list(sheet.columns) == list(table.columns) and len(sheet) == len(people)
    for name, kind in kinds.items():
        if kind in ("integer", "decimal", "number", "0/1"):
            assert pd.api.types.is_numeric_dtype(sheet[name]), name


def test_accents_survive_a_double_click_and_the_mark_is_a_choice(content, tmp_path):
    record = stored(content, {"full-name": "José Núñez"})
    for mark in (True, False):
        path, book, _ = staff_csv.write([record], content, tmp_path / str(mark), Choices(mark=mark))
        for file in (path, book, path.with_name("rules.csv")):
            assert file.read_bytes().startswith(b"\xef\xbb\xbf") is mark
        assert rows_of(path)[0]["full_name"] == "José Núñez"


def test_a_call_sheet_has_fifteen_columns_in_words_who_first_and_how_far_the_work_is(content, tmp_path):
    record = stored(content, {"full-name": "Ana", "phone": "+1 555 010 0101", "phq-item-9": "several-days"})
    state = State("in-review", "dana", tried="2026-11-24T09:00:00+00:00", outcome="voicemail")
    sheet = Sheet(content, Choices(purpose="call-sheet"), attached=Attached(work={record.reference: state}))
    names = [column.name for column in sheet.columns]
    assert set(names) == {*CALL_SHEET, "full_name", "birth_date", "phone", "pain_types"} and len(names) == 15
    assert names[:4] == ["reference", "full_name", "birth_date", "phone"]
    row = dict(zip(names, sheet.cells(record), strict=True))
    assert row["tier"] == content.site.staff.tiers["urgent"] and row["work_status"] == "In review"
    assert (row["who_has_it"], row["last_call"], row["phone"]) == ("dana", "voicemail", "+1 555 010 0101")
    assert content.rules_by_id["mh-suicide-current"].short in row["why"] and row["questions_open"] > 3


def test_telephones_are_text_without_apostrophes_in_the_workbook(content, people, tmp_path):
    path = tmp_path / "responses.xlsx"
    record = stored(content, {"phone": "+1 555 010 0101"}, 99)
    workbook([record], content, path, Choices(purpose="call-sheet"))
    head, row = list(openpyxl.load_workbook(path)["responses"].iter_rows())
    cell = next(cell for title, cell in zip(head, row, strict=True) if title.value == "phone")
    assert (cell.value, cell.data_type) == ("+1 555 010 0101", "s")


def test_every_rule_that_stands_in_a_cell_is_explained_in_both_forms(content, people, tmp_path):
    staff_csv.write(people, content, tmp_path)
    workbook(people, content, tmp_path / "r.xlsx")
    raised = {
        rule for row in rows_of(tmp_path / "responses.csv") for name in row if name.startswith("flags_")
        for rule in row[name].split("; ") if rule
    }  # fmt: skip
    explained = {row["rule"] for row in rows_of(tmp_path / "rules.csv")}
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["rules"]
    codes = next(row["codes"] for row in rows_of(tmp_path / "codebook.csv") if row["column"] == "flags_high")
    assert raised and raised <= explained == {row[0].value for row in list(sheet.iter_rows())[1:]}
    assert all(f"{rule} = " in codes for rule in raised)
    words = Sheet(content, Choices(answers="labels"))
    said = {
        name: cell
        for one in people
        for name, cell in zip([c.name for c in words.columns], words.cells(one), strict=True)
    }
    assert not any(f"{rule};" in f"{said['flags_high']};" for rule in raised)


def test_no_cell_is_cut_in_silence(content, tmp_path):
    text = "".join(f"{n:07} " for n in range(6_000)) + "🙂" * 9_000
    record = stored(content, {"full-name": "Ana", "pain-goal": "Walk"})
    long = replace(record, answers={**record.answers, "pain-goal": text})
    gone = replace(record, reference="REF2", answers={**record.answers, "gone": "x" * 70_000})
    path = tmp_path / "responses.xlsx"
    workbook([long, gone], content, path)
    book = openpyxl.load_workbook(path)
    head, *rows = list(book["responses"].iter_rows(values_only=True))
    pieces = list(book["long cells"].iter_rows(values_only=True))[1:]
    for row, name, whole in ((rows[0], "pain_goal", text), (rows[1], "other_answers", "gone = " + "x" * 70_000)):
        cell = row[head.index(name)]
        assert cell.endswith("“long cells”]") and whole.startswith(cell[:1000])
        assert "".join(piece for _, column, _, piece in pieces if column == name) == whole


ADDED = """items:
  - link_id: added-later
    type: integer
    min: 0
    max: 9
    text: {en: "How many?", es: "¿Cuántos?"}
    answer_option: []
"""


def test_an_old_response_is_judged_by_the_questions_of_its_own_day(content, spoilt):
    today = load(spoilt("sections/pain.yaml", "\nitems:\n", "\n" + ADDED.replace("    answer_option: []\n", "")))
    record = stored(content, {"full-name": "Ana", "peg-1": 3, "knows-blood-pressure": "no"})
    assert record.content != today.hash
    old = replace(record, answers={**record.answers, "pain-duration": "an-option-of-old"})
    for content_of, code in ((lambda _: content, "[not asked then]"), (lambda _: None, "[not known]")):
        sheet = Sheet(today, attached=Attached(content_of=content_of))
        row = dict(zip([column.name for column in sheet.columns], sheet.cells(old), strict=True))
        assert (row["added_later"], row["added_later_why"]) == (None, code)
        assert (
            row["pain_duration"] == "[answered otherwise]"
            and "pain-duration = an-option-of-old" in row["other_answers"]
        )
        assert row["peg_1"] == 3 and row["now_signs"] == ("[skipped]" if code == "[not asked then]" else code)
    codes = next(column.codes for column in sheet.columns if column.name == "now_signs")
    assert "[not asked then]" in codes and "[answered otherwise]" in codes, "the codebook explains them"


def test_research_leaves_names_out_and_brings_a_dictionary_for_redcap(content, people, tmp_path):
    path = tmp_path / FILE_FORMATS["csv"].file
    FILE_FORMATS["csv"].write(people, content, path, Choices(purpose="research"), KEY, Attached())
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [
            *("codebook.csv", "r.R", "redcap_dictionary.csv", "responses.csv", "rules.csv", "spss.sps", "stata.do")
        ]
        head, *fields = csv.reader(io.StringIO(archive.read("redcap_dictionary.csv").decode()))
        columns = next(csv.reader(io.StringIO(archive.read("responses.csv").decode("utf-8-sig"))))
    assert tuple(head) == HEAD and len(HEAD) == 18 and [field[0] for field in fields] == columns
    assert {field[3] for field in fields} <= {"text", "notes", "yesno"} and all(len(field) == 18 for field in fields)
    assert not {"full_name", "phone", "email", "birth_date", "work_status"} & set(columns)


def test_stata_spss_and_r_are_told_the_kind_and_the_meaning_of_every_column_once(content):
    columns = Sheet(content, Choices(purpose="research")).columns
    names = [column.name for column in columns]
    labelled = {
        "stata": re.findall(r'^label variable (\w+) "([^"`]{1,80})"$', stata(columns), re.M),
        "spss": re.findall(r'^  /?(\w+) "([^"]{1,250})"\.?$', spss(columns), re.M),
        "r": re.findall(r'^  (\w+) = "([^"\\]{1,250})",?$', r(columns), re.M),
    }
    for program, found in labelled.items():
        assert [name for name, _ in found] == names, program
    kinds = dict(re.findall(r"^  (\w+) (F12(?:\.4)?|SDATE10|A\d+)\.?$", spss(columns), re.M))
    assert list(kinds) == names
    for column in columns:
        wanted = "F" if column.kind in NUMBERS else "S" if column.kind == "date" else "A"
        assert kinds[column.name].startswith(wanted), column
    text = re.search(r"stringcols\(([\d ]+)\)", stata(columns)).group(1).split()
    assert {names[int(n) - 1] for n in text} == {one.name for one in columns if one.kind not in NUMBERS}


def test_a_meaning_breaks_out_of_no_syntax(content):
    column = Column("a", 'Say "x"; `drop` $HOME\nnext \\ line' + "y" * 400, "text")
    for syntax in (stata([column]), spss([column]), r([column])):
        label = syntax[syntax.index("Say '") :]
        assert label.startswith("Say 'x'; 'drop' USD HOME next / line")
    assert stata([column]).count('"') % 2 == 0 and len(stata([column]).splitlines()[-1]) < 110


def test_the_command_takes_only_what_is_new_or_changed_since_its_cursor(intake, settings, tmp_path):
    def export():
        command(
            "export", "csv", "--out", tmp_path / "out", "--cursor", tmp_path / "cursor", "--purpose", "call-sheet",
            records=settings.data,
        )  # fmt: skip
        return [row["full_name"] for row in rows_of(tmp_path / "out" / "responses.csv")]

    intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)
    assert export() == ["Ana"]
    assert export() == []
    first = next(intake.store.records(PROGRAM))
    intake.store.note("dana", "open", first.reference)
    assert export() == [], "who was only read does not leave again"
    intake.submit(new_form(), {"full-name": "Eva"}, "en", CONSENT)
    assert export() == ["Eva"]
    intake.store.note("dana", "note", first.reference)
    assert export() == ["Ana"]
    (tmp_path / "cursor").write_text("yesterday")
    command(
        "export", "csv", "--out", tmp_path / "out", "--cursor", tmp_path / "cursor", records=settings.data, expect=3
    )
    command("export", "csv", "--out", tmp_path / "out", "--purpose", "fun", records=settings.data, expect=2)


def test_a_preview_shows_the_first_five(content, embedded):
    review = made(content, embedded, packed(SHIPPED, content.hash))
    for n in range(7):
        send(review, full_name=f"P {n}")
    names, rows = review.exports.preview(EXPORTER, Wanted(status="all"), Choices(purpose="call-sheet"))
    assert len(names) == 15 and len(rows) == 5 and all(len(row) == 15 for row in rows)
