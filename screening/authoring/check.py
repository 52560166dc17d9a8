"""Everything that can be said about content before a patient sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from screening.authoring import cases
from screening.authoring.lint.lint import lint
from screening.engine.content import Content
from screening.loading.files import Shelf
from screening.loading.finding import ContentError, Finding
from screening.loading.load import manuscript


def check(directory: Path, today: date, shelf: Shelf | None = None) -> tuple[Content | None, list[Finding]]:
    """Load the content and look at all of it. Content is None when it cannot be used. `shelf`: see
    content.manuscript."""
    try:
        work = manuscript(directory, shelf)
    except ContentError as error:
        return None, list(error.findings)
    return work.content, sorted({*cases.findings(work.content), *lint(work, today)})
