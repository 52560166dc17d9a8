"""Sources and reviews: what was read, by whom, when, and whether it is time to look again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from screening.authoring.lint.manuscript import LintContext
from screening.loading.document import Path_
from screening.loading.finding import Finding
from screening.model.rule import Review, Rule, Source

OLDEST_REVIEW = timedelta(days=2 * 365)
"""After that, the review of a rule is to be done again: an editorial choice, as long as most guideline groups allow
themselves."""


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about sources.yaml and the reviews of rules."""
    cited = {citation.cite for rule in draft.content.rules for citation in rule.sources}
    opioids = draft.content.program.opioids
    cited |= {opioids.source} if opioids else set()
    seen: set[str] = set()
    for n, source in enumerate(draft.work.sources.sources):
        path: Path_ = ("sources", n)
        place = f"source {source.key}"
        if source.key in seen:
            yield draft.at("E005", "sources.yaml", path, place, f'Two sources are called "{source.key}".')
        seen.add(source.key)
        if source.key not in cited:
            yield draft.at("E001", "sources.yaml", path, place, f"Nothing cites {source.key}.")
        if not re.search(r"\b\d{4}\b", str(source.year)):
            yield draft.at(
                "E002", "sources.yaml", (*path, "year"), place, f'The year of {source.key} is "{source.year}".'
            )
        yield from _checked(draft, source, path)
    for file, path, rule in draft.rules():
        yield from _rule(draft, file, path, rule)


def _checked(draft: LintContext, source: Source, path: Path_) -> Iterator[Finding]:
    place = f"source {source.key}"
    if source.review_by < draft.today:
        yield draft.at(
            "E003",
            "sources.yaml",
            (*path, "review_by"),
            place,
            f"{source.key} was to be reviewed by {source.review_by}.",
        )
    on = _day(source.checked.get("on"))
    if on is None or not source.checked.get("by"):
        yield draft.at(
            "E007", "sources.yaml", (*path, "checked"), place, f"{source.key}: `checked` needs `by` and a day in `on`."
        )
    elif on > draft.today:
        yield draft.at(
            "E004",
            "sources.yaml",
            (*path, "checked"),
            place,
            f"{source.key} was checked on {on}, which has not come yet.",
        )
    elif source.review_by <= on:
        yield draft.at(
            "E009",
            "sources.yaml",
            (*path, "review_by"),
            place,
            f"{source.key} was checked on {on}, after its review date.",
        )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _rule(draft: LintContext, file: str, path: Path_, rule: Rule) -> Iterator[Finding]:
    place = f"rule {rule.id}"
    if len({(one.cite, one.where) for one in rule.sources}) < len(rule.sources):
        yield draft.at("E006", file, (*path, "sources"), place, f"{rule.id} cites the same place twice.")
    if not isinstance(rule.reviewed, Review):
        return
    if rule.reviewed.on > draft.today:
        yield draft.at(
            "E004",
            file,
            (*path, "reviewed"),
            place,
            f"{rule.id} was reviewed on {rule.reviewed.on}, which has not come yet.",
        )
    if rule.status == "active" and rule.reviewed.on < draft.today - OLDEST_REVIEW:
        yield draft.at("E008", file, (*path, "reviewed"), place, f"{rule.id} was last reviewed on {rule.reviewed.on}.")
    if rule.status == "draft":
        yield draft.at(
            "E010",
            file,
            (*path, "status"),
            place,
            f"{rule.id} was reviewed by {rule.reviewed.by} and is still a draft.",
        )
