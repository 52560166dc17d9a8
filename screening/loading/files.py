"""Content files as models: every mistake in a file becomes a finding with its line, none an exception."""

from __future__ import annotations

from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from screening.loading import document
from screening.loading.codes import CODES
from screening.loading.document import Document, DocumentError
from screening.loading.finding import Finding

M = TypeVar("M", bound=BaseModel)

Shelf = dict[tuple[str, ...], Any]
"""What was read before, by kind and digest of its bytes: files that did not change are not read twice."""

_KINDS = {
    "extra_forbidden": "M001",
    "missing": "M002",
    "string_pattern_mismatch": "M005",
    "literal_error": "M006",
    "union_tag_invalid": "M006",
    "too_short": "M007",
    "too_long": "M007",
    "string_too_long": "M007",
    "greater_than": "M007",
    "greater_than_equal": "M007",
    "less_than_equal": "M007",
    "unreviewed": "M008",
    "no_words": "M009",
    "unknown_condition": "M010",
}


def files(directory: Path) -> list[Path]:
    """The files that are content, in a fixed order: everything but the read-me files."""
    return sorted(
        path
        for path in directory.rglob("*")
        if path.is_file() and path.suffix in (".yaml", ".csv", ".gz", ".svg", ".png") and not path.name.startswith(".")
    )


def content_hash(directory: Path) -> str:
    """SHA-256 over the names and bytes of all content files, as hexadecimal digits."""
    digest = sha256()
    for path in files(directory):
        body = path.read_bytes()
        digest.update(f"{path.relative_to(directory).as_posix()}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()


class ContentFiles:
    """The files of one content directory, and the findings made while reading them."""

    def __init__(self, directory: Path, shelf: Shelf | None = None) -> None:
        self.directory = directory
        self.shelf: Shelf = {} if shelf is None else shelf
        self.findings: list[Finding] = []
        self.documents: dict[str, Document] = {}

    def found(self, code: str, file: str, line: int, what: str, remedy: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(f"{self.directory.name}/{file}", line, code, what, remedy or CODES[code].remedy))

    def model(self, file: str, model: type[M]) -> M | None:
        """One file as one model; findings instead of exceptions."""
        try:
            raw = document.raw(self.directory / file)
            kept = (file, sha256(raw).hexdigest())
            if kept in self.shelf:
                self.documents[file], known = self.shelf[kept]
                return known  # type: ignore[no-any-return]
            doc = document.parse(raw)
        except DocumentError as error:
            self.found("D001", file, error.line, f"{error.what}.", error.remedy)
            return None
        except OSError as error:
            what = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be opened ({error.strerror})"
            self.found("D002", file, 1, f"The file {what}.", "Put it back, or copy it from the shipped content.")
            return None
        self.documents[file] = doc
        if not isinstance(doc.data, dict):
            self.found("M003", file, 1, "The file must be a mapping of keys.", "Begin it with `key: value`.")
            return None
        try:
            made = model.model_validate(doc.data)
            self.shelf[kept] = doc, made
            return made
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                self.schema(file, doc, problem, model)
            return None

    def schema(self, file: str, doc: Document, problem: Any, model: type[BaseModel]) -> None:
        """Say where in the file a problem of the model is, and what to do."""
        path: list[str | int] = []
        here: Any = doc.data
        for step in problem["loc"]:  # union tags are in loc but not in the file
            if (isinstance(here, dict) and step in here) or (
                isinstance(here, list) and isinstance(step, int) and step < len(here)
            ):
                here = here[step]
                path.append(step)
        last = str(problem["loc"][-1]) if problem["loc"] else ""
        line = doc.line(tuple(path))
        shown = ".".join(str(step) for step in path) or "the file"
        kind = problem["type"]
        if file == "site.yaml" and problem["loc"][:1] == ("help",):
            self.found(
                "M004",
                file,
                line,
                f"{shown}: {problem['msg']}.",
                "Write the local crisis and emergency lines in every language.",
            )
        elif kind == "extra_forbidden":
            close = get_close_matches(last, _keys(model, set()), n=1)
            remedy = f'Did you mean "{close[0]}"?' if close else ""
            self.found("M001", file, line, f'The key "{last[:60]}" is not known here.', remedy)
        elif kind == "missing":
            self.found("M002", file, line, f'{shown}: the key "{last}" is missing.')
        else:
            self.found(_KINDS.get(kind, "M003"), file, line, f"{shown}: {problem['msg']}.")


def _keys(model: Any, seen: set[Any]) -> set[str]:
    if model in seen:
        return set()
    seen.add(model)
    if isinstance(model, type) and issubclass(model, BaseModel):
        keys = {info.alias or name for name, info in model.model_fields.items()}
        for info in model.model_fields.values():
            keys |= _keys(info.annotation, seen)
        return keys
    found: set[str] = set()
    for part in getattr(model, "__args__", ()):
        try:
            found |= _keys(part, seen)
        except TypeError:
            continue
    return found
