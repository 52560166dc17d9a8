"""The prep sheet: what a clinician needs is on it, on one page where it fits, and what a person typed is only ever text."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from exports.prep_sheet import body_map, prep_sheet, prep_sheet_pages, sheet_values, template_findings
from screening.authoring.samples.generate import responses
from screening.settings import ROOT
from tests.stored import DAY, stored

TEMPLATE = ROOT / "content" / "prep-sheet.typ"
HOSTILE = (
    "**bold** :red[cleared] [link](http://evil.example) ![](http://evil.example/x.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '#panic("x") #read("/etc/passwd") #import "@preview/a:1.0.0": * $x$ *b* _i_ `c` @ref <label> // c',
    '#let x = 1 \\ ] } ) #eval("1+1") = Heading',
    "abc\u202edcba\u2066x\u2069 \u200b\ufeff zero",
    '{name} {0} {{}} %s \\u{41} {"json": 1}',
    "a" * 3_000,
    "שלום مرحبا 漢字 🙂 e\u0301",
    "line one\nline two\n\n- item\n1. item",
)


def text_of(pdf: bytes, tmp_path) -> str:
    """The words of a PDF, as its own text layer gives them."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def flat(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("’", "'").replace("“", '"').replace("”", '"')


PERSON = {
    "full-name": "Ana Example",
    "birth-date": "1960-05-17",
    "filled-by": "self",
    "pain-types": ["crps"],
    "pain-areas": ["left-hand"],
    "pain-duration": "1-to-5-years",
    "peg-1": 7,
    "peg-2": 6,
    "peg-3": 5,
    "pain-goal": "walk the dog",
    "now-signs": ["chest-pain"],
    "high-blood-pressure": "not-sure",
    "medicines": ["oxycodone 5 mg", "zzqy"],
}


def test_everything_for_the_first_two_minutes_is_on_the_sheet(content, tmp_path):
    record = stored(content, PERSON)
    text = text_of(prep_sheet(record, content, TEMPLATE), tmp_path)
    for expected in (
        "Ana Example",
        "66 years",
        "May 17, 1960",
        record.reference,
        "CRPS",
        "1 to 5 years",
        "Left hand or wrist",
        "walk the dog",
        "PEG (0 to 10)",
        "Urgent: phone today",
        "Chest pain now or new",
        "zzqy",
        "not recognised",
        "oxycodone 5 mg",
        "opioid",
        "not yet reviewed by a clinician",
        record.content[:12],
        content.questionnaire.version,
    ):
        assert flat(expected) in flat(text), expected


def test_a_flag_stands_with_the_exact_answers_and_with_the_years_of_its_sources(content):
    flag = next(
        one for one in sheet_values(stored(content, PERSON), content)["flags"] if one["rule"] == "cv-chest-pain-now"
    )
    assert flag["because"] == [
        {
            "question": content.item("now-signs").text["en"],
            "chosen": ["Pain, pressure or tightness in my chest"],
            "typed": "",
        }
    ]
    assert all(re.search(r", .*(\d{4}|undated|not recorded)", source) for source in flag["sources"])


def test_what_is_still_to_ask_names_each_question_once_and_says_what_was_answered(content):
    asks = sheet_values(stored(content, PERSON), content)["to_ask"]
    texts = [(one["item"], one["typed"]) for one in asks]
    assert len(texts) == len(set(texts)) > 3
    pressure = next(one for one in asks if one["question"] == content.item("high-blood-pressure").text["en"])
    assert pressure["chosen"] == ["Not sure"]


def test_marked_regions_and_no_others_are_dark():
    drawing = body_map(["left-hand", "neck"])
    dark = re.findall(r'<path[^>]*fill="#1f1f1f"[^>]*>', drawing)
    assert {re.search(r'data-code="([\w-]+)"', path)[1] for path in dark} == {"left-hand", "neck"}
    assert "#1f1f1f" not in re.sub(r"stroke=\"#1f1f1f\"", "", body_map([]))


def test_the_pdf_is_tagged_and_says_so(content):
    pdf = prep_sheet(stored(content, PERSON), content, TEMPLATE)
    assert b"/StructTreeRoot" in pdf or b"/MarkInfo" in pdf or b"pdfuaid" in pdf


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_person_typed_is_set_as_plain_text(content, tmp_path, hostile):
    answers = PERSON | {
        "full-name": hostile[:300].replace("\n", " "),
        "pain-goal": hostile,
        "anything-else": hostile,
        "medicines": [hostile],
    }
    pdf = prep_sheet(stored(content, answers), content, TEMPLATE)
    assert b"/URI" not in pdf and b"/JavaScript" not in pdf and b"/Launch" not in pdf
    text = flat(text_of(pdf, tmp_path))
    seen = "".join(char for char in hostile if unicodedata.category(char) not in ("Cc", "Cf"))
    if seen.isascii() and len(seen) < 300:
        assert flat(seen) in text
    assert "root:x:0" not in text


