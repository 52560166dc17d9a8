"""The largest that one drawing of a page may be, for patients and staff alike.

Everything that a page shows passes one place of Streamlit on its way to the browser. There it is counted, and the
processor time of the run with it, so that no answer, list or address can make a page without an end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_MESSAGES = 2_000
"""Elements and other messages of one drawing. Sixty medicines, each with its dose, are about 900."""
LONGEST_RUN = 5.0
"""Seconds of processor time of one drawing; the first one of a process loads libraries."""


class PageTooLarge(Exception):
    """A page would become larger than any that a person can use. Holds no answer."""


@contextmanager
def page_budget() -> Iterator[None]:
    """Draw a page within its bounds. Raises PageTooLarge where the page goes beyond them."""
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    send, until, sent = context._enqueue, time.thread_time() + LONGEST_RUN, 0

    def counted(message: ForwardMsg) -> None:
        nonlocal sent
        sent += 1
        if sent > MOST_MESSAGES or time.thread_time() > until:
            raise PageTooLarge
        send(message)

    context._enqueue = counted
    try:
        yield
    finally:
        context._enqueue = send
