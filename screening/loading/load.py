"""Loading content/: one frozen value with one hash, or a list of findings that say where, what is wrong and what to
do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from screening.engine.content import Content
from screening.loading.compiling import compiled
from screening.loading.document import Document
from screening.loading.files import Shelf, content_hash
from screening.loading.finding import ContentError, near
from screening.loading.medicine_files import FACTORS, LONG_ACTING, MedicineFiles
from screening.medicines.formulary import Formulary, MedicineClasses
from screening.medicines.long_acting import LongActing
from screening.medicines.opioids import OpioidFactors
from screening.model.brand import LARGEST_ICON, LARGEST_LOGO, Brand, Picture, picture
from screening.model.item import AnswerOption
from screening.model.item_types import Item
from screening.model.medicines_item import Medicines
from screening.model.questionnaire import Questionnaire
from screening.model.rule import Source
from screening.model.section import Section
from screening.model.site import AnswerSets, Site, Sources, Words
from screening.model.text import Text


@dataclass(frozen=True)
class Manuscript:
    """Content with what only its author needs: the values of each file with their lines, and lists that nothing reads
    at run time.

    answer_sets: name -> (its file, its options).
    """

    content: Content
    directory: Path
    documents: Mapping[str, Document]
    answer_sets: Mapping[str, tuple[str, tuple[AnswerOption, ...]]]
    sources: Sources
    classes: MedicineClasses


def load(directory: Path) -> Content:
    """Load and check everything in `directory`. Raises ContentError with every finding that could be made."""
    return manuscript(directory).content


def manuscript(directory: Path, shelf: Shelf | None = None) -> Manuscript:
    """As `load`, with what its author wrote. `shelf`: what earlier calls read, to load a changed copy quickly. Raises
    ContentError."""
    loader = _Loader(directory, shelf)
    found = loader.load()
    if loader.findings or found is None:
        raise ContentError(sorted(set(loader.findings)))
    return found


@dataclass(frozen=True)
class _Models:
    """The files of a content directory as models, all but the sections."""

    site: Site
    questionnaire: Questionnaire
    shared: AnswerSets
    regions: AnswerSets
    words: Words
    sources: Sources
    classes: MedicineClasses
    formulary: Formulary
    opioids: OpioidFactors | None
    long_acting: LongActing | None

    def answer_sets(self) -> dict[str, tuple[str, tuple[AnswerOption, ...]]]:
        """Name of each list of answers -> its file and its options."""
        found = {name: ("shared.yaml", options) for name, options in self.shared.answer_sets.items()}
        return found | {name: ("body-regions.yaml", options) for name, options in self.regions.answer_sets.items()}

    def written(self, sections: list[Section]) -> Mapping[str, BaseModel]:
        """Every file in which people read something, in the order in which findings are made."""
        return {
            "questionnaire.yaml": self.questionnaire,
            "site.yaml": self.site,
            "words.yaml": self.words,
            "shared.yaml": self.shared,
            "body-regions.yaml": self.regions,
            "medicines/classes.yaml": self.classes,
        } | {f"sections/{section.section}.yaml": section for section in sections}


class _Loader(MedicineFiles):
    def __init__(self, directory: Path, shelf: Shelf | None = None) -> None:
        super().__init__(directory, shelf)
        self.places: dict[str, tuple[str, int]] = {"questionnaire": ("questionnaire.yaml", 1)}

    def load(self) -> Manuscript | None:
        models = self.models()
        if models is None:
            return None
        sets = models.answer_sets()
        sections = self.sections(models.questionnaire)
        self.languages(set(models.questionnaire.languages), models.written(sections))
        sections = [self.with_options(section, sets) for section in sections]
        self.duplicates(sections)
        self.factors(sections, models.opioids)
        self.carried(sections, models.formulary)
        if self.findings:
            return None
        program, unresolved = compiled(sections, models.formulary, models.site, models.questionnaire.for_another)
        for one in unresolved:
            self.at(*one)
        program.opioids = models.opioids
        by_key = {source.key: source for source in models.sources.sources}
        self.citations(sections, by_key, {FACTORS: models.opioids, LONG_ACTING: models.long_acting})
        self.long_acting(models)
        logo, icon = self.brand(models.site.brand)
        if self.findings:
            return None
        content = Content(
            content_hash(self.directory),
            models.site,
            models.questionnaire,
            tuple(sections),
            by_key,
            models.words.words,
            models.formulary,
            models.classes.classes,
            program,
            {place: (f"{self.directory.name}/{file}", line) for place, (file, line) in self.places.items()},
            logo,
            icon,
        )
        return Manuscript(content, self.directory, self.documents, sets, models.sources, models.classes)

    def brand(self, brand: Brand) -> tuple[Picture | None, Picture | None]:
        """Logo and icon, and whether its colours can be read."""
        line = self.documents["site.yaml"].line
        for key, what in brand.faint():
            self.found("B001", "site.yaml", line(("brand", key)), f"brand.{what}.")
        pictures: list[Picture | None] = []
        for key, file, largest in (("logo", brand.logo, LARGEST_LOGO), ("icon", brand.icon, LARGEST_ICON)):
            try:
                pictures.append(picture((self.directory / file).read_bytes(), largest) if file else None)
            except (OSError, ValueError) as error:
                what = "cannot be opened" if isinstance(error, OSError) else str(error)
                self.found("B002", "site.yaml", line(("brand", key)), f"brand.{key}: {file} {what}.")
        return (pictures[0], pictures[1]) if len(pictures) == 2 else (None, None)

    def models(self) -> _Models | None:
        """Every file but the sections, or None and findings."""
        site = self.model("site.yaml", Site)
        questionnaire = self.model("questionnaire.yaml", Questionnaire)
        shared = self.model("shared.yaml", AnswerSets)
        regions = self.model("body-regions.yaml", AnswerSets)
        words = self.model("words.yaml", Words)
        sources = self.model("sources.yaml", Sources)
        classes = self.model("medicines/classes.yaml", MedicineClasses)
        # Content from before there were factors must still load, for the responses that were answered under it.
        opioids = self.model(FACTORS, OpioidFactors) if (self.directory / FACTORS).exists() else None
        long_acting = self.model(LONG_ACTING, LongActing) if (self.directory / LONG_ACTING).exists() else None
        formulary = self.formulary(classes, long_acting) if classes else None
        if not (site and questionnaire and shared and regions and words and sources and classes and formulary):
            return None
        return _Models(site, questionnaire, shared, regions, words, sources, classes, formulary, opioids, long_acting)

    def factors(self, sections: list[Section], opioids: OpioidFactors | None) -> None:
        if opioids is None and any(score.mme for section in sections for score in section.scores):
            what = "A score asks for opioids a day, but the file of factors is missing."
            self.found("D002", FACTORS, 1, what, "Copy it from the shipped content.")

    def carried(self, sections: list[Section], formulary: Formulary) -> None:
        for section in sections:
            for item in section.items:
                for one in item.carried if isinstance(item, Medicines) else ():
                    if one not in formulary.ingredients:
                        what = f'"{one}" of `carried` is no ingredient.'
                        self.at(f"item {item.link_id}", "R005", what, "Correct the spelling, or add it to medicines/.")

    def long_acting(self, models: _Models) -> None:
        classes = {one.id for one in models.classes.classes}
        for n, product in enumerate(models.long_acting.products if models.long_acting else ()):
            line = self.documents[LONG_ACTING].line(("products", n))
            for name, known in (
                (product.ingredient, models.formulary.ingredients),
                *((one, classes) for one in product.classes),
            ):
                if name not in known:
                    self.found("R005", LONG_ACTING, line, f'"{name}" does not exist.', near(name, known))

    def sections(self, questionnaire: Questionnaire) -> list[Section]:
        present = {path.stem for path in (self.directory / "sections").glob("*.yaml")}
        for extra in sorted(present - set(questionnaire.sections)):
            self.found(
                "S001",
                f"sections/{extra}.yaml",
                1,
                f'The section "{extra}" is not in questionnaire.yaml.',
                "Name it there.",
            )
        loaded = []
        for name in questionnaire.sections:
            section = self.model(f"sections/{name}.yaml", Section)
            if section and section.section != name:
                self.found(
                    "S001", f"sections/{name}.yaml", 1, "`section` differs from the file name.", "Make them equal."
                )
            if section:
                loaded.append(section)
                self.place(section)
        return loaded

    def place(self, section: Section) -> None:
        file = f"sections/{section.section}.yaml"
        doc = self.documents[file]
        for n, item in enumerate(section.items):
            self.places[f"item {item.link_id}"] = (file, doc.line(("items", n)))
        for n, rule in enumerate(section.rules):
            self.places[f"rule {rule.id}"] = (file, doc.line(("rules", n)))
            for k, _ in enumerate(rule.cases):
                self.places[f"case {rule.id} {k}"] = (file, doc.line(("rules", n, "cases", k)))
        for n, named in enumerate(section.conditions):
            self.places[f"condition {named.id}"] = (file, doc.line(("conditions", n)))
        for n, score in enumerate(section.scores):
            self.places[f"score {score.id}"] = (file, doc.line(("scores", n)))

    def at(self, place: str, code: str, what: str, remedy: str = "") -> None:
        file, line = self.places[place]
        self.found(code, file, line, what, remedy)

    def with_options(self, section: Section, sets: Mapping[str, tuple[str, tuple[AnswerOption, ...]]]) -> Section:
        items: list[Item] = []
        for item in section.items:
            name = getattr(item, "answer_value_set", None)
            place = f"item {item.link_id}"
            if name is not None and name not in sets:
                self.at(place, "S004", f'The answer set "{name}" does not exist.', near(name, sets))
            elif name is not None:
                item = item.model_copy(update={"answer_option": sets[name][1]})
            if hasattr(item, "answer_option") and name is None and not item.options:
                self.at(
                    place,
                    "S004",
                    f"The item {item.link_id} has no options.",
                    "Give it answer_option or answer_value_set.",
                )
            items.append(item)
        return section.model_copy(update={"items": tuple(items)})

    def duplicates(self, sections: list[Section]) -> None:
        def once(kind: str, ids: Iterable[str]) -> None:
            seen: set[str] = set()
            for one in ids:
                if one in seen:
                    self.at(
                        f"{kind} {one}",
                        "S002",
                        f'The {kind} id "{one}" is used twice.',
                        "Ids are unique over all files.",
                    )
                seen.add(one)

        once("item", (item.link_id for section in sections for item in section.items))
        once("rule", (rule.id for section in sections for rule in section.rules))
        once("score", (score.id for section in sections for score in section.scores))
        once("condition", (named.id for section in sections for named in section.conditions))

    def languages(self, wanted: set[str], written: Mapping[str, BaseModel]) -> None:
        for file, model in written.items():
            for path, text in _texts(model, ()):
                missing = sorted(wanted - set(text.root))
                if missing:
                    self.found(
                        "S003", file, self.documents[file].line(path), f"This text is missing in: {', '.join(missing)}."
                    )

    def citations(
        self,
        sections: list[Section],
        sources: Mapping[str, Source],
        tables: Mapping[str, OpioidFactors | LongActing | None],
    ) -> None:
        for file, table in tables.items():
            if table and table.source not in sources:
                line = self.documents[file].line(("source",))
                self.found("R010", file, line, f'No source "{table.source}" exists.', near(table.source, sources))
        rules = {rule.id for section in sections for rule in section.rules}
        for section in sections:
            for rule in section.rules:
                for citation in rule.sources:
                    if citation.cite not in sources:
                        self.at(
                            f"rule {rule.id}",
                            "R010",
                            f'No source "{citation.cite}" exists.',
                            near(citation.cite, sources),
                        )
                for other in rule.supersedes:
                    if other not in rules:
                        self.at(f"rule {rule.id}", "R011", f'No rule "{other}" exists.', near(other, rules))


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterable[tuple[tuple[str | int, ...], Text]]:
    if isinstance(value, Text):
        yield path, value
        return
    inside: Iterable[tuple[str | int, Any]] = value if isinstance(value, BaseModel) else ()
    if isinstance(value, tuple):
        inside = enumerate(value)
    elif isinstance(value, dict):
        inside = value.items()
    for key, one in inside:
        if isinstance(one, BaseModel | tuple | dict):
            yield from _texts(one, (*path, key))
