"""Content as the engine reads it: everything in content/, checked, compiled, and named by one hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from screening.engine.program import Program
from screening.medicines.formulary import Formulary, MedicineClass
from screening.model.brand import Picture
from screening.model.item_types import BodyMap, Item
from screening.model.medicines_item import Medicines
from screening.model.questionnaire import Questionnaire
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
    logo: Picture | None = None
    """The clinic's logo."""
    icon: Picture | None = None
    """The picture in the browser's tab."""

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

    def question(self, link_id: str, language: str) -> str:
        """The words of a question; its link_id where this content does not have it."""
        return self.item(link_id).text[language] if link_id in self.program.numbers else link_id

    @cached_property
    def private_items(self) -> frozenset[str]:
        """The link_ids of sections that a person's own copy leaves out unless they want it."""
        return frozenset(item.link_id for section in self.sections if section.private for item in section.items)

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        """Every rule in use by its id."""
        return {plan.rule.id: plan.rule for plan in self.program.rules}

    @property
    def medicines(self) -> Medicines | None:
        """The item in which people list their medicines."""
        return next((item for item in self.items if isinstance(item, Medicines)), None)

    @property
    def body_map(self) -> BodyMap | None:
        """The item in which people point to where it hurts."""
        return next((item for item in self.items if isinstance(item, BodyMap)), None)

    @property
    def has_drafts(self) -> bool:
        """Whether a rule in use has not been reviewed by a clinician."""
        return self.site.screen_with_drafts and any(rule.status == "draft" for rule in self.rules)
