"""The shipped content is clean, every worked case comes out as it says, and each mistake of an author is found."""

from __future__ import annotations

import json

import pytest

from screening.authoring import cases
from screening.authoring.check import check
from screening.content import content_hash, load
from screening.finding import CODES, ContentError
from screening.medication import UNRECOGNISED
from tests.conftest import SHIPPED

_CONTENT = load(SHIPPED)
_CASES = [(plan.rule, number, case) for plan in _CONTENT.program.rules for number, case in enumerate(plan.rule.cases)]


@pytest.mark.parametrize("rule, number, case", _CASES, ids=[f"{rule.id}: {case.name}" for rule, _, case in _CASES])
def test_worked_case(rule, number, case):
    assert cases.run(_CONTENT, rule, number, case).complaints == ()


def test_the_shipped_content_has_no_findings():
    assert check(SHIPPED)[1] == []


def test_every_rule_is_a_draft_until_a_clinician_has_reviewed_it():
    for rule in _CONTENT.rules:
        assert rule.status == "draft" and rule.reviewed == "pending"


def test_a_rule_can_only_be_active_once_it_is_reviewed(spoilt):
    codes = _codes(spoilt("sections/heart.yaml", "status: draft", "status: active"))
    assert codes == {"M008"}


def test_every_rule_cites_sources_that_exist():
    for rule in _CONTENT.rules:
        assert rule.sources and all(citation.cite in _CONTENT.sources for citation in rule.sources)


def test_every_class_that_a_rule_asks_about_has_ingredients():
    for name in {name for bits in _CONTENT.program.use_bits.values() for name in bits}:
        assert (
            name == UNRECOGNISED
            or name in _CONTENT.formulary.ingredients
            or any(name in classes for classes in _CONTENT.formulary.classes_of.values())
        )


def test_the_hash_changes_with_every_byte_and_only_with_content(spoilt):
    copy = spoilt()
    before = content_hash(copy)
    (copy / "README.md").write_text("anything")
    assert content_hash(copy) == before
    spoilt("site.yaml", "minutes: 15", "minutes: 16")
    assert content_hash(copy) != before


def _codes(directory) -> set[str]:
    return {finding.code for finding in check(directory)[1]}


SPOILS = [
    ("D001", "shared.yaml", "answer_sets:", "answer_sets: &a"),
    ("M001", "sections/heart.yaml", "safety_critical: true", "safety_critcal: true"),
    ("M002", "sections/heart.yaml", "    type: choice\n    text:", "    type: choice\n    txt:"),
    ("M003", "site.yaml", "minutes: 15", "minutes: many"),
    ("M004", "site.yaml", "  crisis:", "  crisiss:"),
    ("S001", "questionnaire.yaml", "  - heart\n", ""),
    ("S002", "sections/heart.yaml", "link_id: high-blood-pressure", "link_id: chest-pain-now"),
    ("S003", "sections/heart.yaml", "      es: ¿Cuál fue el número de arriba?\n", ""),
    ("S004", "sections/heart.yaml", "answer_value_set: yes-no-unsure", "answer_value_set: yes-no-unsur"),
    ("R001", "sections/heart.yaml", "when: {item: chest-pain-now, is: yes}\n    patient", "when: {item: chest-pian-now, is: yes}\n    patient"),
    ("R002", "sections/heart.yaml", "when: {item: chest-pain-now, is: yes}\n    patient", "when: {item: chest-pain-now, is: yess}\n    patient"),
    ("R003", "sections/heart.yaml", "when: {item: chest-pain-now, is: yes}\n    patient", "when: {item: chest-pain-now, above: 3}\n    patient"),
    ("R004", "sections/heart.yaml", "when: {item: chest-pain-now, is: yes}\n    patient", "when: {score: phq9, above: 3}\n    patient"),
    ("R005", "sections/heart.yaml", "when: {item: chest-pain-now, is: yes}\n    patient", "when: {takes: opiod}\n    patient"),
    ("R006", "sections/heart.yaml", "at_least: bp-high-systolic", "at_least: bp-hihg-systolic"),
    ("R007", "sections/heart.yaml", "when: {item: chest-pain-now, is: yes}\n    patient", "when: {condition: hypertenson}\n    patient"),
    ("R008", "sections/heart.yaml", "    when: {item: high-blood-pressure, is: yes}\n", "    when: {condition: hypertension}\n"),
    ("R009", "sections/heart.yaml", "enable_when: {item: knows-blood-pressure, is: yes}", "enable_when: {item: diastolic, at_least: 80}"),
    ("R010", "sections/heart.yaml", "cite: german-leaflet", "cite: german-leaflets"),
    ("R011", "sections/heart.yaml", "supersedes: [cv-htn-treated]", "supersedes: [cv-htn-treatd]"),
    ("C001", "sections/heart.yaml", "answers: {chest-pain-now: yes}", "answers: {chest-pain-now: maybe}"),
    ("C002", "sections/heart.yaml", "answers: {chest-pain-now: yes}\n        expect: raised", "answers: {chest-pain-now: yes}\n        expect: not-raised"),
    ("C004", "sections/heart.yaml", "answers: {chest-pain-now: yes}", "answers: {chest-pain-now: yes, knows-blood-pressure: no, systolic: 120}"),
    ("R001", "sections/heart.yaml", "enable_when: {item: high-blood-pressure, is: yes}", "enable_when: {item: high-blood-presure, is: yes}"),
    ("R002", "sections/heart.yaml", "enable_when: {item: high-blood-pressure, is: yes}", "enable_when: {item: high-blood-pressure, is: yess}"),
    ("R009", "sections/heart.yaml", "enable_when: {item: high-blood-pressure, is: yes}", "enable_when: {item: blood-pressure-problem, is: ran-out}"),
    ("R001", "sections/mood.yaml", "sum: [phq-item-1,", "sum: [phq-item-0,"),
    ("R003", "sections/about-you.yaml", "age: birth-date", "age: full-name"),
    ("W001", "sections/heart.yaml", "en: What was the top number?", "en: Are you eligible?"),
    ("W002", "sections/heart.yaml", "  - link_id: knows-blood-pressure", "  - link_id: unread\n    type: string\n    text: {en: Why, es: Por}\n  - link_id: knows-blood-pressure"),
]  # fmt: skip


@pytest.mark.parametrize("code, file, old, new", SPOILS, ids=lambda value: str(value)[:24])
def test_a_planted_mistake_is_found_with_its_file_and_line(spoilt, code, file, old, new):
    findings = check(spoilt(file, old, new))[1]
    assert code in {finding.code for finding in findings}, [str(finding) for finding in findings][:5]
    named = next(finding for finding in findings if finding.code == code)
    assert named.file.startswith("content/") and named.line >= 1 and named.what and named.remedy
    assert set(json.loads(json.dumps([finding.code for finding in findings]))) <= set(CODES)


def test_a_near_miss_is_named(spoilt):
    found = check(spoilt("sections/heart.yaml", "at_least: bp-high-systolic", "at_least: bp-hihg-systolic"))[1]
    assert any('Did you mean "bp-high-systolic"?' in str(finding) for finding in found)


@pytest.mark.parametrize("file", ["site.yaml", "words.yaml", "sections/mood.yaml", "medicines/classes.yaml", "medicines/names.csv.gz"])
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
