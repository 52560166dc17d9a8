"""What testers sent to break the app, sent again with real requests: refused, bounded or named, and others go on."""

from __future__ import annotations

import pytest

from screening.loading.load import load
from screening.model.questionnaire import Medicines
from tests.conftest import SHIPPED
from tests.journeys.conftest import running
from tests.journeys.wire import Wire, cookie

MOST = next(item.most for section in load(SHIPPED).sections for item in section.items if isinstance(item, Medicines))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("attacked")) as started:
        yield started


def to_medicines(wire):
    wire.start().send("full-name", string_value="Ana")
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
            assert patient.start().has("full-name")
    with Wire(server.url, jar) as again:
        assert len(again.elements) < 20 * MOST
