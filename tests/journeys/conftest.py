"""A real server on a fresh store, and a real Chromium that talks to nothing else."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, TimeoutError, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from screening.records.accounts.accounts import Accounts
from screening.records.store import Store
from screening.settings import ROOT, Settings

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
# A page has settled when the run of the script that it last asked for has ended, nothing stale stands on it, and it took a few turns without
# a change. Neither is a guess at a time: what was asked for and what has ended is read from the page's own socket, and turns are counted, as on
# a busy machine time passes while the page itself has had none.
FOLLOW = """(() => {
    // Each field of a protocol buffer -> its value, or its length where it has parts.
    const fields = bytes => {
        const found = new Map()
        let at = 0
        const number = () => {
            let value = 0, scale = 1, byte
            do { byte = bytes[at++]; value += (byte & 127) * scale; scale *= 128 } while (byte & 128)
            return value
        }
        while (at < bytes.length) {
            const tag = number(), value = number()
            if (tag % 8 === 2) at += value
            found.set(Math.floor(tag / 8), value)
        }
        return found
    }
    window.lastRun = 'none'
    window.WebSocket = class extends window.WebSocket {
        constructor(...given) {
            super(...given)
            this.addEventListener('message', ({data}) => {
                const said = fields(new Uint8Array(data))
                if (said.has(NEW_SESSION)) window.lastRun = 'running'
                else if (said.has(SCRIPT_FINISHED) && said.get(SCRIPT_FINISHED) !== EARLY && window.lastRun === 'running') window.lastRun = 'ended'
            })
        }
        send(body) {
            if (fields(new Uint8Array(body)).has(RERUN_SCRIPT)) window.lastRun = 'asked for'
            super.send(body)
        }
    }
})()"""
for name, number in {
    "NEW_SESSION": ForwardMsg.NEW_SESSION_FIELD_NUMBER,
    "SCRIPT_FINISHED": ForwardMsg.SCRIPT_FINISHED_FIELD_NUMBER,
    "EARLY": ForwardMsg.FINISHED_EARLY_FOR_RERUN,
    "RERUN_SCRIPT": BackMsg.RERUN_SCRIPT_FIELD_NUMBER,
}.items():
    FOLLOW = re.sub(rf"\b{name}\b", str(number), FOLLOW)
WATCH = """() => {
    if (!window.watching) {
        window.watching = new MutationObserver(() => { window.quietTurns = 0; });
        setInterval(() => { window.quietTurns += 1; }, 15);
    }
    window.quietTurns = 0;
    window.watching.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
STILL = """() => window.quietTurns > 6 && window.lastRun === 'ended'
    && (!document.querySelector('.cards') || (!window.answerCards?.timer && !window.answerCards?.queue?.size))
    && !document.querySelector('[data-stale=true]')
    && document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"""
PATIENCE = 60_000
"""Milliseconds after which something that must come is said not to come: never how long it takes."""
expect.set_options(timeout=PATIENCE)


@dataclass
class Server:
    """A running app: where it answers and where it keeps its records."""

    url: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, log: Path, port: int = 0, **more: str) -> Server:
    """A server of its own; `more` goes into its environment."""
    port = port or free_port()
    environment = {**os.environ, "SCREENING_DATA": str(data), **more}
    command = [sys.executable, "-m", "screening", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log.open("ab"), stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    wait_until_ready(url, process, log)
    return Server(url, data, log, process)


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until a server that was just started answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/ready", timeout=2)
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.2)
    raise RuntimeError("the server did not start: " + log.read_text())


@contextmanager
def running(place: Path, port: int = 0, **more: str) -> Iterator[Server]:
    """A server with its records and log in `place`, ended afterwards."""
    server = start(place / "records", place / "log", port, **more)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


