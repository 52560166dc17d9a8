"""What is refused is counted, by hour, kind and network, and seen; no address stands anywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from screening.records.database import NotSaved
from screening.records.refusals import KEPT, KINDS, MANY, MOST_NETWORKS, Refusals, of_last_day
from screening.ui.staff.accounts_page import REFUSED
from tests.conftest import command

ADDRESS = "198.51.100.77"


@pytest.fixture
def counting(store):
    return store.refusals


def seen(store, now):
    return {one.kind: (one.count, one.networks) for one in of_last_day(store.database, now)}


def test_counts_of_several_processes_add_up_by_kind_and_network(store, intake, counting):
    now, other = intake.now(), Refusals(store.keys.common("refusals"))
    for one, address in ((counting, ADDRESS), (counting, ADDRESS), (other, ADDRESS), (other, "192.0.2.1")):
        one.count("page", address)
    counting.count("draft")
    assert counting.keep(store.database, now) == {"page": 2, "draft": 1}
    assert other.keep(store.database, now) == {"page": 2} and other.keep(store.database, now) == {}
    assert seen(store, now) == {"page": (4, 2), "draft": (1, 1)}


def test_what_is_older_than_a_day_is_not_shown_and_than_its_days_is_gone(store, intake, counting):
    counting.count("link", ADDRESS)
    counting.keep(store.database, intake.now() - KEPT)
    assert seen(store, intake.now()) == {}
    counting.count("page", ADDRESS)
    counting.keep(store.database, intake.now() + KEPT)
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT kind FROM refusal").scalars().all() == ["page"]


def test_no_address_is_kept_and_a_flood_from_everywhere_keeps_few_rows(store, intake, counting):
    for number in range(10 * MOST_NETWORKS):
        counting.count("socket", f"198.51.{number % 250}.{number // 250}")
    counting.count("page", ADDRESS)
    counting.keep(store.database, intake.now())
    with store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM refusal").all()
    assert len(rows) == MOST_NETWORKS + 2 and "198.51" not in repr(rows)
    assert seen(store, intake.now())["socket"][0] == 10 * MOST_NETWORKS


def test_what_cannot_be_written_now_is_counted_on(store, intake, counting):
    counting.count("ticket", ADDRESS)
    with store.database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE refusal RENAME TO aside")
    with pytest.raises(NotSaved):
        counting.keep(store.database, intake.now())
    with store.database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE aside RENAME TO refusal")
    counting.count("ticket", ADDRESS)
    assert counting.keep(store.database, intake.now()) == {"ticket": 2}


def test_doctor_says_what_was_refused_and_that_somebody_should_look_where_it_is_much(embedded):
    for _ in range(MANY + 1):
        embedded.refusals.count("sign-in", ADDRESS)
    embedded.refusals.count("page", ADDRESS)
    embedded.refusals.keep(embedded.database, datetime.now(UTC))
    told = command("doctor", expect=1, records=embedded.database.directory).stdout
    assert f"LOOK  Refused in 24 hours, sign-in: {MANY + 1} from 1 networks. More than {MANY} in a day" in told
    assert "fine  Refused in 24 hours, page: 1 from 1 networks." in told and ADDRESS not in told


def test_every_kind_has_words_for_admins():
    assert set(KINDS) == set(REFUSED)
