"""What a person typed into the boxes of a question, read as an answer: forgiving where it is plain, never guessed.

Boxes hold text as it was typed, and the text is what is kept. What cannot be read stays text, which the engine refuses
in words; a number is never changed on the way.
"""

from __future__ import annotations

import re
from typing import Any, cast

from screening.model.dates import month_number
from screening.model.item_types import UNITS, Date, Decimal, Integer, Item, Quantity

FEET = "ft"
"""The unit of a height that is typed into two boxes, feet and inches; kept as inches."""

_FEW = 11
_UNITS = ("lb", "kg", "cm", "in", FEET)

_ABOUT = r"(?:about|around|approx\.?|ca\.?|~|unos|unas|aprox\.?|casi|alrededor de|más o menos)?\s*"
_NUMBER = r"([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)"
_AMOUNT = re.compile(rf"{_ABOUT}{_NUMBER}\s*([^\W\d_]*)\.?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_FEET_WORD, _INCH_WORD = r"(?:'|’|′|ft\.?|feet|foot|pies?)", r"(?:\"|”|″|''|’’|in\.?|inches|inch|pulgadas?)"
_FEET_INCHES = re.compile(
    rf"{_ABOUT}([0-9]+)\s*{_FEET_WORD}\s*(?:([0-9]+(?:[.,][0-9]+)?)\s*{_INCH_WORD}?)?", re.IGNORECASE
)
_UNIT_WORDS = {
    "lb": ("lb", "lbs", "pound", "pounds", "libra", "libras"),
    "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramo", "kilogramos"),
    "cm": ("cm", "cms", "centimeter", "centimeters", "centimetre", "centimetres", "centímetro", "centímetros"),
    "in": ("in", "inch", "inches", "pulgada", "pulgadas"),
}


def number(typed: str) -> int | float | None:
    """The number that was typed; comma and point both mean the decimal. None where it is no number, or where a comma
    or a point could also stand between thousands."""
    value, unit = _amount(typed)
    return value if not unit else None


def _amount(typed: str) -> tuple[int | float | None, str]:
    """A number and the word after it."""
    text = typed.strip()
    match = _AMOUNT.fullmatch(text)
    if not match or _THOUSANDS.fullmatch(match[1]) or len(match[1]) > 15:
        return None, ""
    value = float(match[1].replace(",", "."))
    return (int(value) if value == int(value) else value), match[2].casefold()


def given(item: Item, typed: Any, language: str, us: bool) -> Any:
    """What the engine is asked to accept for what was typed; text that cannot be read stays text."""
    if isinstance(item, Integer | Decimal) and isinstance(typed, str):
        value = number(typed)
        return typed if value is None else value
    if isinstance(item, Quantity) and (filled := in_boxes(typed)):
        return _quantity(item, *filled)
    if isinstance(item, Date) and isinstance(typed, list) and len(typed) == 3:
        return _date([str(part) for part in typed], language, us)
    return typed


def in_boxes(typed: Any) -> tuple[str, list[str]] | None:
    """The unit and the texts of a weight or a height as its boxes send them; None for anything else."""
    if not isinstance(typed, dict) or typed.get("unit") not in _UNITS or not isinstance(typed.get("boxes"), list):
        return None
    texts = [str(box) for box in typed["boxes"]]
    return (typed["unit"], texts) if texts else None


def _quantity(item: Quantity, unit: str, boxes: list[str]) -> Any:
    first, *more = boxes
    if unit == FEET:
        height = _inches(first, more[0] if more else "")
        if height is not None:
            return {"value": height, "unit": "in"}
    value, word = _amount(first)
    named = next((code for code, words in _UNIT_WORDS.items() if word in words and code in UNITS[item.unit]), None)
    if value is None or (word and not named) or (unit == FEET and not named) or any(box.strip() for box in more):
        return " ".join(boxes)  # refused in words
    return {"value": value, "unit": named or unit}


def _inches(feet: str, inches: str) -> int | float | None:
    """A height in inches: from both boxes, or from feet and inches written in the first."""
    if not inches.strip():
        match = _FEET_INCHES.fullmatch(feet.strip())
        if match:
            more = number(match[2] or "0")
            return None if more is None else 12 * int(match[1]) + more
    whole, more = number(feet) if feet.strip() else 0, number(inches) if inches.strip() else 0
    if whole is None or more is None or whole != int(whole):
        return None
    return 12 * whole + more


def _date(parts: list[str], language: str, us: bool) -> str:
    """An ISO date from year, month and day as typed; as they are where one cannot be read."""
    year, month, day = (part.strip() for part in parts)
    number_of_month = month_number(month, language, us)
    plain = re.fullmatch(r"[0-9]{4}", year) and re.fullmatch(r"[0-9]{1,2}", day) and number_of_month
    return f"{year}-{number_of_month:02}-{int(day):02}" if plain else "-".join(parts)


# ---------------------------------------------------------------- back into the boxes


def boxes(item: Item, typed: Any, us: bool) -> Any:
    """What the boxes show for an answer that may have come from elsewhere than from them."""
    if isinstance(typed, tuple):
        return list(typed)
    if isinstance(item, Integer) and is_scale(item):
        return typed
    if isinstance(item, Integer | Decimal) and isinstance(typed, int | float):
        return f"{typed:g}"
    if isinstance(item, Date) and isinstance(typed, str):
        return [part.lstrip("0") if part.isdecimal() else part for part in [*typed.split("-"), "", ""][:3]]
    return _amount_boxes(item, typed, us) if isinstance(item, Quantity) else typed


def _amount_boxes(item: Quantity, typed: Any, us: bool) -> dict[str, Any]:
    if in_boxes(typed):
        return cast("dict[str, Any]", typed)
    value, unit = (typed.get("value"), typed.get("unit")) if isinstance(typed, dict) else (None, None)
    if not isinstance(value, int | float) or not isinstance(unit, str) or unit not in UNITS[item.unit]:
        return {"unit": units_of(item, us)[0], "boxes": []}
    if unit != "in":
        return {"unit": unit, "boxes": [f"{value:g}"]}
    feet, inches = divmod(value, 12)
    return {"unit": FEET, "boxes": [f"{feet:g}", f"{inches:g}"]}


def is_scale(item: Item) -> bool:
    """Whether a whole number is chosen from a row, not typed: it has few values."""
    return isinstance(item, Integer) and item.max - item.min < _FEW


def units_of(item: Quantity, us: bool) -> list[str]:
    """The units that can be chosen for a weight or a height, the clinic's own first."""
    units = {"kg": ["lb", "kg"], "cm": [FEET, "cm"]}[item.unit]
    return units if us else units[::-1]


def limits(item: Quantity, unit: str) -> tuple[int, int]:
    """The smallest and the largest whole number that is accepted in that unit (ft: inches)."""
    one = UNITS[item.unit]["in" if unit == FEET else unit]
    return -int(-item.min // one), int(item.max // one)


def as_typed(typed: Any) -> str:
    """What was typed, in one line, where it cannot be accepted yet."""
    if isinstance(typed, dict) and "boxes" in typed:
        typed = typed["boxes"]
    if isinstance(typed, list):
        return " ".join(str(part) for part in typed if str(part).strip())
    return "" if typed is None else str(typed)
