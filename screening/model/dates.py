"""Days as people write them: one way for the pages, the person's copy, the prep sheet and what is typed into a date."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

Part = Literal["year", "month", "day"]


@cache
def _locale(language: str, us: bool) -> Locale:
    """The language as the clinic's country writes it; `us` as in the `units` of site.yaml."""
    for name in (f"{language}_{'US' if us else '001'}", language):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "US")


def day_words(day: date, language: str, us: bool) -> str:
    """A day in words: "May 17, 1984" in a US clinic, "17 de mayo de 1984" in Spanish."""
    return str(format_date(day, "long", locale=_locale(language, us)))


def day_order(language: str, us: bool) -> tuple[Part, ...]:
    """The order in which the three boxes of a date stand."""
    pattern = str(_locale(language, us).date_formats["short"].pattern)
    letters: dict[Part, str] = {"year": "y", "month": "M", "day": "d"}
    return tuple(sorted(letters, key=lambda part: pattern.index(letters[part])))


def month_number(typed: str, language: str, us: bool) -> int | None:
    """The month that somebody typed, as a number or by at least three letters of its name; None for anything else."""
    text = typed.strip().rstrip(".").casefold()
    if text.isdecimal() and len(text) <= 2:
        return int(text)
    names = _locale(language, us).months["format"]["wide"]
    found = [number for number, name in names.items() if len(text) >= 3 and str(name).casefold().startswith(text)]
    return int(found[0]) if len(found) == 1 else None
