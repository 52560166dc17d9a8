"""People answer the form behind one address, while somebody attacks from twenty others of this machine.

    python -m tests.soak.siege --quiet 60 --seconds 120 --people 50 --addresses 20

Prints how long clicks took with and without the attack, who was turned away, the memory and the log of the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import statistics
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.journeys.conftest import Server, running

EARLY = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")


async def request(url: str, path: str, source: str, headers: str = "", whole: bool = True) -> bytes:
    """What the server answers; nothing where the request is left unfinished."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, local_addr=(source, 0))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n{headers}".encode())
    if whole:
        writer.write(b"\r\n")
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return answer


async def cookie(url: str, source: str) -> str:
    """The cookie that a new browser is given."""
    head = (await request(url, "/", source)).split(b"\r\n\r\n")[0].decode("latin-1")
    return next(line.split(": ", 1)[1].split(";")[0] for line in head.split("\r\n") if line.startswith("set-cookie"))


class Line:
    """One socket of somebody at `source`."""

    def __init__(self, url: str, source: str) -> None:
        self.url, self.source = url, source
        self.socket: ClientConnection
        self.page, self.ids, self.states, self.kept = "", [""], {}, {}  # type: ignore[var-annotated]
        self.cards: dict[str, tuple[str, dict[str, Any]]] = {}

    async def open(self, jar: str = "") -> Line:
        place = urlsplit(self.url).netloc
        self.socket = await connect(
            f"ws://{place}/_stcore/stream",
            origin=f"http://{place}",  # type: ignore[arg-type]
            subprotocols=["streamlit", "PLACEHOLDER"],  # type: ignore[list-item]
            additional_headers={"Cookie": jar or await cookie(self.url, self.source)},
            max_size=None,
            proxy=None,
            compression=None,
            ping_interval=None,
            local_addr=(self.source, 0),
        )
        return self

    def message(self, *pressed: WidgetState) -> bytes:
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.widgets.extend([*self.states.values(), *pressed])
        message.rerun_script.context_info.locale = "en-US"
        return bytes(message.SerializeToString())

    async def run(self, *pressed: WidgetState) -> Line:
        await self.socket.send(self.message(*pressed))
        began = False
        while True:
            got = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), 30))
            if got.WhichOneof("type") == "ref_hash":
                got = self.kept[got.ref_hash]
            elif got.hash:
                self.kept[got.hash] = got
            kind = got.WhichOneof("type")
            if kind == "new_session":
                began, self.ids = True, []
                self.page = got.new_session.page_script_hash or self.page
            elif kind == "navigation":
                self.page = got.navigation.page_script_hash or self.page
            elif kind == "delta" and got.delta.WhichOneof("type") == "new_element":
                found = getattr(got.delta.new_element, got.delta.new_element.WhichOneof("type") or "", None)
                self.ids += [found.id] if getattr(found, "id", "") else []
                if '"asked"' in getattr(found, "json", ""):
                    told = json.loads(found.json)
                    self.cards |= dict.fromkeys(told["asked"], (found.id, told))
            elif kind == "script_finished" and began and got.script_finished != EARLY:
                return self

    def id(self, key: str) -> str:
        return next(one for one in self.ids if one.split("-", 2)[-1].split("~")[0] == key)

    async def press(self, key: str) -> Line:
        return await self.run(WidgetState(id=self.id(key), trigger_value=True))

    async def set(self, key: str, **value: Any) -> Line:
        state = WidgetState(id=self.id(key), **value)
        self.states[state.id] = state
        return await self.run()

    async def answer(self, link_id: str, value: Any) -> Line:
        """Answer a card as the page does."""
        component, told = self.cards[link_id]
        changes = {link_id: [value, told["values"].get(link_id)]}
        report = {"session": told["session"], "turn": told["received"] + 1, "changes": changes}
        self.states[component] = WidgetState(id=component, json_value=json.dumps({"touched": report}))
        return await self.run()

    async def start(self, name: str = "Ana") -> Line:
        await (await self.run()).press("next")
        await self.set("consent", bool_value=True)
        while "full-name" not in self.cards:
            await self.press("next")
        return await self.answer("full-name", name)


# ---------------------------------------------------------------- people


async def person(url: str, until: float, clicks: list[tuple[float, float]], away: list[str], number: int) -> None:
    """Somebody who answers, a click every two to four seconds. Comes on their own, a little after the others."""
    try:
        await asyncio.sleep(number * 0.1)
        line = await (await Line(url, "127.0.0.1").open()).start(f"Ana {number}")
        while time.monotonic() < until:
            await asyncio.sleep(random.uniform(2, 4))
            begun = time.monotonic()
            await line.answer("full-name", f"Ana {number} {begun:.0f}")
            clicks.append((begun, time.monotonic() - begun))
        await line.socket.close()
    except Exception as error:
        away.append(f"{type(error).__name__} {error}")


async def people(url: str, until: float, count: int) -> tuple[list[tuple[float, float]], list[str]]:
    """When each click was made and how long it took, and who was turned away."""
    clicks: list[tuple[float, float]] = []
    away: list[str] = []
    await asyncio.gather(*(person(url, until, clicks, away, number) for number in range(count)))
    return clicks, away


