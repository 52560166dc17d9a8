"""Everything that can be said about content before a patient sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from screening.authoring import cases
from screening.condition import ItemTest, leaves
from screening.content import Content, load
from screening.finding import ContentError, Finding

# Words that patients must not read: verdicts, promises, blame, instructions about medicines.
BANNED = {
    "en": r"eligib\w*|ineligib\w*|approved?|denied|candidates?|qualif\w*|cleared|disqualif\w*|diagnos(is|ed|e)|contraindicat\w*|dangerous|"
    r"addicts?|abusers?|drug-seek\w*|commit suicide|risk score|medications?|you may have|this suggests|you are safe",
    "es": r"elegib\w*|apto|apta|aprobad[oa]s?|rechazad[oa]s?|candidat[oa]s?|califica\w*|diagnóstico|contraindicad\w*|peligros[oa]s?|"
    r"adict[oa]s?|medicación|medicamentos?|esto sugiere",
}


def check(directory: Path) -> tuple[Content | None, list[Finding]]:
    """Load the content and look at all of it. Content is None when it cannot be used."""
    try:
        content = load(directory)
    except ContentError as error:
        return None, list(error.findings)
    found = [*cases.findings(content), *_words(content), *_purposes(content)]
    return content, sorted(set(found))


def _words(content: Content) -> Iterator[Finding]:
    for section in content.sections:
        texts = [
            (
                f"item {item.link_id}",
                [item.text, item.stem, item.hint, *(option.text for option in item.options), section.title, section.intro],
            )
            for item in section.items
        ]
        texts += [(f"rule {rule.id}", [rule.patient]) for rule in section.rules]
        for place, all_words in texts:
            for words in all_words:
                for language, text in words.root.items() if words else ():
                    banned = re.search(rf"\b({BANNED[language]})\b", text, re.IGNORECASE) if language in BANNED else None
                    if banned:
                        file, line = content.places[place]
                        yield Finding(file, line, "W001", f'{place} says "{banned.group()}" to patients.', "Say it without a verdict.")


def _purposes(content: Content) -> Iterator[Finding]:
    read: set[str] = set()
    roots = [rule.when for rule in content.rules] + [other.when for rule in content.rules for other in rule.tier_when]
    roots += [item.enable_when for item in content.items if item.enable_when]
    roots += [named.when for section in content.sections for named in section.conditions]
    for root in roots:
        read |= {leaf.item for leaf in leaves(root) if isinstance(leaf, ItemTest)}
    read |= {link for section in content.sections for score in section.scores for link in score.items}
    for plan in content.program.items:
        item = plan.item
        if item.link_id not in read and plan.number != content.program.medicines and not item.purpose:
            file, line = content.places[f"item {item.link_id}"]
            yield Finding(file, line, "W002", f'Nothing reads "{item.link_id}".', "Use it in a rule, or state its purpose.")
