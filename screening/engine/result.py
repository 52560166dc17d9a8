"""What one response means under one content: what to discuss, what to ask, scores, and medicines as they were read.

What is stored names rules, tiers, evidence and missing answers only. Words come from the content of that day, in the
language of whoever reads; answers stand beside the result and are not written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from screening.engine.answer_text import Said, said
from screening.engine.content import Content
from screening.medicines.formulary import MedicationStatement
from screening.medicines.opioids import OpioidFactors, Part
from screening.model.item import Given, as_accepted
from screening.model.rule import Tier
from screening.model.score import Score

FORMAT = 2
"""Of what is stored. 1 held sentences and answers as well and named no format; it is still read."""

_READ = ("text", "status", "use", "ingredients", "classes", "suggestions", "how", "recent", "confirmed", "weeks")
"""What is kept of a medicine as it was read, save for what is as usual."""
_USUAL = {one.name: one.default for one in fields(MedicationStatement) if one.name in _READ}


@dataclass(frozen=True)
class Evidence:
    """One answer in a reason or on a to-ask list. medicine: the place in the result's medicines, where it is one of
    those typed; `given` is then its words as typed."""

    link_id: str
    given: Given | None = None
    medicine: int | None = None


@dataclass(frozen=True)
class Flag:
    """An item to discuss with a clinician: a rule that is raised, at a tier, by the smallest set of answers."""

    rule: str
    tier: Tier
    evidence: tuple[Evidence, ...]
    superseded: bool


@dataclass(frozen=True)
class ToAsk:
    """A rule that cannot tell, and exactly the answers that are missing.

    about: "raised" when it is open whether the rule is raised; "tier" when it is raised and only its tier is open.
    """

    rule: str
    tier: Tier
    missing: tuple[Evidence, ...]
    about: Literal["raised", "tier"]


@dataclass(frozen=True)
class MmePart:
    """What one medicine adds to the opioids of a day: `value` in morphine milligram equivalents, or `why` not."""

    text: str
    ingredient: str | None
    value: float | None
    why: str

    @classmethod
    def of(cls, part: Part) -> MmePart:
        """The part as it is kept."""
        return cls(part.text, part.ingredient, part.value, part.why)


@dataclass(frozen=True)
class Mme:
    """Opioids in morphine milligram equivalents a day, for clinicians only. list: how far the medicines are known."""

    value: float | None
    at_least: float | None
    list: str
    medicines: tuple[MmePart, ...]

    def notes(self, factors: OpioidFactors | None) -> tuple[str, ...]:
        """What to know before relying on the sum: opioids that no factor is for, and cautions about a factor."""
        without = dict.fromkeys(one.ingredient for one in self.medicines if one.ingredient and one.why == "no-factor")
        found = [f"No factor is published for {name}: it is not in the sum." for name in without]
        for name in dict.fromkeys(one.ingredient for one in self.medicines if one.ingredient and one.why != "left-out"):
            factor = factors.factor(name) if factors else None
            if factor and factor.caution:
                found.append(f"{name.capitalize()}: {factor.caution}")
        return tuple(found)


@dataclass(frozen=True)
class Question:
    """A question that is still to be asked, once, most pressing first, with the rules that wait for its answer."""

    link_id: str
    text: str
    topic: str
    said: Said
    tier: Tier
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """The screening of one response. Flags and to-ask come most pressing first.

    dropped: link_id -> how many invisible characters were taken out of it.
    content: the hash of the content that it was screened under.
    """

    flags: tuple[Flag, ...]
    to_ask: tuple[ToAsk, ...]
    scores: tuple[Score, ...]
    medicines: tuple[MedicationStatement, ...]
    mme: Mme | None
    dropped: Mapping[str, int] = field(default_factory=dict)
    content: str = ""

    @property
    def tier(self) -> Tier | None:
        """The most pressing tier of all flags."""
        return self.flags[0].tier if self.flags else None

    def to_discuss(self) -> tuple[Flag, ...]:
        """The flags that no more specific one covers."""
        return tuple(flag for flag in self.flags if not flag.superseded)

    def score(self, name: str) -> Score | None:
        """The score of that name; None where the content of the day had none."""
        return next((score for score in self.scores if score.id == name), None)

    def to_ask_by_question(self, content: Content, language: str) -> list[Question]:
        """What is still to be asked, each question once, in the words of `content` and the reader's language."""
        topics = {item.link_id: section.title[language] for section in content.sections for item in section.items}
        waiting: dict[tuple[str, str], Question] = {}
        for ask in self.to_ask:
            for missing in ask.missing:
                answered = said(missing.link_id, missing.given, content, language)
                key = missing.link_id, answered.typed
                text, topic = content.question(missing.link_id, language), topics.get(missing.link_id, "")
                before = waiting.get(key) or Question(missing.link_id, text, topic, answered, ask.tier, ())
                rules = tuple(dict.fromkeys((*before.rules, ask.rule)))
                waiting[key] = Question(before.link_id, text, topic, before.said, before.tier, rules)
        return list(waiting.values())

    def to_ask_together(self) -> list[tuple[ToAsk, tuple[str, ...]]]:
        """What is still to be asked, with the rules that wait for it: an entry of the medicines that was not read, or
        not confirmed, may keep dozens waiting, and is named once."""
        waiting: dict[object, tuple[ToAsk, tuple[str, ...]]] = {}
        for ask in self.to_ask:
            entries = all(one.medicine is not None for one in ask.missing)
            key = ask.missing if entries else (ask.rule, ask.tier, ask.about)
            first, rules = waiting.get(key, (ask, ()))
            waiting[key] = first, tuple(dict.fromkeys((*rules, ask.rule)))
        return list(waiting.values())

    def no_rule_looks_at(self, content: Content) -> list[str]:
        """Ingredients that were read, of medicines about which `content` has no rule."""
        read = [one for one in self.medicines if one.status == "matched" and one.states]
        alone = [one for one in read if not content.program.asks_about(one)]
        return list(dict.fromkeys(name for one in alone for name in one.ingredients))

    def medicines_read(self) -> list[str]:
        """Each medicine as typed = as read."""
        return [f"{one.text} = {read_as(one)}" for one in self.medicines]

    # ------------------------------------------------------------ as it is kept

    def stored(self) -> dict[str, Any]:
        """The result as the store keeps it: plain values, in a fixed order, without a sentence or an answer."""
        kept: dict[str, Any] = {
            "format": FORMAT,
            "flags": [
                {"rule": one.rule, "tier": one.tier, "evidence": _links(one.evidence)}
                | ({"superseded": True} if one.superseded else {})
                for one in self.flags
            ],
            "to_ask": [
                {"rule": one.rule, "tier": one.tier, "missing": _links(one.missing)}
                | ({"about": one.about} if one.about != "raised" else {})
                for one in self.to_ask
            ],
            "scores": {one.id: [one.status, one.value, one.low, one.high] for one in self.scores},
            "medicines": [_reading_kept(one) for one in self.medicines],
            "content": self.content,
        }
        if self.mme:
            kept["mme"] = asdict(self.mme) | {"medicines": [asdict(one) for one in self.mme.medicines]}
        if self.dropped:
            kept["dropped"] = dict(self.dropped)
        return kept

    @classmethod
    def of(cls, stored: Mapping[str, Any], answers: Mapping[str, Any]) -> Result:
        """A result as it comes back from the store, in either format, beside the answers that it was made from.

        Raises ValueError for what is neither.
        """
        try:
            if "format" not in stored:
                return _of_first_format(stored, answers)
            if stored["format"] != FORMAT:
                raise ValueError("a result of another program")
            medicines = tuple(_reading_of(one) for one in stored["medicines"])

            def evidence(links: Iterable[Any]) -> tuple[Evidence, ...]:
                # A medicine is kept as [link_id, its place]: its words stand in the list of medicines.
                return tuple(
                    Evidence(one, answers.get(one))
                    if isinstance(one, str)
                    else Evidence(one[0], medicines[one[1]].text, one[1])
                    for one in links
                )

            return cls(
                tuple(
                    Flag(one["rule"], one["tier"], evidence(one["evidence"]), one.get("superseded", False))
                    for one in stored["flags"]
                ),
                tuple(
                    ToAsk(one["rule"], one["tier"], evidence(one["missing"]), one.get("about", "raised"))
                    for one in stored["to_ask"]
                ),
                tuple(Score(name, *score) for name, score in stored["scores"].items()),
                medicines,
                _mme_of(stored.get("mme")),
                stored.get("dropped", {}),
                stored["content"],
            )
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ValueError(f"not a result ({type(error).__name__})") from None


