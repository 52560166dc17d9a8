"""What the pages cost: processor time a click beside a bare page, people at once beside `streamlit run`, memory, start.

    python benchmarks/pages.py [--before DIR] [--only clicks,memory,people] [--seconds 20]

Everything runs on this machine, each server on one core and the people on the other. --before: also a checkout of an earlier version
with its own .venv, in the same run. Trust ratios of one run, not figures across runs.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from load import Plan, ramp, used
from protocol import Session

from screening.loading.load import load
from screening.model.item import AnswerOption
from screening.model.section import SectionPage
from tests.journeys.conftest import free_port

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
    "migraine-days": 4,
    "migraine-medicine-days": 3,
    "medicines.box": "ibuprofen\nlisinopril 10 mg",
}
BARE = "import streamlit as st, uvicorn, gc; app = st.App({page!r}); gc.freeze(); uvicorn.run(app, port={port}, log_level='error')"
DEFAULT = """
import runpy
from pathlib import Path
from screening.settings import ROOT, Settings, use
use(Settings.at(Path({data!r})))
runpy.run_path(str(ROOT / "app.py"))
"""


class Server:
    """A server on core 0 with its process."""

    def __init__(self, command: list[str], port: int, place: Path, ready: str, **more: str) -> None:
        begun = time.perf_counter()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
        log = (place / f"log-{port}").open("wb")
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", *command], cwd=place, env=environment, stdout=log, stderr=log
        )
        self.url, self.pid = f"http://127.0.0.1:{port}", self.process.pid
        for _ in range(600):
            try:
                urllib.request.urlopen(self.url + ready, timeout=2)
                break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(Path(log.name).read_text()) from None
                time.sleep(0.05)
        self.start = time.perf_counter() - begun


@contextmanager
def ended(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


def ours(place: Path, root: Path = ROOT) -> Server:
    """The app of a checkout, as `make run` starts it."""
    port, python = free_port(), root / ".venv" / "bin" / "python"
    data = Path(tempfile.mkdtemp(dir=place))
    command = [str(python if python.exists() else sys.executable), "-m", "screening", "serve", "--port", str(port)]
    return Server(command, port, place, "/ready", PYTHONPATH=str(root), SCREENING_DATA=str(data / "records"))


def bare(place: Path) -> Server:
    """The same widgets and words without our logic."""
    port, config = free_port(), place / ".streamlit"
    config.mkdir(exist_ok=True)
    (config / "config.toml").write_text((ROOT / ".streamlit" / "config.toml").read_text())
    code = BARE.format(page=str(ROOT / "benchmarks" / "bare_app.py"), port=port)
    return Server([sys.executable, "-c", code], port, place, "/_stcore/health")


def default(place: Path) -> Server:
    """Our pages under `streamlit run` with its default settings."""
    port, place = free_port(), Path(tempfile.mkdtemp(dir=place))
    (place / "app.py").write_text(DEFAULT.format(data=str(place / "records")))
    options = f"--server.port {port} --server.headless true --browser.gatherUsageStats false".split()
    return Server([sys.executable, "-m", "streamlit", "run", "app.py", *options], port, place, "/_stcore/health")


def asked_pages() -> list[SectionPage]:
    """The pages of the form on which something is asked of everybody."""
    pages = [page for section in load(ROOT / "content").sections for page in section.pages]
    return [page for page in pages if not all(item.enable_when for item in page.items)]


def free_choices() -> dict[str, tuple[str, list[AnswerOption]]]:
    """For each page with one, a question whose answer opens nothing, so that both draw the same widgets."""
    items = [item for section in load(ROOT / "content").sections for item in section.items]
    gates = json.dumps([item.enable_when.model_dump() for item in items if item.enable_when], default=str)
    chosen: dict[str, tuple[str, list[AnswerOption]]] = {}
    for page in asked_pages():
        for item in page.items:
            opens = item.enable_when or f'"{item.link_id}"' in gates or item.show_help
            if item.type == "choice" and not opens:
                chosen.setdefault(page.address, (item.link_id, list(item.options[:2])))
    return chosen


async def clicks(server: Server, is_ours: bool, times: int) -> dict[str, float]:
    """CPU ms of the server for one answered question, for every page that has a free choice."""
    found: dict[str, float] = {}
    chosen = free_choices()
    async with Session(server.url) as session:
        if is_ours:
            await session.press("next")
            for box in [one.key for one in session.widgets("checkbox")]:
                await session.answer(box, True)
            await session.press("next")
        for page in asked_pages():
            if page.address in chosen:
                key, options = chosen[page.address]
                for n in range(4):
                    await choose(session, key, options[n % 2])
                before = used(server.pid)[0]
                for n in range(times):
                    await choose(session, key, options[n % 2])
                found[page.address] = (used(server.pid)[0] - before) / times * 1e3
            if "full-name" in session.cards():
                await session.touch("full-name", "Ana")
            elif any(one.key == "full-name" for one in session.widgets()):
                await session.answer("full-name", "Ana")
            await session.press("next")
    return found


async def choose(session: Session, link_id: str, option: AnswerOption) -> None:
    """Choose an option, whether the question is a card or a row of buttons."""
    if link_id in session.cards():
        await session.touch(link_id, option.code)
    else:
        await session.answer(link_id, option.text["en"])


async def idle(server: Server, count: int) -> tuple[float, float]:
    """MiB of the process with one session, and KiB of each further session on the first page."""
    async with Session(server.url):
        first = used(server.pid)[1]
        held = [Session(server.url) for _ in range(count)]
        for session in held:
            await session.__aenter__()
        more = used(server.pid)[1] - first
        for session in held:
            await session.__aexit__()
    return first, more / count * 1024


def compare_clicks(place: Path, before: Path | None, times: int, rounds: int) -> None:
    with ExitStack() as stack:
        servers = {"ours": stack.enter_context(ended(ours(place))), "bare": stack.enter_context(ended(bare(place)))}
        if before:
            servers["before"] = stack.enter_context(ended(ours(place, before)))
        _compare_clicks(servers, times, rounds)


def _compare_clicks(servers: dict[str, Server], times: int, rounds: int) -> None:
    print(f"start to ready: {servers['ours'].start:.1f} s")
    taken: dict[str, dict[str, float]] = {name: {} for name in servers}
    for _ in range(rounds):  # interleaved
        for name, server in servers.items():
            for topic, ms in asyncio.run(clicks(server, name != "bare", times)).items():
                taken[name][topic] = taken[name].get(topic, 0.0) + ms / rounds
    for topic, ms in taken["bare"].items():
        print(f"  {topic:24}" + "".join(f" {name} {taken[name][topic]:6.2f} ms" for name in taken))
        assert ms > 0 or times < 10
    totals = {name: sum(taken[name].values()) for name in taken}
    for name in totals.keys() - {"bare"}:
        print(f"CPU a click over all topics, {name}: {totals[name] / max(totals['bare'], 1e-9):.2f} x a bare page")


def compare_people(
    place: Path, before: Path | None, seconds: float, plan: Plan, slow: list[int], fast: list[int]
) -> None:
    makers = {"streamlit run": lambda: default(place), "ours": lambda: ours(place)}
    if before:
        makers["before"] = lambda: ours(place, before)
    held = {}
    for name, make in makers.items():
        print(f"people answering at once, {name}:")
        with ended(make()) as server:
            held[name] = ramp(server.url, slow if name == "streamlit run" else fast, seconds, plan, server.pid)
    print("people held with p95 under 500 ms and nobody refused: " + ", ".join(f"{n} {c}" for n, c in held.items()))


def main(
    before: Path | None = None,
    only: str = "clicks,memory,people",
    seconds: float = 20,
    think: Annotated[float, typer.Option(help="Seconds between two actions, at most; at least a third of it.")] = 6,
    times: int = 100,
    rounds: int = 2,
    sessions: int = 200,
    slow: Annotated[str, typer.Option(help="Levels for `streamlit run`.")] = "5,10,15,20,25,30,40",
    fast: Annotated[str, typer.Option(help="Levels for ours.")] = "80,120,160,200,240,280,320,400,500",
) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        if "clicks" in only:
            compare_clicks(place, before, times, rounds)
        if "memory" in only:
            with ended(ours(place)) as server:
                first, each = asyncio.run(idle(server, sessions))
            print(f"memory: {first:.0f} MiB with one session, {each:.0f} KiB for each further one on the first page")
        if "people" in only:
            levels = ([int(one) for one in text.split(",")] for text in (slow, fast))
            compare_people(
                place, before, seconds, Plan(ANSWERS, load(ROOT / "content").item, (think / 3, think)), *levels
            )


if __name__ == "__main__":
    typer.run(main)
