"""Every requirement of ASVS 5.0.0 level 2 stands in docs/asvs.yaml, with tests that are there or a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from screening.settings import ROOT

LISTED = yaml.safe_load((ROOT / "docs" / "asvs.yaml").read_text("utf-8"))
SECTIONS = [
    line.split(": ") for line in (Path(__file__).parent / "asvs_level_2.txt").read_text("utf-8").splitlines()[1:]
]
REQUIRED = {f"{section}.{number}" for section, numbers in SECTIONS for number in numbers.split()}


def is_there(test):
    """Whether a test of this name is written in its file."""
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.is_file() and re.search(rf"^def {re.escape(name)}\(", path.read_text("utf-8"), re.MULTILINE) is not None


def test_every_requirement_is_listed_once_and_no_other():
    assert len(REQUIRED) == 253 and set(LISTED) == REQUIRED


@pytest.mark.parametrize("requirement", sorted(LISTED))
def test_a_requirement_has_tests_that_are_there_or_a_reason(requirement):
    ((kind, told),) = LISTED[requirement].items()
    assert kind in ("tests", "reason", "not_applicable", "open")
    if kind == "tests":
        assert told and [test for test in told if not is_there(test)] == []
    else:
        assert isinstance(told, str) and len(told.split()) >= 2


def test_a_test_that_is_not_there_would_be_found():
    assert is_there("tests/web/test_asvs.py::test_a_test_that_is_not_there_would_be_found")
    assert not is_there("tests/web/test_asvs.py::test_nothing") and not is_there("tests/nowhere.py::test_nothing")
