"""What staff can learn of the content in use: every rule in plain words, findings, made-up patients, and what another
answer would do.

Nothing here is of a real person. The workshop behind it is only loaded when somebody asks.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screening.engine.facts import ResponseFacts
from screening.engine.screen import screen
from screening.loading.finding import Finding
from screening.records.accounts.account import StaffSession
from screening.use_cases.review import StaffReview

if TYPE_CHECKING:
    from screening.authoring.book.rulebook import RuleBook

__all__ = ["Raised", "RuleDesk"]


@dataclass(frozen=True)
class Raised:
    """A flag of a made-up patient: its rule, its tier, and the questions that are its reason."""

    rule: str
    tier: str
    because: tuple[str, ...]


class RuleDesk:
    """The content desk of one clinic. Raises NotAllowed."""

    def __init__(self, review: StaffReview) -> None:
        self.review, self.content = review, review.content
        self._known: dict[str, Any] = {}
        self._lock = threading.Lock()

    def book(self, by: StaffSession) -> RuleBook:
        """Every question and rule in plain words."""
        from screening.authoring.book.compile_book import rulebook

        return self._once(by, "book", lambda: rulebook(self.content))  # type: ignore[no-any-return]

    def findings(self, by: StaffSession) -> list[Finding]:
        """What `check` says of the content in use."""
        from screening.authoring.check import check

        return self._once(by, "findings", lambda: check(self.review.directory, self.review.today())[1])  # type: ignore[no-any-return]

    def patients(self, by: StaffSession, rule: str) -> dict[str, dict[str, Any]]:
        """Made-up patients for a rule, and what each answers: the solver's for whom it is raised or not, and its worked
        cases."""
        from screening.authoring.proof.reach import witnesses

        def found() -> dict[str, dict[str, Any]]:
            proven = {
                f"Proven: {one.words}": _typed(one.answers)
                for one in witnesses(self.content, rule)[0]
                if one.kind in ("rules", "quiet", "tiers")
            }
            medicines = self.content.medicines.link_id if self.content.medicines else ""
            cases = next(one.cases for one in self.content.rules if one.id == rule)
            worked = {
                f"Case: {case.name} ({case.expect})": {
                    **_typed(case.answers),
                    **({medicines: list(case.medicines)} if case.medicines else {}),
                }
                for case in cases
            }
            return {**proven, **worked}

        return self._once(by, f"patients {rule}", found)  # type: ignore[no-any-return]

    def flags(self, facts: ResponseFacts) -> list[Raised]:
        """What is raised for a made-up patient, most pressing first."""
        language = self.content.languages[0]
        return [
            Raised(
                flag.rule,
                flag.tier,
                tuple(dict.fromkeys(self.content.item(one.link_id).text[language] for one in flag.evidence)),
            )
            for flag in screen(facts, self.content).flags
        ]

    def asked_by(self, rule: str) -> list[Any]:
        """The questions that a rule reads, its gates' included, in the order of the form."""
        return next((list(plan.test.items) for plan in self.content.program.rules if plan.rule.id == rule), [])

    def _once(self, by: StaffSession, name: str, make: Any) -> Any:
        self.review.require(by, "rules")
        with self._lock:
            if name not in self._known:
                self._known[name] = make()
            return self._known[name]


def _typed(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {link_id: list(given) if isinstance(given, tuple) else given for link_id, given in answers.items()}