def accounts_of(server: Server) -> Accounts:
    """The accounts of its staff."""
    store = Store.open(Settings.at(server.data))
    return Accounts(store.database, store.keys)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="package")  # Playwright keeps an event loop running, which other tests must not meet
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=ARGUMENTS)
        yield chromium
        chromium.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Somebody's own browser, whose pages can be waited for."""
    made = browser.new_context(**{"locale": "en-US", **DESKTOP, **options})
    made.set_default_timeout(PATIENCE)
    made.add_init_script(FOLLOW)
    return made


@dataclass
class Form:
    """A person at the form: finds questions by link_id, answers by the words on the screen."""

    page: Page
    complaints: list[str]

    def settle(self) -> Form:
        self.page.wait_for_selector('[data-testid="stApp"]')
        self.page.evaluate(WATCH)
        self.page.wait_for_function(STILL, polling=20)
        return self

    def press(self, name: str) -> Form:
        self.page.get_by_role("button", name=name, exact=True).click()
        return self.settle()

    def press_and_leave(self, name: str) -> Form:
        """Press what clears the screen: the browser gets a new cookie and loads the first page anew."""
        with self.page.expect_event("load", timeout=60_000):
            self.page.get_by_role("button", name=name, exact=True).click()
        return self.settle()

    def press_until(self, name: str, title: str) -> Form:
        """Press as a person whose connection was lost a moment ago: again, where the page has not turned."""
        for _ in range(4):
            self.page.get_by_role("button", name=name, exact=True).click()
            with suppress(TimeoutError):
                self.page.get_by_role("heading", name=title).wait_for(timeout=15_000)
                return self.settle()
        raise AssertionError(f"no page {title!r}")

    def question(self, link_id: str) -> Locator:
        # A card; or a widget, the same drawn anew after a change of language or of another window.
        parts = (link_id, *(f"{link_id}-{n}" for n in range(1, 6)))
        return self.page.locator(", ".join([f'[data-question="{link_id}"]', *(f".st-key-{part}" for part in parts)]))

    def choose(self, link_id: str, *options: str) -> Form:
        for option in options:
            self.question(link_id).get_by_text(option, exact=True).last.click()
            self.settle()
        return self

    def write(self, link_id: str, text: str, nth: int = 0) -> Form:
        field = self.question(link_id).locator("input:not([type=radio]):not([type=checkbox]), textarea").nth(nth)
        field.fill(text)
        field.blur()
        return self.settle()

    def pick_from_list(self, box: Locator, words: str) -> Form:
        """Choose from a drop-down by typing, as the list holds only the rows in view."""
        box.click()
        box.fill(words)
        self.page.get_by_role("option", name=words, exact=True).wait_for()
        self.page.keyboard.press("Enter")
        return self.settle()

    def sees(self, link_id: str) -> bool:
        return self.question(link_id).count() > 0

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def at(self, title: str | re.Pattern[str]) -> Form:
        """Fails unless the page of this heading comes."""
        expect(self.page.locator("h1").first).to_have_text(title)
        return self

    def start(self, start: str, go_on: str) -> Form:
        """From the welcome page through consent and past the signs that cannot wait, to the questions about the person."""
        self.press(start)
        self.page.locator("[data-testid=stCheckbox]").first.wait_for()
        for box in self.page.locator("[data-testid=stCheckbox]").all():
            box.click()
            self.settle()
        return self.press(go_on).press(go_on)


@pytest.fixture
def person(browser: Browser, server: Server) -> Iterator:
    """Opens the form as somebody new; complaints of the browser and requests to elsewhere fail the test."""
    opened: list[tuple] = []

    def arrive(url: str | None = None, begin: str = "", **device) -> Form:
        context = new_context(browser, **device)
        context.add_init_script(begin)
        page = context.new_page()
        complaints: list[str] = []
        # From a deeper address Streamlit first looks for itself below it, and takes the 404 as its answer.
        looking = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and not looking.search(said.location["url"])
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((server.url, "data:", "blob:")) else complaints.append(request.url)
            ),
        )
        opened.append((context, complaints))
        page.goto(url or server.url)
        return Form(page, complaints).settle()

    yield arrive
    for context, complaints in opened:
        context.close()
        assert not complaints, complaints
