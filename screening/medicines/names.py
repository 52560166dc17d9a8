"""The names of medicines, as they are in the table.

Names are compared as keys: lower case, no accents or apostrophes, words and numbers apart ("Co-Q10" -> "co q 10").
Typed text is cut in the same way, so hyphens, spacing and "10mg" make no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from screening.medicines.name_tables import NameConcept, NameRow, NameTables, key_of
from screening.medicines.spelling import LOCAL_PRODUCTS, SHORTEST_FUZZY, Spelling
from screening.medicines.words import LABEL

CLEAR_SHARE = 0.6
"""A name is taken to mean its most frequent ingredients only when this share of products agrees."""
LONGEST_NAME = 16


@dataclass
class NameIndex:
    """Finds names. Built once from the tables; holds a few megabytes."""

    tables: NameTables
    concepts: dict[str, NameConcept] = field(init=False, default_factory=dict)
    joined: dict[str, str] = field(init=False, default_factory=dict)
    """The key without spaces -> key, for names of two or three words."""
    longest: dict[str, int] = field(init=False, default_factory=dict)
    """First word of names -> words in the longest of them."""

    def __post_init__(self) -> None:
        rows: dict[str, list[NameRow]] = {}
        for row in self.tables.rows:
            key = key_of(row.name)
            plain = row.kind != "synonym" or " " not in row.name
            if row.local or (key and plain and not LABEL.issuperset(key.split(" "))):
                rows.setdefault(key, []).append(row)
        for key, found in rows.items():
            first = rows.get(key.split(" ", 1)[0], found)[0]
            if (
                found[0].kind == "label"
                and first.kind == "brand"
                and not first.word
                and first.name not in self.tables.ordinary
            ):
                found = [
                    row._replace(kind="brand") for row in found
                ]  # "benadryl allergy": a maker's name, so it means one thing
            concept = self._concept(found)
            if concept is None:
                continue
            self.concepts[key] = concept
            words = key.split(" ")
            if len(words) > 1:
                if len(words) <= 3 and len(key) >= SHORTEST_FUZZY + 2 and concept.kind != "label":
                    self.joined.setdefault(key.replace(" ", ""), key)
                if self.longest.get(words[0], 1) < len(words) <= LONGEST_NAME:
                    self.longest[words[0]] = len(words)
        self.spelling = Spelling(self.concepts, self.tables.lookalikes)

    def _concept(self, rows: list[NameRow]) -> NameConcept | None:
        """One meaning from all rows of one key. Hand-written rows win."""
        if len(rows) > 1:
            rows = [row for row in rows if row.local] or rows
        kinds = {"ask": self._asked, "class": self._class, "label": self._label}
        return kinds.get(rows[0].kind, self._plain)(rows)

    def _weak(self, row: NameRow) -> bool:
        """Whether the name is also an ordinary word. A hand-written one is meant, unless it is a word of the street."""
        own = row.local and row.kind not in ("slang", "ask")
        return row.word or (row.name in self.tables.ordinary and not own)

    def _asked(self, rows: list[NameRow]) -> NameConcept:
        """A name that is always asked back."""
        first = rows[0]
        return NameConcept(first.name, (), "ask", choices=_choices(rows), weak=self._weak(first))

    def _class(self, rows: list[NameRow]) -> NameConcept:
        """A word for a class: "blood thinner"."""
        return NameConcept(rows[0].name, (), "class", classes=rows[0].classes)

    def _label(self, rows: list[NameRow]) -> NameConcept | None:
        """What stands on many packages ("allergy relief"): asked back."""
        if self._weak(rows[0]):
            return None
        return NameConcept(rows[0].name, (), "label", _products(rows), _routes(rows), _choices(rows))

    def _plain(self, rows: list[NameRow]) -> NameConcept | None:
        """A name of its own. Without a clear majority of products it means what they share, and is asked back."""
        first, weak = rows[0], self._weak(rows[0])
        if weak and first.kind == "family":
            return None
        if len(rows) == 1 and first.share >= CLEAR_SHARE:
            products, classes = _products(rows), first.classes
            return NameConcept(
                first.name, first.ingredients, first.kind, products, first.routes, classes=classes, weak=weak
            )
        weights: dict[tuple[str, ...], float] = {}
        for row in rows:
            weights[row.ingredients] = weights.get(row.ingredients, 0.0) + row.share * max(row.products, 0.5)
        best = max(weights, key=lambda one: weights[one])
        if weights[best] >= CLEAR_SHARE * sum(weights.values()):
            return NameConcept(first.name, best, first.kind, _products(rows), _routes(rows), weak=weak)
        common = tuple(one for one in best if all(one in other for other in weights))
        return NameConcept(first.name, common, first.kind, _products(rows), _routes(rows), _choices(rows), weak=weak)


def _products(rows: list[NameRow]) -> int:
    return LOCAL_PRODUCTS + rows[0].products if rows[0].local else sum(row.products for row in rows)


def _routes(rows: list[NameRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(route for row in rows for route in row.routes))


def _choices(rows: list[NameRow]) -> tuple[str, ...]:
    """The ingredients that a name may stand for, each once, as they are offered."""
    return tuple(dict.fromkeys(" / ".join(row.ingredients) for row in rows))
