"""A person's own copy: on the paper of the clinic's country, with dates as people there write them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import datetime

import pytest

from exports.patient_copy import patient_copy
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.engine.screen import screen_answers
from screening.use_cases.intake import Intake, Receipt


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
