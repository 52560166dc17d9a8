"""An answer in the words that the person saw: for the check page, the person's copy and staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from screening.medicine_list import Entry
from screening.questionnaire import NONE_OF_THESE, Given, Item, Medicines
from screening.text import Text


def in_words(item: Item, given: Given | None, language: str, words: Mapping[str, Text]) -> str:
    """The answer as text; empty where there is none."""
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
        day = date.fromisoformat(given)
        month = words["month-names"][language].split(",")[day.month - 1]
        return f"{day.day} {month} {day.year}"
    return texts.get(given, given) if isinstance(given, str) else f"{given:g}"


def _entry(item: Medicines, entry: Entry, language: str, words: Mapping[str, Text]) -> str:
    """One medicine as typed, and in brackets what the person said about it."""
    if isinstance(entry, str):
        return entry
    said = []
    if "confirmed" in entry:
        said.append(words["medicines-none-right"][language] if entry["confirmed"] == NONE_OF_THESE else entry["confirmed"])
    for code, options in ((entry.get("how"), item.how_option), (entry.get("last_taken"), item.last_taken_option)):
        said += [option.text[language] for option in options if option.code == code]
    if "dose" in entry:
        dose = entry["dose"]
        units = [option.text[language] for option in item.dose_unit_option if option.code == dose.get("unit")]
        said.append(" ".join([*(f"{dose[key]:g}" for key in ("value",) if key in dose), *units]))
        if "per_day" in dose:
            said.append(words["medicines-a-day"][language].format(n=f"{dose['per_day']:g}"))
    return f"{entry['text']} ({'; '.join(said)})" if said else str(entry["text"])
