"""Shared fixtures: the shipped content, a store in a fresh directory, and copies of the content that a test may spoil."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from screening.content import Content, load
from screening.intake import Intake
from screening.records.store import Store
from screening.settings import ROOT, Settings

SHIPPED = ROOT / "content"

os.environ["SCREENING_BEHIND_FRONT"] = "1"  # app.py runs under AppTest as it does behind the front


@pytest.fixture(scope="session")
def content() -> Content:
    return load(SHIPPED)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records")


@pytest.fixture
def desk(tmp_path: Path) -> Intake:
    return Intake.open(Settings(SHIPPED, tmp_path / "records"))


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
