"""Impact: what a proposed content would change for responses that are already stored, against the content in use.

The stored answers are screened under both, so that only the content makes a difference. Counts, rules, references and
link_ids come out, never an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from screening.engine.content import Content
from screening.engine.response import read
from screening.engine.result import Evidence
from screening.records.reader import Reader
from screening.records.record import Record
from screening.records.store import Store
from screening.use_cases.replay import records, responded

NOT_RAISED = "not raised"
NO_RULE = "no such rule"

State = tuple[str, tuple[str, ...]]
"""What a rule comes to in words, and the link_ids that decide it or are missing."""


@dataclass(frozen=True, order=True)
class Change:
    """One way in which a rule comes out differently: "raised, high", "cannot tell", "not raised" or "no such rule"."""

    rule: str
    before: str
    after: str


@dataclass
class Impact:
    """How many responses were screened and how many of them change; for each change who (references) and why
    (link_ids).

    unread: link_id -> how many responses hold an answer to it that the proposed content cannot take. unopened:
    references.
    """

    responses: int = 0
    changed: int = 0
    changes: dict[Change, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    unopened: list[str] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[Change, int]]:
        """Every change with the number of responses, the most frequent first."""
        return sorted(((change, len(who)) for change, who in self.changes.items()), key=lambda one: (-one[1], one[0]))


def impact(
    store: Store, current: Content, proposed: Content, progress: Callable[[int], None] = lambda _: None
) -> Impact:
    """Screen every stored response under both contents; leaves an audit line. `store` must hold private keys. Raises
    NotSaved."""
    found = Impact()
    for seen, record in enumerate(records(store, Reader(store.actor, "impact"), "", found.unopened), 1):
        before, after = states(record, current), states(record, proposed)
        for link_id in unread(record, proposed):
            found.unread[link_id] = found.unread.get(link_id, 0) + 1
        differing = False
        for rule in before | after:
            was, will = (side.get(rule, (NO_RULE, ())) for side in (before, after))
            if was[0] != will[0] and {was[0], will[0]} != {NO_RULE, NOT_RAISED}:
                differing = True
                found.changes.setdefault(Change(rule, was[0], will[0]), {})[record.reference] = will[1] or was[1]
        found.responses += 1
        found.changed += differing
        progress(seen)
    store.note(store.actor, "impact", proposed.hash)
    return found


def states(record: Record, content: Content) -> dict[str, State]:
    """What every rule of `content` comes to for a stored response."""
    result = responded(record, content).result
    found: dict[str, State] = {plan.rule.id: (NOT_RAISED, ()) for plan in content.program.rules}
    for ask in result.to_ask:
        if ask.about == "raised":
            found[ask.rule] = "cannot tell", _links(ask.missing)
    for flag in result.flags:
        found[flag.rule] = f"raised, {flag.tier}", _links(flag.evidence)
    return found


def unread(record: Record, content: Content) -> list[str]:
    """The link_ids of stored answers that `content` cannot take: the question is gone, or takes other answers now."""
    return [one.link_id for one in read(record.answers, record.day, content)[1]]


def _links(some: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.link_id for one in some))
