"""The staff's side in a real browser: in, from the worklist to a response and back, what is taken away, and out."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import DESKTOP
from tests.journeys.staff import at_desk, clinic, visit, words


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
    form.press("Contacted just now")
    form.page.get_by_label("Add a note").fill("Rang; *will* ring back")
    form.press("Keep the note")
    body = words(form)
    for said in ("status: In review", "given to nell", "Contacted", "note: Rang; *will* ring back", "by desk"):
        assert said in body, said


def test_two_who_change_one_response_the_later_is_told_what_stands_and_what_was_lost(arrive, ward, people):
    first, second = arrive("desk"), arrive("nell")
    for form in (first, second):
        visit(form, ward, f"response?r={people['Cy Cedar']}")
    choose(first, "Status", "In review")
    choose(second, "Status", "Scheduled")
    told = second.page.get_by_role("alert").inner_text()
    assert "status “In review”" in told and "not kept: status “Scheduled”" in told


def test_a_prep_sheet_is_fetched_once_and_by_its_own_browser_only(arrive, ward, people):
    form, other = arrive("desk"), arrive("nell")
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
    thief = browser.new_context(**DESKTOP)
    thief.add_cookies(cookies)
    page = thief.new_page()
    page.goto(f"{ward.server.url}/worklist")
    page.get_by_role("heading", name="Please sign in").wait_for()
    assert "Maple" not in page.content()
    thief.close()


@pytest.mark.parametrize(("name", "path"), [("desk", "exports"), ("desk", "feedback"), ("doc", "accounts"), ("boss", "worklist")])
def test_a_role_that_may_not_see_a_page_gets_words_and_no_data(arrive, ward, people, name, path):
    form = visit(arrive(name), ward, path)
    assert form.heading() == "Not for this account"
    assert "Maple" not in form.page.content()


def test_an_admin_who_types_the_address_of_a_response_reads_nothing(arrive, ward, people):
    form = visit(arrive("boss"), ward, f"response?r={people['Ana Maple']}")
    assert form.heading() == "Not for this account" and "Maple" not in form.page.content()
