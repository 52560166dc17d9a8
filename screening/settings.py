"""Where things are: read from the environment, checked once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class EnvironmentProblem(Exception):
    """The machine or its settings are wrong. The message says what to do, in plain words."""


@dataclass(frozen=True)
class Settings:
    """SCREENING_CONTENT: the content directory. SCREENING_DATA: where records are kept, outside the source tree."""

    content: Path
    data: Path

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings of this process."""
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return cls(
            Path(os.environ.get("SCREENING_CONTENT") or ROOT / "content"),
            Path(os.environ.get("SCREENING_DATA") or Path(home) / "intake-screening"),
        )
