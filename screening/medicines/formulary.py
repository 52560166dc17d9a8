"""Medicines: what a person typed, which ingredients that is, and which classes those belong to.

Typed text is kept as typed, for ever. Recognition only proposes: `matched` where the name is in the table or as good as
certain, `suggested` where the person has to say which, `unrecognised` where nothing was read. An unrecognised entry is
shown to staff as typed and makes every rule about medicines unable to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from pydantic import Field

from screening.medicines.frames import resolve
from screening.medicines.long_acting import LongActingProduct
from screening.medicines.name_tables import NameTables, key_of
from screening.medicines.names import NameIndex
from screening.medicines.phrases import dose_of, frequency_of, route_of, tokenise
from screening.medicines.scan import Scan
from screening.medicines.sign_stream import Use
from screening.medicines.states import AS_NEEDED, CURRENT, LONG_ACTING, RAN_OUT, STOPPED, UNKNOWN, State
from screening.medicines.table_names import Found, Status
from screening.medicines.words import wordset
from screening.model.content_model import ContentModel, Slug
from screening.model.medicines_item import NONE_OF_THESE, How
from screening.model.text import Text, with_line_breaks

UNRECOGNISED: Final = "unrecognised"
"""What `takes` is given to ask whether an entry could not be read."""

LONGEST_ENTRY = 4_000
"""Characters of one entry that are read. The rest is returned as typed, unread."""

_LOCAL_ROUTES = wordset("topical eye ear vaginal dental")
_WHOLE_BODY: Mapping[str, frozenset[str]] = {
    "cyp3a4-inhibitor": _LOCAL_ROUTES,
    "decongestant": _LOCAL_ROUTES | {"rectal"},
    "nasal-decongestant": _LOCAL_ROUTES,
    "sedating-antihistamine": _LOCAL_ROUTES,
    "sedating-antidepressant": _LOCAL_ROUTES,
    "cns-depressant": _LOCAL_ROUTES,
    "serotonergic": _LOCAL_ROUTES,
    "antihypertensive": wordset("eye"),
    "thyroid-hormone": wordset("topical"),
}
"""Class -> routes by which too little reaches the body: ketoconazole cream, timolol eye drops, phenylephrine
suppositories."""


class MedicineClass(ContentModel):
    """A class that rules ask about, and its ingredients (US adopted names, lower case, no salts)."""

    id: Slug
    """Its name in `takes`."""
    name: Text
    """What people read."""
    basis: str
    """Where the list comes from."""
    ingredients: Annotated[tuple[str, ...], Field(strict=False)]
    """US adopted names, lower case, no salts. A product that differs from its ingredient names the class in
    names_local.csv."""


class MedicineClasses(ContentModel):
    """classes.yaml."""

    reviewed: str
    """Who reviewed the lists; `pending` until then."""
    basis: str
    """Where they come from."""
    classes: Annotated[tuple[MedicineClass, ...], Field(min_length=1, strict=False)]
    """Every class."""


@dataclass(frozen=True)
class Amount:
    """A dose as the person gave it, as far as they did: a number of `unit` (a code of the item's dose_unit_option),
    times a day."""

    value: float | None = None
    unit: str | None = None
    per_day: float | None = None


@dataclass(frozen=True)
class MedicationStatement:
    """One medicine in what was typed: the words themselves, and what they were read as.

    `suggestions` are what to ask the person. With ingredients they are a guess to confirm; without, choices. `dose`,
    `frequency` and `route` are words of the text, not interpreted. `recent` says whether what ended was taken within
    the window, `until` the year in which it ended, `days` at least and at most how many days ago it was last taken.
    `how`, `confirmed` and `amount` are what the person said besides. `weeks`: for how long it counts after the last
    dose, where it is long-acting.
    """

    text: str
    status: Status
    ingredients: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    use: Use = "current"
    dose: str | None = None
    frequency: str | None = None
    route: str | None = None
    how: How | None = None
    recent: bool | None = None
    until: int | None = None
    confirmed: bool = False
    amount: Amount | None = None
    weeks: int | None = None
    days: tuple[int, int | None] | None = None

    @property
    def states(self) -> frozenset[State]:
        """The ways in which it may be taken, as far as is known; empty for what is not the person's own use."""
        if self.use == "stopped" and self.weeks is not None:
            return LONG_ACTING[self._within(7 * self.weeks)]
        if self.how == "ran-out":
            return RAN_OUT[self.recent]
        if self.how == "as-needed":
            return AS_NEEDED[self.recent]
        if self.how in ("regular", "carried"):
            return frozenset({self.how})
        if self.use == "stopped":
            return STOPPED[self.recent]
        return {"current": CURRENT, "unknown": UNKNOWN}.get(self.use, frozenset())

    def _within(self, days: int) -> bool | None:
        """Whether it was last taken within so many days; None where that is open."""
        least, most = self.days or (0, None)
        return True if most is not None and most <= days else False if least > days else None


class Formulary:
    """The table of names and the classes of ingredients.

    classes: class id -> ingredients. long_acting: products that count for weeks after the last dose.
    """

    def __init__(
        self, names: NameTables, classes: Mapping[str, Iterable[str]], long_acting: Sequence[LongActingProduct] = ()
    ) -> None:
        self.long_acting = tuple(long_acting)
        self._long_acting: dict[str, list[LongActingProduct]] = {}
        for product in self.long_acting:
            self._long_acting.setdefault(product.ingredient, []).append(product)
        self.class_ids = frozenset(classes)
        self.classes_of: dict[str, tuple[str, ...]] = {}
        for class_id, members in classes.items():
            for ingredient in members:
                self.classes_of[ingredient] = (*self.classes_of.get(ingredient, ()), class_id)
        self.ingredients = {one for row in names.rows for one in row.ingredients} | set(self.classes_of)
        self.names, self._ordinary = names, names.ordinary
        self._index = NameIndex(names)

    def is_name(self, text: str) -> bool:
        """Whether `text` is nothing but a name of the table."""
        return key_of(text) in self._index.concepts

    def named(self, ingredient: str, language: str) -> str:
        """An ingredient as people of that language call it; the US adopted name where there is no other."""
        return self.names.translations.get(language, {}).get(ingredient, ingredient)

    def complete(self, prefix: str, limit: int = 8) -> list[str]:
        """Names for type-ahead: those that start with `prefix`, best known first, then similar ones."""
        return self._index.spelling.complete(prefix[:60], limit)

    def read(self, typed: str) -> tuple[MedicationStatement, ...]:
        """Every medicine in `typed`, in order; each word of it belongs to exactly one reading's text."""
        typed = with_line_breaks(typed)
        length = _readable(typed)
        tokens = tokenise(typed[:length])
        if not tokens:
            return (MedicationStatement(typed.strip(), UNRECOGNISED),) if typed.strip() else ()
        scan = Scan(tokens, typed, self._index, self._ordinary)
        scan.run()
        resolve(tokens, scan.spots(), scan.signs, typed[:length])
        starts = scan.starts()
        stops = [*(start for start, _ in starts[1:]), len(tokens)]
        readings = []
        begin = 0
        for (start, found), stop in zip(starts, stops, strict=True):
            end = tokens[stop].start if stop < len(tokens) else length
            text = typed[begin:end].strip(" \t\r\n,;•")
            readings.append(self._reading(text, scan.words[start:stop], found, scan))
            begin = end
        if typed[length:].strip():
            readings.append(MedicationStatement(typed[length:].strip(), UNRECOGNISED))
        return tuple(readings)

    def _reading(self, text: str, words: Sequence[str], found: Found | None, scan: Scan) -> MedicationStatement:
        if found is None:
            return MedicationStatement(text, UNRECOGNISED, use=scan.use_without_names())
        route = route_of(words)
        dose, frequency = dose_of(text), frequency_of(text)
        use = found.spot.use
        meaning = found.meaning
        if meaning is None:
            reading = MedicationStatement(text, found.status, (), (), found.suggestions, use, dose, frequency, route)
            return replace(reading, recent=found.spot.recent, until=found.spot.until)
        ways = _local(route) or frozenset(meaning.routes)
        classes = dict.fromkeys((*meaning.classes, *self._reaching(meaning.ingredients, ways)))
        reading = MedicationStatement(
            text,
            found.status,
            meaning.ingredients,
            tuple(classes),
            found.suggestions,
            use,
            dose,
            frequency,
            route,
            recent=found.spot.recent,
            until=found.spot.until,
        )
        return self._lasting(reading, words)

    def _lasting(self, reading: MedicationStatement, words: Sequence[str]) -> MedicationStatement:
        """The reading, with its weeks and classes where these words name a long-acting form."""
        products = (one for name in reading.ingredients for one in self._long_acting.get(name, ()))
        product = next((one for one in products if one.fits(words, reading.route)), None)
        if product is None:
            return reading
        return replace(reading, weeks=product.weeks, classes=(*dict.fromkeys((*reading.classes, *product.classes)),))

    def _reaching(self, ingredients: Iterable[str], ways: frozenset[str]) -> Iterator[str]:
        """The classes of the ingredients of which enough reaches the body in these ways."""
        for ingredient in ingredients:
            for one in self.classes_of.get(ingredient, ()):
                if not ways or not ways <= _WHOLE_BODY.get(one, frozenset()):
                    yield one

    def confirmed_as(self, reading: MedicationStatement, name: str) -> MedicationStatement:
        """`reading` after the person chose `name` for it, or said that none is right; unchanged where `name` settles
        nothing."""
        if name == NONE_OF_THESE:
            return replace(reading, status=UNRECOGNISED, ingredients=(), classes=(), suggestions=(), confirmed=True)
        named = self.read(name)
        if not named or any(one.status != "matched" or not one.ingredients for one in named):
            return reading
        ingredients = tuple(dict.fromkeys(part for one in named for part in one.ingredients))
        classes = tuple(dict.fromkeys(part for one in named for part in one.classes))
        if _local(reading.route):
            reaching = set(self._reaching(ingredients, _local(reading.route)))
            classes = tuple(one for one in classes if one in reaching)
        route = reading.route or named[0].route
        confirmed = replace(
            reading,
            status="matched",
            ingredients=ingredients,
            classes=classes,
            suggestions=(),
            route=route,
            confirmed=True,
        )
        return self._lasting(confirmed, [token.word for token in tokenise(f"{reading.text} {name}")])


def _local(route: str | None) -> frozenset[str]:
    return frozenset((route,)) if route in _LOCAL_ROUTES or route == "rectal" else frozenset()


def _readable(typed: str) -> int:
    """How much of `typed` is read: up to LONGEST_ENTRY characters, and no part of a word."""
    length = min(len(typed), LONGEST_ENTRY)
    while length and length < len(typed) and not typed[length].isspace():
        length -= 1
    return length