def in_todays_format(stored: Mapping[str, Any], answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored result in the format of today; one that is in it already is left as it is. Raises ValueError."""
    return stored if "format" in stored else Result.of(stored, answers).stored()


def read_as(reading: MedicationStatement) -> str:
    """What a medicine was read as, and what the person said of its use, without what was typed."""
    notes = ["confirmed"] if reading.confirmed else ["to be confirmed"] if reading.status == "suggested" else []
    if reading.use != "current":
        notes.append(reading.use)
    if reading.how not in (None, "regular", "stopped"):
        notes.append(reading.how.replace("-", " "))
    if reading.recent is not None:
        notes.append("within the window" if reading.recent else "longer ago")
    if reading.weeks is not None:
        notes.append(f"works on for {reading.weeks} weeks")
    return (", ".join(reading.ingredients) or "[not recognised]") + "".join(f" [{note}]" for note in notes)


def _links(evidence: Iterable[Evidence]) -> list[Any]:
    return [one.link_id if one.medicine is None else [one.link_id, one.medicine] for one in evidence]


def _reading_kept(reading: MedicationStatement) -> dict[str, Any]:
    values = {name: getattr(reading, name) for name in _READ}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value != _USUAL[name] or name == "text"
    }


def _reading_of(stored: Mapping[str, Any]) -> MedicationStatement:
    values: dict[str, Any] = {name: as_accepted(value) for name, value in stored.items()}
    return MedicationStatement(**values)


def _mme_of(stored: Mapping[str, Any] | None) -> Mme | None:
    if stored is None:
        return None
    parts = tuple(MmePart(**one) for one in stored.get("medicines", ()))
    return Mme(stored["value"], stored["at_least"], stored["list"], parts)


def _of_first_format(stored: Mapping[str, Any], answers: Mapping[str, Any]) -> Result:
    """The first format held the sentences of the patient's language; they are left behind: content has them."""
    medicines = tuple(
        _reading_of({name: one[name] for name in _READ if name in one}) for one in stored.get("medicines", ())
    )
    typed = [one.text for one in medicines]

    def evidence(entries: Iterable[Mapping[str, Any]]) -> tuple[Evidence, ...]:
        made = []
        for entry in entries:
            answer, given = entry.get("answer"), answers.get(entry["item"])
            whole_list = isinstance(given, list | tuple) and isinstance(answer, str)
            medicine = typed.index(answer) if whole_list and answer in typed else None
            made.append(Evidence(entry["item"], answer if medicine is not None else given, medicine))
        return tuple(made)

    return Result(
        tuple(Flag(one["rule"], one["tier"], evidence(one["evidence"]), one["superseded"]) for one in stored["flags"]),
        tuple(ToAsk(one["rule"], one["tier"], evidence(one["missing"]), one["about"]) for one in stored["to_ask"]),
        tuple(
            Score(name, one["status"], one["value"], one["low"], one["high"]) for name, one in stored["scores"].items()
        ),
        medicines,
        _mme_of(stored.get("mme")),
        stored.get("characters_dropped", {}),
        stored["content"],
    )
