"""Questions, their answers and worked cases in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from screening.authoring.book.condition_words import Clause, ConditionWords
from screening.authoring.book.rulebook import AnswerEntry, CaseEntry, ListEntry, OptionEntry, QuestionEntry, Said
from screening.authoring.cases import response_of
from screening.engine.answer_text import in_words
from screening.engine.content import Content
from screening.model.item import AnswerOption
from screening.model.item_types import Item
from screening.model.medicines_item import Medicines
from screening.model.rule import Case
from screening.model.text import Text

_MEANINGS: Mapping[str | None, str] = {
    "not-sure": "counts as unknown, never as “no”",
    "declined": "counts as unknown, never as “no”",
}
_OUTCOMES: Mapping[str, str] = {"raised": "Raised", "not-raised": "Not raised", "cannot-tell": "Cannot tell"}


def in_languages(text: Text, languages: Sequence[str]) -> Said:
    """The words in each of `languages`, in that order."""
    return {language: text[language] for language in languages}


def question(item: Item, words: ConditionWords, languages: Sequence[str], read_by: tuple[str, ...]) -> QuestionEntry:
    """One question with its options, gate and help."""

    def said(text: Text | None) -> Said | None:
        return in_languages(text, languages) if text else None

    return QuestionEntry(
        link_id=item.link_id,
        text=in_languages(item.text, languages),
        stem=said(item.stem),
        hint=said(item.hint),
        for_another=_other_words(item, languages),
        kind=item.answered_with,
        lists=tuple(_lists(item, languages)),
        gate=words.clause(item.enable_when) if item.enable_when else None,
        help=tuple(
            Clause(f"The {shown.block} help is shown at once when:", (words.clause(shown.when),))
            for shown in item.show_help
        ),
        notes=tuple(_notes(item)),
        read_by=read_by,
    )


def _other_words(item: Item, languages: Sequence[str]) -> tuple[Said, ...]:
    """What somebody reads instead who answers for another person."""
    words = item.for_another
    found = (words.stem, words.text, words.hint) if words else ()
    return tuple(in_languages(text, languages) for text in found if text)


def case(one: Case, content: Content, language: str) -> CaseEntry:
    """One worked case. An answer that could not be accepted stands as it is written."""
    response, _ = response_of(one, content)
    raw: dict[str, Any] = dict(one.answers)
    if one.medicines is not None and content.program.medicines is not None:
        raw.setdefault(content.program.items[content.program.medicines].item.link_id, list(one.medicines) or "none")
    answers = []
    for link_id, written in raw.items():
        known = link_id in content.program.numbers
        given = response.answers.get(link_id) if known else None
        answer = in_words(content.item(link_id), given, language, content) if given is not None else str(written)
        answers.append(
            AnswerEntry(link_id, content.item(link_id).text[language] if known else link_id, answer.replace("\n", "; "))
        )
    outcome = _OUTCOMES[one.expect] + (f", {one.tier}" if one.tier else "")
    return CaseEntry(one.name, tuple(answers), one.authored.isoformat() if one.authored else None, outcome)


def _lists(item: Item, languages: Sequence[str]) -> list[ListEntry]:
    def listed(name: str, options: Sequence[AnswerOption], recent: Sequence[str] = ()) -> ListEntry:
        return ListEntry(name, tuple(_option(option, languages, option.code in recent) for option in options))

    found = [listed("Answers", item.options)] if item.options else []
    if isinstance(item, Medicines):
        prompts = tuple(OptionEntry("", in_languages(text, languages), ()) for text in item.prompts)
        found += [ListEntry("Reminders", prompts)] if prompts else []
        found += [listed("How it is taken", item.how_option)] if item.how_option else []
        found += (
            [listed("When it was last taken", item.last_taken_option, item.recent)] if item.last_taken_option else []
        )
        found += [listed("Units of a dose", item.dose_unit_option)] if item.dose_unit_option else []
    return found


def _option(option: AnswerOption, languages: Sequence[str], recent: bool) -> OptionEntry:
    notes = []
    if option.meaning:
        notes.append(_MEANINGS[option.meaning])
    if option.exclusive:
        notes.append("clears every other choice")
    if option.weight is not None:
        notes.append(f"counts {option.weight}")
    if recent:
        notes.append("is “lately”")
    return OptionEntry(option.code, in_languages(option.text, languages), tuple(notes))


def _notes(item: Item) -> list[str]:
    notes = []
    if item.safety_critical:
        notes.append("Safety-critical: without an answer, staff are told to ask.")
    if item.required:
        notes.append("Cannot be left out.")
    if item.instrument:
        notes.append(f"Published wording of {item.instrument.upper()}: not to be reworded.")
    if item.identifier != "none":
        notes.append(f"Can show who the person is ({item.identifier.replace('-', ' ')}).")
    if item.purpose:
        notes.append(f"Why it is asked: {item.purpose}.")
    return notes
