"""The columns of a table of responses: each a name, a meaning and a kind, in parts that are filled together.

A part turns one key into its cells. The key of an item is its answer, or why there is none, so the cells of a common
answer are made once and remembered; the key of any other part is a value of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from exports.asked import WHY, Why
from exports.cell import Cell
from exports.choices import Choices
from exports.deidentify import age
from screening.engine.result import ToAsk
from screening.model.item_types import Item, Quantity

APART = ("integer", "decimal", "date")
"""Types of which why there is no answer stands in a column of its own: a number or a day is never text."""

Cells = Callable[[Any], tuple[Cell, ...]]


@dataclass(frozen=True)
class Column:
    """A line of the codebook. kind: text, code, list, number, 0/1, date or time; codes: what may stand in it,
    explained."""

    name: str
    meaning: str
    kind: str
    codes: str = ""


@dataclass(frozen=True)
class Part:
    """Columns that are filled together from one key.

    few: keys come again and again, so their cells are worth remembering. plain: a key that is text is the one cell
    itself.
    """

    columns: tuple[Column, ...]
    cells: Cells
    few: bool = True
    plain: bool = False


def one(name: str, meaning: str, kind: str, codes: str = "", few: bool = True) -> Part:
    """A column whose key is its cell."""
    return Part((Column(name, meaning, kind, codes),), lambda cell: (cell,), few, plain=True)


def of_item(item: Item, choices: Choices, language: str) -> Part:
    """The columns of one item: its answer, a 0/1 column for every option, a quantity in the item's own unit."""
    text = item.text[language]
    why = "; ".join(f"{one.code} {one.meaning}" for one in WHY.values())
    labels = choices.answers == "labels"
    shown = {option.code: option.text[language] if labels else option.code for option in item.options}
    codes = "; ".join(
        option.text[language] if labels else f"{option.code} = {option.text[language]}" for option in item.options
    )
    apart, beside = item.type in APART, choices.purpose != "call-sheet"
    said = codes if apart else f"{codes}; {why}" if codes else why
    columns = [Column(item.link_id, text, item.type, said)]
    options = [option.code for option in item.options] if item.many and choices.split else []
    for option in item.options if options else ():
        columns.append(
            Column(
                f"{item.link_id}.{option.code}",
                f"{text} — {option.text[language]}",
                "0/1",
                "1 chosen; 0 not; empty: no answer",
            )
        )
    if isinstance(item, Quantity):
        columns.append(Column(f"{item.link_id}.{item.unit}", f"the same in {item.unit}", "number"))
    if apart and beside:
        columns.append(Column(f"{item.link_id}.why", "why there is no answer", "code", why))
    meanings = {option.code: WHY[option.meaning] for option in item.options if option.meaning}
    rest = (None,) * (len(columns) - 1)
    nothing: tuple[Cell, ...] = (None, *rest[1:]) if beside else (None, *rest)
    capped = choices.deidentified and item.identifier == "age"

    def cells(given: Any) -> tuple[Cell, ...]:
        if isinstance(given, Why):
            return (given.code, *rest) if not apart else (*nothing, given.code) if beside else nothing
        for code in given if isinstance(given, tuple) and item.many else (given,):
            if isinstance(code, str) and code in meanings:
                return cells(meanings[code])
        if isinstance(item, Quantity):
            value, unit = given
            return f"{value:g} {unit}", round(item.number({"value": value, "unit": unit}), 1)
        if isinstance(given, tuple):
            return "; ".join([shown.get(str(code), str(code)) for code in given]), *[
                int(code in given) for code in options
            ]
        if item.type == "date":
            return date.fromisoformat(given) if isinstance(given, str) else given, *rest
        if capped:
            return age(_short(given)), *rest
        if apart:
            return _short(given), *rest
        return (shown.get(given, given) if isinstance(given, str) else _short(given),)

    return Part(tuple(columns), cells, few=not item.typed and item.type not in ("medicines", "date"), plain=item.typed)


def of_score(name: str, words: str, grouped: bool) -> Part:
    """A score and its state. `grouped`: it is an age, and those over 89 must not leave."""

    def cells(score: Any) -> tuple[Cell, ...]:
        value, status = score
        return age(_short(value)) if grouped else _short(value), status

    value = Column(
        f"score.{name}", words, "number", "empty where not complete" + ("; 90 is 90 or more" if grouped else "")
    )
    return Part(
        (
            value,
            Column(
                f"score.{name}.status", f"whether it is complete: {words}", "code", "complete; incomplete; not-asked"
            ),
        ),
        cells,
    )


def _short(number: float | None) -> float | None:
    """7.0 as 7: one number is written in one way, however it was stored."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def time(iso: str) -> datetime:
    """A stored time as a cell: in UTC, without its zone, which spreadsheets do not know."""
    return datetime.fromisoformat(iso).replace(tzinfo=None)


def asking(ask: ToAsk, rules: Iterable[str]) -> str:
    """Rules that cannot tell, with the items whose answers are missing."""
    return f"{', '.join(rules)} ({', '.join([one.link_id for one in ask.missing])})"


def other(answers: Mapping[str, Any]) -> str:
    """Answers of another content as a list a person can read: one `item = answer` a line, line breaks within it as
    ⏎."""
    return "\n".join(f"{link_id} = {_plain(value)}".replace("\n", " ⏎ ") for link_id, value in answers.items())


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    return (
        f"{value['value']} {value['unit']}"
        if isinstance(value, dict) and set(value) == {"value", "unit"}
        else str(value)
    )
