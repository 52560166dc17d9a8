"""accepted.yaml: warnings that someone has looked at, and why they stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from screening.loading.codes import CODES
from screening.loading.files import ContentFiles
from screening.loading.finding import Finding
from screening.loading.load import Manuscript
from screening.model.content_model import ContentModel

FILE = "accepted.yaml"


class Acceptance(ContentModel):
    """One code at some places (as findings name them, or the beginning of it: "item phq-item-3"), with the reason."""

    code: str
    """The code of the finding, such as W015."""
    at: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    """Where it may stay."""
    reason: Annotated[str, Field(min_length=10)]
    """Why it may stay."""

    def covers(self, finding: Finding, at: str) -> bool:
        """Whether the finding is of this code and at that place or within it."""
        return finding.code == self.code and (finding.place == at or finding.place.startswith(f"{at} "))


class Acceptances(ContentModel):
    """The file."""

    accepted: Annotated[tuple[Acceptance, ...], Field(strict=False)]
    """Every warning that may stay."""


def without_accepted(work: Manuscript, found: Iterable[Finding]) -> list[Finding]:
    """What is left of `found`, and what is wrong with the list of accepted findings itself."""
    files = ContentFiles(work.directory)
    if not (work.directory / FILE).exists():
        return list(found)
    loaded = files.model(FILE, Acceptances)
    if loaded is None:
        return [*found, *files.findings]
    left = list(found)
    for n, one in enumerate(loaded.accepted):
        for k, at in enumerate(one.at):
            line = files.documents[FILE].line(("accepted", n, "at", k))
            covered = [finding for finding in left if one.covers(finding, at)]
            left += (
                [] if covered and _allowed(one) else list(_complaints(one, at, f"{work.directory.name}/{FILE}", line))
            )
            if _allowed(one):
                left = [finding for finding in left if finding not in covered]
    return left


def _allowed(one: Acceptance) -> bool:
    return one.code in CODES and CODES[one.code].level == "warning"


def _complaints(one: Acceptance, at: str, file: str, line: int) -> Iterator[Finding]:
    if _allowed(one):
        yield Finding(
            file, line, "A001", f"{one.code} does not come up at {at}.", CODES["A001"].remedy, f"accepted {at}"
        )
    else:
        yield Finding(
            file,
            line,
            "A002",
            f"{one.code} at {at} is an error or no code at all.",
            CODES["A002"].remedy,
            f"accepted {at}",
        )
