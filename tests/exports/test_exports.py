"""Choices hold in every form, gates are remembered rightly, text stays text, and a de-identified export names nobody."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import staff_csv
from exports.asked import WHY
from exports.choices import Attached, Choices
from exports.columns import APART
from exports.deidentify import Pseudonyms, age
from exports.sheet import Sheet
from screening.authoring.samples.generate import responses
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from tests.soak import export_cells as soak
from tests.stored import DAY, stored, workbook

KEY = b"sixteen secret bytes"
HIDDEN = Choices(deidentified=True)


def table(sheet, records):
    lines = "\r\n".join(staff_csv.lines(sheet, map(sheet.keys, records)))
    return list(csv.DictReader(io.StringIO(lines, newline="")))


def sparse(content, count, seed):
    """Made-up people who leave much blank, say "not sure", and whose follow-ups were answered before their gate closed."""
    chance = random.Random(seed)
    for one in responses(content, count, seed, DAY, 0.6):
        answers = one["answers"]
        yield {link_id: given for link_id, given in answers.items() if chance.random() < 0.9}


# ------------------------------------------------------------ what stands in a cell


def test_what_is_remembered_of_gates_is_what_the_whole_questionnaire_says(content):
    sheet = Sheet(content)
    for number, answers in enumerate(sparse(content, 60, 3)):
        record = stored(content, answers, number)
        facts = ResponseFacts(read(record.answers, DAY, content)[0], content.program)
        row = dict(zip((column.name for column in sheet.columns), sheet.cells(record), strict=True))
        for plan in content.program.items:
            status = facts.status(plan.number)
            if status != "answered":
                name = sheet.names[plan.item.link_id if plan.item.type not in APART else f"{plan.item.link_id}.why"]
                assert row[name] == WHY[status].code, plan.item.link_id


def test_an_answer_that_a_closed_gate_left_behind_stands_with_the_other_answers(content):
    record = replace(
        stored(content, {"full-name": "Ana"}), answers={"knows-blood-pressure": "no", "systolic": 150}, content="older"
    )
    row = table(Sheet(content, attached=Attached(content_of=lambda _: content)), [record])[0]
    assert (row["systolic"], row["systolic_why"], row["other_answers"]) == ("", "[not asked]", "systolic = 150")


def test_answers_of_another_content_are_kept_readable_even_when_they_look_like_formulas(content):
    record = stored(content, {"full-name": "Ana", "gone": '=1+1 "x"', "gone-list": ["a", "=b"]}, under="older")
    row = table(Sheet(content), [record])[0]
    assert row["other_answers"].replace("'", "") == 'gone = =1+1 "x"\ngone-list = a; =b'


def test_labels_in_a_language_stand_in_place_of_codes(content):
    record = stored(content, {"filled-by": "self", "pain-types": ["crps", "migraine"], "now-signs": ["not-sure"]})
    row = table(Sheet(content, Choices(answers="labels", language="es")), [record])[0]
    assert row["filled_by"] == "Yo"
    assert "Migraña" in row["pain_types"] and "; " in row["pain_types"]
    assert row["now_signs"] == "[not sure]"


def test_only_chosen_columns_leave_and_an_item_brings_its_split_columns(content):
    chosen = Sheet(content, Choices(columns=frozenset({"reference", "heart_conditions"})))
    names = [column.name for column in chosen.columns]
    assert names[:2] == ["reference", "heart_conditions"]
    assert all(name.startswith("heart_conditions_") for name in names[2:]) and len(names) > 4
    unsplit = Sheet(content, Choices(columns=frozenset({"reference", "heart_conditions"}), split=False))
    assert [column.name for column in unsplit.columns] == ["reference", "heart_conditions"]


@pytest.mark.parametrize("choices", [Choices(columns=frozenset({"nonsense"})), Choices(language="xx"), HIDDEN])
def test_a_choice_that_cannot_be_is_refused_before_anything_is_written(content, choices, tmp_path):
    with pytest.raises(ValueError):
        staff_csv.write([], content, tmp_path / "out", choices)
    assert not (tmp_path / "out").exists()


def test_flags_and_questions_to_ask_can_be_left_out_and_history_and_notes_put_in(content):
    record = stored(content, {"now-signs": ["chest-pain"]})
    plain = table(Sheet(content, Choices(flags=False, to_ask=False)), [record])[0]
    assert not [name for name in plain if name.startswith("flags_") or name == "to_ask"]
    attached = Attached({record.reference: ["2026-11-23 new", "2026-11-24 called"]}, {record.reference: ["=call back"]})
    full = table(Sheet(content, Choices(history=True, notes=True), attached=attached), [record])[0]
    assert full["history"] == "2026-11-23 new\n2026-11-24 called"
    assert full["notes"] == "'=call back"


def test_one_number_is_written_in_one_way_whatever_came_before_it(content):
    records = [
        stored(content, {"weight": {"value": value, "unit": "kg"}}, n) for n, value in enumerate((70, 70.0, 70.5))
    ]
    assert [row["weight"] for row in table(Sheet(content), records)] == ["70 kg", "70 kg", "70.5 kg"]


# ------------------------------------------------------------ XLSX and DataFrame


def test_the_workbook_holds_typed_cells_and_the_codebook(content, tmp_path):
    record = stored(
        content, {"full-name": "=1+1", "birth-date": "1960-05-17", "peg-1": 7, "weight": {"value": 70, "unit": "kg"}}
    )
    path = tmp_path / "responses.xlsx"
    assert workbook([record], content, path) == 1
    book = openpyxl.load_workbook(path)
    header, row = list(book["responses"].iter_rows())
    cells = {title.value: cell for title, cell in zip(header, row, strict=True)}
    assert (cells["full_name"].value, cells["full_name"].data_type) == ("=1+1", "s")
    assert cells["birth_date"].value == datetime(1960, 5, 17)
    assert cells["peg_1"].value == 7 and cells["weight_kg"].value == 70
    assert [line[0].value for line in list(book["codebook"].iter_rows())[1:]] == [title.value for title in header]


def test_hostile_cells_come_back_as_text_from_both_files(content, tmp_path):
    toll = soak.both(content, tmp_path, 20_000)
    assert toll.cells >= 20_000
    assert (toll.workbook_formulas, toll.workbook_changed, toll.formulas, toll.csv_changed) == (0, 0, 0, 0), toll


def test_the_check_of_hostile_cells_has_teeth(tmp_path):
    path = tmp_path / "raw.csv"
    path.write_text('"safe","a;=1+1"\r\n', "utf-8")
    assert soak.formulas(path) > 0


# ------------------------------------------------------------ de-identified

TYPED = ("string", "text", "medicines", "date")
CLASSES = (
    "Jane Q{n}doe",
    "{n} Elm Street, Springfield 627{n}",
    "born 17 May 19{n}",
    "+1 555 01{n}",
    "fax 555 02{n}",
    "jane{n}@example.org",
    "123-45-{n}",
    "MRN {n}77",
    "plan H{n}P",
    "account {n}ACC",
    "licence D{n}L",
    "plate {n}-XYZ",
    "pacemaker SN{n}",
    "https://example.org/u{n}",
    "10.0.{n}.7",
    "fingerprint {n}AF",
    "photo{n}.jpg",
    "badge {n}QRS",
)


def seeded(content, base, number, marks):
    """One person who wrote an identifier of a class into everything that can be typed."""
    typed = [
        item for item in content.items if item.type in ("string", "text") and getattr(item, "format", "any") == "any"
    ]
    answers = base | {item.link_id: marks[place % len(marks)] for place, item in enumerate(typed)}
    answers |= {
        "gone": marks[0],
        "medicines": [marks[(number + step) % len(marks)] for step in range(3)],
        "email": f"jane{number}@example.org",
        "phone": f"+1 555 01{number:06}",
    }
    born = date(1915 + number % 30, 3, 4)
    return stored(
        content, answers | {"birth-date": born.isoformat()}, number, DAY - timedelta(days=number), under=content.hash
    )


@pytest.mark.slow
def test_no_identifier_of_the_eighteen_classes_is_left_in_500_records(content):
    people = [one["answers"] for one in responses(content, 10, 1, DAY)]
    records, marks = [], []
    for number in range(500):
        mine = [text.format(n=f"{number:03}") for text in CLASSES]
        marks.append(mine)
        records.append(seeded(content, people[number % 10], number, mine))
    attached = Attached(
        {r.reference: mine for r, mine in zip(records, marks, strict=True)},
        {r.reference: mine for r, mine in zip(records, marks, strict=True)},
    )
    sheet = Sheet(content, Choices(deidentified=True, history=True, notes=True), KEY, attached)
    lines = list(staff_csv.lines(sheet, map(sheet.keys, records)))[1:]
    rows = table(sheet, records)
    names = [column.name for column in sheet.columns]
    hidden = {sheet.names[item.link_id] for item in content.items if item.type in TYPED or item.identifier != "none"}
    assert not hidden & set(names)
    for record, mine, line, row in zip(records, marks, lines, rows, strict=True):
        left = [
            mark
            for mark in [*mine, record.reference, record.form, record.answers["birth-date"], record.received]
            if mark.casefold() in line.casefold()
        ]
        assert left == []
        assert row["authored"] != record.authored and row["received"] != record.received[:10]
        assert float(row["score_age"] or 0) <= 90


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 =;,", min_size=4, max_size=30).map(
    lambda text: "Zq" + text.strip() + "qZ"
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_typed_or_identifying_value_is_in_a_deidentified_export(content, data):
    typed = [
        item for item in content.items if item.type in ("string", "text") and getattr(item, "format", "any") == "any"
    ]
    chosen = data.draw(st.lists(st.sampled_from(typed), min_size=1, max_size=8, unique_by=lambda item: item.link_id))
    answers = {item.link_id: data.draw(words) for item in chosen} | {
        "medicines": data.draw(st.lists(words, min_size=1, max_size=3)),
        "pain-more": "yes",
    }
    born = data.draw(st.dates(date(1900, 1, 1), DAY)).isoformat()
    sheet = Sheet(
        content, data.draw(st.sampled_from([HIDDEN, Choices(deidentified=True, dates="year", answers="labels")])), KEY
    )
    record = stored(content, answers | {"birth-date": born}, under=data.draw(st.sampled_from(["", "older"])))
    text = "\n".join(staff_csv.lines(sheet, [sheet.keys(record)]))
    assert "Zq" not in text and born not in text and record.reference not in text
    assert record.authored not in text


@given(st.integers(0, 10**9), st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_dates_of_one_record_move_together_by_at_most_364_days(record, day, later):
    names = Pseudonyms(KEY, "shifted")
    first, second = names.day(record, day), names.day(record, day + timedelta(days=later))
    assert isinstance(first, date) and isinstance(second, date)
    assert second - first == timedelta(days=later)
    assert 1 <= (day - first).days <= 364


def test_the_same_key_gives_the_same_names_and_another_key_others(content):
    one, again, other = (Pseudonyms(key, "shifted") for key in (KEY, KEY, b"another sixteen bytes"))
    assert [one.reference(n) for n in range(50)] == [again.reference(n) for n in range(50)]
    assert not {one.reference(n) for n in range(2_000)} & {other.reference(n) for n in range(2_000)}
    assert len({one.days(n) for n in range(5_000)}) == 364
    with pytest.raises(ValueError):
        Pseudonyms(b"short", "shifted")


@pytest.mark.parametrize("years, leaves", [(None, None), (89, 89), (90, 90), (104, 90)])
def test_ages_over_89_are_one_group(years, leaves):
    assert age(years) == leaves
