"""All checks of content that loads: what is left after the accepted findings."""

from __future__ import annotations

from datetime import date

from screening.authoring import (
    lint_conditions,
    lint_evidence,
    lint_medicines,
    lint_people,
    lint_rules,
    lint_structure,
    lint_translation,
    lint_wording,
    reading,
)
from screening.authoring.accepted import without_accepted
from screening.authoring.draft import Draft
from screening.content import Manuscript
from screening.finding import Finding


def lint(work: Manuscript, today: date) -> list[Finding]:
    """Every finding that needs no worked case to run. `today` is the clinic's day, for what is past its review."""
    draft = Draft(work, today)
    found: list[Finding] = []
    for check in (lint_wording, reading, lint_structure, lint_conditions, lint_rules, lint_evidence, lint_medicines, lint_people):
        found += check.findings(draft)
    found += lint_translation.findings(draft, lint_translation.read(work.directory))
    return without_accepted(work, dict.fromkeys(found))
