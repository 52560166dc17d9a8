"""What the pages cost: processor time a click beside a bare page, people at once beside `streamlit run`, memory, start.

    python benchmarks/pages.py --driver DRIVER.py [--quick]

DRIVER is a load driver that speaks Streamlit's own protocol (a module with Session, Plan and level, as the docs describe). Everything runs
on this machine, each server on one core and the driver on the other. Trust ratios of one run, not figures across runs.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screening.loading.load import load

SECTIONS = load(ROOT / "content").sections
ANSWERS = {
    "birth-date.day": 17,
    "birth-date.year": 1980,
    "email": "person@example.org",
    "phone": "+1 555 010 0123",
    "systolic": 120,
    "diastolic": 80,
    "height.feet": 5,
    "height.inches": 6,
    "weight.lb": 160,
    "height.cm": 170,
    "weight.kg": 70,
    "migraine-days": 4,
    "migraine-medicine-days": 3,
    "medicines.box": "ibuprofen\nlisinopril 10 mg",
    "height.unit": "ft",
    "weight.unit": "lb",
    "consent.preparation": True,
}


class Running:
    """A server on core 0 with its process."""

    def __init__(self, command: list[str], port: int, env: dict[str, str], cwd: Path, ready: str) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", *command],
            cwd=cwd,
            env={**os.environ, **env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.url = f"http://127.0.0.1:{port}"
        for _ in range(400):
            try:
                urllib.request.urlopen(self.url + ready, timeout=2)
                break
            except OSError:
                time.sleep(0.05)
        self.start = time.perf_counter() - begun

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def ours(data: Path, port: int) -> Running:
    env = {"SCREENING_DATA": str(data)}
    return Running([sys.executable, "-m", "screening", "serve", "--port", str(port)], port, env, ROOT, "/ready")


def bare(port: int) -> Running:
    code = f"import streamlit as st, uvicorn, gc; app = st.App({str(ROOT / 'benchmarks' / 'bare_app.py')!r}); gc.freeze(); uvicorn.run(app, port={port}, log_level='error')"
    place = Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / ".streamlit", place / ".streamlit")
    return Running([sys.executable, "-c", code], port, {"PYTHONPATH": str(ROOT)}, place, "/_stcore/health")


def default(data: Path, port: int) -> Running:
    """The same pages under `streamlit run` with its default settings."""
    place = Path(tempfile.mkdtemp())
    shutil.copy(ROOT / "app.py", place / "app.py")
    env = {"PYTHONPATH": str(ROOT), "SCREENING_DATA": str(data), "SCREENING_BEHIND_FRONT": "1"}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
        "--browser.gatherUsageStats",
        "false",
    ]
    return Running(command, port, env, place, "/_stcore/health")


async def clicks(driver: Any, running: Running, ours_: bool, times: int) -> dict[str, float]:
    """CPU ms of the server for one answered question, for every topic."""
    found: dict[str, float] = {}
    async with await driver.Session.open(running.url) as session:
        if ours_:
            await session.click("next")
            for box in [one.key for one in session.widgets("checkbox")]:
                await session.set(box, True)
            await session.click("next")
            await session.set("full-name", "Ana")
        for section in SECTIONS:
            # A choice whose answer opens nothing, so that both draw the same widgets.
            gates = json.dumps(
                [item.enable_when.model_dump() for one in SECTIONS for item in one.items if item.enable_when],
                default=str,
            )
            free = [
                item
                for item in section.items
                if item.type == "choice"
                and not item.enable_when
                and f'"{item.link_id}"' not in gates
                and not item.show_help
            ]
            if free:
                item = free[0]
                labels = [option.text["en"] for option in item.options][:2]
                for n in range(10):
                    await session.set(item.link_id, labels[n % 2])
                before = driver.proc(running.process.pid)[0]
                for n in range(times):
                    await session.set(item.link_id, labels[n % 2])
                found[section.section] = (driver.proc(running.process.pid)[0] - before) / times * 1e3
            await session.click("next")
    return found


def ramp(driver: Any, running: Running, levels: list[int], seconds: float) -> list[dict[str, Any]]:
    rows = []
    plan = driver.Plan(
        next_re=r"^(start|continue|send)",
        done_re="thank you. the clinic",
        think=(2.0, 6.0),
        answers=ANSWERS,
        skip_re=r"\.unit$|language|map$",
    )
    for people in levels:
        row = asyncio.run(
            driver.level(running.url, people, seconds, plan, running.process.pid, 1, min(30.0, people / 8 + 5))
        )
        print(
            "   ",
            {key: row[key] for key in ("people", "reruns_per_s", "p50_ms", "p95_ms", "cpu_pct", "rss_mib", "errors")},
            flush=True,
        )
        rows.append(row)
        if row["p95_ms"] > 500 or row["p95_ms"] != row["p95_ms"]:
            break
    return rows


def sustained(rows: list[dict[str, Any]]) -> int:
    return max((row["people"] for row in rows if row["p95_ms"] <= 500), default=0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--driver", required=True, type=Path)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--only", default="clicks,memory,people")
    options = arguments.parse_args()
    spec = importlib.util.spec_from_file_location("driver", options.driver)
    assert spec and spec.loader
    driver = importlib.util.module_from_spec(spec)
    sys.modules["driver"] = driver
    spec.loader.exec_module(driver)
    os.sched_setaffinity(0, {1})
    data = Path(tempfile.mkdtemp())
    times = 60 if options.quick else 200
    if "clicks" in options.only:
        a, b = ours(data / "a", 8711), bare(8712)
        print(f"start to ready: {a.start:.1f} s")
        totals = {"ours": 0.0, "bare": 0.0}
        for _ in range(2):  # interleaved
            mine, plain = asyncio.run(clicks(driver, a, True, times)), asyncio.run(clicks(driver, b, False, times))
            for name in mine.keys() & plain.keys():
                totals["ours"] += mine[name]
                totals["bare"] += plain[name]
        for name in mine:
            print(
                f"  {name:24} ours {mine[name]:6.2f} ms   bare {plain.get(name, float('nan')):6.2f} ms   {mine[name] / plain[name]:.2f} x"
            )
        print(f"CPU a click over all topics: {totals['ours'] / totals['bare']:.2f} x a bare page with the same widgets")
        a.stop(), b.stop()
    if "memory" in options.only:
        a = ours(data / "m", 8713)
        print("memory:", asyncio.run(driver.idle(a.url, 50 if options.quick else 200, a.process.pid, "")))
        a.stop()
    if "people" in options.only:
        seconds = 12 if options.quick else 20
        print("people answering at once, `streamlit run` with defaults:")
        c = default(data / "c", 8714)
        slow = sustained(
            ramp(driver, c, [1, 12, 20, 30] if options.quick else [1, 10, 15, 20, 25, 30, 40, 50, 60, 80], seconds)
        )
        c.stop()
        print("people answering at once, ours:")
        a = ours(data / "p", 8715)
        fast = sustained(
            ramp(
                driver,
                a,
                [120, 200, 280, 360] if options.quick else [80, 120, 160, 200, 250, 300, 350, 400, 450, 500],
                seconds,
            )
        )
        a.stop()
        print(f"sustained with p95 under 500 ms: ours {fast}, default {slow}: {fast / max(slow, 1):.1f} x")


if __name__ == "__main__":
    main()
