"""Every worked case of the shipped content comes out as it says, and content that cannot be used is refused in words."""

from __future__ import annotations

import pytest

from screening.authoring import cases
from screening.loading.files import content_hash
from screening.loading.finding import ContentError
from screening.loading.load import load
from screening.medicines.formulary import UNRECOGNISED
from tests.conftest import shipped

_CONTENT = shipped()
_CASES = [(plan.rule, number, case) for plan in _CONTENT.program.rules for number, case in enumerate(plan.rule.cases)]


@pytest.mark.parametrize("rule, number, case", _CASES, ids=[f"{rule.id}: {case.name}" for rule, _, case in _CASES])
def test_worked_case(rule, number, case):
    assert cases.run(_CONTENT, rule, number, case).complaints == ()


def test_every_rule_cites_sources_that_exist():
    for rule in _CONTENT.rules:
        assert rule.sources and all(citation.cite in _CONTENT.sources for citation in rule.sources)


def test_every_class_that_a_rule_asks_about_has_ingredients_or_products():
    products = {name for row in _CONTENT.formulary.names.rows for name in row.classes}
    for name in {name for bits in _CONTENT.program.use_bits.values() for name in bits}:
        assert (
            name == UNRECOGNISED
            or name in products
            or name in _CONTENT.formulary.ingredients
            or any(name in classes for classes in _CONTENT.formulary.classes_of.values())
        )


def test_the_hash_changes_with_every_byte_and_only_with_content(spoilt):
    copy = spoilt()
    before = content_hash(copy)
    (copy / "README.md").write_text("anything")
    assert content_hash(copy) == before
    spoilt("site.yaml", "minutes: 20", "minutes: 16")
    assert content_hash(copy) != before


def test_a_near_miss_is_named(spoilt):
    with pytest.raises(ContentError) as error:
        load(spoilt("sections/heart.yaml", "at_least: bp-high-systolic", "at_least: bp-hihg-systolic"))
    assert any('Did you mean "bp-high-systolic"?' in str(finding) for finding in error.value.findings)


@pytest.mark.parametrize(
    "file", ["site.yaml", "words.yaml", "sections/mood.yaml", "medicines/classes.yaml", "medicines/names.csv.gz"]
)
def test_a_missing_file_is_a_finding_and_not_a_traceback(spoilt, file):
    copy = spoilt()
    (copy / file).unlink()
    with pytest.raises(ContentError) as error:
        load(copy)
    assert {finding.code for finding in error.value.findings} & {"D002"}


@pytest.mark.parametrize("body", [b"", b"\x1f\x8bnothing", b"name,ingredients\n" * 3])
def test_a_damaged_table_of_names_is_a_finding(spoilt, body):
    copy = spoilt()
    (copy / "medicines/names.csv.gz").write_bytes(body)
    with pytest.raises(ContentError) as error:
        load(copy)
    assert "D003" in {finding.code for finding in error.value.findings}
