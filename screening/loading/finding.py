"""What an author of content can fix: a code, the file and line, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from screening.loading.codes import CODES, Level


@dataclass(frozen=True, order=True)
class Finding:
    """Something that the author of content can fix. `place` names the part of the content, as accepted.yaml does."""

    file: str
    line: int
    code: str
    what: str
    remedy: str
    place: str = ""

    @property
    def level(self) -> Level:
        """How bad it is."""
        return CODES[self.code].level

    def __str__(self) -> str:
        return f"{self.code} {self.file}:{self.line} {self.what} {self.remedy}".rstrip()


class ContentError(Exception):
    """Content that cannot be used; `findings` says why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


def near(name: str, known: Iterable[str]) -> str:
    """A remedy for a name that does not exist: the nearest that does."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{close[0]}"?' if close else "Check the spelling, or add it."
