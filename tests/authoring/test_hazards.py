"""The hazard log: complete, unique, and every test that it names exists."""

from __future__ import annotations

import ast

import pytest

from screening.loading import document
from screening.settings import ROOT

HAZARDS = document.read(ROOT / "docs" / "hazards.yaml").data["hazards"]
KEYS = {
    "id",
    "hazard",
    "cause",
    "effect",
    "severity",
    "likelihood_before",
    "likelihood_after",
    "controls",
    "tests",
    "status",
}


def test_every_hazard_has_its_own_name():
    names = [hazard["id"] for hazard in HAZARDS]
    assert len(names) == len(set(names)) >= 25


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_is_complete_and_its_tests_exist(hazard):
    assert set(hazard) == KEYS
    assert hazard["controls"] and hazard["tests"] and hazard["status"] in ("controlled", "open")
    assert 1 <= hazard["likelihood_after"] <= hazard["likelihood_before"] <= 5 and 1 <= hazard["severity"] <= 5
    for name in hazard["tests"]:
        file, _, test = name.partition("::")
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


def test_a_name_that_does_not_exist_would_be_found():
    with pytest.raises(AssertionError):
        test_a_hazard_is_complete_and_its_tests_exist(
            {**HAZARDS[0], "tests": ["tests/authoring/test_hazards.py::test_of_nothing"]}
        )
