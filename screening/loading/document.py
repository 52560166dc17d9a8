"""Reading one content file: strict YAML, with the line of every value.

Only what content needs: mappings, lists and scalars. YAML 1.2 words stay words (`yes`, `no` and `on` are text).
Aliases, anchors, tags and repeated keys are refused, and so are files too large, too deep or with too many values. It
walks the parser's events and never builds anything that a file could choose, so no file can crash it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

LARGEST = 512 * 1024
DEEPEST = 24
MOST_VALUES = 60_000

Value = Any
Path_ = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}\Z")
_NUMBER = re.compile(r"[-+]?(\.[0-9]{1,15}|[0-9]{1,15}(\.[0-9]{0,15})?)([eE][-+]?[0-9]{1,2})?\Z")
_WORDS: dict[str, Value] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class DocumentError(Exception):
    """A file that cannot be read as content: what is wrong, at which line, and what to do."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line, self.what, self.remedy = line, what, remedy


@dataclass
class Document:
    """The values of one file and the line on which each begins, by its path of keys and positions."""

    data: Value
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """The line of `path`, or of its nearest ancestor that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path) -> Document:
    """Read one YAML file. Raises DocumentError; never anything else for any bytes (an absent file is an OSError)."""
    return parse(raw(path))


def raw(path: Path) -> bytes:
    """The bytes of one file. Raises DocumentError where they are too many."""
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise DocumentError(1, f"the file is larger than {LARGEST // 1024} KB", "Split it into several files.")
    return body


def parse(raw: bytes) -> Document:
    """Read YAML from bytes. Raises DocumentError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentError(line, "the file is not UTF-8 text", "Save it again as UTF-8.") from None
    try:
        return _Reader(text).read()
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        what = getattr(error, "problem", None) or "it is not valid YAML"
        raise DocumentError(line, str(what), "Check the indentation and the quotes.") from None


class _Reader:
    def __init__(self, text: str) -> None:
        # The events are typed Any: the C parser has no annotations.
        self.events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.lines: dict[Path_, int] = {}
        self.count = 0

    def next(self) -> Any:
        event = next(self.events)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(event, "anchors and aliases (& and *) are not allowed", "Write the value out where it is used.")
        return event

    def refuse(self, event: Any, what: str, remedy: str) -> NoReturn:
        raise DocumentError(event.start_mark.line + 1, what, remedy)

    def read(self) -> Document:
        data: Value = None
        seen = False
        while True:
            event = self.next()
            if isinstance(event, yaml.StreamEndEvent):
                return Document(data, self.lines)
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    self.refuse(event, "a second document begins here", "Keep one document a file: remove the '---'.")
                seen = True
                data = self.value(self.next(), ())

    def value(self, event: Any, path: Path_) -> Value:
        self.count += 1
        if self.count > MOST_VALUES:
            self.refuse(event, f"more than {MOST_VALUES} values", "Split it into several files.")
        if len(path) > DEEPEST:
            self.refuse(event, f"nested more than {DEEPEST} deep", "Write it flatter.")
        if getattr(event, "tag", None):
            self.refuse(event, f"tags are not allowed ({event.tag[:40]})", "Remove the tag.")
        self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self.value(event, (*path, len(items))))
            return items
        return self.mapping(path)

    def mapping(self, path: Path_) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line: int = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, "a key must be a plain word", "Write the key as one word.")
            key = event.value
            if key == "<<":
                self.refuse(event, "merge keys (<<) are not allowed", "Write the values out.")
            if key in found:
                self.refuse(event, f'the key "{key[:60]}" is written twice', "Keep one of the two.")
            found[key] = self.value(self.next(), (*path, key))
            self.lines[(*path, key)] = line
        return found

    def scalar(self, event: Any) -> Value:
        text: str = event.value
        if event.style:  # quoted, or a block: always text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            return int(text)
        if _NUMBER.match(text):
            return float(text)
        return text
