"""The tables of names as they are read from content, and what one name stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from screening.medicines.phrases import fold

JOINERS = frozenset({"and", "with", "w", "y", "con", "of", "de"})
"""Words inside a name that people leave out or change: "tylenol w/ codeine"."""


class NameRow(NamedTuple):
    """One row of names.csv.gz or names_local.csv."""

    name: str
    ingredients: tuple[str, ...]
    kind: str
    share: float = 1.0
    products: int = 0
    routes: tuple[str, ...] = ()
    word: bool = False
    local: bool = False
    classes: tuple[str, ...] = ()


def name_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[NameRow]:
    """Rows of the bulk table, or of a table with some of its columns. Raises ValueError or IndexError where a cell is
    wrong."""
    place = {column: n for n, column in enumerate(header)}
    share, products, routes, word = (place.get(one) for one in ("share", "n_products", "routes", "word"))
    kind = place.get("kind")
    for row in rows:
        yield NameRow(
            row[0],
            tuple(row[1].split(";")) if row[1] else (),
            row[kind] if kind is not None else "brand",
            float(row[share] or 1) if share is not None else 1.0,
            int(row[products] or 0) if products is not None else 0,
            tuple(row[routes].split(";")) if routes is not None and row[routes] else (),
            word is not None and row[word] == "1",
        )


def local_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[NameRow]:
    """Rows of the hand-written table: name, ingredients, and where there are such columns kind and classes."""
    classes = header.index("classes") if "classes" in header else None
    kept = list(rows)
    for row, cells in zip(name_rows(header, kept), kept, strict=True):
        found = cells[classes] if classes is not None else ""
        yield row._replace(local=True, classes=tuple(found.split(";")) if found else ())


def translated_rows(names: Mapping[str, str]) -> Iterator[NameRow]:
    """What people of another language call ingredients, as names that can be typed: "metimazol (tiamazol)" is two."""
    for ingredient, name in names.items():
        for one in re.findall(r"[^()]+", name):
            yield NameRow(fold(one.strip()), (ingredient,), "foreign")


@dataclass(frozen=True)
class NameTables:
    """Everything that is read from content/medicines except the classes."""

    rows: tuple[NameRow, ...]
    lookalikes: tuple[tuple[str, str], ...] = ()
    ordinary: frozenset[str] = frozenset()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language -> ingredient -> what people of that language call it."""


@dataclass(frozen=True, slots=True)
class NameConcept:
    """What one name stands for. Without ingredients it is a class word, or has to be asked back among `choices`."""

    name: str
    ingredients: tuple[str, ...]
    kind: str
    products: int = 0
    routes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    weak: bool = False
    """Also an ordinary word: counts only alone in its clause, or beside a dose."""


_WORD = re.compile(r"[^\W\d_]+|\d+")


def key_of(name: str) -> str:
    """The key of a name: its words and numbers without joiners."""
    words = _WORD.findall(fold(name))
    return " ".join([one for one in words if one not in JOINERS]) or " ".join(words)
