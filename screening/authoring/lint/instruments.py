"""Published instruments keep their published wording, in every language that has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from screening.authoring.lint.manuscript import LintContext
from screening.loading.files import ContentFiles
from screening.loading.finding import ContentError, Finding
from screening.model.content_model import ContentModel, Slug
from screening.model.item_types import Item
from screening.model.text import Text


class PublishedQuestion(ContentModel):
    """One question as published; languages that are not here have no published wording."""

    text: Text
    """The question."""
    stem: Text | None = None
    """The sentence before it."""
    options: dict[Slug, Text] = {}
    """The words of its answers, by code."""


class PublishedInstrument(ContentModel):
    """One instrument."""

    source: str
    """Where the wording is from."""
    questions: dict[Slug, PublishedQuestion]
    """By link_id."""


class Instruments(ContentModel):
    """instruments.yaml."""

    instruments: dict[Slug, PublishedInstrument]
    """By name."""


@cache
def published() -> Instruments:
    """The wording that is compared with."""
    files = ContentFiles(Path(__file__).parent)
    loaded = files.model("instruments.yaml", Instruments)
    if loaded is None:
        raise ContentError(files.findings)
    return loaded


def findings(draft: LintContext) -> Iterator[Finding]:
    """A finding for every question of an instrument that does not say what was published."""
    for file, path, item in draft.items():
        instrument = published().instruments.get(item.instrument or "")
        question = instrument.questions.get(item.link_id) if instrument else None
        if question is None:
            continue
        for words, said in _pairs(item, question):
            for language in sorted(language for language in words if said.get(language) not in (None, words[language])):
                what = f'{item.link_id} says "{said[language]}" in {language}; published is "{words[language]}".'
                yield draft.at("W019", file, path, f"item {item.link_id} text", what)


def _pairs(item: Item, question: PublishedQuestion) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """Published words beside those of the item."""
    yield question.text.root, item.text.root
    if question.stem:
        yield question.stem.root, item.stem.root if item.stem else {}
    for option in item.options:
        if option.code in question.options:
            yield question.options[option.code].root, option.text.root
