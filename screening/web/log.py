"""What may be written to the log: our own events with allowed fields, and of everything else only where it happened.

Error texts of libraries can hold what a person typed, so no text, argument or traceback of theirs is ever written.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

FIELDS = frozenset({"kind", "place", "count", "reference", "port", "role", "seconds", "content", "key", "directory"})
"""Every field that an event may have: none can hold an answer."""

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
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, _: TracebackType | None) -> None:
    event("stopped by", logging.ERROR, kind=kind.__name__, place=place_of(error) if error else "?")
