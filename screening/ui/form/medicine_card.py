"""One medicine of the list: its words, how they were read, and what the reading leaves open.

Cards are numbered, and their buttons named by number: what a person typed is never part of a label. A question names
the medicine as it was read, in the person's language.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from screening.medicines.entries import Entry, entry_text, read_entry
from screening.medicines.formulary import UNRECOGNISED, MedicationStatement
from screening.medicines.phrases import says_how
from screening.model.item import AnswerOption
from screening.model.medicines_item import ASKED_WHEN, NONE_OF_THESE, Medicines
from screening.model.text import LONGEST_TEXT
from screening.ui.form import reading as boxes
from screening.ui.form.form import Form
from screening.ui.form.question import widget_key
from screening.ui.html import each, show

_ASKS_DOSE = ("dose", "unit", "times-a-day")
"""Reasons of opioid.part_of that the person can settle."""
_NUMBERS = ("value", "per_day")


def draw(form: Form, item: Medicines, entry: Entry, number: int, place: int) -> Entry | None:
    """The card of `entry`, at `place` of the list; the entry as it is now, or None when it is taken off the list."""
    name = f"{item.link_id}.{number}"
    with st.container(border=True, key=f"medicine-{number}", gap="small"):
        words = _words(form, entry, name, place)
        said = {} if isinstance(entry, str) else {key: value for key, value in entry.items() if key != "text"}
        if words.strip() and words != entry_text(entry):  # other words: what was said about the old ones may be wrong
            said.pop("confirmed", None)
            form.reread += 1
        readable = {"text": words, **said, "dose": _numbers_only(said.get("dose"))}
        readings = read_entry(readable, form.intake.content.formulary, item, form.facts.response.authored)
        chosen = _reading(form, readings, name)
        if chosen:
            said["confirmed"] = chosen
        if len(readings) == 1:
            _follow_ups(form, item, readings[0], said, name, place)
        removed = st.button(form.say("medicines-remove", n=place), key=f"{name}.remove", type="tertiary")
    if removed or not words.strip():
        return None
    return {"text": words, **said} if said else words


def _words(form: Form, entry: Entry, name: str, place: int) -> str:
    """What was typed, where it can be corrected; over several lines where line breaks mean something."""
    text = entry_text(entry)
    key = widget_key(form, f"{name}.text", text)
    label = form.say("medicines-text", n=place)
    words = st.text_area(label, key=key) if "\n" in text else st.text_input(label, key=key, autocomplete="off")
    if len(words) > LONGEST_TEXT:
        show('<p class="problem">{}</p>', form.say("problem-too-long-by", n=len(words) - LONGEST_TEXT))
    return words


# ---------------------------------------------------------------- how it was read


def _reading(form: Form, readings: tuple[MedicationStatement, ...], name: str) -> str | None:
    """Say how the entry was read, and ask where that is a guess: the name chosen just now, or None."""
    lines = [_as_read(form, one) for one in readings]
    show("{}", each('<p class="read">{}</p>', lines))
    if len(readings) != 1 or readings[0].confirmed or not readings[0].suggestions:
        return None
    formulary = form.intake.content.formulary
    names = [one for one in readings[0].suggestions if formulary.confirmed_as(readings[0], one).confirmed]
    single = bool(readings[0].ingredients) and len(names) == 1
    chosen = None
    with st.container(horizontal=True, key=f"{name.replace('.', '-')}-choices"):
        for one in names:
            words = _with_ingredients(form, one)
            if st.button(form.say("medicines-yes", name=words) if single else words, key=f"{name}.is.{one}"):
                chosen = one
        if st.button(form.say("medicines-no" if single else "medicines-none-right"), key=f"{name}.none"):
            chosen = NONE_OF_THESE
    return chosen


def _named(form: Form, *readings: MedicationStatement) -> str:
    """The ingredients as people of the person's language call them."""
    formulary = form.intake.content.formulary
    return " + ".join(formulary.named(one, form.language) for reading in readings for one in reading.ingredients)


def _with_ingredients(form: Form, name: str) -> str:
    """A name of the table with what is in it: "xanax (alprazolam)"."""
    readings = form.intake.content.formulary.read(name)
    if name in [one for reading in readings for one in reading.ingredients]:
        return _named(form, *readings)
    inside = _named(form, *readings)
    return name if inside in ("", name) or " / " in name else f"{name} ({inside})"


