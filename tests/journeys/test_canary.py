"""A marker in every field, through every failure that can be forced: it is found nowhere but where it belongs."""

from __future__ import annotations

import sqlite3
import tempfile
import urllib.request
from collections.abc import Iterator

import pytest

from screening.loading.load import load
from screening.model.item_types import Choice, FreeText, String
from screening.records.reader import PROGRAM
from screening.records.store import Store
from screening.settings import Settings
from tests.conftest import SHIPPED, command
from tests.journeys.conftest import Form, Server, new_context, running
from tests.journeys.wire import CHECKING, Wire, cookie

MARK = "Kanarie7731"
CONTENT = load(SHIPPED)


def fill(form: Wire, filled: set[str]) -> None:
    """The marker into every field of the page that takes text, follow-ups included."""
    for _ in range(4):
        fresh = [one for one in form.cards() if one not in filled]
        for link_id in fresh:
            item = CONTENT.item(link_id)
            filled.add(link_id)
            if isinstance(item, String | FreeText):
                contact = {"email": f"{MARK}@example.org", "phone": "+1 555 7731 7731"}
                form.touch(link_id, contact.get(getattr(item, "format", ""), f"{MARK} {link_id}"))
            elif isinstance(item, Choice):
                form.touch(link_id, item.options[0].code)
        boxes = [
            one
            for one, (kind, _) in form.elements.items()
            if kind in ("text_input", "text_area") and one not in form.states
        ]
        for one in boxes:
            form.send(one.split("-", 2)[-1], string_value=f"{MARK} box")
        if not fresh and not boxes:
            return


def everywhere(place) -> list[str]:
    """Every file under a directory that holds the marker, compressed ones opened."""
    import gzip

    found = []
    for path in place.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            if path.suffix == ".gz":
                body = gzip.decompress(body)
            if MARK.encode() in body or MARK.encode("utf-16-le") in body or b"7731 7731" in body:
                found.append(path.name)
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose own files, temporary ones included, lie in one place."""
    place = tmp_path_factory.mktemp("canary")
    (place / "tmp").mkdir()
    with running(place, TMPDIR=str(place / "tmp")) as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def told(server: Server) -> None:
    """A person has filled in everything, while a draft and then the whole form could not be saved, and took a copy away."""
    mine = cookie(server.url)
    filled: set[str] = set()
    with Wire(server.url, mine) as form:
        form.start()
        for _ in range(20):
            if CHECKING in form.text():
                break
            fill(form, filled)
            form.press("next")
            if form.html and 'class="summary"' in form.text():
                break
        assert len(filled) > 15
        _break(server, "ALTER TABLE draft_answer RENAME TO gone")  # a draft that cannot be saved
        form.run()
        if "full-name" in form.cards():
            form.touch("full-name", f"{MARK} again")
        _break(server, "ALTER TABLE gone RENAME TO draft_answer")
        form.run()
    with Wire(server.url, mine) as form:
        assert MARK in form.text(), "the person's own browser shows it"
        while CHECKING not in form.text():
            before = form.page
            form.press("next")
            if form.page == before:
                break
        _break(server, "ALTER TABLE screening RENAME TO lost")  # a form that cannot be kept
        form.press("next")
        assert "could not save" in form.text()
        _break(server, "ALTER TABLE lost RENAME TO screening")
        form.press("next")
        link = server.url + "/take/" + form.text().split("/take/")[1].split('"')[0]
        urllib.request.urlopen(urllib.request.Request(link, headers={"Cookie": mine}), timeout=300).read()


def test_a_browser_keeps_nothing_and_asks_for_no_address_with_it(browser, server):
    asked: list[str] = []
    context = new_context(browser)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    walk = Form(page, []).settle().start("Start", "Continue").write("full-name", f"{MARK} browser").press("Continue")
    stored = walk.page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href, document.title])"
    )
    context.close()
    assert MARK not in stored
    assert asked and not any(MARK in url for url in asked)


def test_no_route_says_it(server):
    for route in ("/ready", "/", "/pain", "/_stcore/health", "/_stcore/host-config"):
        assert MARK.encode() not in urllib.request.urlopen(server.url + route, timeout=300).read()


def test_no_command_prints_it_and_no_copy_holds_it(server, monkeypatch):
    place = server.data.parent
    monkeypatch.setattr(tempfile, "tempdir", str(place / "tmp"))
    copy = place / "copy.gz"
    for words in (["backup", copy], ["doctor"], ["audit", "show"], ["restore", "--check", copy]):
        assert MARK not in command(*words, records=server.data).output
    assert copy.exists() and everywhere(place) == []


def test_staff_with_the_key_read_what_was_said(server):
    kept = next(Store.open(Settings.at(server.data), opens=True).records(PROGRAM))
    assert str(kept.answers).count(MARK) > 10


def test_no_file_holds_it_and_the_log_has_no_traceback_also_after_the_server_has_ended(server):
    server.process.terminate()
    server.process.wait(20)
    assert everywhere(server.data.parent) == []
    log = server.log.read_text()
    assert "Traceback" not in log and MARK not in log


def _break(server, statement: str) -> None:
    with sqlite3.connect(server.data / "records.sqlite3", timeout=300) as connection:
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute(statement)
