"""The columns of a record beside its answers: who and when before them; scores, history and notes after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from exports import columns as of
from exports.accepted import AcceptedAnswers
from exports.cell import Cell
from exports.choices import Attached, Choices
from exports.columns import Part
from exports.deidentify import Pseudonyms
from exports.names import Names
from screening.engine.content import Content
from screening.engine.result import read_as
from screening.model.rule import TIERS, words_of_id
from screening.records.work_state import State

Value = Callable[[AcceptedAnswers], Any]
Filled = tuple[Part, Value]
"""A part, and the function of a row that gives its key."""


@dataclass(frozen=True)
class RecordColumns:
    """What stands before and after the answers. hidden: the pseudonyms of a de-identified export."""

    content: Content
    choices: Choices
    attached: Attached
    names: Names
    language: str
    hidden: Pseudonyms | None

    def before(self) -> list[Filled]:
        """Reference, dates, tier, how far the work is, flags, and medicines as read."""
        plain = of.one
        statuses = "completed; amended; entered-in-error"
        hash_of = "hash of the content it was answered and screened under"
        parts: list[Filled] = [
            *(_hidden(self.hidden, self.choices.dates == "year") if self.hidden else _shown()),
            (
                plain("language", "language in which it was filled in", "code", "; ".join(self.content.languages)),
                lambda row: row.record.language,
            ),
            (plain("status", "state of the response", "code", statuses), lambda row: row.record.status),
            (
                plain("consent_version", "version of the consent text", "text"),
                lambda row: row.record.consent.get("version", ""),
            ),
            (plain("content", hash_of, "text"), lambda row: row.record.content),
            (plain("tier", "most pressing tier of all flags", "code", "; ".join(TIERS)), self._tier),
            (plain("why", "titles of the most pressing flags", "list"), self._why),
            (plain("questions_open", "how many questions are still to be asked", "number"), _open),
        ]
        if not self.hidden and self.choices.purpose != "research":
            parts += self._work()
        if self.choices.flags:
            for tier in TIERS:
                parts.append(
                    (
                        plain(f"flags_{tier}", f"rules raised at tier {tier}", "list of rules", self._explained),
                        partial(self._flags, tier=tier),
                    )
                )
        if self.choices.to_ask:
            meaning = "rules that cannot tell, and the items whose answers are missing"
            parts.append((plain("to_ask", meaning, "list: rules (items)", few=False), _to_ask))
        typed = "" if self.hidden else "what was typed = "
        meaning = (
            f"medicines as recognised: {typed}ingredients, or [not recognised]; then what the person said of its use"
        )
        show = _medicines_hidden if self.hidden else _medicines
        parts.append((plain("medicines_read", meaning, "list", few=False), show))
        return parts

    @property
    def _explained(self) -> str:
        return "; ".join(f"{rule.id} = {rule.short}" for rule in self.content.rules)

    def _flags(self, row: AcceptedAnswers, tier: str) -> str:
        rules = row.raised[tier]
        return "; ".join(map(self._title, rules) if self.choices.answers == "labels" else rules)

    def _title(self, rule: str) -> str:
        known = self.content.rules_by_id.get(rule)
        return known.short if known else words_of_id(rule)

    def _tier(self, row: AcceptedAnswers) -> str | None:
        tier = row.record.tier
        return self.content.site.staff.tiers.get(tier, tier) if tier and self.choices.answers == "labels" else tier

    def _why(self, row: AcceptedAnswers) -> str:
        flags = row.result.to_discuss()
        top = [self._title(flag.rule) for flag in flags if flag.tier == flags[0].tier]
        return "; ".join(dict.fromkeys(top))

    def _work(self) -> list[Filled]:
        """How far the work is, as the worklist shows it."""
        staff = self.content.site.staff
        statuses = "; ".join(one.text for one in staff.statuses)

        def state(row: AcceptedAnswers) -> State:
            return self.attached.work.get(row.record.reference, State(staff.statuses[0].code))

        return [
            (
                of.one("work_status", "how far the work is", "code", statuses),
                lambda row: staff.status(state(row).status),
            ),
            (of.one("who_has_it", "the account of whoever has it", "text"), lambda row: state(row).assigned or ""),
            (of.one("last_call", "what came of the last call", "code"), lambda row: state(row).outcome or ""),
            (
                of.one("last_call_at", "when that was (UTC)", "time", few=False),
                lambda row: of.time(tried) if (tried := state(row).tried) else None,
            ),
        ]

    def after(self) -> list[Filled]:
        """Scores, answers of other contents, history and notes."""
        parts: list[Filled] = []
        for plan in self.content.program.scores:
            name = plan.definition.id
            title = plan.definition.title
            words = title[self.language] if title else name
            part = of.of_score(name, words, bool(self.hidden and plan.definition.age))
            parts.append((named(part, self.names), partial(_score, name=name)))
        if self.hidden:
            return parts
        gone = "answers that the present content no longer asks for or accepts, one `item = answer` a line"
        parts.append((of.one("other_answers", gone, "list", few=False), lambda row: of.other(row.other)))
        if self.choices.history:
            parts.append(
                (
                    of.one("history", "what became of it, oldest first", "list", few=False),
                    partial(_lines, of=self.attached.history),
                )
            )
        if self.choices.notes:
            parts.append(
                (of.one("notes", "notes of the staff", "list", few=False), partial(_lines, of=self.attached.notes))
            )
        return parts


def named(part: Part, names: Names) -> Part:
    """A part whose columns have the names under which they leave."""
    return replace(part, columns=tuple(replace(one, name=names[one.name]) for one in part.columns))


def _shown() -> list[Filled]:
    return [
        (of.one("reference", "code that the person was given", "text", few=False), lambda row: row.record.reference),
        (
            of.one("received", "when the form was received (UTC)", "time", few=False),
            lambda row: of.time(row.record.received),
        ),
        (of.one("authored", "the clinic's date of the form", "date"), lambda row: row.record.day),
    ]


def _hidden(names: Pseudonyms, by_year: bool) -> list[Filled]:
    kind = "number" if by_year else "date"
    how = "year" if by_year else "moved back by a secret number of days, 1 to 364, the same for all dates of a row"

    def received(row: AcceptedAnswers) -> Cell:
        return names.day(row.record.id, of.time(row.record.received))

    def authored(row: AcceptedAnswers) -> Cell:
        return names.day(row.record.id, row.record.day)

    return [
        (
            of.one("reference", "code that stands for the record", "text", few=False),
            lambda row: names.reference(row.record.id),
        ),
        (of.one("received", f"when the form was received ({how})", kind, few=False), received),
        (of.one("authored", f"date of the form ({how})", kind, few=False), authored),
    ]


def _open(row: AcceptedAnswers) -> int:
    return len({(one.link_id, one.medicine) for ask in row.result.to_ask for one in ask.missing})


def _to_ask(row: AcceptedAnswers) -> str:
    return "; ".join([of.asking(ask, rules) for ask, rules in row.result.to_ask_together()])


def _medicines(row: AcceptedAnswers) -> str:
    return "\n".join(row.result.medicines_read())


def _medicines_hidden(row: AcceptedAnswers) -> str:
    return "\n".join([read_as(one) for one in row.result.medicines])


def _score(row: AcceptedAnswers, name: str) -> tuple[float | None, str | None]:
    score = row.result.score(name)
    return (score.value, score.status) if score else (None, None)


def _lines(row: AcceptedAnswers, of: Mapping[str, Any]) -> str:
    return "\n".join(of.get(row.record.reference, ()))