def _as_read(form: Form, reading: MedicationStatement) -> str:
    found = _named(form, reading)
    if reading.status == UNRECOGNISED:
        return form.say("medicines-unread")
    if reading.use in ("never", "allergic", "planned", "another-person", "stopped"):
        return form.say("medicines-not-now", name=found or " / ".join(reading.suggestions) or reading.text)
    if reading.confirmed:
        return form.say("medicines-chosen", name=found)
    if reading.ingredients and reading.suggestions:
        return form.say("medicines-guess", name=found)
    if reading.ingredients:
        return form.say("medicines-as", name=found)
    return form.say("medicines-several" if reading.suggestions else "medicines-which")


# ---------------------------------------------------------------- how, when, how much


def _follow_ups(
    form: Form, item: Medicines, reading: MedicationStatement, said: dict[str, Any], name: str, place: int
) -> None:
    """Ask only what a rule reads of this medicine; each may be skipped. Writes into `said`."""
    program = form.facts.program
    settled = reading.use in ("never", "allergic") or not program.asks_about(reading)
    if settled and "how" not in said:
        return
    medicine = _named(form, reading) or form.say("medicines-number", n=place)
    if "how" in said or not (reading.use == "stopped" or (reading.use == "current" and says_how(reading.text))):
        carried = said.get("how") == "carried" or not set(item.carried).isdisjoint(reading.ingredients)
        offered = tuple(one for one in item.how_option if carried or one.code != "carried")
        _pills(form, "medicines-how", offered, said, "how", name, medicine)
    how = said.get("how") or ("stopped" if reading.use == "stopped" else None)
    lasting = reading.weeks is not None or program.asks_about(reading, "lately")
    if how in ASKED_WHEN and (how != "stopped" or "last_taken" in said or lasting):
        _pills(form, "medicines-last", item.last_taken_option, said, "last_taken", name, medicine)
    else:
        said.pop("last_taken", None)
    if how in (None, "regular", "as-needed") and ("dose" in said or _dose_missing(form, reading)):
        _dose(form, item, said, name, medicine)


def _pills(
    form: Form,
    question: str,
    options: tuple[AnswerOption, ...],
    said: dict[str, Any],
    what: str,
    name: str,
    medicine: str,
) -> None:
    texts = {option.code: option.text[form.language] for option in options}
    chosen = st.pills(
        form.say(question, name=medicine),
        list(texts),
        format_func=texts.__getitem__,
        key=widget_key(form, f"{name}.{what}", said.get(what)),
    )
    if chosen:
        said[what] = chosen
    else:
        said.pop(what, None)


def _dose_missing(form: Form, reading: MedicationStatement) -> bool:
    part = form.facts.opioid(reading)
    return part is not None and part.why in _ASKS_DOSE


def _dose(form: Form, item: Medicines, said: dict[str, Any], name: str, medicine: str) -> None:
    """The dose of an opioid, which the clinic works with; nothing is worked out here."""
    before = said.get("dose") or {}
    show('<p class="hint">{}</p>', form.say("medicines-dose-why"))
    value = _number(form, "medicines-dose", before.get("value"), f"{name}.dose", medicine)
    unit: dict[str, Any] = {"unit": before["unit"]} if "unit" in before else {}
    _pills(form, "medicines-dose-unit", item.dose_unit_option, unit, "unit", name, medicine)
    times = _number(form, "medicines-dose-times", before.get("per_day"), f"{name}.times", medicine)
    dose = {key: given for key, given in (("value", value), *unit.items(), ("per_day", times)) if given is not None}
    said.pop("dose", None)
    if dose:
        said["dose"] = dose


def _number(form: Form, question: str, before: Any, name: str, medicine: str) -> Any:
    """A number as it was typed, comma or point; what cannot be read stays text, and is refused in words."""
    shown = f"{before:g}" if isinstance(before, int | float) else before
    typed = st.text_input(
        form.say(question, name=medicine), key=widget_key(form, name, shown), max_chars=30, autocomplete="off"
    )
    if not typed.strip():
        return None
    number = boxes.number(typed)
    if number is None:
        show('<p class="problem">{}</p>', form.say("problem-not-a-number"))
    return typed if number is None else number


def _numbers_only(dose: dict[str, Any] | None) -> dict[str, Any] | None:
    """The dose without what is no number yet."""
    return {key: one for key, one in (dose or {}).items() if key not in _NUMBERS or not isinstance(one, str)} or None
