"""The sockets that are open now: how many each network may hold, how fast it may speak on them, and what a message may
hold.

Nobody is turned away because others hold too much: where there is no room, the network with most sockets gives up the
one it used least. Who sends faster than a person can is not refused either: their next message is read later.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from screening.model.text import LONGEST_TEXT

MOST_OF_ONE = 120
"""Sockets open at once from one network: a waiting room, or a clinic behind one address."""
DESCRIPTORS_EACH, _DESCRIPTORS_KEPT = 5, 200
"""What a socket and its session hold open (4, and one more for a file now and then); what the rest of the app needs."""
IDLE = 30 * 60
"""Seconds without a message after which a socket is closed. The page of somebody who is still there opens another."""

LARGEST_MESSAGE = 1_000_000
"""Bytes that a browser may send at once; also in .streamlit/config.toml, in MB."""
LARGEST_VALUE = 4 * 3 * LONGEST_TEXT
"""Bytes of one widget's value: the box for a whole list of medicines, each character in four bytes."""
MOST_WIDGETS = 1_500
"""Values of one page: sixty medicines with all that is asked of each are about 700."""
_HELD_OF_ONE = 8_000_000  # bytes that the sockets of one network sent last: that much is kept of them
_KINDS = frozenset({"rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"})

_A_SECOND, _AT_FIRST = 10, 4.0  # messages a second of one socket, and seconds' worth that may come at once
_OF_ONE_A_SECOND = 60  # of all sockets of one network
_BYTES_A_SECOND = 400_000
_LOOK = 0.1  # seconds between looks at whether the next message may be read

_GONE: Message = {"type": "websocket.disconnect", "code": 1013, "reason": ""}


@dataclass
class _Pace:
    """How far ahead of its pace somebody is. until: when they will have kept to it again."""

    until: float = 0.0

    def wait(self, seconds: float, now: float) -> float:
        """Seconds to wait before what costs so many is taken."""
        self.until = max(self.until, now) + seconds
        return max(0.0, self.until - now - _AT_FIRST)


@dataclass
class _Network:
    open: set[Socket] = field(default_factory=set)
    pace: _Pace = field(default_factory=_Pace)


class Socket:
    """One open socket, as the app reads from it."""

    def __init__(
        self, network: _Network, receive: Receive, send: Send, waits: Callable[[], bool], refused: Callable[[], None]
    ) -> None:
        self.network, self._receive, self._send, self._waits = network, receive, send, waits
        self._refused = refused
        self.used, self.held = time.monotonic(), 0
        self._pace, self._closing = _Pace(), False
        self._clock: asyncio.Timeout | None = None

    async def receive(self) -> Message:
        """The next message that may be taken. A disconnect after too long without one, or one beyond every bound."""
        try:
            async with asyncio.timeout(0 if self._closing else IDLE) as self._clock:
                message = await self._receive()
                while message["type"] == "websocket.receive":
                    allowed = await self._taken(message.get("bytes") or b"")
                    if allowed:
                        break
                    message = await self._receive()
                return message
        except (TimeoutError, _TooLarge) as error:
            if isinstance(error, _TooLarge):
                self._refused()
            await self._send({"type": "websocket.close", "code": _GONE["code"]})
            return _GONE
        finally:
            self._clock = None

    def close(self) -> None:
        """Close it: somebody else needs the room."""
        self._closing = True
        if self._clock is not None:
            self._clock.reschedule(0)

    async def _taken(self, message: bytes) -> bool:
        """Wait until its sender may send so much; whether the app shall see the message. Raises _TooLarge."""
        now = self.used = time.monotonic()
        self.held = len(message)
        if not _within_bounds(message) or sum(one.held for one in self.network.open) > _HELD_OF_ONE:
            raise _TooLarge
        size = len(message) / _BYTES_A_SECOND
        wait = max(self._pace.wait(1 / _A_SECOND + size, now), self.network.pace.wait(1 / _OF_ONE_A_SECOND + size, now))
        if wait:
            await asyncio.sleep(wait)
        while self._waits():
            await asyncio.sleep(_LOOK)
        return BackMsg.FromString(message).WhichOneof("type") in _KINDS


class _TooLarge(Exception):
    """A message beyond every bound of a page."""


class Sockets:
    """All sockets of a process. most: how many may be open; refused: is told the network of a message that no page
    sends."""

    def __init__(self, most: int | None = None, refused: Callable[[str], None] = lambda network: None) -> None:
        self.most, self._refused = most or room(), refused
        self._networks: dict[str, _Network] = {}

    @contextmanager
    def opened(
        self, network: str, receive: Receive, send: Send, waits: Callable[[], bool] = lambda: False
    ) -> Iterator[Socket | None]:
        """A socket while it is open; None where its network holds too many already. waits: whether what it asked for
        last still waits for its turn."""
        here = self._networks.setdefault(network, _Network())
        if len(here.open) >= MOST_OF_ONE:
            yield None
            return
        if sum(len(one.open) for one in self._networks.values()) >= self.most:
            fullest = max(self._networks.values(), key=lambda one: len(one.open))
            least_used = min(fullest.open, key=lambda one: one.used)
            fullest.open.discard(least_used)
            least_used.close()
        socket = Socket(here, receive, send, waits, partial(self._refused, network))
        here.open.add(socket)
        try:
            yield socket
        finally:
            here.open.discard(socket)
            if not here.open and self._networks.get(network) is here:
                del self._networks[network]


def _within_bounds(message: bytes) -> bool:
    if len(message) > LARGEST_MESSAGE:
        return False
    try:
        values = BackMsg.FromString(message).rerun_script.widget_states.widgets
    except DecodeError:
        return False
    return len(values) <= MOST_WIDGETS and all(one.ByteSize() <= LARGEST_VALUE + 1_000 for one in values)


def set_limits() -> None:
    """Let this process hold as many open files and sockets as the machine allows it; write no memory to disk when it
    dies, as answers may be in it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def room() -> int:
    """How many sockets may be open at once with the descriptors that a process may hold here."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, (min(hard, 20_000) - _DESCRIPTORS_KEPT) // DESCRIPTORS_EACH)


def descriptors() -> tuple[str, str]:
    """(what was looked at, what to do or empty): whether a process may open enough files and sockets."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = room() < 2 * MOST_OF_ONE
    return f"Open files: {hard} allowed, room for {room()} people at once.", "Allow more: LimitNOFILE." if few else ""
