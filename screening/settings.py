"""Where things are: read from the environment, checked once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

_HERE = Path(__file__).resolve().parent
ROOT = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent
"""Where app.py and content/ are: inside the package where it was installed from a wheel, beside it in a checkout."""

Role = Literal["patient", "staff", "both"]


class EnvironmentProblem(Exception):
    """The machine or its settings are wrong. The message says what to do, in plain words."""


@dataclass(frozen=True)
class Settings:
    """Where content, records and keys are, and which side of the clinic this process serves.

    SCREENING_CONTENT: the content directory. SCREENING_DATA: where records are kept, outside the source tree.
    SCREENING_KEYS: where keys are kept, apart from the records. SCREENING_DATABASE: a database address such as
    postgresql://user@host/name; without it, one SQLite file in SCREENING_DATA. SCREENING_ROLE: patient, staff or both.
    """

    content: Path
    data: Path
    keys: Path
    database: str
    role: Role = "patient"

    @classmethod
    def at(cls, data: Path, content: Path = ROOT / "content", database: str = "") -> Settings:
        """The settings for a data directory; the keys lie beside it, never in it."""
        return cls(content, data, data.with_name(data.name + "-keys"), database)

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings of this process. Raises EnvironmentProblem."""
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        data = Path(os.environ.get("SCREENING_DATA") or Path(home) / "intake-screening")
        near = cls.at(data)
        role = os.environ.get("SCREENING_ROLE") or "patient"
        if role not in get_args(Role):
            raise EnvironmentProblem(f"SCREENING_ROLE is {role!r}; it can be {', '.join(get_args(Role))}.")
        return cls(
            Path(os.environ.get("SCREENING_CONTENT") or near.content),
            data,
            Path(os.environ.get("SCREENING_KEYS") or near.keys),
            os.environ.get("SCREENING_DATABASE") or "",
            role,  # type: ignore[arg-type]  # checked above
        )