def test_invisible_characters_that_an_old_record_may_hold_are_left_out(content):
    record = stored(content, PERSON)
    record = replace(record, answers={**record.answers, "pain-goal": "a\u202eb\u200dc"}, content="older")
    first, *others = record.result["medicines"]
    medicines = [{**first, "text": "x\u202ey"}, *others]
    values = sheet_values(replace(record, result={**record.result, "medicines": medicines}), content)
    assert "\u202e" not in str(values) and values["medicines"][0]["text"] == "xy"


def test_a_record_of_an_older_content_still_makes_a_sheet_and_says_so(content):
    record = stored(content, PERSON)
    flags = [{**flag, "evidence": ["gone"]} for flag in record.result["flags"]]
    old = replace(
        record,
        content="older",
        answers={**record.answers, "gone": ("old-code",)},
        result={**record.result, "flags": flags},
    )
    values = sheet_values(old, content)
    assert values["other_content"] and values["flags"][0]["because"] == [
        {"question": "gone", "chosen": [], "typed": "old-code"}
    ]
    assert prep_sheet(old, content, TEMPLATE)[:4] == b"%PDF"


def test_the_sheet_of_a_person_who_answered_in_spanish_speaks_the_readers_language(content):
    record = replace(stored(content, PERSON), language="es")
    assert sheet_values(record, content) == {**sheet_values(stored(content, PERSON), content), "language": "Español"}


def test_an_empty_form_makes_a_sheet_of_what_to_ask(content):
    assert len(prep_sheet_pages(stored(content, {}), content, TEMPLATE, 40)) <= 2


def test_made_up_people_fit_on_one_page_where_little_is_raised(content):
    for number, one in enumerate(responses(content, 12, 5, DAY)):
        record = stored(content, one["answers"], number)
        pages = len(prep_sheet_pages(record, content, TEMPLATE, 30))
        pressing = sum(flag["tier"] in ("urgent", "high") for flag in record.result["flags"])
        little = pressing <= 2 and len(record.result["flags"]) <= 12
        assert pages <= (1 if little else 2 if pressing <= 10 else 4), (number, pressing)


def test_every_answer_and_score_that_the_template_names_is_in_the_content(content):
    template = TEMPLATE.read_text("utf-8")
    named = set(re.findall(r'answer\("([a-z0-9-]+)"\)', template))
    named |= set(re.findall(r'"([a-z0-9-]+)"', template.split("#let own-words = (")[1].split(")")[0]))
    named |= set(re.findall(r'\("([a-z0-9-]+)",', template.split("#let numbers = (")[1].split("\n)")[0]))
    assert named <= set(content.program.numbers)
    scores = set(re.findall(r'\("([a-z0-9-]+)",', template.split("#let score-names = (")[1].split("\n)")[0]))
    assert scores <= set(content.program.score_numbers)


@pytest.mark.parametrize(
    "old, new, code, words",
    [
        ('"pain-barriers", "anything-else")', '"pain-barrier", "anything-else")', "D004", "pain-barrier"),
        ("#let ink = luma(20)", "#let ink = luma(20", "D004", "cannot be set"),
        ('("Way home", ("way-home",)),\n', "", None, ""),
        ('"ketamine-how", ', "", "D005", "ketamine-how"),
    ],
)
def test_a_template_that_cannot_be_set_or_misses_an_answer_is_found_before_a_clinician_needs_it(
    content, tmp_path, old, new, code, words
):
    text = TEMPLATE.read_text("utf-8")
    assert old in text
    (tmp_path / "prep-sheet.typ").write_text(text.replace(old, new), "utf-8")
    found = template_findings(content, tmp_path / "prep-sheet.typ", date(2026, 11, 23))
    assert {one.code for one in found} == ({code} if code else set())
    assert all(words in one.what for one in found)


def test_a_template_that_is_gone_is_found(content, tmp_path):
    assert [one.code for one in template_findings(content, tmp_path / "prep-sheet.typ", date(2026, 11, 23))] == ["D004"]


def test_of_several_choices_only_those_that_the_rule_looks_at_stand_with_the_flag(content):
    record = stored(content, PERSON | {"brain-conditions": ["fluid-shunt", "memory"]})
    flags = {one["rule"]: one for one in sheet_values(record, content)["flags"]}
    assert flags["neuro-dementia-delirium"]["because"][0]["chosen"] == [
        "I was told that I have dementia or a memory disease"
    ]
    assert len(flags["neuro-raised-icp"]["because"][0]["chosen"]) == 1
