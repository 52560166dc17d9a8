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
