"""Every gate, score and rule of the content compiled, and what of them names something that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from screening.engine.evaluate import compile_condition
from screening.engine.program import Program
from screening.engine.scope import Unresolved
from screening.loading.finding import near
from screening.medicines.formulary import Formulary
from screening.model.condition import Condition, ItemTest, Named, ScoreTest, Takes, leaves
from screening.model.item_types import Item
from screening.model.score import ScoreDefinition
from screening.model.section import Section
from screening.model.site import Site

_WHERE = {
    "item": "R001",
    "option": "R002",
    "comparison": "R003",
    "score": "R004",
    "medicine": "R005",
    "threshold": "R006",
    "condition": "R007",
    "cycle": "R008",
}


class Misfit(NamedTuple):
    """Something that does not hold together. place: kind and id, such as `rule cv-angina`; code: of a finding."""

    place: str
    code: str
    what: str
    remedy: str


def compiled(
    sections: Sequence[Section], formulary: Formulary, site: Site, for_another: Condition | None
) -> tuple[Program, list[Misfit]]:
    """The program that these sections make, and everything in it that does not hold together."""
    conditions = {named.id: named.when for section in sections for named in section.conditions}
    items = [item for section in sections for item in section.items]
    scores = [score for section in sections for score in section.scores]
    program = Program(formulary, {name: float(limit) for name, limit in site.thresholds.items()}, conditions)
    program.declare(items, scores)
    found = list(_circles(conditions))
    if found:
        return program, found
    for score in scores:
        found += _unresolved(f"score {score.id}", partial(program.add_score, score))
    for section in sections:
        for item in section.items:
            found += _unresolved(f"item {item.link_id}", partial(program.add_item, item, section.section))
            if item.enable_when:
                found += _looks_ahead(item, item.enable_when, program, scores)
    if found:  # rules over items that do not hold together would only repeat it
        return program, found
    for section in sections:
        for named in section.conditions:
            found += _unresolved(f"condition {named.id}", partial(compile_condition, named.when, program))
        for rule in section.rules:
            used = rule.status == "active" or (rule.status == "draft" and site.screen_with_drafts)
            add = partial(program.add_rule, rule) if used else partial(compile_condition, rule.when, program)
            found += _unresolved(f"rule {rule.id}", add)
    if for_another:
        found += _unresolved("questionnaire", partial(program.add_for_another, for_another))
    return program, found


def _unresolved(place: str, build: Callable[[], object]) -> Iterator[Misfit]:
    try:
        build()
    except Unresolved as error:
        if error.kind == "option":
            what = f'{place} asks whether "{error.why}" is "{error.name}", which is not one of its options.'
        elif error.kind == "comparison":
            what = f'{place}: "{error.name}" {error.why}.'
        else:
            what = f'{place} asks about {error.kind} "{error.name}", which does not exist.'
        yield Misfit(place, _WHERE[error.kind], what, near(error.name, error.known))


def _circles(conditions: Mapping[str, Condition]) -> Iterator[Misfit]:
    inner = {
        name: {leaf.condition for leaf in leaves(when) if isinstance(leaf, Named)} for name, when in conditions.items()
    }
    ok: set[str] = set()
    while ready := [name for name in inner if name not in ok and inner[name] & set(inner) <= ok]:
        ok.update(ready)
    for name in sorted(set(inner) - ok):
        what = f'The condition "{name}" leads back to itself.'
        yield Misfit(f"condition {name}", "R008", what, "Write one of them out.")


def _looks_ahead(item: Item, gate: Condition, program: Program, scores: Sequence[ScoreDefinition]) -> Iterator[Misfit]:
    own = program.numbers[item.link_id]
    read: list[str] = []
    waiting = [gate]
    while waiting:
        for leaf in leaves(waiting.pop()):
            if isinstance(leaf, ItemTest):
                read.append(leaf.item)
            elif isinstance(leaf, ScoreTest):
                read += [link for score in scores if score.id == leaf.score for link in score.items]
            elif isinstance(leaf, Takes) and program.medicines is not None:
                read.append(
                    program.items[program.medicines].item.link_id
                    if program.medicines < len(program.items)
                    else item.link_id
                )
            elif isinstance(leaf, Named) and leaf.condition in program.conditions:
                waiting.append(program.conditions[leaf.condition])
    for link_id in read:
        if program.numbers.get(link_id, -1) >= own:
            what = f'The gate of "{item.link_id}" looks at "{link_id}", which is asked later or is itself.'
            yield Misfit(f"item {item.link_id}", "R009", what, "A gate can only look back: move one of the two items.")
