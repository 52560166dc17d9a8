"""Names of columns that REDCap, Stata, SPSS and R all take, the same in every form of export: small letters, digits and
single underscores, 26 characters at most, beginning with a letter, no word that one of them keeps for itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import count

from screening.engine.content import Content

LONGEST = 26
RESERVED = frozenset(
    {
        *("if", "else", "repeat", "while", "function", "for", "next", "break", "true", "false", "null", "inf", "nan"),
        *(
            "na",
            "in",
            "byte",
            "double",
            "float",
            "int",
            "integer",
            "long",
            "str",
            "strl",
            "using",
            "with",
            "all",
            "and",
        ),
        *("by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "table", "select", "from", "where", "order"),
        *("group", "record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"),
    }
)
"""What R, Stata, SPSS, SQL or REDCap keep for themselves."""


class Names:
    """The name of every column that any export of a content can have, by the column's full name."""

    def __init__(self, content: Content) -> None:
        self._short: dict[str, str] = {}
        self._taken: set[str] = set()
        for full in _every(content):
            self._add(full)

    def __getitem__(self, full: str) -> str:
        return self._short[full] if full in self._short else self._add(full)

    def _add(self, full: str) -> str:
        name = re.sub(r"[^a-z0-9]+", "_", full.lower()).strip("_") or "column"
        name = name if name[0].isalpha() else f"q_{name}"
        if len(name) > LONGEST or name in RESERVED or name in self._taken:
            mark = hashlib.sha256(full.encode()).hexdigest()[:4]
            name = f"{name[: LONGEST - 5].rstrip('_')}_{mark}"
        for number in count(2):  # two long names with one mark: rare, and still a name each
            if name not in self._taken:
                break
            name = f"{name[: LONGEST - 4].rstrip('_')}_{number}"
        self._taken.add(name)
        self._short[full] = name
        return name


def _every(content: Content) -> Iterator[str]:
    """Items first: what people look for keeps the plain name."""
    yield from (item.link_id for item in content.items)
    yield from (f"score.{plan.definition.id}" for plan in content.program.scores)
    for item in content.items:
        yield f"{item.link_id}.why"
        if unit := getattr(item, "unit", None):
            yield f"{item.link_id}.{unit}"
        yield from (f"{item.link_id}.{option.code}" for option in item.options)
    yield from (f"score.{plan.definition.id}.status" for plan in content.program.scores)
