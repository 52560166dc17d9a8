"""Whether this process serves people now: the records can be read, and a page of a person of ours is drawn in time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.session_manager import ClientContext, SessionClient

from screening.use_cases.intake import open_intake
from screening.web.log import event

IN_TIME = 10.0
"""Seconds in which the page must be drawn."""
LASTS = 5.0
"""Seconds that an answer is good for: many who ask cost no more than one."""


class _Nobody(ClientContext):
    @property
    def headers(self) -> list[tuple[str, str]]:
        return []

    @property
    def cookies(self) -> Mapping[str, str]:
        return {}

    @property
    def remote_ip(self) -> str | None:
        return None


class _Probe(SessionClient):
    """A browser that only looks whether its page was drawn."""

    def __init__(self) -> None:
        self.drawn = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Streamlit sends something."""
        if msg.WhichOneof("type") == "script_finished":
            self.drawn.set()

    @property
    def client_context(self) -> ClientContext:
        """It comes from nowhere."""
        return _Nobody()


class Readiness:
    """The readiness of this process."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._until = 0.0

    async def answer(self, _: Request) -> Response:
        """200 or 503."""
        try:
            await self._check()
        except Exception as error:
            event("not ready", logging.ERROR, kind=type(error).__name__)
            return PlainTextResponse("not ready\n", 503)
        return PlainTextResponse("ready\n")

    async def _check(self) -> None:
        async with self._lock:
            if time.monotonic() < self._until:
                return
            await run_in_threadpool(open_intake().store.count)
            await asyncio.wait_for(_draw(), IN_TIME)
            self._until = time.monotonic() + LASTS


async def _draw() -> None:
    runtime, probe = get_instance(), _Probe()
    session = runtime.connect_session(client=probe, user_info={})
    try:
        message = BackMsg()
        message.rerun_script.query_string = ""
        runtime.handle_backmsg(session, message)
        await probe.drawn.wait()
    finally:
        runtime.close_session(session)
