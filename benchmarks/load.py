"""Many people at the form at once, over Streamlit's own protocol: no browser, so that one core drives hundreds of them.

Every person comes from a loopback address of their own, as a limit for one address must not take a crowd for a flood. Somebody who is
turned away, or sees an error, was not served: it is counted, and ends a ramp. Any address that is not loopback is refused.
"""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import itertools
import os
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

EARLY = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")
LISTS = ("multiselect", "button_group")
WORDS = ("text_input", "text_area", "selectbox", "radio")
ANSWERED = (*WORDS, *LISTS, "number_input", "checkbox")
LIMIT_MS = 500
_arrivals = itertools.count()


class Broken(Exception):
    """The app did something that a person would call broken."""


@dataclass
class Widget:
    """One element as it was last drawn."""

    kind: str
    message: Any
    run: int

    @property
    def id(self) -> str:
        return getattr(self.message, "id", "") or ""

    @property
    def key(self) -> str:
        """The key that the app gave it; it stands at the end of the id."""
        return self.id.split("-", 2)[-1].split("~")[0]


class Session:
    """One tab of one browser."""

    def __init__(self, url: str) -> None:
        self.place = urlsplit(url)
        if not ipaddress.ip_address(self.place.hostname or "").is_loopback:
            raise ValueError("only a server on this machine is ever a target")
        number = next(_arrivals)
        self.source = (f"127.{number // 62_500 % 250 + 1}.{number // 250 % 250}.{number % 250 + 1}", 0)
        self.tree: dict[tuple[int, ...], Widget] = {}
        self.states: dict[str, WidgetState] = {}
        self.kept: dict[str, ForwardMsg] = {}
        self.page = ""
        self.run = 0
        self.turns: list[tuple[float, float]] = []
        """When each rerun ended, and how long it took in milliseconds."""

    async def __aenter__(self) -> Session:
        cookie = await asyncio.to_thread(self._arrive)
        self.socket = await websockets.connect(
            f"ws://{self.place.netloc}/_stcore/stream",
            origin=f"http://{self.place.netloc}",
            subprotocols=["streamlit", "PLACEHOLDER"],
            additional_headers={"Cookie": cookie},
            max_size=None,
            open_timeout=60,
            compression="deflate",
            proxy=None,
            local_addr=self.source,
        )
        await self._rerun()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    def _arrive(self) -> str:
        """What a browser asks for before the socket; its cookies."""
        cookies: dict[str, str] = {}
        for path in ("/", "/_stcore/health", "/_stcore/host-config"):
            connection = http.client.HTTPConnection(self.place.netloc, timeout=60, source_address=self.source)
            connection.request("GET", path, headers={"Cookie": _joined(cookies)})
            answer = connection.getresponse()
            answer.read()
            cookies |= dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_all("set-cookie", ()))
            connection.close()
            if answer.status >= 400:
                raise Broken(f"{path} answered {answer.status}")
        return _joined(cookies)

    def widgets(self, *kinds: str) -> list[Widget]:
        """What stands on the page, in order."""
        return [one for _, one in sorted(self.tree.items()) if one.id and one.kind in (kinds or ANSWERED)]

    def texts(self) -> list[str]:
        """Everything that the page says."""
        fields = [getattr(one.message, name, "") for one in self.tree.values() for name in ("body", "title", "label")]
        return [text for text in fields if isinstance(text, str) and text]

    async def answer(self, key: str, value: Any) -> None:
        """Give a widget a value, and wait until the page is drawn anew."""
        widget = next(one for one in self.widgets() if one.key == key)
        state = WidgetState(id=widget.id)
        if widget.kind in LISTS:
            state.string_array_value.data.extend(value)
        elif widget.kind == "checkbox":
            state.bool_value = value
        elif widget.kind == "number_input":
            state.double_value = float(value)
        else:
            state.string_value = value
        self.states[widget.id] = state
        await self._rerun()

    async def press(self, key: str) -> None:
        """Press a button."""
        widget = next(one for one in self.widgets("button") if one.key == key)
        await self._rerun(WidgetState(id=widget.id, trigger_value=True))

    async def _rerun(self, *pressed: WidgetState) -> None:
        message = BackMsg()
        script = message.rerun_script
        script.page_script_hash = self.page
        script.widget_states.widgets.extend([*self.states.values(), *pressed])
        script.cached_message_hashes.extend(self.kept)
        script.context_info.locale = "en-US"
        script.context_info.url = f"http://{self.place.netloc}/"
        begun, run = time.perf_counter(), self.run
        await self.socket.send(message.SerializeToString())
        while True:
            received = await asyncio.wait_for(self.socket.recv(), 120)
            if self._take(ForwardMsg.FromString(received)) and self.run > run:
                break
        self.turns.append((time.time(), (time.perf_counter() - begun) * 1e3))
        if wrong := [one for one in self.tree.values() if one.kind == "exception"]:
            raise Broken(f"the page shows {wrong[0].message.type}")

    def _take(self, message: ForwardMsg) -> bool:
        """Draw what the server says; whether the script has ended."""
        if message.WhichOneof("type") == "ref_hash":
            path = message.metadata.delta_path
            message = ForwardMsg.FromString(self.kept[message.ref_hash].SerializeToString())
            message.metadata.delta_path[:] = path
        elif message.metadata.cacheable and message.hash:
            self.kept[message.hash] = message
        match message.WhichOneof("type"):
            case "new_session":
                self.run += 1
                self.page = message.new_session.page_script_hash or self.page
            case "navigation":
                self.page = message.navigation.page_script_hash or self.page
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                self._draw(tuple(message.metadata.delta_path), message.delta.new_element)
            case "script_finished" if message.script_finished != EARLY:
                self.tree = {path: one for path, one in self.tree.items() if one.run == self.run}
                alive = {one.id for one in self.tree.values()}
                self.states = {name: state for name, state in self.states.items() if name in alive}
                return True
        return False

    def _draw(self, path: tuple[int, ...], element: Any) -> None:
        kind = element.WhichOneof("type")
        self.tree = {at: one for at, one in self.tree.items() if at[: len(path)] != path}
        if kind:
            self.tree[path] = Widget(kind, getattr(element, kind), self.run)


