"""The short form of `python -m tests.soak.siege`: nobody who answers is turned away while somebody sends whatever he likes."""

from __future__ import annotations

from tests.journeys.conftest import running
from tests.soak.siege import ATTACKS, siege


def test_people_go_on_answering_while_somebody_attacks_from_many_addresses(tmp_path):
    with running(tmp_path) as server:
        came = siege(server, 4, 6, 4, 4, [attack.__name__ for attack in ATTACKS])
    assert came.away == [] and came.during, "everybody is answered"
    assert came.log < 20_000 and came.memory < 1_000
