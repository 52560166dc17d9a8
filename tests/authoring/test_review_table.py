"""The reviewer's table holds everything that a clinician signs for, and whatever the content says is only ever text."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import unicodedata
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from screening.authoring.book.compile_book import rulebook
from screening.authoring.book.review_table import as_html, as_pdf, as_pictures, values
from screening.loading.load import load
from screening.model.medicines_item import Medicines
from tests.conftest import command, shipped
from tests.exports.test_prep_sheet import HOSTILE, text_of

HARMFUL = (
    *HOSTILE,
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {# gone #} {{ self }}",
    "</style><script>alert(1)</script>",
    '"\' onmouseover=alert(1) x="',
)


class Seen(HTMLParser):
    """The elements of a page, what they point at, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.points: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.parts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.points += [value for name, value in attrs if name in ("href", "src")]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.parts.append(data)

    @property
    def text(self) -> str:
        return flat("".join(self.parts))


def flat(text: str) -> str:
    """Text as it is compared: without spaces, and without the difference between quotes that a typesetter makes."""
    return (
        re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        .translate(str.maketrans("’‘“”", "''\"\""))
        .replace("-", "")
        .replace("\u2010", "")
    )


@pytest.fixture(scope="module")
def book(content):
    return rulebook(content)


@pytest.fixture(scope="module")
def page(book):
    return Seen(as_html(book))


def everything(content) -> dict[str, str]:
    """Name -> text of all that has to be in the table."""
    wanted = {}
    for item in content.items:
        wanted |= {f"item {item.link_id} {language}": words for language, words in item.text.root.items()} | {
            f"id of {item.link_id}": item.link_id
        }
        options = list(item.options)
        if isinstance(item, Medicines):
            options += [*item.how_option, *item.last_taken_option, *item.dose_unit_option]
            wanted |= {
                f"prompt {n} {language}": words
                for n, text in enumerate(item.prompts)
                for language, words in text.root.items()
            }
        wanted |= {
            f"option {item.link_id} {option.code} {language}": words
            for option in options
            for language, words in option.text.root.items()
        }
        for name, text in (("stem", item.stem), ("hint", item.hint)):
            wanted |= {
                f"{name} {item.link_id} {language}": words for language, words in (text.root if text else {}).items()
            }
    for rule in content.rules:
        wanted |= {f"rule {rule.id}": rule.id, f"clinician {rule.id}": rule.clinician}
        wanted |= {
            f"patient {rule.id} {language}": words
            for language, words in (rule.patient.root if rule.patient else {}).items()
        }
        wanted |= {f"case {rule.id} {one.name}": one.name for one in rule.cases}
        wanted |= {f"where {rule.id} {one.cite}": one.where for one in rule.sources if one.where}
    wanted |= {f"threshold {name}": f"{name}" for name in content.site.thresholds}
    for key, source in content.sources.items():
        wanted |= {
            f"source {key}": source.title,
            f"source {key} by": source.by,
            f"source {key} year": str(source.year),
            f"source {key} note": source.note or "",
        }
    wanted |= {
        f"class {one.id} {name}": name
        for one in content.classes
        for name in (*one.ingredients, *one.name.root.values())
    }
    wanted |= {f"condition {name}": name for name in content.program.conditions}
    block = content.site.help.crisis
    wanted |= {
        f"help {language} {n}": words for n, line in enumerate(block.lines) for language, words in line.root.items()
    }
    return wanted


def test_every_question_option_rule_limit_source_and_case_is_on_the_page(content, page):
    text = page.text
    assert [name for name, words in everything(content).items() if flat(words) not in text] == []


@pytest.mark.slow
def test_every_question_option_rule_limit_source_and_case_is_on_paper(content, book, tmp_path):
    pdf = as_pdf(book)
    assert b"/StructTreeRoot" in pdf and b"pdfuaid" in pdf, "tagged, and says so"
    path = tmp_path / "table.pdf"
    path.write_bytes(pdf)
    raw = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    raw = re.sub(r"\n[^\n]*page \d+ of \d+\n\f[^\n]*\n?", "\n", raw)
    raw = re.sub(
        rf"{re.escape(content.questionnaire.title['en'])} · content {content.hash[:12]}[^\n]*\n?(content not yet reviewed by a clinician\n)?",
        "",
        raw,
    )
    raw = re.sub(r"page \d+ of \d+\n?", "", raw).replace("\f", "")
    text = flat(raw)
    assert [name for name, words in everything(content).items() if flat(words) not in text] == []


def test_a_rule_shows_its_gates_limits_other_tiers_and_who_reviewed_it(book):
    rule = next(one for one in book.rules if one.id == "cv-htn-uncontrolled")
    assert [(limit.name, limit.value) for limit in rule.limits] == [
        ("bp-high-systolic", "160"),
        ("bp-high-diastolic", "100"),
    ]
    assert "(high-blood-pressure) is answered “Yes”" in rule.gates[0].parts[0].text
    assert (rule.tier.tier, rule.reviewed, rule.supersedes) == (
        "high",
        "not yet reviewed by a clinician",
        ("cv-htn-treated",),
    )
    assert "cv-htn-uncontrolled" in next(one for one in book.rules if one.id == "cv-htn-treated").superseded_by
    glaucoma = next(one for one in book.rules if one.id == "eye-raised-iop-glaucoma")
    assert [other.tier for other in glaucoma.other_tiers] == ["moderate"]
    case = next(one for one in rule.cases if one.name == "Top number at the limit")
    assert [(one.link_id, one.answer) for one in case.answers] == [
        ("high-blood-pressure", "No"),
        ("knows-blood-pressure", "Yes"),
        ("systolic", "160"),
        ("diastolic", "80"),
    ]
    assert case.expect == "Raised"