def _joined(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


@dataclass
class Plan:
    """How people behave. think: seconds between two of their actions, from and to; answers: for some widgets, by key."""

    answers: dict[str, Any] = field(default_factory=dict)
    think: tuple[float, float] = (2.0, 6.0)
    leave_alone: str = r"\.unit$|language|map|resume|code"
    go_on: str = r"^(start|continue|send)"
    done: str = "thank you. the clinic"


def invented(widget: Widget, dice: random.Random) -> Any:
    """Something that this widget takes."""
    message = widget.message
    options = [getattr(one, "content", one) for one in getattr(message, "options", ())]
    match widget.kind:
        case "checkbox":
            return True
        case "number_input":
            low = int(message.min) if message.has_min else 0
            return dice.randint(low, int(message.max) if message.has_max else low + 100)
        case "radio" | "selectbox":
            return dice.choice(options)
        case "multiselect" | "button_group":
            return dice.sample(options, min(len(options), dice.randint(1, 3)))
    return dice.choice(["Ada Smith", "since spring", "left hip", "twice a week"])


async def visit(session: Session, plan: Plan, dice: random.Random, until: float) -> bool:
    """One person, from the first page on: whether they came to the end in time."""
    answered: set[str] = set()
    while not any(re.search(plan.done, text, re.I) for text in session.texts()):
        await asyncio.sleep(max(0, min(dice.uniform(*plan.think), until - time.time())))
        if time.time() >= until:
            return False
        ready = [
            one for one in session.widgets() if one.id not in answered and not re.search(plan.leave_alone, one.key)
        ]
        if ready:
            answered.add(ready[0].id)
            await session.answer(ready[0].key, plan.answers.get(ready[0].key) or invented(ready[0], dice))
        else:
            buttons = [one for one in session.widgets("button") if re.search(plan.go_on, one.message.label, re.I)]
            if not buttons:
                raise Broken("there is no way on from this page")
            await session.press(buttons[-1].key)
    return True


def used(pid: int) -> tuple[float, float]:
    """Seconds of processor time, and MiB of memory, of a process."""
    times = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True)
class Level:
    """So many people for a while: how long they waited for a page, what the server used, and whom it failed."""

    people: int
    reruns: int
    p50: float
    p95: float
    core: float
    mib: float
    finished: int
    refused: dict[str, int]

    @property
    def held(self) -> bool:
        """Whether everybody was served, 95 of 100 times within half a second."""
        return not self.refused and self.reruns > 0 and self.p95 <= LIMIT_MS


async def level(url: str, people: int, seconds: float, plan: Plan, pid: int, warm: float) -> Level:
    """Let people arrive over `warm` seconds and measure for `seconds` more."""
    begin = time.time() + warm
    until = begin + seconds
    turns: list[tuple[float, float]] = []
    refused: Counter[str] = Counter()
    finished = 0

    async def person(number: int) -> None:
        nonlocal finished
        dice = random.Random(number)
        await asyncio.sleep(warm * number / people)
        while time.time() < until:
            session = Session(url)
            try:
                async with session:
                    finished += await visit(session, plan, dice, until)
            except (TimeoutError, Broken, OSError, websockets.WebSocketException) as error:
                refused[f"{type(error).__name__}: {error}"[:100]] += 1
                await asyncio.sleep(1)
            turns.extend(session.turns[1:])  # the first is the arrival

    async def meter() -> tuple[float, float]:
        await asyncio.sleep(warm)
        before, since = used(pid)[0], time.time()
        await asyncio.sleep(max(0.1, until - time.time() - 0.2))
        after, mib = used(pid)
        return (after - before) / (time.time() - since), mib

    (core, mib), *_ = await asyncio.gather(meter(), *map(person, range(people)))
    taken = sorted(ms for at, ms in turns if at >= begin) or [float("inf")]
    p50, p95 = (taken[int(share * (len(taken) - 1))] for share in (0.5, 0.95))
    return Level(people, len(taken), p50, p95, core, mib, finished, dict(refused))


def ramp(url: str, levels: list[int], seconds: float, plan: Plan, pid: int) -> int:
    """The largest number of people, of these, whom the server held; the first that it does not hold ends the ramp."""
    most = 0
    for people in levels:
        found = asyncio.run(level(url, people, seconds, plan, pid, min(30.0, people / 8 + 1)))
        print(
            f"    {people:4} people: {found.reruns / seconds:6.1f} reruns a second, p50 {found.p50:4.0f} ms, "
            f"p95 {found.p95:4.0f} ms, core {found.core:4.0%}, {found.mib:4.0f} MiB, refused {found.refused or 'nobody'}",
            flush=True,
        )
        if not found.held:
            break
        most = people
    return most
