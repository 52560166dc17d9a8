"""Whole journeys in a real browser: from the first page to the row in the staff's CSV."""

from __future__ import annotations

import csv
import re
import urllib.error
import urllib.request
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.conftest import command, shipped
from tests.journeys.conftest import PHONE, Form, Server

CONTENT = shipped()
SECTIONS = [section.section for section in CONTENT.sections]
PAGES = [page for section in CONTENT.sections for page in section.pages]
OPEN = [page for page in PAGES if not all(item.enable_when for item in page.items)]
"""The pages of somebody whose answers open nothing more."""


def option(link_id: str, code: str, language: str) -> str:
    return next(one.text[language] for one in CONTENT.item(link_id).options if one.code == code)


def pick(form: Form, language: str, **answers: str | list[str]) -> None:
    for name, codes in answers.items():
        link_id = name.replace("_", "-")
        form.choose(
            link_id, *(option(link_id, code, language) for code in ([codes] if isinstance(codes, str) else codes))
        )


def rows(server: Server, directory) -> dict[str, dict[str, str]]:
    command("export", "csv", "--out", directory, records=server.data)
    with (directory / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["reference"]: row for row in csv.DictReader(file)}


def age(born: date) -> int:
    """In whole years, on the clinic's day."""
    today = datetime.now(ZoneInfo(CONTENT.site.clinic.time_zone)).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def reference(form: Form) -> str:
    return form.page.locator(".reference").inner_text().strip()


def go_through(form: Form, go_on: str, stop: str) -> None:
    """Continue over pages until the title `stop`."""
    for _ in range(len(PAGES) + 1):
        if form.heading() == stop:
            return
        form.press(go_on)
    raise AssertionError(form.heading())


def test_a_person_answers_in_english_at_a_desk_and_staff_get_the_right_row(person, server, tmp_path):
    form = person()
    form.start("Start", "Continue")
    pick(form, "en", filled_by="self")
    form.write("full-name", "Ana =1+1 <b>Example</b>")
    form.write("birth-date", "May", 0).write("birth-date", "17", 1).write("birth-date", "1984", 2)
    form.write("phone", "+1 555 010 0123")
    form.write("height", "5", 0).write("height", "4", 1).write("weight", "150")
    form.press("Continue")
    form.at(CONTENT.sections[SECTIONS.index("pain")].title["en"])
    pick(form, "en", pain_types=["neuropathic", "fibromyalgia"])
    form.page.get_by_role("checkbox", name="Left foot").first.click()
    form.settle()
    form.pick_from_list(form.page.get_by_role("combobox", name=re.compile("list")), "Lower back")
    form.page.keyboard.press("Escape")
    form.settle()
    pick(form, "en", pain_duration="1-to-5-years")
    form.press("Continue")
    form.choose("peg-1", "7").choose("peg-2", "6").choose("peg-3", "8")
    form.write("pain-goal", "Walk the dog; =HYPERLINK(1)\nand sleep")
    go_through(form, "Continue", CONTENT.sections[SECTIONS.index("heart")].title["en"])
    pick(form, "en", high_blood_pressure="yes")
    assert form.sees("blood-pressure-problem"), "the follow-up is there at once"
    pick(form, "en", blood_pressure_problem=["not-controlled"], knows_blood_pressure="yes")
    form.write("systolic", "152").write("diastolic", "94")
    pick(form, "en", heart_conditions=["none"])
    go_through(form, "Continue", CONTENT.sections[SECTIONS.index("medicines")].title["en"])
    form.choose("medicines", CONTENT.words["medicines-some"]["en"])
    form.page.get_by_label("Type or paste your medicines here").fill("oxycodone 5 mg\nalprazolam\nblue pill zzqy")
    form.page.keyboard.press("Tab")
    form.settle()
    assert "We read this as: oxycodone" in form.page.locator("main").inner_text()
    assert "We could not read this" in form.page.locator("main").inner_text()
    go_through(form, "Continue", "Check your answers")
    form.page.evaluate("() => document.querySelectorAll('.check details').forEach((topic) => (topic.open = true))")
    body = form.page.locator("main").inner_text()
    for words in (
        "Ana =1+1 <b>Example</b>",
        "May 17, 1984",
        "5 feet 4 inches",
        "Left foot",
        "152",
        "blue pill zzqy",
        "and sleep",
    ):
        assert words in body, words
    form.press(f"Change: {CONTENT.item('systolic').text['en']}").write("systolic", "165")
    go_through(form, "Continue", "Check your answers")
    form.press("Send to the clinic")
    form.at("Thank you. The clinic has your form.")
    page = form.page.locator("main").inner_text()
    assert "Please do not stop or change any medicine" in page
    for word in ("eligible", "urgent", "high priority", "benzodiazepine", "contraindicated", "interaction"):
        assert word not in page.lower(), word
    link = form.page.get_by_role("link", name="Download my copy").get_attribute("href")
    fetched = form.page.request.get(f"{server.url}{link}")
    assert fetched.ok and fetched.headers["cache-control"] == "no-store"
    (tmp_path / "copy.pdf").write_bytes(fetched.body())
    pdf = PdfReader(tmp_path / "copy.pdf")
    text = "\n".join(one.extract_text() for one in pdf.pages)
    assert "Ana =1+1 <b>Example</b>" in text and reference(form) in text
    assert form.page.request.get(f"{server.url}{link}").status == 200, "browsers and scanners may ask twice"
    row = rows(server, tmp_path)[reference(form)]
    expected = {
        "full_name": "Ana =1+1 <b>Example</b>",
        "birth_date": "1984-05-17",
        "systolic": "165",
        "diastolic": "94",
        "language": "en",
        "height": "64 in",
        "weight": "150 lb",
        "weight_kg": "68.0",
        "pain_types": "neuropathic; fibromyalgia",
        "pain_types_fibromyalgia": "1",
        "pain_types_migraine": "0",
        "score_peg": "7",
        "score_age": str(age(date(1984, 5, 17))),
        "pain_goal": "Walk the dog; '=HYPERLINK(1)\nand sleep",
        "tier": "high",
        "emergency_contact": "[skipped]",
        "helper_name": "[not asked]",
    }
    assert {key: row[key] for key in expected} == expected
    assert set(row["pain_areas"].split("; ")) == {"left-foot", "lower-back"}
    flags = set(row["flags_high"].split("; "))
    assert {"cv-htn-uncontrolled", "combo-opioid-benzo"} <= flags
    assert "zzqy = [not recognised]" in row["medicines_read"]


