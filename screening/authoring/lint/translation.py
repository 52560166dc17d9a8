"""Languages: the same braces everywhere, nothing left untranslated, and no translation of words that have since
changed.

translations.lock holds, for each text, a short digest of its words in every language from when someone last confirmed
that they say the same. A text whose first language changed while another did not is stale. `python -m screening
translations --confirm` writes it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from screening.authoring.lint.manuscript import LintContext, Passage
from screening.loading.finding import Finding

FILE = "translations.lock"
FEWEST_WORDS = 3
"""Fewer words may well be the same in two languages: "No", "911", a brand name."""

FILLED = {
    "help": {"clinic", "phone", "hours", "within"},
    "word": {
        "clinic",
        "phone",
        "hours",
        "within",
        "example",
        "minutes",
        "seconds",
        "days",
        "n",
        "total",
        "min",
        "max",
        "name",
        "topics",
        "list",
        "topic",
        "date",
    },
    "consent": {"days", "draft_days", "clinic", "phone", "hours", "within"},
}


def findings(draft: LintContext, confirmed: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Everything about languages. `confirmed`: place -> language -> digest, as `read` gives it."""
    first = draft.content.languages[0]
    for passage in draft.passages:
        braces = {language: sorted(re.findall(r"\{(\w*)\}", text)) for language, text in passage.words.items()}
        for language, found in braces.items():
            if found != braces.get(first, found):
                yield draft.on("T001", passage, language, f"has the braces {found}, {first} has {braces[first]}.")
            unknown = sorted(set(found) - FILLED.get(passage.kind, set()))
            if unknown or text_is_torn(passage.words[language]):
                yield draft.on(
                    "T002",
                    passage,
                    language,
                    f"has braces that nothing fills in: {', '.join(unknown) or passage.words[language]}.",
                )
        yield from _translated(draft, passage, first, confirmed.get(passage.place, {}))
    for language, text in draft.content.questionnaire.consent.text.root.items():
        left = {"days", "draft_days"} - set(re.findall(r"\{(\w+)\}", text))
        if left:
            what = f"The consent in {language} does not say {', '.join(sorted(left))}."
            yield draft.at("T005", "questionnaire.yaml", ("consent", "text", language), "consent text", what)


def text_is_torn(text: str) -> bool:
    """Whether a brace stands without its other half."""
    return bool(re.search(r"[{}]", re.sub(r"\{\w*\}", "", text)))


def _translated(draft: LintContext, passage: Passage, first: str, known: Mapping[str, str]) -> Iterator[Finding]:
    original = passage.words.get(first, "")
    for language, text in passage.words.items():
        if language == first:
            continue
        if text.strip() == original.strip() and len(re.findall(r"[^\W\d_]{2,}", text)) >= FEWEST_WORDS:
            yield draft.on("T003", passage, language, f"is the same as in {first}.")
        if known.get(language) == digest(text) and known.get(first, digest(original)) != digest(original):
            yield draft.on("T004", passage, language, f"still stands for earlier words in {first}.")


def digest(text: str) -> str:
    """Enough of a SHA-256 to tell whether words changed; white space does not count."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:10]


def read(directory: Path) -> dict[str, dict[str, str]]:
    """What was confirmed: place -> language -> digest. Empty where nothing was, or the file is not of this form."""
    try:
        rows = list(csv.reader(io.StringIO((directory / FILE).read_text("utf-8"))))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    header = rows[0] if rows else []
    return {row[0]: dict(zip(header[1:], row[1:], strict=False)) for row in rows[1:] if row}


def confirmed(draft: LintContext) -> str:
    """The file that says that every translation is right as it is now."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["place", *draft.content.languages])
    for passage in sorted(draft.passages, key=lambda one: one.place):
        writer.writerow([passage.place, *(digest(passage.words[language]) for language in draft.content.languages)])
    return out.getvalue()
