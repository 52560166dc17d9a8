"""A line that is cut or stalls, another device by the picture of the code, idle minutes in mid-word, and a helper."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from screening.model.addresses import COME_BACK
from tests.conftest import shipped
from tests.journeys.conftest import PHONE, Form, Server, new_context
from tests.journeys.test_drafts_browser import code_of

CONTENT = shipped()
SAY = {key: text["en"] for key, text in CONTENT.words.items()}


class Line:
    """Passes bytes on between a browser and the server, until it is cut or held."""

    def __init__(self, url: str) -> None:
        self.to = ("127.0.0.1", urlsplit(url).port)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.open: list[socket.socket] = []
        self.flows = threading.Event()
        self.flows.set()
        self.is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection(self.to)
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while got := one.recv(65_536):
                self.flows.wait()
                other.sendall(got)
        except OSError:
            pass
        for end in (one, other):
            end.close()

    def cut(self) -> None:
        """Every connection ends, and no new one comes through."""
        self.is_cut = True
        for end in self.open:
            end.close() if end.fileno() < 0 else end.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def mend(self) -> None:
        """New connections come through again."""
        self.is_cut = False


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    made = Line(server.url)
    yield made
    made.flows.set()
    made.door.close()


@pytest.fixture
def typing(browser, line: Line) -> Iterator[Form]:
    """Somebody at the questions about the person, at the end of that line."""
    context = new_context(browser, **PHONE)
    page = context.new_page()
    page.goto(line.url)
    form = Form(page, []).settle()
    yield form.start("Start", "Continue")
    context.close()


def name(form: Form) -> str:
    return form.question("full-name").locator("input").input_value()


def test_what_is_typed_while_the_line_is_cut_arrives_when_it_is_back(typing, line):
    line.cut()
    typing.question("full-name").locator("input").press_sequentially("Ana Cut")
    expect(typing.page.locator("#page-lost")).to_have_text(SAY["page-lost"])
    line.mend()
    expect(typing.page.locator("#page-lost")).to_have_count(0)
    typing.page.wait_for_function("() => window.answerCards.queue.size === 0")
    typing.page.reload()
    assert name(typing.settle()) == "Ana Cut"


def test_a_stalled_line_is_said_and_the_press_is_delivered_once_it_flows(typing, line):
    typing.write("full-name", "Ana Stall")
    line.flows.clear()
    typing.page.get_by_role("button", name="Continue", exact=True).click()
    expect(typing.page.locator("#page-moment")).to_have_text(SAY["page-moment"])
    line.flows.set()
    typing.at(CONTENT.sections[2].title["en"]).settle()
    expect(typing.page.locator("#page-moment")).to_have_count(0)
    typing.press("Back")
    assert name(typing) == "Ana Stall"


def test_the_picture_of_the_code_opens_the_form_on_another_device(person, server):
    form = person(**PHONE)
    form.start("Start", "Continue").write("full-name", "Ana Picture")
    code = code_of(form)
    other = person(f"{server.url}/{COME_BACK}#{code}", **PHONE)
    other.at(CONTENT.sections[1].title["en"]).settle()
    assert name(other) == "Ana Picture" and code not in other.page.url


def test_words_in_a_box_that_nobody_left_are_there_after_idle_minutes(browser, server):
    context = new_context(browser, **PHONE)
    page = context.new_page()
    page.clock.install()
    page.goto(server.url)
    page.clock.resume()
    form = Form(page, []).settle().start("Start", "Continue")
    form.question("full-name").locator("input").press_sequentially("Ana Idle")
    page.clock.fast_forward(11 * 60 * 1000)
    page.get_by_text("Nobody touched this page for a while").wait_for()
    form.press("Yes, go on with it")
    expect(form.question("full-name").locator("input")).to_have_value("Ana Idle")
    context.close()


def test_a_daughter_answers_for_her_mother(person):
    form = person(**PHONE)
    form.start("Start", "Continue")
    form.choose("filled-by", "I am filling it out for another person")
    form.write("helper-name", "Rita Example").write("helper-phone", "+1 555 010 0124")
    form.choose("helper-relationship", "Son or daughter").write("full-name", "Rosa Example")
    while not form.sees("phq-item-9"):
        form.press("Continue")
        assert "You are answering for Rosa Example." in form.page.locator("main").inner_text()
    form.choose("phq-item-9", "Several days")
    title = CONTENT.site.help.crisis.worded(True).title["en"]
    assert title in form.page.locator(".help-block").inner_text(), "help in words for who answers"
