"""An answer in the words that the person saw: for the check page, the person's copy and staff."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from screening.engine.content import Content
from screening.model.item import Given, Wording
from screening.model.item_types import Item


def in_words(item: Item, given: Given | None, language: str, content: Content) -> str:
    """The answer as text; empty where there is none."""
    wording = Wording(language, content.words, content.site.units == "us")
    return "" if given is None else item.in_words(given, wording)


@dataclass(frozen=True)
class Said:
    """An answer as it stands in a screening: the options chosen, in words, or what was typed or counted."""

    chosen: tuple[str, ...] = ()
    typed: str = ""

    @property
    def words(self) -> str:
        """Either, as text; empty where there is no answer."""
        return "; ".join(self.chosen) or self.typed


def said(link_id: str, given: Any, content: Content, language: str) -> Said:
    """An answer of a flag's evidence or of a to-ask list; as stored, where the content no longer knows it."""
    item = content.item(link_id) if link_id in content.program.numbers else None
    found = chosen(item, given, language) if item else ()
    if found or given is None:
        return Said(chosen=found)
    if item and not item.options and not item.typed:
        with suppress(KeyError, ValueError, TypeError):  # an answer that only another content accepted
            return Said(typed=without_invisible(in_words(item, given, language, content)))
    entries = given if isinstance(given, tuple) else (given,)
    texts = [entry["text"] if isinstance(entry, dict) and "text" in entry else entry for entry in entries]
    return Said(typed=without_invisible("; ".join(map(str, texts))))


def chosen(item: Item, given: Any, language: str) -> tuple[str, ...]:
    """The options of an answer in words; empty where it was typed or counted."""
    codes = given if isinstance(given, tuple) else (given,)
    return tuple(option.text[language] for option in item.options if option.code in codes)


_JOINERS = "\n\u200c\u200d"


def without_invisible(text: str) -> str:
    """Text without characters that a reader does not see, such as those that turn the direction of writing."""
    return "".join(char for char in text if char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
