"""What testers sent to break the app, sent again with real requests: refused, bounded or named, and others go on."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
import requests
from websockets.exceptions import InvalidStatus

from screening.loading.load import load
from screening.model.medicines_item import Medicines
from tests.conftest import SHIPPED
from tests.journeys.conftest import running
from tests.journeys.wire import Wire, cookie

MOST = next(item.most for section in load(SHIPPED).sections for item in section.items if isinstance(item, Medicines))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("attacked")) as started:
        yield started


def to_medicines(wire):
    wire.start().touch("full-name", "Ana")
    while not wire.has("medicines"):
        wire.press("next")
    return wire.send("medicines", string_value="some")


@pytest.mark.parametrize("text", ["a\n" * 5999, "aspirin, " * 1333, "a;" * 5999], ids=["lines", "names", "marks"])
def test_a_box_full_of_entries_makes_a_list_that_can_be_drawn_and_stays_so_after_a_reload(server, text):
    jar = cookie(server.url)
    with Wire(server.url, jar) as attacker:
        to_medicines(attacker).send("medicines.box", string_value=text)
        assert 0 < len([key for key in attacker.elements if ".remove" in key]) <= MOST + 4
        with Wire(server.url, cookie(server.url)) as patient:
            assert patient.start().has("leave")
    with Wire(server.url, jar) as again:
        assert len(again.elements) < 20 * MOST


def test_a_cookie_that_somebody_else_put_into_a_browser_opens_nothing(server):
    chosen = "visitor=" + "A" * 43
    given = requests.get(server.url, headers={"Cookie": chosen}, timeout=300).headers["set-cookie"]
    assert given.startswith("visitor=") and "A" * 43 not in given
    with pytest.raises(InvalidStatus), Wire(server.url, chosen):
        raise AssertionError("a socket opened for a cookie that was not given")
    with pytest.raises(InvalidStatus), Wire(server.url, f"{chosen}; {cookie(server.url)}"):
        raise AssertionError("a socket opened for two cookies")


def test_who_noted_the_cookie_of_a_shared_computer_reads_nothing_of_the_next_person(server):
    noted = cookie(server.url)
    with Wire(server.url, noted) as first:
        first.start().touch("full-name", "Ana First")
        first.press("leave").press("leave-now")
        asks_for_a_fresh_one = any("fresh" in str(message) for _, message in first.elements.values())
        assert asks_for_a_fresh_one, "the page lets the browser ask for a new cookie"
    origin = {"Origin": server.url, "Cookie": noted}
    answer = requests.post(f"{server.url}/fresh", headers=origin, timeout=300)
    fresh = answer.headers["set-cookie"].split(";")[0]
    assert answer.status_code == 204 and fresh != noted and "cache" in answer.headers["clear-site-data"]
    with Wire(server.url, fresh) as second:
        second.start().touch("full-name", "Bea Second")
        with Wire(server.url, noted) as thief:
            assert "Bea Second" not in thief.text() and "Ana First" not in thief.text()
            assert thief.start().has("leave") and "Bea Second" not in thief.text()
    for wrong in ({"Cookie": noted}, {"Cookie": noted, "Origin": "http://evil.example"}):
        assert requests.post(f"{server.url}/fresh", headers=wrong, timeout=300).status_code == 403


def test_a_connection_whose_request_never_comes_is_hung_up_on(server):
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=300) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert silent.recv(10) == b""
    with Wire(server.url, cookie(server.url)) as patient:
        assert patient.start().has("leave"), "a socket that is open for longer goes on"


def test_ready_means_that_a_page_was_drawn(server):
    assert requests.get(f"{server.url}/ready", timeout=300).text == "ready\n"
    assert "page failed" not in server.log.read_text()