def test_a_person_answers_in_spanish_on_a_phone(person, server, tmp_path):
    form = person(**PHONE)
    form.press("Español")
    assert form.page.evaluate("document.documentElement.lang") == "es"
    form.start("Empezar", "Continuar")
    pick(form, "es", filled_by="self")
    form.write("full-name", "José Peña")
    for page in OPEN[2:]:
        form.press("Continuar")
        section = page.address
        form.at(page.title["es"])
        wide = form.page.evaluate(
            "document.querySelector('[data-testid=stMain]').scrollWidth - document.querySelector('[data-testid=stMain]').clientWidth"
        )
        assert wide <= 0, f"{section} scrolls sideways"
        if section == "pain":
            pick(form, "es", pain_types=["crps"])
        if section == "pain-part-2":
            form.choose("peg-1", "9")
        if section == "heart":
            pick(form, "es", high_blood_pressure="not-sure")
        if section == "medicines":
            pick(form, "es", medicines="none")
    form.press("Continuar")
    form.at("Revise sus respuestas")
    form.press("Enviar a la clínica")
    form.at(re.compile("Gracias"))
    row = rows(server, tmp_path)[reference(form)]
    assert (row["language"], row["full_name"], row["pain_types"], row["medicines"]) == (
        "es",
        "José Peña",
        "crps",
        "none",
    )
    assert (row["now_signs"], row["high_blood_pressure"], row["blood_pressure_problem"]) == (
        "[skipped]",
        "[not sure]",
        "[unsettled]",
    )
    assert row["peg_1"] == "9" and row["score_peg_status"] == "incomplete"


def test_help_comes_at_once_after_a_sign_of_crisis_and_never_ends_the_form(person, server, tmp_path):
    form = person(**PHONE)
    form.start("Start", "Continue")
    form.write("full-name", "Sam Example")
    go_through(form, "Continue", CONTENT.sections[SECTIONS.index("mood")].title["en"])
    assert form.page.locator(".help-block").count() == 0
    pick(form, "en", phq_item_9="several-days")
    block = form.page.locator(".help-block")
    assert block.is_visible() and block.get_attribute("role") == "alert"
    assert "988" in block.inner_text() and "Thank you for telling us" in block.inner_text()
    assert block.get_by_role("link", name="Call 988").get_attribute("href") == "tel:988"
    form.press("Continue")
    form.press("Back")
    assert form.page.locator(".help-block").is_visible(), "it stays for as long as the answer does"
    go_through(form, "Continue", "Check your answers")
    form.press("Send to the clinic")
    assert "988" in form.page.locator(".help-block").inner_text(), "and is there again on the last page"
    row = rows(server, tmp_path)[reference(form)]
    assert row["tier"] == "urgent" and "mh-suicide-current" in row["flags_urgent"]


