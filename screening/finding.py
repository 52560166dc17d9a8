"""What an author of content can fix: a code, the file and line, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

CODES: dict[str, str] = {
    "D001": "a file cannot be read as strict YAML",
    "D002": "a file that must exist is missing",
    "D003": "a table of medicine names cannot be read",
    "M001": "a key is not known here",
    "M002": "a key is missing",
    "M003": "a value is not of the right kind",
    "M004": "crisis or emergency help is missing: the app does not start without it",
    "S001": "a section is named but has no file, or has a file but is not named",
    "S002": "an id is used twice",
    "S003": "a text is missing in one of the questionnaire's languages",
    "S004": "an answer set does not exist, or an item has no options",
    "R001": "a condition asks about an item that does not exist",
    "R002": "a condition asks about an option that the item does not have",
    "R003": "a condition compares an item in a way that it cannot be compared",
    "R004": "a score does not exist",
    "R005": "a medicine class or ingredient does not exist",
    "R006": "a threshold does not exist",
    "R007": "a named condition does not exist",
    "R008": "named conditions lead back to themselves",
    "R009": "a gate looks at an item that is asked later",
    "R010": "a rule cites a source that does not exist",
    "R011": "a rule supersedes a rule that does not exist",
    "C001": "a worked case answers an item that does not exist, or gives an answer that cannot be given",
    "C002": "a worked case comes out otherwise than it expects",
    "C003": "a rule has fewer than four worked cases",
    "C004": "a worked case gives an answer to an item that is not asked",
    "U001": "a mistake in a condition or gate would pass every worked case",
    "U002": "a mistake passes every worked case, and whether it matters could not be settled",
    "W001": "a patient's text holds a word that patients must not read",
    "W002": "an item is read by nothing and states no purpose",
    "P001": "an item can never be asked",
    "P002": "an answer to an item can never be given",
    "P003": "a rule can never be raised",
    "P004": "a rule is never settled as not raised",
    "P005": "a rule can never be raised at one of its tiers",
    "P006": "a help block can never be shown",
    "P007": "a part of an `any` or `none` never decides anything",
    "P008": "two rules are raised for the same patients",
    "P009": "a rule is always raised together with another, and the patient reads both",
    "P010": "whether something can happen could not be settled",
}
"""Every finding's code, for ever."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something that the author of content can fix."""

    file: str
    line: int
    code: str
    what: str
    remedy: str

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
