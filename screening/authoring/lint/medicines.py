"""Medicine classes and opioid factors: every class has a basis, every ingredient a name, every opioid a factor or a
reason."""

from __future__ import annotations

from collections.abc import Iterator

from screening.authoring.lint.manuscript import LintContext
from screening.loading.codes import CODES
from screening.loading.finding import Finding
from screening.medicines.opioids import OpioidFactors
from screening.model.medicines_item import Medicines

_CLASSES, _OPIOIDS = "medicines/classes.yaml", "medicines/opioids.yaml"
_TRANSLATIONS = "medicines/ingredients.csv"


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about classes.yaml and opioids.yaml."""
    seen: set[str] = set()
    for n, one in enumerate(draft.work.classes.classes):
        path, place = ("classes", n), f"class {one.id}"
        if one.id in seen:
            yield draft.at("F007", _CLASSES, path, place, f'Two classes are called "{one.id}".')
        seen.add(one.id)
        if not one.basis.strip():
            yield draft.at("F001", _CLASSES, (*path, "basis"), place, f"The class {one.id} has no basis.")
        for ingredient in dict.fromkeys(one.ingredients):
            where = (*path, "ingredients", one.ingredients.index(ingredient))
            if one.ingredients.count(ingredient) > 1:
                yield draft.at("F005", _CLASSES, where, place, f"The class {one.id} names {ingredient} twice.")
            if not draft.content.formulary.is_name(ingredient):
                what = f"Typing {ingredient}, of the class {one.id}, is not recognised."
                yield draft.at("F006", _CLASSES, where, f"ingredient {ingredient}", what)
    yield from _translations(draft)
    if draft.content.program.opioids:
        yield from _opioids(draft, draft.content.program.opioids)


def _translations(draft: LintContext) -> Iterator[Finding]:
    formulary, directory = draft.content.formulary, draft.work.directory
    unknown = {
        ingredient: f'"{name}" ({language}) is to be {ingredient}, which is no name of an ingredient.'
        for language, names in formulary.names.translations.items()
        for ingredient, name in names.items()
        if not formulary.is_name(ingredient)
    }
    lines = (directory / _TRANSLATIONS).read_text("utf-8").splitlines() if unknown else ()
    for n, line in enumerate(lines, 1):
        if what := unknown.get(line.split(",")[0]):
            where, ingredient = f"{directory.name}/{_TRANSLATIONS}", line.split(",")[0]
            yield Finding(where, n, "F009", what, CODES["F009"].remedy, f"ingredient {ingredient}")


def _opioids(draft: LintContext, factors: OpioidFactors) -> Iterator[Finding]:
    members = next((one.ingredients for one in draft.work.classes.classes if one.id == factors.opioid_class), ())
    known = {one.ingredient for one in factors.factors} | set(factors.left_out)
    for ingredient in members:
        if ingredient not in known:
            what = f"{ingredient} has no factor: a list with it has no sum."
            yield draft.at("F002", _OPIOIDS, ("factors",), f"ingredient {ingredient}", what)
    for name in sorted(known - set(members)):
        n = next((n for n, one in enumerate(factors.factors) if one.ingredient == name), None)
        path = ("left_out",) if n is None else ("factors", n)
        yield draft.at(
            "F003", _OPIOIDS, path, f"ingredient {name}", f"{name} is not in the class {factors.opioid_class}."
        )
    typed = next((item for item in draft.content.items if isinstance(item, Medicines)), None)
    chosen = {option.code for option in typed.dose_unit_option} if typed else set()
    for n, one in enumerate(factors.factors):
        if one.unit not in factors.units or one.unit not in chosen:
            what = f'The factor of {one.ingredient} is for the unit "{one.unit}".'
            yield draft.at("F004", _OPIOIDS, ("factors", n), f"ingredient {one.ingredient}", what)