def test_the_whole_form_can_be_filled_in_by_keyboard_alone(person):
    form = person()
    page = form.page

    def tab_to(name: str, most: int = 400) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "() => { let a = document.activeElement; while (a?.shadowRoot?.activeElement) a = a.shadowRoot.activeElement;"
                " return (a?.getAttribute('aria-label') || a?.labels?.[0]?.innerText || a?.innerText || '').trim() }"
            )
            if here == name:
                return
        raise AssertionError(f"no way to {name!r} by Tab")

    def press(name: str) -> None:
        tab_to(name)
        page.keyboard.press("Enter")
        form.settle()

    press("Start")
    tab_to(CONTENT.words["consent-agree"]["en"])
    page.keyboard.press("Space")
    form.settle()
    for _ in (1, 2):  # past the signs that cannot wait
        press("Continue")
        page.wait_for_function(
            "document.activeElement.tagName === 'H1'"
        )  # after a page turn the focus is on the heading
    press("Continue")
    page.wait_for_function(
        "document.activeElement.className.startsWith('summary')"
    )  # after a refusal it is on the summary
    name = CONTENT.item("full-name")
    tab_to(f"{name.text['en']} {CONTENT.words['required']['en']}")
    page.keyboard.type("Kim Keyboard")
    form.settle()
    for asked in OPEN[2:]:
        press("Continue")
        title = asked.title["en"]
        page.wait_for_function(
            "title => document.activeElement.tagName === 'H1' && document.activeElement.innerText === title", arg=title
        )
    press("Continue")
    form.at("Check your answers")
    press("Send to the clinic")
    form.at("Thank you. The clinic has your form.")


def test_a_later_page_cannot_be_reached_by_its_address(person, server):
    form = person(f"{server.url}/mood")
    form.at(CONTENT.questionnaire.title["en"])


def test_answers_survive_a_change_of_language_in_the_middle_of_a_page(person):
    form = person()
    form.start("Start", "Continue")
    pick(form, "en", filled_by="with-help", decision_maker="no")
    form.write("full-name", "Lia Lengua").write("height", "5", 0)
    form.press("Español")
    assert form.page.get_by_text("English", exact=True).evaluate("one => one.closest('[lang]').lang") == "en"
    form.write("emergency-contact", "Eva")
    assert form.question("decision-maker").get_by_role("radio", name="No", exact=True).is_checked()
    form.press("Continuar")
    form.press("Atrás")
    assert form.question("filled-by").locator("input:checked").count() == 1
    assert form.question("decision-maker").get_by_role("radio", name="No", exact=True).is_checked()
    assert form.question("full-name").locator("input").input_value() == "Lia Lengua"
    assert form.page.get_by_role("textbox", name="Pies").input_value() == "5"
    assert form.question("emergency-contact").locator("input").input_value() == "Eva"


def test_a_double_click_on_send_makes_one_record(person, server, tmp_path):
    form = person()
    form.start("Start", "Continue")
    form.write("full-name", "Dee Double")
    go_through(form, "Continue", "Check your answers")
    form.page.get_by_role("button", name="Send to the clinic").dblclick()
    form.settle()
    assert [row["full_name"] for row in rows(server, tmp_path).values()].count("Dee Double") == 1


def test_what_was_typed_just_before_continue_is_kept(person):
    form = person()
    form.start("Start", "Continue")
    field = form.question("full-name").locator("input")
    field.fill("Quick Typist")
    form.press("Continue")
    form.page.locator(".progress", has_text="3 of").wait_for()
    form.press("Back")
    form.page.locator(".progress", has_text="2 of").wait_for()
    expect(field).to_have_value("Quick Typist")


def test_closed_routes_give_nothing(server):
    for path in (
        "/media/x",
        "/_stcore/metrics",
        "/_stcore/upload_file/a/b",
        "/_stcore/agent/openapi.json",
        "/take/" + "a" * 43,
    ):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(server.url + path)
        assert error.value.code == 404, path


def test_nothing_that_people_typed_is_in_the_log(server):
    words = server.log.read_text()
    for typed in ("Ana", "Peña", "Keyboard", "zzqy", "Walk the dog"):
        assert typed not in words
