"""References that were deleted for good, in a file beside the store: whoever restores an older copy deletes them
again."""

from __future__ import annotations

import os
from pathlib import Path

from screening.records.database import NotSaved

FILE = "erased.txt"


def tombstone(directory: Path, reference: str) -> None:
    """Note a reference before it is deleted. Raises NotSaved."""
    try:
        descriptor = os.open(directory / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{reference}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotSaved(f"the list of deleted references cannot be written ({error.strerror})") from None


def references(path: Path) -> list[str]:
    """The references of such a file, each once; none where there is no file."""
    return list(dict.fromkeys(path.read_text("ascii", "replace").split())) if path.exists() else []
