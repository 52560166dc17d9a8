"""What must last is shown on both stores."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening.settings import Settings

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Where a clinic keeps its records: every test that uses it runs on both stores."""
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else ""
    return Settings.at(tmp_path / "records", database=url)
