"""What a line of the worklist shows of a response: small, so that ten thousand can be opened at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening.engine.content import Content
from screening.engine.result import Result
from screening.model.item import Given
from screening.model.rule import TIERS


@dataclass(frozen=True)
class Summary:
    """name, birth (ISO date) and phone as given, empty where not; pain: words in the first language; tier: the most
    pressing; top: the rules of that tier. ask_tier: the most pressing tier of what is still to be asked; answers: how
    many were given.

    flags: how many, those superseded left out; ask: how many questions are still to be asked; rules: every rule that is
    raised.
    """

    name: str = ""
    birth: str = ""
    phone: str = ""
    pain: tuple[str, ...] = ()
    tier: str | None = None
    flags: int = 0
    ask: int = 0
    rules: tuple[str, ...] = ()
    ask_tier: str | None = None
    answers: int = 0
    top: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Summary:
        """A summary as it comes back from the store."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
        }
        return cls(**fields)

    @property
    def most_pressing(self) -> str | None:
        """The more pressing of the tier of its flags and of what was not answered."""
        return next((tier for tier in TIERS if tier in (self.tier, self.ask_tier)), None)

    @property
    def pressing(self) -> int:
        """0 for the most pressing tier, flags and open questions alike; higher is less so."""
        return TIERS.index(self.most_pressing) if self.most_pressing else len(TIERS)


def summary_of(answers: Mapping[str, Given], result: Result, content: Content) -> Summary:
    """The summary of accepted answers and their screening. Items that this content does not have are left out."""
    items = content.site.staff.items

    def text(link_id: str) -> str:
        given = answers.get(link_id)
        return given if isinstance(given, str) else ""

    flags = result.to_discuss()
    return Summary(
        text(items.name),
        text(items.birth_date),
        text(items.phone),
        _pain(answers.get(items.pain), items.pain, content),
        flags[0].tier if flags else None,
        len(flags),
        len(result.to_ask_by_question(content, content.languages[0])),
        tuple(flag.rule for flag in result.flags),
        result.to_ask[0].tier if result.to_ask else None,
        len(answers),
        tuple(flag.rule for flag in flags if flag.tier == flags[0].tier),
    )


def _pain(given: Given | None, link_id: str, content: Content) -> tuple[str, ...]:
    if not isinstance(given, tuple) or link_id not in content.program.numbers:
        return ()
    words = {option.code: option.text[content.languages[0]] for option in content.item(link_id).options}
    return tuple(words.get(str(code), str(code)).split(" (")[0] for code in given)
