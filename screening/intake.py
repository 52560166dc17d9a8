"""What a patient can do: answer, submit, and take a copy away. The only door from the patient pages to the records."""

from __future__ import annotations

import io
import secrets
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from screening.content import Content, content_hash, files, load
from screening.flag import as_json, screened
from screening.records.store import NotSaved, Store
from screening.response import Ground, Problem, read
from screening.settings import Settings

# Without letters and digits that are misread or misheard.
_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"

__all__ = ["Intake", "NotSaved", "Receipt", "intake", "new_form"]


@dataclass(frozen=True)
class Receipt:
    """What a person gets when everything is kept: the code by which the clinic finds it."""

    reference: str
    received: datetime


class Intake:
    """The patient's side of one clinic: its content and its store."""

    def __init__(self, content: Content, store: Store, archive: bytes) -> None:
        self.content, self.store = content, store
        self.zone = ZoneInfo(content.site.clinic.time_zone)
        store.keep_content(content.hash, archive, self.now())

    @classmethod
    def open(cls, settings: Settings) -> Intake:
        """Load the content and open the store. Raises ContentError, EnvironmentProblem or NotSaved."""
        content = load(settings.content)
        return cls(content, Store(settings.data), packed(settings.content, content.hash))

    def now(self) -> datetime:
        """The clinic's own time."""
        return datetime.now(self.zone)

    def today(self) -> date:
        """The clinic's own date."""
        return self.now().date()

    def ground(self, typed: Mapping[str, Any]) -> tuple[Ground, tuple[Problem, ...]]:
        """What was typed so far as facts, and what in it cannot be accepted yet."""
        response, problems = read(typed, self.today(), self.content)
        return Ground(response, self.content.program), problems

    def submit(self, form: str, typed: Mapping[str, Any], language: str, consent: Mapping[str, Any]) -> Receipt:
        """Screen and keep the answers of the items that are asked. Raises NotSaved; sending twice keeps one.

        Answers typed for items that are no longer asked do not exist and are not kept.
        """
        ground, _ = self.ground(typed)
        asked = {plan.item.link_id for plan in ground.asked}
        ground, problems = self.ground({link_id: value for link_id, value in typed.items() if link_id in asked})
        screening = screened(ground, self.content)
        result = as_json(screening, ground, problems, self.content, language)
        now = self.now()
        for _ in range(3):
            reference = new_reference()
            try:
                kept = self.store.submit(
                    form, reference, now, ground.response.authored.isoformat(), language, consent, dict(ground.response.answers),
                    self.content.hash, screening.tier, result,
                )  # fmt: skip
                return Receipt(kept, now)
            except NotSaved as error:
                if "reference" not in str(error):
                    raise
        raise NotSaved("no free reference")

    def topics(self, ground: Ground, language: str) -> list[str]:
        """What a person reads of their flags: neutral words, each once, the most specific of a topic; none if switched off."""
        if not self.content.site.show_topics_to_patients:
            return []
        rules = {plan.rule.id: plan.rule for plan in self.content.program.rules}
        flags = [flag for flag in screened(ground, self.content).flags if not flag.superseded]
        words = (rules[flag.rule].patient for flag in flags)
        return list(dict.fromkeys(text[language] for text in words if text))

    def copy(self, receipt: Receipt, ground: Ground, language: str) -> bytes:
        """The person's own copy as a PDF."""
        from exports.patient_copy import patient_copy  # typesetting is only loaded when somebody wants a copy

        return patient_copy(self.content, receipt.reference, receipt.received, ground, self.topics(ground, language), language)


def new_form() -> str:
    """A name for one filling-in of the form."""
    return secrets.token_hex(16)


def new_reference() -> str:
    """A code that can be read out on the telephone: 8 characters, 39 bits."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def packed(directory: Path, expected: str) -> bytes:
    """All content files as one archive, so that an old response can always be screened again as on its day."""
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w:gz", compresslevel=6) as archive:
        for path in files(directory):
            archive.add(path, path.relative_to(directory).as_posix())
    if content_hash(directory) != expected:
        raise NotSaved("the content changed while it was being read")
    return body.getvalue()


@cache
def intake() -> Intake:
    """The intake of this process."""
    return Intake.open(Settings.from_environment())
