"""A table of responses, made ready once for one content and one set of choices: its codebook, and each response as
cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from exports import columns as of
from exports.asked import NOT_KNOWN, NOT_THEN, OTHERWISE, SKIPPED, Gates, Why, gates
from exports.cell import Cell
from exports.choices import Attached, Choices
from exports.columns import Column, Part
from exports.deidentify import Pseudonyms, may_leave
from exports.names import Names
from screening.engine.content import Content
from screening.engine.response import read
from screening.engine.result import Result, read_as
from screening.medicines.entries import entry_text
from screening.model.item import Given
from screening.model.item_types import Item
from screening.model.rule import TIERS, words_of_id
from screening.records.store import Record
from screening.records.work import State


@dataclass(frozen=True, slots=True)
class _Row:
    """One record with its answers as this content accepts them."""

    record: Record
    result: Result
    answers: Mapping[str, Given]
    why: Mapping[str, Why]
    other: Mapping[str, Any]
    raised: Mapping[str, list[str]]
    """Rules by tier."""
    blank: Mapping[str, Why]
    """Why an item is empty of which nothing else is known."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What one content asked. own: whether it is the content in use."""

    own: bool
    blank: Mapping[str, Why]
    gates: tuple[Gates, ...]


def _entries(given: Any) -> Any:
    return (
        given if isinstance(given, str) else tuple([one if isinstance(one, str) else entry_text(one) for one in given])
    )


_COMPOUND: Mapping[str, Callable[[Any], Any]] = {
    "multi-choice": tuple,
    "body-map": tuple,
    "medicines": _entries,
    "quantity": lambda given: (given["value"], given["unit"]),
}
"""Type of item -> an answer of several parts as a key that can be remembered."""

CALL_SHEET = (
    *("reference", "received", "authored", "language", "tier", "why", "questions_open"),
    *("work_status", "who_has_it", "last_call", "last_call_at"),
)
"""The columns of a call sheet, beside the four answers that a line of the worklist shows."""
RULES = ("rule", "title", "tier", "status", "for clinicians")
"""The head of the rules, explained."""


def of_purpose(choices: Choices, content: Content, names: Names) -> Choices:
    """What a purpose says of the other choices."""
    if choices.purpose == "call-sheet":
        known = {item.link_id for item in content.items}
        answers = [names[link_id] for _, link_id in content.site.staff.items if link_id in known]
        words = {"answers": "labels", "split": False, "flags": False, "to_ask": False, "deidentified": False}
        only = {"columns": frozenset({*CALL_SHEET, *answers}), "history": False, "notes": False}
        return choices.model_copy(update={**words, **only})
    if choices.purpose == "research":
        return choices.model_copy(update={"answers": "codes", "split": True, "history": False, "notes": False})
    return choices


Value = Callable[[_Row], Any]
Filled = tuple[Part, Value]
"""A part, and the function of a row that gives its key."""


