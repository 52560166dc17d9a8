"""An answer in the words that the person saw: for the check page, the person's copy and staff."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.engine.content import Content
from screening.medicines.entries import Entry
from screening.model.dates import day_words
from screening.model.item import Given
from screening.model.item_types import Item
from screening.model.medicines_item import NONE_OF_THESE, Medicines
from screening.model.text import Text


def in_words(item: Item, given: Given | None, language: str, content: Content) -> str:
    """The answer as text; empty where there is none."""
    words = content.words
    if given is None:
        return ""
    texts = {option.code: option.text[language] for option in item.options}
    if isinstance(given, tuple):
        if isinstance(item, Medicines):
            return "\n".join(_entry(item, one, language, words) for one in given)
        return "; ".join(texts[code] for code in given)
    if isinstance(given, dict):
        value, unit = given["value"], given["unit"]
        if unit == "in":
            feet, inches = divmod(value, 12)
            return f"{feet:g} {words['feet'][language].lower()} {inches:g} {words['inches'][language].lower()}"
        return f"{value:g} {unit}"
    if item.type == "date" and isinstance(given, str):
        return day_words(date.fromisoformat(given), language, content.site.units == "us")
    return texts.get(given, given) if isinstance(given, str) else f"{given:g}"


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
    if item and item.type in ("quantity", "date"):
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


def _entry(item: Medicines, entry: Entry, language: str, words: Mapping[str, Text]) -> str:
    """One medicine as typed, and in brackets what the person said about it."""
    if isinstance(entry, str):
        return entry
    said = []
    if "confirmed" in entry:
        said.append(
            words["medicines-none-right"][language] if entry["confirmed"] == NONE_OF_THESE else entry["confirmed"]
        )
    for code, options in ((entry.get("how"), item.how_option), (entry.get("last_taken"), item.last_taken_option)):
        said += [option.text[language] for option in options if option.code == code]
    if "dose" in entry:
        dose = entry["dose"]
        units = [option.text[language] for option in item.dose_unit_option if option.code == dose.get("unit")]
        said.append(" ".join([*(f"{dose[key]:g}" for key in ("value",) if key in dose), *units]))
        if "per_day" in dose:
            said.append(words["medicines-a-day"][language].format(n=f"{dose['per_day']:g}"))
    return f"{entry['text']} ({'; '.join(said)})" if said else str(entry["text"])
