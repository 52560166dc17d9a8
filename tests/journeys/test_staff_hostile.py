"""Hostile words from patients and colleagues on every page of staff: they are read as typed and do nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from exports.cell import harmless
from tests.journeys.staff import at_desk, clinic, visit, words

CORPUS = (
    "<script>alert(1)</script>",
    "<img src=http://evil.example/a.png onerror=alert(1)>",
    "<a href='javascript:alert(1)'>press</a>",
    "</p><div class=summary role=alert>forged notice</div>",
    "[press](http://evil.example) ![x](http://evil.example/b.png)",
    "# **bold** _x_ `code` | a | b |",
    ":red[danger] :material/home: :smile: :streamlit:",
    "$\\frac{1}{2}$ $$x^2$$",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1\t@SUM(1)",
    "abc \u202eevil\u202c zero\u200bwidth",
    "https://evil.example/auto",
)
PERSON = "Zed <b>Q</b> [a](http://evil.example) :red[x] $y$"
NOTE = "<img src=http://evil.example/n.png onerror=alert(2)> **note** :red[n]"
MADE_OF_WORDS = """() => {
  const main = document.querySelector('[data-testid=stMain]')
  const wrong = []
  const own = place => place === '' || place.startsWith(location.origin) || /^tel:\\+?[0-9]+$/.test(place) || place.startsWith('data:image/svg+xml;base64,')
  for (const one of main.querySelectorAll('script, iframe, object, embed, form, .katex')) wrong.push(one.outerHTML.slice(0, 90))
  for (const one of main.querySelectorAll('a[href]')) if (!own(one.href)) wrong.push(one.outerHTML.slice(0, 90))
  for (const one of main.querySelectorAll('img')) if (!own(one.src)) wrong.push(one.outerHTML.slice(0, 90))
  for (const one of main.querySelectorAll('.summary, .note, [role=alert]'))
    if (/evil|forged|alert\\(|:red/.test(one.textContent)) wrong.push(one.outerHTML.slice(0, 90))
  for (const one of main.querySelectorAll('*'))
    for (const name of one.getAttributeNames()) if (/^on/.test(name)) wrong.push(name)
  return wrong
}"""


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with clinic(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="module")
def sent(ward):
    """Two responses of one person with the corpus in every free field that was asked: (reference, text that is in it)."""
    found = []
    for turn in range(2):
        answers = ward.made(f"hostile {turn}", 1.0, full_name=PERSON, birth_date="1970-01-01")
        texts = []
        for n, item in enumerate(ward.intake.content.items):
            if item.link_id in answers and item.type == "text" and item.link_id not in ("full-name", "phone", "email"):
                texts.append(CORPUS[(n + turn) % len(CORPUS)])
                answers[item.link_id] = texts[-1]
        answers["medicines"] = [*CORPUS, "oxycodone <b>5 mg</b>"]
        found.append((ward.send(answers), texts))
    return found


@pytest.fixture
def arrive(browser, ward):
    with at_desk(browser, ward) as door:
        yield door


def test_a_reason_of_a_clinician_is_text_on_the_page_of_rules_in_practice(arrive, ward, sent):
    form = visit(arrive("doc"), ward, f"response?r={sent[0][0]}")
    card = form.page.locator("[class*='st-key-flag-']").first
    card.get_by_role("radio", name="Not relevant").or_(card.get_by_role("button", name="Not relevant")).first.click()
    form.settle()
    form.pick_from_list(form.page.get_by_role("combobox", name="Why is it not relevant?"), "Another reason")
    form.page.get_by_label("In your words").fill(NOTE)
    form.page.keyboard.press("Tab")
    form.settle().press("Save")
    assert form.page.evaluate(MADE_OF_WORDS) == []
    visit(form, ward, "feedback")
    assert NOTE in words(form) and form.page.evaluate(MADE_OF_WORDS) == []


def test_the_prep_sheet_has_no_links_or_scripts_and_says_the_words(arrive, ward, sent):
    form = visit(arrive("doc"), ward, f"response?r={sent[0][0]}")
    form.press("Prep sheet")
    href = form.page.get_by_role("link", name="Save the prep sheet").get_attribute("href")
    pdf = PdfReader(io.BytesIO(form.page.request.get(f"{ward.server.url}{href}").body()))
    assert not any(page.get("/Annots") for page in pdf.pages)
    root = pdf.trailer["/Root"]
    assert not {"/OpenAction", "/AA"} & set(root) and "/JavaScript" not in (root.get("/Names") or {})
    assert "Zed <b>Q</b>" in " ".join("".join(page.extract_text() for page in pdf.pages).split())


def test_exports_hold_the_words_as_text_and_never_as_formulas_or_links(arrive, ward, sent):
    form = visit(arrive("nell"), ward, "exports")
    form.page.get_by_text("Every response that is kept").click()
    form.settle().page.get_by_text("Everything: every answer").click()
    form.settle()
    bodies = []
    for kind in ("CSV", "Excel"):
        form.page.locator(".st-key-kind").get_by_text(kind).click()
        form.settle().page.get_by_role("button", name="Make a file of").click()
        form.settle()
        href = form.page.get_by_role("link", name="Save the file").get_attribute("href")
        bodies.append(form.page.request.get(f"{ward.server.url}{href}").body())
    with zipfile.ZipFile(io.BytesIO(bodies[0])) as archive:
        text = archive.read("responses.csv").decode("utf-8-sig")
    assert '"=HYPERLINK' not in text and harmless(CORPUS[8]).replace('"', '""') in text
    for sheet in load_workbook(io.BytesIO(bodies[1])).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None, cell.coordinate
    with zipfile.ZipFile(io.BytesIO(bodies[1])) as archive:
        assert not any("externalLink" in name for name in archive.namelist())


def test_hostile_words_are_read_as_typed_and_do_nothing_on_any_page(arrive, ward, sent):
    form = visit(arrive("nell"), ward, "worklist")
    form.page.get_by_role("link", name=PERSON).first.wait_for()
    assert form.page.get_by_role("link", name=PERSON).count() == 2
    wrong = form.page.evaluate(MADE_OF_WORDS)
    visit(form, ward, f"response?r={sent[0][0]}")
    form.page.get_by_label("Add a note").fill(NOTE)
    form.press("Save the note")
    for one in form.page.locator("[data-testid=stExpander] summary").all():
        one.click()
    form.settle()
    body = words(form)
    assert PERSON in body and NOTE in body
    assert "perhaps the same person" in body.lower(), "the two are compared side by side"
    for text in (
        "<script>alert(1)</script>",
        ":red[danger]",
        '=HYPERLINK("http://evil.example","x")',
        "[press](http://evil.example)",
    ):
        assert text in body, text
    wrong += form.page.evaluate(MADE_OF_WORDS)
    if form.page.locator(".st-key-call-begin button").count():
        form.page.locator(".st-key-call-begin button").click()
        form.settle()
        wrong += form.page.evaluate(MADE_OF_WORDS)
    visit(form, ward, "exports")
    wrong += form.page.evaluate(MADE_OF_WORDS)
    assert wrong == []
