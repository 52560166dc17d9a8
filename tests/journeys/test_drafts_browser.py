"""Stopping and coming back, in a real browser: reload, lost server, another device, two windows, a shared computer, idle."""

from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import expect

from screening.records.reader import PROGRAM
from screening.records.store import Store
from screening.settings import Settings
from tests.journeys.conftest import DESKTOP, PHONE, Form, new_context, start

CODE = re.compile(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}")


def begin(person, name="Ana Draft", **device) -> Form:
    form = person(**device)
    form.start("Start", "Continue")
    return form.write("full-name", name)


def code_of(form: Form) -> str:
    """The code, which stands open on the first topic and folded on the others."""
    box = form.page.locator(".st-key-code")
    if not box.locator("details[open]").count():
        box.locator("summary").first.click()
        form.settle()
    expect(box.locator(".reference")).to_have_text(CODE)
    return CODE.search(box.inner_text()).group()


def value(form: Form, link_id="full-name") -> str:
    field = form.question(link_id).locator("input").first
    expect(field).not_to_have_value("")  # a page that was just opened fills itself in
    return field.input_value()


def test_a_reload_keeps_the_answers_and_the_place(person):
    form = begin(person).press("Continue")
    here = form.page.url
    form.page.reload()
    form.settle()
    assert form.page.url == here and form.heading() == "Your pain"
    form.press("Back")
    assert value(form) == "Ana Draft"


def test_the_code_opens_the_form_on_another_device_at_the_furthest_place(person):
    form = begin(person).press("Continue")
    code = code_of(form)
    other = person(**PHONE)
    other.press("I have a code from before")
    other.page.get_by_label("Your code").fill("AAAA-BBBB-CCCC-DDDD")
    other.press("Open my form")
    assert "opens no form" in other.page.locator(".summary").inner_text()
    other.page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    other.press("Open my form")
    other.at("Your pain")
    other.press("Back")
    assert value(other) == "Ana Draft"
    assert code not in other.page.url and code.split("-")[0] not in other.page.url
    other.page.reload()
    other.settle()
    assert value(other) == "Ana Draft", "this device opens it from now on"


def test_kill_minus_9_between_an_answer_and_continue_loses_nothing(browser, tmp_path):
    server = start(tmp_path / "records", tmp_path / "log")
    try:
        page = new_context(browser).new_page()
        page.goto(server.url)
        form = Form(page, []).settle()
        form.start("Start", "Continue")
        form.write("full-name", "Ana Killed")
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(20)
        again = start(tmp_path / "records", tmp_path / "log", port=int(server.url.rpartition(":")[2]))
        server = again
        form.press_until("Continue", "Your pain").press("Back")
        assert value(form) == "Ana Killed"
        page.context.close()
    finally:
        server.process.terminate()
        server.process.wait(20)
    assert "Ana" not in (tmp_path / "log").read_text()


def test_two_windows_of_one_person_take_over_each_others_answers_and_say_so(person):
    first = begin(person)
    second = Form(first.page.context.new_page(), first.complaints)
    second.page.goto(first.page.url)
    second.settle()
    assert value(second) == "Ana Draft"
    first.choose("filled-by", "I am, for myself")
    second.write("full-name", "Ana Second")
    assert "also open in another window" in second.page.locator(".note").inner_text()
    assert second.question("filled-by").locator("input:checked").count() == 1
    first.write("full-name", "Ana First")
    note = first.page.locator("main").inner_text()
    assert "answered this in both windows" in note and value(first) == "Ana First"


def test_leaving_a_shared_computer_clears_it_and_the_code_still_works(person):
    form = begin(person)
    code = code_of(form)
    form.press("Stop now and clear this screen")
    form.press_and_leave("Clear this screen now")
    form.page.reload()
    form.settle()
    assert (
        "Ana Draft" not in form.page.content()
        and form.page.get_by_role("button", name="Start", exact=True).count() == 1
    )
    form.page.go_back()
    form.settle()
    assert "Ana Draft" not in form.page.content() and code not in form.page.content()
    form.page.goto(form.page.url)
    form.settle()
    form.press("I have a code from before")
    form.page.get_by_label("Your code").fill(code)
    form.press("Open my form")
    assert value(form) == "Ana Draft"


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_after_ten_minutes_without_a_touch_the_answers_leave_the_screen_and_can_come_back(
    person, browser, server, device
):
    context = new_context(browser, **device)
    page = context.new_page()
    page.clock.install()
    page.goto(server.url)
    page.clock.resume()
    form = Form(page, []).settle()
    form.start("Start", "Continue")
    form.write("full-name", "Ana Idle")
    page.clock.fast_forward(11 * 60 * 1000)
    page.get_by_text("Nobody touched this page for a while").wait_for()
    assert "Ana Idle" not in page.content()
    form.press("Yes, go on with it")
    assert value(form) == "Ana Idle"
    context.close()


def test_a_reload_of_the_last_page_still_shows_the_reference(person, server):
    form = begin(person)
    while form.heading() != "Check your answers":
        form.press("Continue")
    form.press("Send to the clinic")
    reference = form.page.locator(".reference").inner_text()
    form.page.reload()
    form.settle()
    assert form.page.locator(".reference").inner_text() == reference
    form.press_and_leave("I am finished: clear this screen")
    assert form.page.get_by_role("button", name="Start", exact=True).count() == 1
    references = [record.reference for record in Store.open(Settings.at(server.data), opens=True).records(PROGRAM)]
    assert references.count(reference) == 1
