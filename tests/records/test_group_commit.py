"""Saving together: many sessions share a sync, each hears of its own work only, and hears of it when it is durable."""

from __future__ import annotations

import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, insert, select, text

from screening.records.database import AlreadyThere, NotSaved
from screening.records.drafts import Secret
from screening.records.schema import contents, steps

MANY = 12


class Refused(Exception):
    """What a session finds wrong by itself."""


def _step(connection, name):
    connection.execute(insert(steps).values(day="2026-11-23", step=name, count=1))


def _kept(store):
    with store.database.reading() as connection:
        return set(connection.execute(select(steps.c.step)).scalars())


def _together(store, works):
    """Let every work wait behind one that is at its turn, so that all of them share its commit; what each came to."""
    begun, go = threading.Event(), threading.Event()
    commits = []

    def first(connection):
        begun.set()
        go.wait()
        _step(connection, "first")

    def run(work):
        try:
            with store.database.writing(audited=True) as connection:
                work(connection)
        except Exception as error:
            return type(error)
        return "kept"

    with ThreadPoolExecutor(len(works) + 1) as pool:
        event.listen(store.database.engine, "commit", lambda _: commits.append(1))
        leading = pool.submit(run, first)
        begun.wait()
        waiting = [pool.submit(run, work) for work in works]
        while store.database.together.waiting < len(works):
            threading.Event().wait(0.001)
        assert not any(one.done() for one in waiting)
        go.set()
        return [one.result() for one in (leading, *waiting)], len(commits)


def test_what_many_sessions_save_at_once_is_one_commit(store):
    works = [lambda connection, name=f"s{number}": _step(connection, name) for number in range(MANY)]
    results, commits = _together(store, works)
    assert results == ["kept"] * (MANY + 1) and commits == 1
    assert _kept(store) == {"first", *(f"s{number}" for number in range(MANY))}


def test_what_one_session_does_wrong_is_told_to_it_alone_and_leaves_nothing_of_its_own(store):
    def refuses(connection):
        _step(connection, "half")
        raise Refused

    def twice(connection):
        _step(connection, "twice")
        _step(connection, "twice")

    def nonsense(connection):
        _step(connection, "nonsense")
        connection.execute(text("SELECT nothing FROM nowhere"))

    fine = [lambda connection, name=f"s{number}": _step(connection, name) for number in range(6)]
    results, _ = _together(store, [fine[0], refuses, fine[1], twice, fine[2], nonsense, *fine[3:]])
    assert sorted(map(str, results)) == sorted(map(str, ["kept"] * 7 + [Refused, AlreadyThere, NotSaved]))
    assert _kept(store) == {"first", *(f"s{number}" for number in range(6))}


def test_where_the_commit_fails_nobody_is_told_that_it_is_kept_and_the_next_try_is(store):
    failing = threading.Event()
    failing.set()

    def fail(_):
        if failing.is_set():
            raise NotSaved("as if the disk were gone")

    event.listen(store.database.engine, "commit", fail)
    works = [lambda connection, name=f"s{number}": _step(connection, name) for number in range(MANY)]
    assert "kept" not in _together(store, works)[0]
    assert _kept(store) == set()
    failing.clear()
    with store.database.writing(audited=True) as connection:
        _step(connection, "again")
    assert _kept(store) == {"again"}


def test_an_error_of_the_store_shows_no_value(store):
    secret = "f" * 64
    for _ in range(2):
        with pytest.raises(AlreadyThere) as error, store.database.writing() as connection:
            for _ in range(2):
                connection.execute(insert(contents).values(hash=secret, archive=b"x", first_used="now"))
        assert secret not in "".join(traceback.format_exception(error.value))


def test_a_saved_answer_is_there_when_the_session_hears_of_it(store):
    now = datetime.now(UTC)

    def answer(number):
        secret = Secret(f"{number:064x}", bytes([number]) * 32)
        draft = store.drafts.begin("c" * 64, {"device": secret}, {}, now, 14)
        for value in range(5):
            store.drafts.save(draft, {"answer a": value}, now, 14)
            assert store.drafts.find(secret, now).values["answer a"] == value
        return True

    with ThreadPoolExecutor(MANY) as pool:
        assert all(pool.map(answer, range(MANY)))
