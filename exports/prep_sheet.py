"""The prep sheet: what a clinician reads in two minutes before the conversation, as a tagged PDF of one page, two when
needed.

How it looks, and which answers stand where, is the template's: content/prep-sheet.typ, which a clinic may edit. What a
person typed arrives there as data and is set as plain text, whatever it holds. Flags, what to ask and scores are those
of the record's own day.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import screening
from exports.letters import printable
from screening.engine.answer_text import chosen, in_words, said, without_invisible
from screening.engine.content import Content
from screening.engine.result import Evidence, Flag, Result
from screening.engine.screen import facts_of, screen_answers
from screening.loading.codes import CODES
from screening.loading.finding import Finding
from screening.medicines.formulary import MedicationStatement
from screening.model.condition import ItemTest
from screening.model.dates import day_words
from screening.model.item import Given
from screening.model.rule import words_of_id
from screening.records.record import Record

_SVG = "http://www.w3.org/2000/svg"
_DRAWING = Path(screening.__file__).parent / "ui" / "form" / "body_map.svg"


def prep_sheet(record: Record, content: Content, template: Path, since: Mapping[str, Any] | None = None) -> bytes:
    """PDF bytes, tagged for screen readers: PDF/UA-1 where this machine has the letters of everything that was typed.

    since: what changed since the person's last form, as the template shows it.

    Raises typst.TypstError for a template that cannot be set.
    """
    from typst import TypstError

    values = sheet_values(record, content) | {"since": since}
    with suppress(TypstError):  # a name in letters that no font here has must not cost the sheet
        return _compiled(values, template, "pdf", standard="ua-1")[0]
    return _compiled(values, template, "pdf")[0]


def bound(sheets: Iterable[bytes]) -> bytes:
    """Several PDF files as one, to be printed; for a screen reader each sheet by itself is the better one."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for sheet in sheets:
        writer.append(io.BytesIO(sheet))
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def prep_sheet_pages(record: Record, content: Content, template: Path, dots_an_inch: int = 110) -> list[bytes]:
    """The same pages as PNG pictures."""
    return _compiled(sheet_values(record, content), template, "png", dots_an_inch)


def _compiled(
    values: Mapping[str, Any],
    template: Path,
    kind: Literal["pdf", "png"],
    ppi: int | None = None,
    standard: Literal["ua-1"] | None = None,
) -> list[bytes]:
    import typst  # loaded only when somebody wants a sheet

    compiler = typst.Compiler(template.read_bytes(), sys_inputs={"data": json.dumps(values, ensure_ascii=False)})
    made = compiler.compile(format=kind, ppi=ppi, pdf_standards=standard or [])
    return [bytes(page) for page in (made if isinstance(made, list) else [made or b""])]


def sheet_values(record: Record, content: Content) -> dict[str, Any]:
    """Everything that the template may show, as plain values; the template's own head says what each is."""
    language = content.languages[0]
    authored = record.day
    facts, _ = facts_of(record.answers, authored, content)
    response, result = facts.response, Result.of(record.result, record.answers)
    answers = {}
    for plan in content.program.items:
        given = response.answers.get(plan.item.link_id)
        answers[plan.item.link_id] = {
            "question": plan.item.text[language],
            "answer": without_invisible(in_words(plan.item, given, language, content)),
            "given": given if isinstance(given, int | float) else None,
            "chosen": list(chosen(plan.item, given, language)),
            "why": facts.status(plan.number),
            "typed": plan.item.typed,
        }
    typed = [str(one["answer"]) for one in answers.values() if one["typed"]] + [one.text for one in result.medicines]
    item = content.body_map
    regions = response.answers.get(item.link_id) if item else None
    return {
        "clinic": content.site.clinic.name[language],
        "reference": record.reference,
        "authored": _day(authored, language, content),
        "language": content.questionnaire.languages.get(record.language, record.language),
        "tiers": content.site.staff.tiers,
        "units": content.site.units,
        "strict": False,
        "since": None,
        "version": f"{content.questionnaire.version} · {record.content[:12]}",
        "other_content": record.content != content.hash,
        "drafts": content.has_drafts,
        "answers": answers,
        "printable": printable(" ".join(typed)),
        "flags": [_flag(flag, content, language) for flag in result.flags],
        "to_ask": [
            {
                "item": one.link_id,
                "topic": one.topic,
                "question": one.text,
                "chosen": list(one.said.chosen),
                "typed": one.said.typed,
                "tier": one.tier,
                "rules": list(one.rules),
            }
            for one in result.to_ask_by_question(content, language)
        ],
        "medicines": [_medicine(one) for one in result.medicines],
        "medicines_answer": answers[content.medicines.link_id] if content.medicines else None,
        "scores": {one.id: asdict(one) for one in result.scores},
        "mme": asdict(result.mme) | {"notes": result.mme.notes(content.program.opioids)} if result.mme else None,
        "no_rule": result.no_rule_looks_at(content),
        "body": body_map(map(str, regions) if isinstance(regions, tuple) else ()),
    }


