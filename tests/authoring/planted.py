"""One planted mistake for every kind of finding: the smallest edit of the shipped content that brings it up."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import SHIPPED

HEART, ABOUT, MOOD = "sections/heart.yaml", "sections/about-you.yaml", "sections/mood.yaml"
CLASSES, OPIOIDS = "medicines/classes.yaml", "medicines/opioids.yaml"
WHEN = "when: {item: heart-conditions, is: heart-failure}\n    patient"
TOP, BOTTOM = "en: What was the top number?", "en: What was the bottom number?"
DRAFT = "status: draft\n    reviewed: pending"
SYSTOLIC = "                - {item: systolic, at_least: bp-high-systolic}\n"
RULE = """rules:
  - id: spare
    status: draft
    reviewed: pending
    tier: info
    when: {item: high-blood-pressure, is: no}
    clinician: Nothing to see here.
    sources: [{cite: asra-2018}]
"""
SOURCE = """sources:
  - key: %s
    title: A book
    by: Somebody
    year: 2020
    kind: practice
    read: full
    review_by: 2027-11-23
    checked: {by: pending, on: 2026-11-23}
"""
CLASS = """classes:
  - id: %s
    name: {en: "a kind", es: "un tipo"}
    basis: made up
    ingredients: [zolpidem]
