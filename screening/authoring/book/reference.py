"""The reference of every key that content may hold, made from the models that read it.

    python -m screening.authoring.book.reference docs/content-keys.md

What a key means is written below it in the model; a test keeps the page current.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from screening.medicines.formulary import MedicineClasses
from screening.medicines.long_acting import LongActing
from screening.medicines.opioids import OpioidFactors
from screening.model.condition import Condition
from screening.model.content_model import Slug
from screening.model.item_types import Item
from screening.model.questionnaire import Questionnaire
from screening.model.section import Section
from screening.model.site import AnswerSets, Site, Sources, Words
from screening.model.text import Text

FILES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("site.yaml", Site),
    ("questionnaire.yaml", Questionnaire),
    ("sections/*.yaml", Section),
    ("shared.yaml, body-regions.yaml", AnswerSets),
    ("words.yaml", Words),
    ("sources.yaml", Sources),
    ("medicines/classes.yaml", MedicineClasses),
    ("medicines/opioids.yaml", OpioidFactors),
    ("medicines/long_acting.yaml", LongActing),
)
_SHARED = {
    "ItemBase": "every item",
    "ListedItem": "items with options",
    "NumericItem": "items with a number",
    "_Limits": "comparisons with a number",
}
_PLAIN: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "day, as 2026-12-01",
    Any: "anything",
}
_BOUNDS = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}", "min_length": "at least {} of them"}
_HEAD = """# Every key of the content

Made from the models by `python -m screening.authoring.book.reference docs/content-keys.md`; do not edit it.
What to do with them: [content/README.md](../content/README.md); step by step: [content guide](content-guide.md).

"words" are written in every language of `questionnaire.yaml`; a "name" is lower-case letters, digits and single
hyphens, at most 60.
A misspelt key is a finding (M001), and so is a missing one that is needed (M002).
"""


def reference() -> str:
    """The whole page as Markdown."""
    done: set[type[BaseModel]] = set()
    parts = [_HEAD]
    for file, model in FILES:
        parts.append(f"## `{file}`\n")
        parts += [_table(one) for one in _below(model, done)]
    return "\n".join(parts)


def _below(model: type[BaseModel], done: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """The model, what it shares with others, and every model inside it, each once."""
    waiting = [model]
    while waiting:
        one = waiting.pop(0)
        if one in done:
            continue
        done.add(one)
        bases = [base for base in one.__bases__ if base.__name__ in _SHARED and base not in done]
        for base in bases:
            yield from _below(base, done)
        yield one
        waiting += [inside for hint in _hints(one).values() for inside in _models(hint)]


def _hints(model: type[BaseModel]) -> dict[str, Any]:
    """The type of each key that the model itself declares."""
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in inspect.get_annotations(model) if name in model.model_fields}


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        if hint is not Text:
            yield hint
        return
    for part in get_args(hint):
        yield from _models(part)


def _table(model: type[BaseModel]) -> str:
    says = meanings(model)
    shared = [_SHARED[base.__name__] for base in model.__bases__ if base.__name__ in _SHARED]
    name = _SHARED.get(model.__name__, model.__name__)
    about = (
        "" if model.__name__ in _SHARED else inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    )
    lines = [f'### <a id="{_anchor(model)}"></a>{name[0].upper()}{name[1:]}\n']
    lines += [f"{about}{f' Also the keys of {shared[0]}.' if shared else ''}\n"] if about or shared else []
    lines += ["| key | is | needed | means |", "| --- | --- | --- | --- |"]
    for key, hint in _hints(model).items():
        info = model.model_fields[key]
        needed = (
            "yes"
            if info.is_required()
            else "no"
            if info.default_factory or info.default in (None, (), False)
            else f"no: `{info.default}`"
        )
        lines.append(f"| `{info.alias or key}` | {kind(hint)} | {needed} | {says[key]} |")
    return "\n".join(lines) + "\n"


def kind(hint: Any) -> str:
    """The type of a key in plain words."""
    if hint == Slug:
        return "name"
    if hint is Text:
        return "words"
    if hint == Condition:
        return "[condition](#allof)"
    if hint == Item:
        return "[item](#itembase)"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{_anchor(hint)})"
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return kind(inside[0]) + "".join(_bounds(inside[1:]))
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inside)
    if origin in (Union, types.UnionType):
        return " or ".join(kind(one) for one in inside if one is not type(None))
    if origin is tuple:
        return f"list of {kind(inside[0])}"
    if origin is dict:
        return f"{kind(inside[0])}: {kind(inside[1])}"
    return _PLAIN[hint]


def _bounds(metadata: tuple[Any, ...]) -> Iterator[str]:
    for one in metadata:
        for bound in getattr(one, "metadata", []):
            for name, words in _BOUNDS.items():
                if (limit := getattr(bound, name, None)) is not None:
                    yield ", " + words.format(limit)


def _anchor(model: type[BaseModel]) -> str:
    return model.__name__.strip("_").lower()


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What is written below each key in the source of the model. Raises KeyError later for a key without words."""
    for node in _tree(inspect.getsourcefile(model) or "").body:
        if isinstance(node, ast.ClassDef) and node.name == model.__name__:
            pairs = zip(node.body, node.body[1:], strict=False)
            return {
                key.target.id: words.value.value
                for key, words in pairs
                if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name) and isinstance(words, ast.Expr)
                if isinstance(words.value, ast.Constant) and isinstance(words.value.value, str)
            }
    raise LookupError(model.__name__)


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse(Path(file).read_text("utf-8"))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), "utf-8")
