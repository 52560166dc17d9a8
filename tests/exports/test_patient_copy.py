"""A person's own copy: on the paper of the clinic's country, with dates as people there write them."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from datetime import date, datetime

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.letters import printable
from exports.patient_copy import patient_copy
from exports.prep_sheet import prep_sheet
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.engine.screen import screen_answers
from screening.use_cases.intake import Intake, Receipt
from tests.conftest import SHIPPED
from tests.stored import stored


@pytest.mark.parametrize("units, width, height", [("us", 612, 792), ("metric", 595, 841)])
def test_it_is_letter_paper_in_the_us_and_a4_elsewhere(content, tmp_path, units, width, height):
    clinic = replace(content, site=content.site.model_copy(update={"units": units}))
    now = datetime(2026, 11, 27, 9, 0)
    response, _ = read({"full-name": "Ana"}, now.date(), clinic)
    pdf = patient_copy(clinic, "ABCD-EFGH", now, ResponseFacts(response, clinic.program), [], "en")
    path = tmp_path / "copy.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", told)
    assert size and (int(float(size[1])), int(float(size[2]))) == (width, height)


def test_what_is_private_is_in_a_copy_only_for_those_who_want_it(content, intake, tmp_path):
    answers = {"full-name": "Ana", "phq-item-9": "several-days", "pain-types": ["crps"], "cannabis": "daily"}
    answers |= {"could-become-pregnant": "yes", "pregnant-now": "maybe", "pregnancy-test": "no-test"}
    clinic = replace(content, site=content.site.model_copy(update={"show_topics_to_patients": True}))
    intake = Intake(clinic, intake.store)
    facts = screen_answers(answers, intake.today(), clinic).facts
    texts = {}
    for private in (True, False):
        (tmp_path / "copy.pdf").write_bytes(intake.copy(Receipt("ABCD-EFGH", intake.now()), facts, "en", private))
        told = subprocess.run(["pdftotext", tmp_path / "copy.pdf", "-"], capture_output=True, text=True, check=True)
        texts[private] = " ".join(told.stdout.split())
    sections = {one.section: one for one in content.sections}
    for private in ("mood", "substances", "pregnancy"):
        assert sections[private].title["en"] in texts[True] and sections[private].title["en"] not in texts[False]
    for words in ("thoughts of death", "pregnan"):  # also not as a topic, by whatever rule
        assert words in texts[True] and words not in texts[False]
    for section in ("pain", "medicines"):
        assert sections[section].title["en"] in texts[True] and sections[section].title["en"] in texts[False]


def text_of(pdf: bytes, tmp_path) -> str:
    (tmp_path / "some.pdf").write_bytes(pdf)
    read_out = subprocess.run(["pdftotext", "-layout", tmp_path / "some.pdf", "-"], capture_output=True, check=True)
    return " ".join(read_out.stdout.decode("utf-8", "replace").split())


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "typed, shown", [("Ana Núñez", True), ("Zoë Dvořák", True), ("Анна", True), ("\u0378 \ue123", False)]
)
def test_letters_that_no_font_has_are_said_where_they_stand_and_no_others(content, tmp_path, typed, shown, language):
    now = datetime(2026, 11, 27, 9, 0)
    response, _ = read({"full-name": typed, "pain-cause": "fall"}, now.date(), content)
    pdf = patient_copy(content, "ABCD-EFGH", now, ResponseFacts(response, content.program), [], language)
    said = " ".join(content.words["copy-letters"][language].split())
    assert text_of(pdf, tmp_path).count(said) == (0 if shown else 1)


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=40)
def test_what_counts_as_printable_is_set_without_an_empty_box(typed):
    source = b'#set document(title: "-")\n#json(bytes(sys.inputs.at("text")))'
    if printable(typed):  # raises where a letter has no shape
        assert typst.compile(source, sys_inputs={"text": json.dumps(typed)}, pdf_standards="ua-1")


def test_the_prep_sheet_says_that_letters_have_no_shape(content, tmp_path):
    template = SHIPPED / "prep-sheet.typ"
    said = "have no shape on this page"
    for name, wanted in (("Ana", False), ("\u0378", True)):
        record = stored(content, {"full-name": name}, 1, date(2026, 11, 27))
        assert (said in text_of(prep_sheet(record, content, template), tmp_path)) == wanted