def body_map(regions: Iterable[str]) -> str:
    """The figures of the body map as SVG, these regions dark, so that it can be read on grey paper."""
    drawing = ElementTree.fromstring(_drawing())  # our own file  # noqa: S314
    marked = set(regions)
    for path in drawing.iter(f"{{{_SVG}}}path"):
        if "data-code" in path.attrib:
            dark = path.attrib["data-code"] in marked
            path.set("fill", "#1f1f1f" if dark else "#ffffff")
            path.set("stroke", "#1f1f1f" if dark else "#a8a8a8")
    return ElementTree.tostring(drawing, encoding="unicode")


@cache
def _drawing() -> str:
    ElementTree.register_namespace("", _SVG)
    return _DRAWING.read_text("utf-8")


def _day(day: date, language: str, content: Content) -> str:
    return day_words(day, language, content.site.units == "us")


def _medicine(reading: MedicationStatement) -> dict[str, Any]:
    return asdict(reading) | {"text": without_invisible(reading.text)}


def _counted(one: Evidence, rule: str, content: Content) -> Given | None:
    """Of several choices only those that the rule looks at, so that a list does not hide the one that matters."""
    plan = next((plan for plan in content.program.rules if plan.rule.id == rule), None)
    if plan is None or not isinstance(one.given, tuple) or one.medicine is not None:
        return one.given
    read = {
        code
        for leaf in plan.test.leaves
        if isinstance(leaf, ItemTest) and leaf.item == one.link_id
        for code in leaf.codes
    }
    return tuple(code for code in one.given if code in read) or one.given


def _flag(flag: Flag, content: Content, language: str) -> dict[str, Any]:
    """A flag with its reason in the person's exact answers, and its sources with their years."""
    rule = content.rules_by_id.get(flag.rule)
    sources = [content.sources[one.cite] for one in rule.sources] if rule else []
    because = [(one, said(one.link_id, _counted(one, flag.rule, content), content, language)) for one in flag.evidence]
    return {
        "rule": flag.rule,
        "title": rule.short if rule else words_of_id(flag.rule),
        "tier": flag.tier,
        "clinician": rule.clinician if rule else flag.rule,
        "superseded": flag.superseded,
        "because": [
            {
                "question": "" if one.medicine is not None else content.question(one.link_id, language),
                "chosen": list(words.chosen),
                "typed": words.typed,
            }
            for one, words in because
        ],
        "sources": [f"{source.title}, {source.year}" for source in sources],
    }


def template_findings(content: Content, template: Path, day: date) -> list[Finding]:
    """What is wrong with the template, found by setting it for somebody who answered nothing: a word that cannot be
    set, the name of a question that does not exist, or an answer for the summary that stands nowhere."""
    from typst import TypstError

    file = f"{template.parent.name}/{template.name}"
    if not template.exists():
        return [Finding(file, 1, "D004", "The template of the prep sheet is missing.", CODES["D004"].remedy)]
    result = json.loads(json.dumps(screen_answers({}, day, content).result.stored()))
    nobody = Record(
        0,
        "",
        "",
        f"{day}T00:00:00+00:00",
        day.isoformat(),
        content.languages[0],
        "",
        {},
        {},
        content.hash,
        None,
        result,
    )
    try:
        _compiled(sheet_values(nobody, content) | {"strict": True}, template, "pdf")
    except TypstError as error:
        what = str(error).strip().splitlines()[0]
        return [
            Finding(file, 1, "D004", f"The template of the prep sheet cannot be set: {what}.", CODES["D004"].remedy)
        ]
    text = template.read_text("utf-8")
    return [
        Finding(
            file,
            1,
            "D005",
            f"{item.link_id} is asked for the clinician's summary and is not on the sheet.",
            CODES["D005"].remedy,
            f"item {item.link_id}",
        )
        for item in content.items
        if (item.purpose or "").startswith("clinician summary") and f'"{item.link_id}"' not in text
    ]
