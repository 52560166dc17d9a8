"""An answer in the words that the person saw: for the check page, the person's copy and staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from screening.questionnaire import Given, Item
from screening.text import Text


def in_words(item: Item, given: Given | None, language: str, words: Mapping[str, Text]) -> str:
    """The answer as text; empty where there is none."""
    if given is None:
        return ""
    texts = {option.code: option.text[language] for option in item.options}
    if isinstance(given, tuple):
        return "\n".join(given) if item.type == "medicines" else "; ".join(texts[code] for code in given)
    if isinstance(given, dict):
        value, unit = given["value"], given["unit"]
        if unit == "in":
            feet, inches = divmod(value, 12)
            return f"{feet:g} {words['feet'][language].lower()} {inches:g} {words['inches'][language].lower()}"
        return f"{value:g} {unit}"
    if item.type == "date" and isinstance(given, str):
        day = date.fromisoformat(given)
        month = words["month-names"][language].split(",")[day.month - 1]
        return f"{day.day} {month} {day.year}"
    return texts.get(given, given) if isinstance(given, str) else f"{given:g}"
