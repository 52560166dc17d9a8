"""The shape of the questionnaire: options, numbers, scores, and things that nothing uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from screening.authoring.lint.manuscript import LintContext
from screening.loading.document import Path_
from screening.loading.finding import Finding
from screening.model.condition import ItemTest, Named, ScoreTest, Takes
from screening.model.item import AnswerOption
from screening.model.item_types import Item
from screening.model.score import ScoreDefinition


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about items, options, scores and unused things."""
    for file, path, item in draft.items():
        for code, key, what in _item(item):
            yield draft.at(code, file, (*path, key), f"item {item.link_id}", what)
        if "answer_option" in draft.work.documents[file].data["items"][path[1]]:
            yield from _options(draft, file, (*path, "answer_option"), f"item {item.link_id}", item.options)
    for name, (file, options) in draft.work.answer_sets.items():
        yield from _options(draft, file, ("answer_sets", name), f"answer-set {name}", options)
    yield from _same_question(draft)
    yield from _scores(draft)
    yield from _unused(draft)
    yield from _purposes(draft)
    yield from _staff(draft)


def _item(item: Item) -> Iterator[tuple[str, str, str]]:
    low, high = getattr(item, "min", 0), getattr(item, "max", 1)
    if low >= high:
        yield "S005", "min", f"{item.link_id} goes from {low} to {high}."
    if item.required and item.identifier == "none":
        yield "S009", "required", f"{item.link_id} is required."
    elif item.required and item.identifier == "free-text":
        yield "S009", "required", f"{item.link_id} is required and answered in the person's own words."
    if item.safety_critical and item.options and not any(option.meaning for option in item.options):
        yield "S010", "safety_critical", f"{item.link_id} must be answered with one of its options."
    if item.type == "multi-choice" and not any(option.exclusive for option in item.options):
        yield "S011", "link_id", f"{item.link_id} left blank and {item.link_id} with nothing to choose look the same."


def _options(
    draft: LintContext, file: str, path: Path_, place: str, options: Sequence[AnswerOption]
) -> Iterator[Finding]:
    codes: set[str] = set()
    texts: set[tuple[str, str]] = set()
    for n, option in enumerate(options):
        if option.code in codes:
            yield draft.at("S006", file, (*path, n, "code"), place, f'{place} has two options "{option.code}".')
        codes.add(option.code)
        for language, text in option.text.root.items():
            if (language, text.strip().lower()) in texts:
                yield draft.at("S007", file, (*path, n, "text"), place, f'{place} has two options that read "{text}".')
            texts.add((language, text.strip().lower()))


def _same_question(draft: LintContext) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], str] = {}
    for file, path, item in draft.items():
        for language, text in item.text.root.items():
            codes = tuple(option.code for option in item.options)
            key = (language, item.stem[language] if item.stem else "", text.strip().lower(), codes)
            other = seen.setdefault(key, item.link_id)
            if other != item.link_id:
                yield draft.at(
                    "S008",
                    file,
                    (*path, "text", language),
                    f"item {item.link_id}",
                    f"{item.link_id} reads like {other} ({language}).",
                )


def _range(item: Item) -> tuple[Any, Any]:
    weights = [option.weight for option in item.options if option.weight is not None]
    return (min(weights), max(weights)) if weights else (getattr(item, "min", None), getattr(item, "max", None))


def _scores(draft: LintContext) -> Iterator[Finding]:
    for section in draft.content.sections:
        file = f"sections/{section.section}.yaml"
        for n, score in enumerate(section.scores):
            if score.method in ("sum", "mean"):
                yield from _summed(draft, file, ("scores", n), score)
            if not score.title and score.method != "mme" and not _read(draft, ScoreTest, "score", score.id):
                yield draft.at("S015", file, ("scores", n), f"score {score.id}", f"Nothing reads the score {score.id}.")


def _summed(draft: LintContext, file: str, path: Path_, score: ScoreDefinition) -> Iterator[Finding]:
    items = [draft.content.item(link_id) for link_id in score.items]
    if len({_range(item) for item in items}) > 1:
        spread = ", ".join(f"{item.link_id} {low} to {high}" for item in items for low, high in [_range(item)])
        yield draft.at("S012", file, path, f"score {score.id}", f"The items of {score.id} differ: {spread}.")
    for item in items:
        for option in item.options:
            if option.weight is None and option.meaning is None:
                what = f'{score.id} adds up {item.link_id}, whose option "{option.code}" has no weight.'
                yield draft.at("S013", *draft.where(item.link_id), f"item {item.link_id}", what)


def _read(draft: LintContext, kind: type, attribute: str, name: str) -> bool:
    return any(isinstance(spot.node, kind) and getattr(spot.node, attribute) == name for spot in draft.spots)


def _unused(draft: LintContext) -> Iterator[Finding]:
    sets = {getattr(item, "answer_value_set", None) for item in draft.content.items}
    for name, (file, _) in draft.work.answer_sets.items():
        if name not in sets:
            yield draft.at(
                "S014", file, ("answer_sets", name), f"answer-set {name}", f"No item uses the answer set {name}."
            )
    limits = Counter(
        limit for spot in draft.spots if isinstance(spot.node, ItemTest | ScoreTest) for _, limit in spot.node.limits
    )
    for name in draft.content.site.thresholds:
        if name not in limits:
            yield draft.at(
                "S016", "site.yaml", ("thresholds", name), f"threshold {name}", f"Nothing names the threshold {name}."
            )
    for section in draft.content.sections:
        for n, named in enumerate(section.conditions):
            if not _read(draft, Named, "condition", named.id):
                file = f"sections/{section.section}.yaml"
                yield draft.at(
                    "S017", file, ("conditions", n), f"condition {named.id}", f"Nothing names the condition {named.id}."
                )
    taken = {spot.node.takes for spot in draft.spots if isinstance(spot.node, Takes)}
    for n, one in enumerate(draft.work.classes.classes):
        if one.id not in taken:
            yield draft.at(
                "F008",
                "medicines/classes.yaml",
                ("classes", n),
                f"class {one.id}",
                f"No rule asks about the class {one.id}.",
            )


def _purposes(draft: LintContext) -> Iterator[Finding]:
    """Every question earns its place: a rule, gate or score reads it, or it says why it is asked."""
    read = {spot.node.item for spot in draft.spots if isinstance(spot.node, ItemTest)}
    read |= {link for section in draft.content.sections for score in section.scores for link in score.items}
    for file, path, item in draft.items():
        if item.link_id not in read and item.type != "medicines" and not item.purpose:
            yield draft.at("W002", file, path, f"item {item.link_id}", f'Nothing reads "{item.link_id}".')


def _staff(draft: LintContext) -> Iterator[Finding]:
    """What `staff` of site.yaml names: a name that went stale would show nothing, without a word."""
    staff = draft.content.site.staff
    items = {item.link_id for item in draft.content.items}
    sections = {section.section for section in draft.content.sections}
    classes = {one.id for one in draft.work.classes.classes}
    named: list[tuple[Path_, str, set[str]]] = [
        *((("staff", "items", name), link_id, items) for name, link_id in staff.items),
        *((("staff", "header", n), link_id, items) for n, fact in enumerate(staff.header) for link_id in fact.items),
        *((("staff", "header", n), fact.takes, classes) for n, fact in enumerate(staff.header) if fact.takes),
        *((("staff", "clinician_only", n), section, sections) for n, section in enumerate(staff.clinician_only)),
    ]
    for path, name, known in named:
        if name not in known:
            yield draft.at("S018", "site.yaml", path, "site", f'The pages of staff name "{name}", which is not there.')
