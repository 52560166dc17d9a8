"""People: what identifies someone stays out of rules and is marked, and help is there, with its numbers, in every
language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from screening.authoring.lint.manuscript import LintContext
from screening.loading.finding import Finding
from screening.model.condition import ItemTest
from screening.model.item_types import Item
from screening.model.site import HelpBlock

FEWEST_DIGITS = 7


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about identifying items, help and the clinic's own numbers."""
    yield from _protected(draft)
    for file, path, item in draft.items():
        code = _unmarked(item)
        if code:
            yield draft.at(code, file, path, f"item {item.link_id}", f"{item.link_id} has no `identifier`.")
    yield from _help(draft)
    site = draft.content.site
    if sum(char.isdigit() for char in site.clinic.phone) < FEWEST_DIGITS:
        yield draft.at(
            "H005", "site.yaml", ("clinic", "phone"), "clinic phone", f'The clinic\'s number is "{site.clinic.phone}".'
        )
    if site.retention_days <= site.draft_days:
        what = f"Forms are kept {site.retention_days} days, drafts {site.draft_days}."
        yield draft.at("H006", "site.yaml", ("retention_days",), "site retention_days", what)


def _protected(draft: LintContext) -> Iterator[Finding]:
    """A name or a contact must never influence a flag; of a date only the age may."""
    kinds = {
        item.link_id: item.identifier for item in draft.content.items if item.identifier in ("name", "contact", "date")
    }
    for spot in draft.spots:
        if isinstance(spot.node, ItemTest) and spot.node.item in kinds:
            what = f"{spot.place} reads {spot.node.item}, which is a {kinds[spot.node.item]}."
            yield draft.at("P001", spot.file, spot.path, spot.place, what)
    for section in draft.content.sections:
        for n, score in enumerate(section.scores):
            for link_id in score.items if score.method != "age" else ():
                if link_id in kinds:
                    what = f"The score {score.id} reads {link_id}."
                    yield draft.at("P001", f"sections/{section.section}.yaml", ("scores", n), f"score {score.id}", what)


def _unmarked(item: Item) -> str | None:
    if item.identifier != "none":
        return None
    if item.type == "date" or getattr(item, "format", "any") in ("email", "phone"):
        return "P002"
    return "P003" if item.typed else None


def _help(draft: LintContext) -> Iterator[Finding]:
    shown = {shown.block for item in draft.content.items for shown in item.show_help}
    help_ = draft.content.site.help
    blocks: dict[str, HelpBlock | None] = {
        "crisis": help_.crisis,
        "emergency": help_.emergency,
        "gentle": help_.gentle,
        "same_day": help_.same_day,
    }
    for name, block in blocks.items():
        if block is None:
            continue
        code = {"crisis": "H001", "emergency": "H002"}.get(name)
        if code and name not in shown:
            yield draft.at(code, "site.yaml", ("help", name), f"help {name}", f"No answer brings up the {name} help.")
        if not any(action.href.startswith("tel:") for action in block.actions):
            yield draft.at(
                "H003",
                "site.yaml",
                ("help", name, "actions"),
                f"help {name}",
                f"The {name} help has no number to call.",
            )
        numbers = _numbers(block)
        for language in draft.content.languages:
            for worded in (block, block.worded(True)):
                lines = (*worded.lines, *worded.not_sent, *worded.sent)
                said = " ".join([worded.title[language], *(line[language] for line in lines)])
                for number in sorted(numbers - _said(said)):
                    what = f"The {name} help in {language} does not say {number}."
                    yield draft.at("H004", "site.yaml", ("help", name, "lines"), f"help {name} lines", what)
    numbers = _numbers(help_.crisis) | _numbers(help_.emergency)
    for language, text in help_.line.root.items():
        for number in sorted(numbers - _said(text)):
            what = f"The line of help on every page, in {language}, does not say {number}."
            yield draft.at("H004", "site.yaml", ("help", "line", language), "help line", what)


def _said(text: str) -> set[str]:
    """The numbers in a text, however their digits are grouped: 988, 0800 111 222."""
    return {re.sub(r"\D", "", one) for one in re.findall(r"\d(?:[ -]?\d)*", text)}


def _numbers(block: HelpBlock) -> set[str]:
    return {
        action.href.partition(":")[2].lstrip("+") for action in block.actions if not action.href.startswith("https")
    }
