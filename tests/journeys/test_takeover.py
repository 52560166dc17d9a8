"""Whoever does not use the pages but the wire: a stolen session id, forged values, a foreign origin, another's ticket."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from screening.records.reader import PROGRAM
from screening.records.store import Store
from screening.settings import Settings
from tests.journeys.wire import CHECKING, Wire, cookie


def test_a_stolen_session_id_opens_a_fresh_form_and_the_owner_goes_on(server):
    with Wire(server.url, cookie(server.url)) as owner:
        owner.start().touch("full-name", "Ana Stolen")
        with Wire(server.url, cookie(server.url), owner.session) as thief:
            assert thief.session != owner.session
            assert "Ana Stolen" not in thief.text()
            thief.start()
            assert "Ana Stolen" not in thief.text()
        owner.press("next").press("back")
        assert "Ana Stolen" in owner.text()


def test_the_owners_own_cookie_without_the_session_opens_the_draft_and_no_other_cookie_does(server):
    mine = cookie(server.url)
    with Wire(server.url, mine) as owner:
        owner.start().touch("full-name", "Ana Own")
    with Wire(server.url, mine) as again:
        assert "Ana Own" in again.text()
    with pytest.raises((InvalidHandshake, ConnectionClosed)):  # a cookie that we did not mark is no cookie of ours
        Wire(server.url, mine[:-4] + "AAAA")
    with Wire(server.url, cookie(server.url)) as other:
        assert "Ana Own" not in other.text()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_a_foreign_origin_gets_no_socket(server, origin):
    with pytest.raises((InvalidHandshake, ConnectionClosed)):
        Wire(server.url, cookie(server.url), origin=origin).run()


def test_forged_values_are_refused_or_kept_as_they_are_shown_and_break_nothing(server):
    hostile = "<img src=x onerror=alert(1)>\u202e![x](http://evil.example/x.png)=1+1"
    with Wire(server.url, cookie(server.url)) as form:
        form.start()
        form.touch("full-name", hostile)
        form.touch("filled-by", "no-such-option")
        form.touch("birth-date", ["-7", "1e300", "\x00"])
        form.touch("weight", {"unit": "lb", "boxes": ["-1e300"]})
        form.press("next")
        assert "full-name" in form.cards(), "what cannot be accepted keeps the person on the page"
        form.touch("full-name", "Ana Forged" + "x" * 5_000).press("next")
        assert "Something went wrong" not in form.text()
    with Wire(server.url, cookie(server.url)) as form:
        form.start().touch("full-name", hostile)
        for _ in range(20):
            if CHECKING in form.text():
                break
            form.press("next")
        form.press("next")
        assert 'class="reference"' in form.text()
    names = [
        record.answers["full-name"] for record in Store.open(Settings.at(server.data), opens=True).records(PROGRAM)
    ]
    assert hostile.replace("\u202e", "") in names, "kept as typed, without the character that turns text round"
    assert "page failed" not in server.log.read_text()


@pytest.mark.parametrize("value", [99, float("nan"), {"unit": [], "boxes": {}}, [[1], 2, None], "x" * 60_000])
@pytest.mark.parametrize("link_id", ["filled-by", "birth-date", "weight"])
def test_a_value_of_the_wrong_kind_tells_nothing_and_loses_nothing(server, link_id, value):
    mine = cookie(server.url)
    with Wire(server.url, mine) as form:
        form.start().touch("full-name", "Ana Wrong")
        try:
            form.touch(link_id, value)
        except ConnectionClosed as closed:
            assert closed.rcvd.code == 1013 and len(str(value)) > 12_000, "only what no page can send ends a connection"
        else:
            assert "Traceback" not in form.text() and "Error" not in form.text()
    with Wire(server.url, mine) as form:
        assert "Ana Wrong" in form.text()
    assert "Ana Wrong" not in server.log.read_text() and "Traceback" not in server.log.read_text()


def test_a_page_that_is_asked_for_by_hand_before_its_time_is_not_shown(server):
    with Wire(server.url, cookie(server.url)) as form:
        form.page = "0" * 32
        form.run()
        assert "Getting ready" in form.text() or form.has("next")
        assert "full-name" not in form.cards()


def test_another_visitors_copy_ticket_is_worthless(server):
    mine = cookie(server.url)
    with Wire(server.url, mine) as form:
        form.start().touch("full-name", "Ana Ticket")
        for _ in range(20):
            if CHECKING in form.text():
                break
            form.press("next")
        form.press("next")
        text = form.text()
        link = "/take/" + text.split("/take/")[1].split('"')[0]
        for other in (cookie(server.url), "visitor=short", ""):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(
                    urllib.request.Request(server.url + link, headers={"Cookie": other}), timeout=300
                )
            assert refused.value.code == 404
        with urllib.request.urlopen(
            urllib.request.Request(server.url + link, headers={"Cookie": mine}), timeout=300
        ) as answer:
            assert answer.read(5) == b"%PDF-"


def test_a_message_of_more_than_a_megabyte_closes_the_socket(server):
    with Wire(server.url, cookie(server.url)) as form:
        form.start()
        with pytest.raises(ConnectionClosed):
            form.touch("full-name", "x" * 2_000_000)
