"""The accessibility report (docs/accessibility.yaml, OpenACR): every criterion of levels A and AA and of Section 508 has a row, and every row names
tests that exist or a dated look."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from screening.settings import ROOT

REPORT = yaml.safe_load((ROOT / "docs" / "accessibility.yaml").read_text("utf-8"))
LEVEL_A = """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.5.1 2.5.2
    2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.1 4.1.2"""
LEVEL_AA = """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 3.1.2 3.2.3 3.2.4
    3.3.3 3.3.4 3.3.8 4.1.3"""
CHAPTERS = {
    "success_criteria_level_a": LEVEL_A.split(),
    "success_criteria_level_aa": LEVEL_AA.split(),
    "functional_performance_criteria": [f"302.{n}" for n in range(1, 10)],
    "support_documentation_and_services": ["602.2", "602.3", "602.4", "603.2", "603.3"],
}
LEVELS = {"supports", "partially-supports", "does-not-support", "not-applicable"}
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
LOOK = re.compile(r"Looked at on (\d{4}-\d{2}-\d{2}): \w")
ROWS = [
    pytest.param(part["adherence"], id=row["num"])
    for chapter in CHAPTERS
    for row in REPORT["chapters"][chapter]["criteria"]
    for part in row["components"]
]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_criterion_has_one_row_and_no_row_is_of_another(chapter):
    rows = REPORT["chapters"][chapter]["criteria"]
    assert sorted(row["num"] for row in rows) == sorted(CHAPTERS[chapter])
    assert all(row["components"] for row in rows)


@pytest.mark.parametrize("adherence", ROWS)
def test_every_row_names_tests_that_exist_or_a_dated_look(adherence: dict[str, Any]):
    assert adherence["level"] in LEVELS
    named = TEST.findall(adherence["notes"])
    assert named or LOOK.search(adherence["notes"])
    assert adherence["notes"].count("tests/") == len(named)
    for file, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), f"{file}::{test}"


def test_what_is_not_claimed_says_why():
    for name, chapter in REPORT["chapters"].items():
        assert name in CHAPTERS or (chapter["disabled"] and chapter["notes"]), name
