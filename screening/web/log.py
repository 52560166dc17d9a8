"""What may be written to the log: our own events with allowed fields, and of everything else only where it happened.

Error texts of libraries can hold what a person typed, so no text, argument or traceback of theirs is ever written.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

from cachetools import LRUCache

FIELDS = frozenset({"kind", "place", "count", "reference", "port", "role", "seconds", "content", "key", "directory"})
"""Every field that an event may have: none can hold an answer."""

REPEATS_AFTER = 60
"""Seconds before the same line is written again."""

_log = logging.getLogger("screening")


def event(name: str, level: int = logging.INFO, /, **fields: object) -> None:
    """Write an event. Raises ValueError for a field that is not allowed; line breaks are taken out."""
    if not set(fields) <= FIELDS:
        raise ValueError(f"not to be logged: {sorted(set(fields) - FIELDS)}")
    words = " ".join(
        f"{field}={str(value).splitlines()[0][:120] if str(value) else ''}" for field, value in fields.items()
    )
    _log.log(level, "%s %s", name, words)


def place_of(error: BaseException) -> str:
    """File and line where an error was raised."""
    here = error.__traceback__
    while here and here.tb_next:
        here = here.tb_next
    return f"{here.tb_frame.f_code.co_filename}:{here.tb_lineno}" if here else "?"


def set_up() -> None:
    """Send our events to stderr and take the words out of everybody else's."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _log.setLevel(logging.INFO)
    make = logging.getLogRecordFactory()

    def wordless(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.name != _log.name:
            kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            record.msg, record.args = f"{record.module}:{record.lineno} {kind}".rstrip(), ()
            record.exc_info = record.exc_text = record.stack_info = None
        return record

    logging.setLogRecordFactory(wordless)
    for writer in logging.getLogger().handlers:
        writer.addFilter(Repeats())
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


class Repeats(logging.Filter):
    """Writes the same line once a minute at most, and then how often it came meanwhile: a flood of errors must not fill
    the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: LRUCache[tuple[str, str], tuple[float, int]] = LRUCache(1_000)
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written."""
        line = (record.name, record.getMessage())
        with self._lock:
            written, left_out = self._lines.get(line, (float("-inf"), 0))
            if record.created - written < REPEATS_AFTER:
                self._lines[line] = (written, left_out + 1)
                return False
            self._lines[line] = (record.created, 0)
        if left_out:
            record.msg, record.args = f"{line[1]} ({left_out} more times since)", ()
        return True


def _uncaught(kind: type[BaseException], error: BaseException | None, _: TracebackType | None) -> None:
    event("stopped by", logging.ERROR, kind=kind.__name__, place=place_of(error) if error else "?")