# ---------------------------------------------------------------- the attacker


async def reruns(url: str, source: str) -> None:
    """One socket that asks for its page as fast as it can, and reads nothing."""
    line = await (await Line(url, source).open()).start()
    for _ in range(2_000):
        await line.socket.send(line.message())


async def sessions(url: str, source: str) -> None:
    """New sockets and a page on each."""
    await (await Line(url, source).open()).run()


async def many_entries(url: str, source: str) -> None:
    """The message of 12 kB."""
    line = await (await Line(url, source).open()).start()
    for _ in range(60):
        if any(one.endswith("-medicines") for one in line.ids):
            break
        await line.press("next")
    await line.set("medicines", string_value="some")
    await line.set("medicines.box", string_value="a\n" * 5_999)
    for _ in range(500):
        await line.run()


async def large(url: str, source: str) -> None:
    """Made-up values of almost a megabyte."""
    line = await Line(url, source).open()
    for number in range(200):
        states = [WidgetState(id=f"$$ID-{number}-{n}", string_value="x" * 40_000) for n in range(23)]
        await line.socket.send(line.message(*states))


async def idle(url: str, source: str) -> None:
    """Sockets that do nothing."""
    jar = await cookie(url, source)
    held = [await Line(url, source).open(jar) for _ in range(25)]
    await asyncio.sleep(60)
    del held


async def pages(url: str, source: str) -> None:
    """Pages, there or not."""
    for path in ("/", "/sign-in", "/ready", "/nowhere", "/static/js/nothere.js", "/take/" + "a" * 43) * 100:
        await request(url, path, source)


async def half_open(url: str, source: str) -> None:
    """Connections whose request never ends."""
    await asyncio.wait_for(request(url, "/", source, "X-Slow: ", whole=False), 60)


async def garbage(url: str, source: str) -> None:
    """Frames that are no messages."""
    line = await Line(url, source).open()
    await line.socket.send(random.randbytes(2_000))
    await line.socket.recv()


async def codes(url: str, source: str) -> None:
    """Resume codes that nobody was given."""
    line = await (await Line(url, source).open()).run()
    await line.press("resume-have")
    for _ in range(300):
        await line.set("resume-code", string_value="-".join(random.choices(("AAAA", "BBBB", "CCCC", "DDDD"), k=4)))
        await line.press("next")


ATTACKS = (reruns, sessions, many_entries, large, idle, pages, half_open, garbage, codes)


async def _again(attack: Any, url: str, source: str, until: float) -> None:
    while time.monotonic() < until:
        with suppress(Exception):
            async with asyncio.timeout(until - time.monotonic()):
                await attack(url, source)
        await asyncio.sleep(0.02)


async def _attack(url: str, addresses: int, begin: float, until: float, kinds: list[str]) -> None:
    await asyncio.sleep(max(0.0, begin - time.monotonic()))
    tasks = [
        _again(attack, url, f"127.0.0.{2 + number}", until)
        for number in range(addresses)
        for attack in ATTACKS
        if attack.__name__ in kinds
        for _ in range(2)
    ]
    await asyncio.gather(*tasks)


def attack(url: str, addresses: int, begin: float, until: float, kinds: list[str]) -> None:
    """Everything at once, two of each kind from every address, between two moments."""
    os.nice(10)  # a stranger's machine is another one; here its work must not be taken for the server's
    asyncio.run(_attack(url, addresses, begin, until, kinds))


# ---------------------------------------------------------------- what came of it


@dataclass(frozen=True)
class Siege:
    """Seconds of each click before and during the attack, who was turned away, memory in MiB, log in bytes."""

    before: list[float]
    during: list[float]
    away: list[str]
    memory: int
    log: int


def siege(server: Server, quiet: float, seconds: float, count: int, addresses: int, kinds: list[str]) -> Siege:
    """People answer for some quiet seconds; then somebody attacks while they go on."""
    begin = time.monotonic() + quiet
    until = begin + seconds
    attacker = multiprocessing.get_context("spawn").Process(
        target=attack, args=(server.url, addresses, begin, until, kinds)
    )
    attacker.start()
    try:
        clicks, away = asyncio.run(people(server.url, until, count))
    finally:
        attacker.join(30)
        attacker.kill()
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    memory = int(status.split("VmHWM:")[1].split()[0]) // 1024
    before, during = ([took for at, took in clicks if (at < begin) is early] for early in (True, False))
    return Siege(before, during, away, memory, server.log.stat().st_size)


def said(clicks: list[float]) -> str:
    """How long clicks took, in words."""
    cuts = statistics.quantiles(clicks, n=100)
    slowest = max(clicks)
    return (
        f"{len(clicks)} clicks, median {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, slowest {slowest:.1f} s"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--quiet", type=float, default=60)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--addresses", type=int, default=20)
    options.add_argument("--kinds", default=",".join(one.__name__ for one in ATTACKS))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as server:
        came = siege(server, given.quiet, given.seconds, given.people, given.addresses, given.kinds.split(","))
    print("before the attack:", said(came.before))
    print("during the attack:", said(came.during), "turned away:", len(came.away), json.dumps(came.away[:3]))
    print(f"memory at most {came.memory} MiB, log {came.log} bytes")


if __name__ == "__main__":
    main()