"""


@dataclass(frozen=True)
class Planted:
    """`old` of `file` (a pattern) becomes `new`, once or everywhere; the file is deleted where `new` is None.

    where: (file, text) in which the finding is expected, if that is not the edit itself.
    """

    code: str
    file: str
    old: str
    new: str | None
    where: tuple[str, str] | None = None
    everywhere: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.file}"

    def plant(self, place: Path) -> Path:
        """A copy of the shipped content (links but for what is edited) with the mistake in it."""
        copy = place / "content"
        shutil.copytree(SHIPPED, copy, copy_function=os.link)
        for path in sorted(copy.glob(self.file)):
            text = path.read_text("utf-8")
            path.unlink()
            if self.new is not None:
                path.write_text(text.replace(self.old, self.new, -1 if self.everywhere else 1), "utf-8")
        return copy

    def lines(self, copy: Path) -> tuple[str, range]:
        """The file in which the finding is expected, and its lines: from the beginning of the entry to the end of the edit."""
        file, text = self.where or (self.file, self.new or self.old)
        whole = (copy / file).read_text("utf-8") if (copy / file).exists() else ""
        begin = whole.find(text) if self.new != "" or self.where else self._gap(whole)
        assert begin >= 0, f"{text!r} is not in {file}"
        last = whole[: begin + len(text)].count("\n") + 1
        entries = [
            n for n, line in enumerate(whole.split("\n"), 1) if n <= whole[:begin].count("\n") + 1 and _opens(line)
        ]
        return file, range(entries[-1] if entries else 1, last + 1)

    def _gap(self, whole: str) -> int:
        return (SHIPPED / self.file).read_text("utf-8").find(self.old)


def _opens(line: str) -> bool:
    return bool(line) and (not line[0].isspace() or line.startswith("  - ")) and not line.startswith("#")


def heart(code: str, new: str, old: str = TOP, **more) -> Planted:
    return Planted(code, HEART, old, new, **more)


PLANTED = [
    Planted("D001", "shared.yaml", "answer_sets:", "answer_sets: &a"),
    Planted("D002", "words.yaml", "", None),
    Planted("D003", "medicines/lookalikes.csv", "one,other", "one;other"),
    heart("M001", "safety_critcal: true", "safety_critical: true"),
    heart("M002", "    type: choice\n    txt:", "    type: choice\n    text:"),
    Planted("M003", "site.yaml", "\nminutes: 20", "\nminutes: many"),
    Planted("M004", "site.yaml", "  crisis:", "  crisiss:"),
    heart("M005", "link_id: High_Blood_Pressure", "link_id: high-blood-pressure"),
    heart("M006", "tier: emergency", "tier: urgent"),
    Planted("M007", "site.yaml", "\nminutes: 20", "\nminutes: 500"),
    heart("M008", "status: active", "status: draft"),
    heart("M009", 'en: " "'),
    heart("M010", "when: {item: heart-conditions, is: heart-failure, above: 3}\n    patient", WHEN),
    Planted("S001", "questionnaire.yaml", "  - heart\n", "", where=(HEART, "section: heart")),
    heart(
        "S002",
        "link_id: high-blood-pressure",
        "link_id: heart-event-when",
        where=(HEART, "link_id: high-blood-pressure\n    type: choice\n    text:\n      en: When"),
    ),
    heart("S003", "", "      es: ¿Cuál fue el número de arriba?\n"),
    Planted("S003", "shared.yaml", ', es: "En los últimos 6 meses"', ""),
    heart("S004", "answer_value_set: yes-no-unsur\n", "answer_value_set: yes-no-unsure\n"),
    heart("S005", "min: 500", "min: 50"),
    heart(
        "S006",
        '      - code: none\n        text: {en: "No problem", es: "Nada"}\n      - code: ran-out\n',
        "      - code: ran-out\n",
        where=(HEART, '- code: none\n        text: {en: "None'),
    ),
    heart(
        "S007",
        '{en: "I have run out of my blood pressure medicine, or do not take it", es: "Nada',
        '{en: "None of these", es: "Nada',
    ),
    heart("S008", TOP, BOTTOM, where=(HEART, "link_id: diastolic\n    type: integer\n    text:\n      en: What")),
    heart("S009", "required: true\n    safety_critical: true", "safety_critical: true"),
    heart("S010", "answer_value_set: yes-no\n    safety", "answer_value_set: yes-no-unsure\n    safety"),
    heart("S011", "", "        exclusive: true\n"),
    Planted(
        "S012", "sections/substances.yaml", "weight: 4", "weight: 5", where=("sections/substances.yaml", "id: audit-c")
    ),
    Planted("S013", MOOD, "        weight: 0\n", ""),
    Planted(
        "S014",
        "shared.yaml",
        "answer_sets:\n",
        'answer_sets:\n  spare:\n    - code: yes\n      text: {en: "Yes", es: "Sí"}\n',
    ),
    heart("S015", "scores:\n  - id: spare\n    sum: [systolic, diastolic]\n\nconditions:\n", "conditions:\n"),
    Planted("S016", "site.yaml", "  mme-caution: 50", "  mme-caution: 50\n  spare: 1"),
    Planted("S018", "site.yaml", "items: [allergic-reactions, allergic", "items: [allergic-reaction, allergic"),
    Planted("S018", "site.yaml", "takes: anticoagulant", "takes: anticoagulants"),
    Planted("S018", "site.yaml", "clinician_only: [mood", "clinician_only: [moods"),
    heart("S017", "conditions:\n  - id: spare\n    when: {item: high-blood-pressure, is: no}\n", "conditions:\n"),
    heart("R001", WHEN.replace("heart-conditions", "haert-conditions"), WHEN),
    heart(
        "R001", "enable_when: {item: high-blood-presure, is: yes}", "enable_when: {item: high-blood-pressure, is: yes}"
    ),
    Planted("R001", MOOD, "sum: [phq-item-1,", "sum: [phq-item-0,"),
    heart("R002", WHEN.replace("heart-failure", "hart-failure"), WHEN),
    heart(
        "R002",
        "enable_when: {item: high-blood-pressure, is: yess}",
        "enable_when: {item: high-blood-pressure, is: yes}",
    ),
    heart("R003", WHEN.replace("is: heart-failure", "above: 3"), WHEN),
    Planted("R003", ABOUT, "age: birth-date", "age: full-name"),
    heart("R004", "when: {score: phq9, above: 3}\n    patient", WHEN),
    heart("R005", "when: {takes: opiod}\n    patient", WHEN),
    heart("R006", "at_least: bp-hihg-systolic", "at_least: bp-high-systolic"),
    heart("R007", "when: {condition: hypertenson}\n    patient", WHEN),
    heart("R008", "    when: {condition: hypertension}\n", "    when: {item: high-blood-pressure, is: yes}\n"),
    heart("R009", "enable_when: {item: diastolic, at_least: 80}", "enable_when: {item: knows-blood-pressure, is: yes}"),
    heart(
        "R009",
        "enable_when: {item: blood-pressure-problem, is: ran-out}",
        "enable_when: {item: high-blood-pressure, is: yes}",
    ),
    heart("R009", "enable_when: {item: systolic, at_least: 80}", "enable_when: {item: knows-blood-pressure, is: yes}"),
    heart("R010", "cite: german-leaflets", "cite: german-leaflet"),
    heart("R011", "supersedes: [cv-htn-treatd]", "supersedes: [cv-htn-treated]"),
    heart("R012", "- id: cv-htn-treated\n    supersedes: [cv-bp-very-high]\n", "- id: cv-htn-treated\n"),
    heart("R013", "- id: cv-autonomic\n    supersedes: [cv-stroke-tia]\n", "- id: cv-autonomic\n"),
    heart(
        "R014",
        "- id: cv-htn-treated\n    title: High blood pressure, told\n    status: retired",
        "- id: cv-htn-treated\n    title: High blood pressure, told\n    status: draft",
        where=(HEART, "supersedes: [cv-htn-treated]"),
    ),
    heart("R015", "any_of: [ran-out, not-controlled, ran-out]", "any_of: [not-controlled, ran-out]"),
    heart("R016", SYSTOLIC + SYSTOLIC, SYSTOLIC),
    heart("R017", SYSTOLIC.replace("bp-high-systolic", "900"), SYSTOLIC),
    heart("R018", SYSTOLIC.replace("bp-high-systolic", "160, below: 150"), SYSTOLIC),
    Planted("R019", ABOUT, "- tier: info\n        when: {score: bmi", "- tier: moderate\n        when: {score: bmi"),
    Planted(
        "R020",
        ABOUT,
        "    identifier: name\n    purpose",
        "    safety_critical: true\n    identifier: name\n    purpose",
    ),
    heart(
        "C001", "answers: {high-blood-pressure: maybe}, expect: not", "answers: {high-blood-pressure: no}, expect: not"
    ),
    heart(
        "C002",
        "answers: {high-blood-pressure: no}, expect: raised",
        "answers: {high-blood-pressure: no}, expect: not-raised",
    ),
    heart("C003", RULE, "rules:\n"),
    heart(
        "C004",
        "answers: {high-blood-pressure: no, knows-blood-pressure: no, systolic: 120}, expect: not",
        "answers: {high-blood-pressure: no}, expect: not",
    ),
    heart(
        "C005",
        "Prefers not to say, answers: {high-blood-pressure: not-sure}, expect: cannot-tell",
        "Prefers not to say, answers: {high-blood-pressure: declined}, expect: cannot-tell",
    ),
    Planted("C006", ABOUT, "name: Both left blank, answers: {}", "name: Fills it in alone, answers: {}"),
    heart("C007", RULE + "    cases: [{name: None, answers: {high-blood-pressure: no}, expect: raised}]\n", "rules:\n"),
    Planted(
        "C008",
        ABOUT,
        "tier_when:\n      - tier: info",
        "tier_when:\n      - {tier: urgent, when: {score: bmi, at_least: 60}}\n      - tier: info",
        where=(ABOUT, "cases:\n      - {name: Body mass"),
    ),
    heart("W001", "en: Are you eligible?"),
    Planted("W001", "words.yaml", "Thank you. The clinic has your form.", "You are approved."),
    Planted("W001", "questionnaire.yaml", "I understand that nobody", "I am no candidate, and nobody"),
    Planted("W001", "site.yaml", "If you can, ask someone to stay", "You may have a stroke. Ask someone to stay"),
    Planted("W001", "shared.yaml", "In the last 6 months", "Denied in the last 6 months"),
    heart(
        "W002",
        "  - link_id: unread\n    type: string\n    text: {en: Why, es: Por}\n  - link_id: knows-blood-pressure",
        "  - link_id: knows-blood-pressure",
    ),
    heart("W003", "en: What was your renal number?"),
    heart("W004", "en: Do you take 20 mg of it?"),
    Planted(
        "W004",
        "words.yaml",
        "Please do not stop or change any medicine because of this form.",
        "Please stop taking your pills.",
    ),
    heart("W005", "en: What was the <b>top</b> number?"),
    heart("W006", "en: What was the top number 👍?"),
    heart("W007", 'en: "What was the  top number?"'),
    heart("W008", "en: What was the top number"),
    heart("W009", f"en: What was {'this very ' * 20}number?"),
    heart("W010", "en: What was the top number then?", 'en: "In 120 over 80, the top number is 120."'),
    heart("W011", "en: Was it not without a top number?"),
    heart("W012", "en: What was the top number? And when?"),
    heart("W013", "es: Cuál fue el número de arriba?", "es: ¿Cuál fue el número de arriba?"),
    heart("W014", "en: What was the HIGHEST number?"),
    heart("W015", "en: Approximately what measurement was communicated to you?"),
    heart("W016", f"en: What was {'it or ' * 15}the number?"),
    heart("W017", "en: Can you call 555 010 0199 about it?"),
    Planted(
        "W018",
        MOOD,
        "how often have you been bothered by any",
        "have you been bothered by any",
        where=(MOOD, "link_id: phq-item-2\n    type: choice\n    stem:\n"),
    ),
    Planted("W019", MOOD, "Little interest or pleasure in doing things", "Little interest in doing things"),
    Planted("W019", MOOD, "Ha tenido dificultad para relajarse", "Dificultad para relajarse"),
    Planted("T001", "words.yaml", "Topic {n} of {total}", "Topic {n}", where=("words.yaml", "  topic-of: {en")),
    Planted("T002", "words.yaml", "{n} of {total}", "{nn} of {total}"),
    heart("T003", "es: What was the top number?", "es: ¿Cuál fue el número de arriba?"),
    heart("T004", "en: What was the upper number?", where=(HEART, "en: What was the upper number?\n      es: ¿Cuál")),
    Planted(
        "T005",
        "questionnaire.yaml",
        "{draft_days}",
        "14",
        where=("questionnaire.yaml", 'consent:\n  version: "3"\n  text:\n    en: |-\n'),
    ),
    heart("P001", "when: {item: full-name, answered: yes}\n    patient", WHEN),
    Planted("P002", ABOUT, "    identifier: contact\n", ""),
    Planted("P003", "sections/pain.yaml", "    identifier: free-text\n", ""),
    Planted("H001", MOOD, "block: crisis", "block: emergency", where=("site.yaml", "  crisis:\n"), everywhere=True),
    Planted(
        "H002",
        "sections/*.yaml",
        "block: emergency",
        "block: crisis",
        where=("site.yaml", "  emergency:\n"),
        everywhere=True,
    ),
    Planted("H003", "site.yaml", 'href: "tel:', 'href: "sms:', everywhere=True, where=("site.yaml", "  emergency:\n")),
    Planted("H004", "site.yaml", "call or text 988, free", "call or text us, free"),
    Planted("H005", "site.yaml", "+1 555 010 0100", "ask us"),
    Planted("H006", "site.yaml", "retention_days: 365", "retention_days: 7"),
    Planted("B001", "site.yaml", 'primary: "#0b5e63"', 'primary: "#9fd0d3"'),
    Planted("B002", "site.yaml", "logo: brand/logo.svg", "logo: brand/nothere.svg"),
    heart(
        "V001",
        "    clinician: >-\n",
        "    patient:\n      en: your blood pressure and its treatment\n      es: su presión y su tratamiento\n    clinician: >-\n",
    ),
    heart("V002", RULE + "    patient: {en: Nothing to see here., es: Nada que ver.}\n", "rules:\n"),
    heart(
        "V003",
        RULE + "    patient: {en: your blood pressure, es: otra}\n",
        "rules:\n",
        where=(HEART, "    patient:\n      en: your blood pressure\n"),
    ),
    heart("V004", "The person is eligible before anything", "current treatment and heart history before anything"),
    heart("V005", "", "    title: Heart failure\n", where=(HEART, "  - id: cv-heart-failure\n")),
    heart(
        "V005",
        "title: Coronary artery disease",
        "title: Heart failure",
        where=(HEART, "  - id: cv-heart-failure\n    title: C"),
    ),
    Planted("E001", "sources.yaml", "sources:\n", SOURCE % "spare"),
    Planted("E002", "sources.yaml", "year: 2018", "year: undated"),
    Planted("E003", "sources.yaml", "review_by: 2027-11-23", "review_by: 2026-11-22"),
    Planted("E004", "sources.yaml", "on: 2026-11-23", "on: 2026-12-23"),
    heart("E004", 'status: draft\n    reviewed: {by: "Dr Example", on: 2027-01-01}', DRAFT),
    Planted(
        "E005",
        "sources.yaml",
        "sources:\n",
        SOURCE % "asra-2018",
        where=("sources.yaml", '- key: asra-2018\n    title: "Consensus'),
    ),
    heart(
        "E006",
        "      - {cite: ketalar-us, where: contraindications}\n" * 2,
        "      - {cite: ketalar-us, where: contraindications}\n",
    ),
    Planted("E007", "sources.yaml", "checked: {by: pending, on: 2026-11-23}", "checked: {by: pending}"),
    heart("E008", 'status: active\n    reviewed: {by: "Dr Example", on: 2024-01-01}', DRAFT),
    Planted("E009", "sources.yaml", "review_by: 2027-11-23", "review_by: 2026-11-23"),
    heart("E010", 'status: draft\n    reviewed: {by: "Dr Example", on: 2026-01-01}', DRAFT),
    Planted("F001", CLASSES, 'basis: "clinical.md a.10 med-zdrug"', 'basis: " "'),
    Planted(
        "F002",
        OPIOIDS,
        "  - {ingredient: tramadol, factor: 0.2, unit: mg, route: oral}\n",
        "",
        where=(OPIOIDS, "factors:\n"),
    ),
    Planted("F003", OPIOIDS, "left_out: [buprenorphine]", "left_out: [buprenorphine, aspirin]"),
    Planted("F004", OPIOIDS, "factor: 0.15, unit: mg", "factor: 0.15, unit: tablet"),
    Planted("F005", CLASSES, "ingredients: [eszopiclone, zaleplon", "ingredients: [eszopiclone, eszopiclone, zaleplon"),
    Planted("F006", CLASSES, "ingredients: [eszopiclone, zaleplon", "ingredients: [eszopiclone, zaleplom"),
    Planted("F007", CLASSES, "classes:\n", CLASS % "z-drug", where=(CLASSES, '- id: z-drug\n    name: {en: "sleep')),
    Planted("F008", CLASSES, "classes:\n", CLASS % "spare"),
    Planted("F009", "medicines/ingredients.csv", "zopiclone,", "zopyclone,"),
    Planted(
        "A001",
        "accepted.yaml",
        "accepted:\n",
        "accepted:\n  - {code: W010, at: [item systolic], reason: No reason at all.}\n",
    ),
    Planted(
        "A002",
        "accepted.yaml",
        "accepted:\n",
        "accepted:\n  - {code: W001, at: [item systolic], reason: No reason at all.}\n",
    ),
]
