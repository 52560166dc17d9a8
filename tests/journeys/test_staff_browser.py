"""The staff's side in a real browser: in, from the worklist to a response and back, what is taken away, and out."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from screening.records.store import Store
from screening.settings import Settings
from tests.journeys.conftest import DESKTOP, PHONE, new_context
from tests.journeys.staff import at_desk, clinic, visit, words
from tests.journeys.test_accessibility import complaints


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with clinic(tmp_path_factory.mktemp("staff")) as running:
        yield running


@pytest.fixture(scope="module")
def people(ward):
    names = ("Ana Maple", "Bo Birch", "Cy Cedar")
    return {name: ward.send(ward.made(f"person {n}", full_name=name)) for n, name in enumerate(names)}


@pytest.fixture
def arrive(browser, ward):
    with at_desk(browser, ward) as door:
        yield door


def choose(form, label, option):
    form.page.get_by_role("combobox", name=label).first.click()
    form.page.get_by_role("option", name=option, exact=True).click()
    return form.settle()


def taken(form, ward, link):
    href = form.page.get_by_role("link", name=link).get_attribute("href")
    return f"{ward.server.url}{href}"


def test_a_response_is_opened_given_a_status_a_person_and_a_note(arrive, ward, people):
    form = arrive("desk")
    form.page.get_by_role("link", name="Bo Birch").click()
    form.page.get_by_role("heading", name="Bo Birch", level=1).wait_for()
    form.settle()
    assert people["Bo Birch"] in form.page.url and "Birch" not in form.page.url
    choose(form, "Status", "In review")
    choose(form, "Who has it", "nell")
    form.page.locator(".st-key-work").get_by_text("Voicemail", exact=True).click()
    form.settle()
    form.page.get_by_label("Add a note").fill("Rang; *will* ring back")
    form.page.keyboard.press("Tab")
    form.settle()
    form.page.reload()
    form.page.get_by_role("heading", name="Bo Birch", level=1).wait_for()
    form.settle()
    assert form.page.get_by_label("Add a note").input_value() == "Rang; *will* ring back", (
        "what is begun outlasts a reload"
    )
    form.press("Save the note")
    form.page.get_by_text("note: Rang").wait_for()
    body = words(form)
    for said in ("status: In review", "given to nell", "call: voicemail", "note: Rang; *will* ring back", "by desk"):
        assert said in body, said
    form.press("Take the last call back")
    assert "took back: voicemail" in words(form)


def test_two_who_change_one_response_the_later_is_told_what_stands_and_what_was_lost(arrive, ward, people):
    first, second = arrive("desk"), arrive("nell")
    for form in (first, second):
        visit(form, ward, f"response?r={people['Cy Cedar']}")
    second.page.get_by_text("desk has this response open too").wait_for()
    choose(first, "Status", "In review")
    choose(second, "Status", "Scheduled")
    told = second.page.get_by_role("alert").filter(has_text="Somebody else").inner_text()
    assert "status “In review”" in told and "not saved: status “Scheduled”" in told


def test_a_prep_sheet_is_fetched_once_and_by_its_own_browser_only(arrive, ward, people):
    form, other = arrive("doc"), arrive("nell")
    visit(form, ward, f"response?r={people['Ana Maple']}")
    form.press("Prep sheet")
    address = taken(form, ward, "Save the prep sheet")
    assert other.page.request.get(address).status == 404
    got = form.page.request.get(address)
    assert got.ok and "Maple" not in got.headers["content-disposition"]
    assert "Ana Maple" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(got.body())).pages)
    assert form.page.request.get(address).status == 404


def test_signing_out_ends_the_session_also_for_a_stolen_cookie(arrive, ward, people, browser):
    form = arrive("desk")
    cookies = form.page.context.cookies()
    form.page.get_by_role("link", name="Sign out").click()
    form.page.get_by_role("button", name="Sign out").click()
    form.page.get_by_role("heading", name="Staff sign-in").wait_for()
    thief = new_context(browser)
    thief.add_cookies(cookies)
    page = thief.new_page()
    page.goto(f"{ward.server.url}/worklist")
    page.get_by_role("heading", name="Please sign in").wait_for()
    assert "Maple" not in page.content()
    thief.close()


def test_a_role_that_may_not_see_a_page_gets_words_and_no_data_whatever_address_is_typed(arrive, ward, people):
    response = f"response?r={people['Ana Maple']}"
    for name, paths in {"desk": ("exports", "feedback"), "doc": ("accounts",), "boss": ("worklist", response)}.items():
        form = arrive(name)
        for path in paths:
            visit(form, ward, path)
            form.at("Not for this account")
            assert "Maple" not in form.page.content(), (name, path)


def audited(ward):
    with Store.open(Settings.at(ward.server.data)).database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT action, outcome FROM audit")]


def test_search_finds_by_name_and_never_writes_the_name_into_the_address(arrive, ward, people):
    form = arrive("desk")
    form.at("Worklist").settle()
    assert "3 responses" in words(form)
    form.page.get_by_label("Search: name").fill("maple")
    form.page.keyboard.press("Enter")
    form.page.get_by_text("1 person found").first.wait_for()
    form.page.get_by_role("link", name="Ana Maple").wait_for()
    assert form.page.get_by_role("link", name="Bo Birch").count() == 0
    assert "maple" not in form.page.url.lower()
    visit(form, ward, "worklist")
    form.page.get_by_text("Filters").first.click()
    form.settle()
    choose(form, "Status", "Closed")
    assert "0 responses" in words(form) and "status=closed" in form.page.url
    form.page.reload()
    form.settle()
    assert "0 responses" in words(form), "the filter is kept in the address"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_who_was_chosen_on_the_worklist_and_is_audited_with_its_count(arrive, ward, people, kind):
    form = visit(arrive("nell"), ward, "exports")
    assert form.page.get_by_role("button", name="Choose which responses first").is_disabled(), (
        "nothing leaves by default"
    )
    visit(form, ward, "worklist")
    form.page.get_by_label("Choose Ana Maple").check()
    form.settle()
    form.page.get_by_role("link", name="Exports").click()
    form.page.get_by_role("heading", name="Exports", level=1).wait_for()
    form.settle()
    form.page.get_by_text("The 1 chosen on the worklist").click()
    form.settle()
    form.page.locator(".st-key-kind").get_by_text("CSV" if kind == "csv" else "Excel").click()
    form.settle().press("Make a file of 1 person")
    got = form.page.request.get(taken(form, ward, "Save the file"))
    assert got.ok
    if kind == "csv":
        with zipfile.ZipFile(io.BytesIO(got.body())) as archive:
            assert len(archive.namelist()) >= 2
            rows = list(csv.DictReader(io.StringIO(archive.read("responses.csv").decode("utf-8-sig"))))
        references = [row["reference"] for row in rows]
    else:
        rows = list(load_workbook(io.BytesIO(got.body())).worksheets[0].iter_rows(values_only=True))
        references = [row[rows[0].index("reference")] for row in rows[1:]]
    assert references == [people["Ana Maple"]]
    assert ("export", f"1 {kind} identified") in audited(ward)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(arrive, ward, people, device):
    wrong = []
    for name, paths in {
        "desk": ("worklist", f"response?r={people['Ana Maple']}"),
        "nell": ("exports",),
        "doc": (f"response?r={people['Ana Maple']}", "pictures"),
        "boss": ("feedback", "accounts", "figures", "first-day"),
    }.items():
        form = arrive(name, **device)
        for path in paths:
            visit(form, ward, path)
            wrong += complaints(form)
            width = form.page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth")
            if width > 0:
                wrong.append(f"{path} scrolls sideways by {width}")
    assert wrong == []


def test_what_is_open_is_asked_by_telephone_and_stands_beside_what_was_sent(arrive, ward):
    reference = ward.send(
        {"full-name": "Dee Elm", "birth-date": "1980-01-31", "phone": "555 010 0177", "pain-goal": "Garden again"}
    )
    form = visit(arrive("doc"), ward, f"response?r={reference}")
    before = open_questions(form)
    form.page.locator(".st-key-call-begin button").click()
    form.settle()
    while not form.question("high-blood-pressure").count():
        form.press("Next")
    form.choose("high-blood-pressure", "Yes")
    form.press("Next")
    form.choose("blood-pressure-problem", "I have run out of my blood pressure medicine, or do not take it")
    form.press("Next")
    form.page.reload()
    form.settle()
    form.press("Go on with the call you began")
    form.press("End the call")
    assert "2 answers are new" in words(form), "a reload loses no answer of a call"
    form.press("Reached")
    body = words(form)
    assert "What was sent stays beside it" in body and "amended 1 time" in body and open_questions(form) < before
    assert "Rule cv-htn-uncontrolled" in body, "what was asked is screened at once"
    assert "asked by staff; as sent: left blank" in words(form)


def test_an_answer_that_asks_for_help_shows_the_words_to_read_aloud_and_rings_again(arrive, ward):
    reference = ward.send({"full-name": "Gil Gum", "phone": "555 010 0178", "pain-goal": "Walk"})
    form = visit(arrive("doc"), ward, f"response?r={reference}")
    form.page.locator(".st-key-call-begin button").click()
    form.settle()
    while not form.question("phq-item-9").count():
        form.press("Next")
    form.choose("phq-item-9", "Several days")
    said = words(form)
    assert "Read this aloud now" in said and "988" in said
    form.press("End the call")
    form.press("Reached")
    assert "Urgent, and not yet reached" in words(form), "a new urgent answer begins the alarm anew"
    expect(form.page, "the tab says how many wait").to_have_title(re.compile(r"^\("), timeout=120_000)


def test_back_leads_to_the_same_list_and_a_changed_filter_to_its_first_page(arrive, ward, people):
    form = visit(arrive("desk"), ward, "worklist?queue=ready&page=7")
    visit(form, ward, "worklist?status=all&sort=name")
    form.page.get_by_role("link", name="Bo Birch").click()
    form.page.get_by_role("heading", name="Bo Birch", level=1).wait_for()
    form.settle()
    form.page.get_by_role("link", name="Next").click()
    form.page.get_by_role("heading", name="Cy Cedar", level=1).wait_for()
    form.settle()
    form.page.go_back()
    form.page.get_by_role("heading", name="Bo Birch", level=1).wait_for()
    form.settle()
    form.page.go_back()
    form.page.get_by_role("heading", name="Worklist", level=1).wait_for()
    form.settle()
    assert form.page.url.endswith("worklist?status=all&sort=name")
    names = form.page.locator("tbody th a").all_inner_texts()
    assert names == sorted(names), "the order is the address's"
    visit(form, ward, "worklist?tier=nonsense&page=4")
    assert "means nothing here" in words(form)


def open_questions(form):
    return int(form.page.get_by_role("heading", name="Still to ask").inner_text().split("(")[1].rstrip(")"))


def test_a_clinicians_word_on_a_flag_needs_a_reason_to_set_it_aside_and_is_counted(arrive, ward):
    reference = ward.send({"full-name": "Fay Fir", "phq-item-9": "several-days", "birth-date": "1970-01-31"})
    form = visit(arrive("doc"), ward, f"response?r={reference}")
    card = form.page.locator(".st-key-flag-mh-suicide-current")
    card.get_by_role("button", name="Not relevant").or_(card.get_by_role("radio", name="Not relevant")).click()
    form.settle()
    card.get_by_role("button", name="Save").click()
    form.settle()
    assert "Please give a reason" in words(form)
    card.get_by_label("In your words").fill("Answered for a friend")
    card.get_by_role("button", name="Save").click()
    form.settle()
    assert "Not relevant (Answered for a friend), says doc" in words(form)
    visit(form, ward, "feedback")
    assert "Answered for a friend (1)" in words(form)


def test_with_the_keyboard_alone_a_response_is_opened_and_a_note_is_kept(arrive, ward, people):
    form = arrive("desk")
    link = form.page.get_by_role("link", name="Cy Cedar")
    link.focus()
    form.page.keyboard.press("Enter")
    form.page.get_by_role("heading", name="Cy Cedar", level=1).wait_for()
    form.settle()
    assert form.page.evaluate("document.activeElement.tagName") == "H1", "the focus is on the heading after a page turn"
    form.page.get_by_label("Add a note").focus()
    form.page.keyboard.type("Called back")
    form.page.keyboard.press("Tab")
    form.settle()
    form.page.get_by_role("button", name="Save the note").focus()
    form.page.keyboard.press("Enter")
    form.page.get_by_text("note: Called back").wait_for()


def test_after_a_while_without_a_touch_nothing_stands_on_the_screen_and_the_session_is_over(arrive, ward, people):
    form = visit(arrive("desk"), ward, f"response?r={people['Ana Maple']}")
    cookies = form.page.context.cookies()
    form.page.clock.install()
    form.page.reload()
    form.page.clock.resume()
    form.page.get_by_role("heading", name="Ana Maple", level=1).wait_for()
    form.settle()
    form.page.clock.fast_forward(16 * 60 * 1000)
    form.page.get_by_role("heading", name="Please sign in").wait_for()
    form.settle()
    assert "Maple" not in form.page.content() and cookies
    visit(form, ward, "worklist")
    form.at("Please sign in")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_rule_is_found_read_and_tried_on_somebody_who_does_not_exist(arrive, ward, device):
    form = visit(arrive("boss", **device), ward, "rule-book")
    form.page.get_by_label("Search in rules").fill("contact lenses")
    form.page.keyboard.press("Enter")
    form.page.get_by_text("rules.").or_(form.page.get_by_text("1 rule.")).first.wait_for()
    form.page.get_by_label("Search in rules").fill("mh-suicide-current")
    form.page.keyboard.press("Enter")
    form.page.locator("p.rule", has_text="mh-suicide-current").wait_for()
    form.settle().press("Show made-up patients for this rule")
    form.page.get_by_text("New: none. Gone: none.").wait_for()
    form.choose("phq-item-9", "Not at all")
    title = next(rule.short for rule in ward.intake.content.rules if rule.id == "mh-suicide-current")
    form.page.get_by_text(f"Gone: {title}").first.wait_for()
    assert complaints(form) == []
    assert form.page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
