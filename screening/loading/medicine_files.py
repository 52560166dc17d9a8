"""The tables of medicines/: names, pairs that are easily confused, ordinary words, classes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable
from typing import TypeVar
from weakref import WeakValueDictionary

from screening.loading.files import ContentFiles, files
from screening.medicines.formulary import Formulary, MedicineClasses
from screening.medicines.long_acting import LongActing
from screening.medicines.name_tables import NameTables, local_rows, name_rows, translated_rows

FACTORS = "medicines/opioids.yaml"
LONG_ACTING = "medicines/long_acting.yaml"
TRANSLATIONS = "medicines/ingredients.csv"

Row = TypeVar("Row")

_formularies: WeakValueDictionary[tuple[str, ...], Formulary] = WeakValueDictionary()
"""Those in use, by the digests of their files: contents that differ elsewhere share one, which is most of their memory
and loading time."""


class MedicineFiles(ContentFiles):
    """The files of one content directory, and its tables of medicines."""

    def formulary(self, classes: MedicineClasses, long_acting: LongActing | None) -> Formulary | None:
        """The names of medicines with their classes, or None and findings."""
        try:
            paths = [path for path in files(self.directory) if path.parent.name == "medicines"]
            key = tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)
        except OSError:
            key = ()  # and then no names: each file says so itself
        found = _formularies.get(key)
        if found is None and (names := self.names()):
            products = long_acting.products if long_acting else ()
            found = Formulary(names, {one.id: one.ingredients for one in classes.classes}, products)
            if key:
                _formularies[key] = found
        return found

    def names(self) -> NameTables | None:
        """Names of medicines, pairs that are easily confused, and ordinary words. Rows of names_local.csv win over the
        bulk."""
        bulk = self.table("medicines/names.csv.gz", ("name", "ingredients"), name_rows)
        local = self.table("medicines/names_local.csv", ("name", "ingredients"), local_rows)
        pairs = self.table(
            "medicines/lookalikes.csv", ("one", "other"), lambda _, rows: [(row[0], row[1]) for row in rows]
        )
        ordinary = self.table("medicines/ordinary_words.csv", ("word",), lambda _, rows: [row[0] for row in rows])
        translations = self.translations()
        if bulk is None or local is None or pairs is None or ordinary is None or translations is None:
            return None
        translated = [row for names in translations.values() for row in translated_rows(names)]
        return NameTables((*bulk, *local, *translated), tuple(pairs), frozenset(ordinary), translations)

    def translations(self) -> dict[str, dict[str, str]] | None:
        """Language -> ingredient -> its name there. Content from before there were such names must still load."""
        if not (self.directory / TRANSLATIONS).exists():
            return {}

        def named(header: list[str], rows: Iterable[list[str]]) -> Iterable[tuple[str, str, str]]:
            for ingredient, *names in rows:
                yield from ((language, ingredient, name) for language, name in zip(header[1:], names, strict=True))

        rows = self.table(TRANSLATIONS, ("ingredient",), named)
        if rows is None:
            return None
        found: dict[str, dict[str, str]] = {}
        for language, ingredient, name in rows:
            if name:
                found.setdefault(language, {})[ingredient] = name
        return found

    def table(
        self, file: str, columns: tuple[str, ...], rows_of: Callable[[list[str], Iterable[list[str]]], Iterable[Row]]
    ) -> list[Row] | None:
        """The rows of one CSV file whose header begins with `columns`, or None and a finding."""
        path = self.directory / file
        try:
            body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            rows = csv.reader(io.StringIO(body.decode("utf-8")), strict=True)
            header = next(rows)
            if tuple(header[: len(columns)]) != columns:
                raise ValueError("columns")
            return list(rows_of(header, rows))
        except FileNotFoundError:
            self.found("D002", file, 1, "The file is missing.", "Put it back, or copy it from the shipped content.")
        except (OSError, EOFError, ValueError, IndexError, StopIteration, csv.Error, zlib.error) as error:
            remedy = f"It needs UTF-8 text, the columns {' and '.join(columns)} first, and all cells in each row."
            self.found("D003", file, 1, f"The table cannot be read ({type(error).__name__}).", remedy)
        return None
