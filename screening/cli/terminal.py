"""What every command shares: words to stderr, exit codes, and plain sentences instead of tracebacks."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from screening.engine.content import Content
from screening.loading.finding import ContentError
from screening.records.reader import OPERATOR
from screening.settings import ROOT, EnvironmentProblem, Settings

if TYPE_CHECKING:  # the store is only loaded by commands that use it
    from screening.records.store import Store

_UNUSUAL = re.compile(r"[^\w.@+-]")
_named: ContextVar[str] = ContextVar("named", default="")
SHIPPED = ROOT / "content"
ContentDirectory = Annotated[Path, typer.Option("--content", help="The content directory.")]
FINDINGS, WRONG_USE, ENVIRONMENT = 1, 2, 3


def say(words: str) -> None:
    """Words go to stderr; stdout is for data."""
    typer.echo(words, err=True)


def loaded(directory: Path) -> Content:
    """The content, or exit 3 with every finding in plain words."""
    from screening.loading.load import load

    try:
        return load(directory)
    except ContentError as error:
        for finding in error.findings:
            say(str(finding))
        say(f"The content in {directory} cannot be used: {len(error.findings)} findings.")
        raise typer.Exit(ENVIRONMENT) from None


def act_as(name: str) -> None:
    """Whoever uses the command line has said who they are."""
    _named.set(name)


def acting() -> str:
    """Who uses the command line, as the audit trail names them: `--as`, or their account on this machine."""
    return f"{OPERATOR} {_UNUSUAL.sub('?', _named.get() or _account())}"[:64]


def _account() -> str:
    try:
        return os.getlogin()  # who became root since is still who they are
    except OSError:  # not from a terminal
        return _name(os.getuid())


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def today(content: Content) -> date:
    """The clinic's date."""
    return datetime.now(ZoneInfo(content.site.clinic.time_zone)).date()


@contextmanager
def environment() -> Iterator[None]:
    """Exit 3 with one plain sentence where content, store, keys or disk do not allow the work."""
    from screening.records.database import NotSaved
    from screening.records.seal import NotOpened

    try:
        yield
    except ContentError as error:
        for finding in error.findings:
            say(str(finding))
        say("This content cannot be used.")
    except (EnvironmentProblem, NotOpened) as error:
        say(str(error))
    except NotSaved as error:
        say(f"The records cannot be written or read ({error}). Is the disk full, or the database down?")
    except OSError as error:
        say(f"This could not be done: {error.strerror}.")
    else:
        return
    raise typer.Exit(ENVIRONMENT)


def is_there(settings: Settings) -> bool:
    """Whether the records of the settings are there."""
    from screening.records.database import FILE

    return bool(settings.database) or (settings.data / FILE).exists()


def existing(settings: Settings, opens: bool = False) -> Store:
    """The store of a clinic that is there already: a mistyped directory must not become an empty clinic. Raises
    EnvironmentProblem."""
    from screening.records.store import Store

    if not is_there(settings):
        raise EnvironmentProblem(f"There are no records in {settings.data}. Set SCREENING_DATA to where they are.")
    return Store.open(settings, opens, acting())
