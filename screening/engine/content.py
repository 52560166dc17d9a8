"""Content as the engine reads it: everything in content/, checked, compiled, and named by one hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from screening.engine.program import Program
from screening.medicines.formulary import Formulary, MedicineClass
from screening.model.questionnaire import Item, Questionnaire
from screening.model.rule import Rule, Source
from screening.model.section import Section
from screening.model.site import Site
from screening.model.text import Text


@dataclass(frozen=True)
class Content:
    """Everything in content/, checked, compiled, and named by one hash."""

    hash: str
    site: Site
    questionnaire: Questionnaire
    sections: tuple[Section, ...]
    sources: Mapping[str, Source]
    words: Mapping[str, Text]
    formulary: Formulary
    classes: tuple[MedicineClass, ...]
    program: Program
    places: Mapping[str, tuple[str, int]] = field(repr=False)
    """Where each item, rule and case is written: its id -> (file, line)."""

    @property
    def items(self) -> list[Item]:
        """Every item in the order asked."""
        return [item for section in self.sections for item in section.items]

    @property
    def rules(self) -> list[Rule]:
        """Every rule in the order written."""
        return [rule for section in self.sections for rule in section.rules]

    @property
    def languages(self) -> list[str]:
        """Codes of the questionnaire's languages, the first being the default."""
        return list(self.questionnaire.languages)

    def item(self, link_id: str) -> Item:
        """The item of that link_id. Raises KeyError."""
        return self.program.items[self.program.numbers[link_id]].item

    @property
    def has_drafts(self) -> bool:
        """Whether a rule in use has not been reviewed by a clinician."""
        return self.site.screen_with_drafts and any(rule.status == "draft" for rule in self.rules)
