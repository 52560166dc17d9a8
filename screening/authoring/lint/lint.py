"""All checks of content that loads: what is left after the accepted findings."""

from __future__ import annotations

from datetime import date

from screening.authoring.lint import (
    conditions,
    evidence,
    instruments,
    medicines,
    people,
    reading,
    rules,
    structure,
    translation,
    wording,
)
from screening.authoring.lint.accepted import without_accepted
from screening.authoring.lint.manuscript import LintContext
from screening.loading.finding import Finding
from screening.loading.load import Manuscript


def lint(work: Manuscript, today: date) -> list[Finding]:
    """Every finding that needs no worked case to run. `today` is the clinic's day, for what is past its review."""
    draft = LintContext(work, today)
    found: list[Finding] = []
    for check in (wording, instruments, reading, structure, conditions, rules, evidence, medicines, people):
        found += check.findings(draft)
    found += translation.findings(draft, translation.read(work.directory))
    return without_accepted(work, dict.fromkeys(found))