def test_who_reviewed_a_rule_and_when_is_said_and_without_drafts_the_warning_is_gone(spoilt):
    old, new = "status: draft\n    reviewed: pending", "status: active\n    reviewed: {by: Dr Test, on: 2026-12-01}"
    copy = spoilt()
    for path in (copy / "sections").glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    book = rulebook(load(copy))
    assert {rule.reviewed for rule in book.rules} == {"Dr Test, 2026-12-01"}
    assert "not yet reviewed by a clinician" not in as_html(book)
    assert not book.drafts


def test_a_case_that_does_not_fit_the_questions_still_stands_as_it_is_written(spoilt):
    copy = spoilt(
        "sections/heart.yaml",
        "answers: {high-blood-pressure: no}, expect: not",
        "answers: {high-blood-pressure: maybe, no-such-question: 7}, expect: not",
    )
    rule = next(one for one in rulebook(load(copy)).rules if one.id == "cv-htn-treated")
    assert [(one.question, one.answer) for one in rule.cases[1].answers[1:]] == [("no-such-question", "7")]
    assert rule.cases[1].answers[0].answer == "maybe"


def test_the_page_points_only_at_itself_and_every_link_arrives(page):
    assert {point[0] for point in page.points} == {"#"}
    assert {point[1:] for point in page.points} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.elements)


PLACES = (
    ("sections/heart.yaml", "en: Has anyone in health care told you that you have high blood pressure?", "en: {}"),
    ("sections/heart.yaml", "en: Answer yes even if it is now under control.", "en: {}"),
    ("sections/heart.yaml", "{name: Never told, answers", "{{name: {}, answers"),
    ("sections/heart.yaml", 'text: {en: "A heart attack"', "text: {{en: {}"),
    ("sections/heart.yaml", "en: your heartbeat", "en: {}"),
    ("sections/heart.yaml", "where: poorly controlled cardiovascular disease", "where: {}"),
    ("sections/heart.yaml", "title:\n  en: Heart and blood pressure", "title:\n  en: {}"),
    ("sources.yaml", 'title: "Consensus guidelines on intravenous ketamine infusions for chronic pain"', "title: {}"),
    ("medicines/classes.yaml", 'name: {en: "opioid medicine"', "name: {{en: {}"),
    ("questionnaire.yaml", "en: Getting ready for your visit", "en: {}"),
)


def hostile_content(spoilt, *texts: str):
    """A content in which every kind of text is hostile; the texts take turns."""
    for (file, old, new), words in zip(PLACES, itertools.cycle(texts), strict=False):
        copy = spoilt(file, old, new.format(json.dumps(words, ensure_ascii=max(words) <= "\uffff")))
    return load(copy)


@pytest.mark.parametrize("hostile", HARMFUL, ids=range(len(HARMFUL)))
def test_whatever_the_content_says_is_only_text_on_the_page(page, spoilt, hostile):
    harmed = rulebook(hostile_content(spoilt, hostile))
    html = as_html(harmed)
    seen = Seen(html)
    assert seen.elements == page.elements and seen.attributes == page.attributes and seen.points == page.points
    assert seen.text.count(flat(values(harmed)["title"])) >= len(PLACES)
    assert "\u202e" not in html and "\u200b" not in html


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, len(HARMFUL), 4))
def test_whatever_the_content_says_is_only_text_on_paper(spoilt, first, tmp_path):
    texts = [*HARMFUL[first:], *HARMFUL[:first]]
    harmed = rulebook(hostile_content(spoilt, *texts))
    heart = next(section for section in harmed.sections if section.id == "heart")  # where all but four of PLACES are
    pdf = as_pdf(replace(harmed, sections=(heart,)))
    for active in (b"/URI", b"/JavaScript", b"/Launch", b"/EmbeddedFile"):
        assert active not in pdf
    text = text_of(pdf, tmp_path)
    assert "root:x:0" not in text
    for words in texts[: len(PLACES)]:
        if words.isascii() and "\n" not in words and len(words) < 60:
            assert flat(words) in flat(text), words


def test_a_character_that_nobody_would_see_is_written_out(spoilt):
    book = rulebook(hostile_content(spoilt, "abc\u202edef"))
    assert values(book)["title"] == "abc[U+202E]def"


def test_the_book_is_the_same_in_every_language_but_for_the_language_of_the_sentences(content, book):
    spanish = rulebook(content, "es")
    assert [rule.id for rule in spanish.rules] == [rule.id for rule in book.rules]
    first = next(iter(spanish.sections[0].questions))
    assert list(first.text) == ["es", "en"] and 'lang="es"' in as_html(spanish)


def test_the_command_writes_both_files_and_refuses_a_language_that_is_not_there(tmp_path):
    done = command("table", "--out", tmp_path / "table")
    assert done.stdout == "" and f"{len(shipped().rules)} rules" in done.stderr
    assert (tmp_path / "table" / "rules.pdf").read_bytes()[:5] == b"%PDF-"
    assert "</html>" in (tmp_path / "table" / "rules.html").read_text("utf-8")
    command("table", "--out", tmp_path, "--language", "xx", expect=2)
    (tmp_path / "file").write_text("x")
    command("table", "--out", tmp_path / "file", expect=3)


@pytest.mark.slow
def test_pages_come_as_pictures_too(book):
    assert as_pictures(book, 10)[0][:8] == b"\x89PNG\r\n\x1a\n"
