"""Many people at the form at once, over Streamlit's own protocol: no browser, so that one core drives hundreds of them.

Every person comes from a loopback address of their own, as a limit for one address must not take a crowd for a flood. Somebody who is
turned away, or sees an error, was not served: it is counted, and ends a ramp.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import websockets
from protocol import Broken, Session, Widget

from screening.model.item_types import Item
from screening.ui.form.reading import boxes

LIMIT_MS = 500


@dataclass
class Plan:
    """How people behave. think: seconds between two of their actions, from and to; answers: for some widgets, by key;
    item: a question by its link_id; it knows an example."""

    answers: dict[str, Any]
    item: Callable[[str], Item]
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
            one for one in session.widgets() if one.name not in answered and not re.search(plan.leave_alone, one.key)
        ]
        cards = [link_id for link_id in session.cards() if link_id not in answered]
        if cards:
            answered.add(cards[0])
            item = plan.item(cards[0])
            await session.touch(cards[0], boxes(item, item.example(dice, date.today()), us=True))
        elif ready:
            answered.add(ready[0].name)
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