class Sheet:
    """Responses as rows. `key` is needed for the de-identified form. Raises ValueError for a choice that cannot be."""

    def __init__(
        self,
        content: Content,
        choices: Choices = Choices(),  # noqa: B008
        key: bytes = b"",
        attached: Attached = Attached(),  # noqa: B008
    ) -> None:
        self.names = Names(content)
        choices = of_purpose(choices, content, self.names)
        self.content, self.choices, self.attached = content, choices, attached
        self.language = choices.language or content.languages[0]
        if self.language not in content.languages:
            raise ValueError(f"no language {self.language!r}: {', '.join(content.languages)}")
        self.hidden = Pseudonyms(key, choices.dates) if choices.deidentified else None
        self._days: dict[str, _Day] = {}
        self._compound = [(item.link_id, _COMPOUND[item.type]) for item in content.items if item.type in _COMPOUND]
        self.items = {item.link_id for item in content.items}
        who = content.site.staff.items
        first = () if self.hidden else (who.name, who.birth_date, who.phone)
        items = [(part, item) for part, item in self._items() if self._wanted(part)]
        asked = sorted(items, key=lambda one: first.index(one[1].link_id) if one[1].link_id in first else len(first))
        named = sum(item.link_id in first for _, item in asked)
        head, tail = ([one for one in parts if self._wanted(one[0])] for parts in (self._head(), self._tail()))
        # The reference, then who it is, then what became of it, then what was said.
        lead = [one for one in head if one[0].columns[0].name == "reference"]
        head = head[len(lead) :]
        self.parts = [part for part, _ in (*lead, *asked[:named], *head, *asked[named:], *tail)]
        unknown = (choices.columns or frozenset()) - {column.name for column in self.columns}
        if unknown:
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        self._lead, self._before, self._after = ([value for _, value in parts] for parts in (lead, head, tail))
        links = [item.link_id for _, item in asked]
        self._links = links[:named], links[named:]
        self._moved = [item.link_id for _, item in asked if self.hidden and item.type == "date"]

    @property
    def columns(self) -> list[Column]:
        """Every column, in order."""
        return [column for part in self.parts for column in part.columns]

    def keys(self, record: Record) -> list[Any]:
        """One hashable key for each part: `part.cells(key)` are its cells."""
        row = self._row(record)
        known: dict[str, Any] = {**row.blank, **row.answers, **row.why}
        for link_id in self._moved:
            given = known[link_id]
            if self.hidden and not isinstance(given, Why):
                known[link_id] = self.hidden.day(record.id, date.fromisoformat(str(given)))
        first, others = self._links
        return [
            *[value(row) for value in self._lead],
            *map(known.__getitem__, first),
            *[value(row) for value in self._before],
            *map(known.__getitem__, others),
            *[value(row) for value in self._after],
        ]

    def cells(self, record: Record) -> list[Cell]:
        """One response as typed cells, in the order of the columns."""
        return [cell for part, key in zip(self.parts, self.keys(record), strict=True) for cell in part.cells(key)]

    # ------------------------------------------------------------ one record

    def _row(self, record: Record) -> _Row:
        authored, result = record.day, Result.of(record.result, record.answers)
        day = self._day(record.content)
        why: dict[str, Why] = {}
        if day.own and record.answers.keys() <= self.items:  # accepted by this very content
            answers, medicines = dict(record.answers), result.medicines
            other: dict[str, Any] = {}
        else:
            response, problems = read(record.answers, authored, self.content)
            answers, medicines = dict(response.answers), response.medicines
            other = {one.link_id: record.answers[one.link_id] for one in problems if one.link_id in record.answers}
            why = {link_id: OTHERWISE for link_id in other if link_id in self.items}
        for link_id, key_of in self._compound:
            if link_id in answers:
                answers[link_id] = key_of(answers[link_id])
        for group in day.gates:
            if found := group.why(answers if day.own else record.answers, authored, medicines):
                why.update({link_id: one for link_id, one in found.items() if link_id not in other})
        if not why.keys().isdisjoint(answers):
            other |= {link_id: record.answers[link_id] for link_id in answers if link_id in why}
        raised: dict[str, list[str]] = {tier: [] for tier in TIERS}
        for flag in result.flags:
            raised[flag.tier].append(flag.rule)
        return _Row(record, result, answers, why, other, raised, day.blank)

    def _day(self, content: str) -> _Day:
        """What a form of that content asked, so that an old response is judged by the questions of its own day."""
        if content not in self._days:
            own = content == self.content.hash
            then = self.content if own else self.attached.content_of(content)
            asked = {item.link_id for item in then.items} if then else set()
            blank = {
                link_id: SKIPPED if link_id in asked else NOT_THEN if then else NOT_KNOWN for link_id in self.items
            }
            self._days[content] = _Day(own, blank, tuple(gates(then)) if then else ())
        return self._days[content]

    # ------------------------------------------------------------ columns

    def _wanted(self, part: Part) -> bool:
        return self.choices.columns is None or any(column.name in self.choices.columns for column in part.columns)

    def _head(self) -> list[Filled]:
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
            parts.append((plain("to_ask", meaning, "list: rule (items)", few=False), _to_ask))
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

    def _flags(self, row: _Row, tier: str) -> str:
        rules = row.raised[tier]
        return "; ".join(map(self._title, rules) if self.choices.answers == "labels" else rules)

    def _title(self, rule: str) -> str:
        known = self.content.rules_by_id.get(rule)
        return known.short if known else words_of_id(rule)

    def _tier(self, row: _Row) -> str | None:
        tier = row.record.tier
        return self.content.site.staff.tiers.get(tier, tier) if tier and self.choices.answers == "labels" else tier

    def _why(self, row: _Row) -> str:
        flags = row.result.to_discuss()
        top = [self._title(flag.rule) for flag in flags if flag.tier == flags[0].tier]
        return "; ".join(dict.fromkeys(top))

    def _work(self) -> list[Filled]:
        """How far the work is, as the worklist shows it."""
        staff = self.content.site.staff
        statuses = "; ".join(one.text for one in staff.statuses)

        def state(row: _Row) -> State:
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

    def rules(self) -> list[tuple[str, ...]]:
        """Every rule, explained: what stands for it in a cell, its title, tier, whether a clinician reviewed it, and
        what clinicians read."""
        tiers = self.content.site.staff.tiers
        rules = self.content.rules
        return [(rule.id, rule.short, tiers.get(rule.tier, rule.tier), rule.status, rule.clinician) for rule in rules]

    def _named(self, part: Part) -> Part:
        """A part whose columns have the names under which they leave."""
        return replace(part, columns=tuple(replace(one, name=self.names[one.name]) for one in part.columns))

    def _items(self) -> list[tuple[Part, Item]]:
        items = [item for item in self.content.items if not self.hidden or may_leave(item, self.content)]
        if self.choices.purpose == "research":
            items = [item for item in items if item.identifier in ("none", "age")]
        return [(self._named(of.of_item(item, self.choices, self.language)), item) for item in items]

    def _tail(self) -> list[Filled]:
        parts: list[Filled] = []
        for plan in self.content.program.scores:
            name = plan.definition.id
            title = plan.definition.title
            words = title[self.language] if title else name
            part = of.of_score(name, words, bool(self.hidden and plan.definition.age))
            parts.append((self._named(part), partial(_score, name=name)))
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

    def received(row: _Row) -> Cell:
        return names.day(row.record.id, of.time(row.record.received))

    def authored(row: _Row) -> Cell:
        return names.day(row.record.id, row.record.day)

    return [
        (
            of.one("reference", "code that stands for the record", "text", few=False),
            lambda row: names.reference(row.record.id),
        ),
        (of.one("received", f"when the form was received ({how})", kind, few=False), received),
        (of.one("authored", f"date of the form ({how})", kind, few=False), authored),
    ]


def _open(row: _Row) -> int:
    return len({(one.link_id, one.medicine) for ask in row.result.to_ask for one in ask.missing})


def _to_ask(row: _Row) -> str:
    return "; ".join([of.asking(ask) for ask in row.result.to_ask])


def _medicines(row: _Row) -> str:
    return "\n".join(row.result.medicines_read())


def _medicines_hidden(row: _Row) -> str:
    return "\n".join([read_as(one) for one in row.result.medicines])


def _score(row: _Row, name: str) -> tuple[float | None, str | None]:
    score = row.result.score(name)
    return (score.value, score.status) if score else (None, None)


def _lines(row: _Row, of: Mapping[str, Any]) -> str:
    return "\n".join(of.get(row.record.reference, ()))
