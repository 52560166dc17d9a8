"""The medicines question: one box to type or paste into, a list that says at once how each entry was read, and a
type-ahead.

Cards are numbered, and their buttons named by number: what a person typed is never part of a label.
"""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from screening.medicines.entries import Entry, entries, entry_text, read_entry
from screening.medicines.formulary import UNRECOGNISED, Reading
from screening.medicines.phrases import says_how
from screening.model.item import AnswerOption
from screening.model.item_types import Item
from screening.model.medicines_item import NONE_OF_THESE, Medicines
from screening.model.text import LONGEST_LINE, LONGEST_TEXT
from screening.ui.form.form import Form
from screening.ui.form.question import heading, label, widget_key
from screening.ui.html import each, show
from screening.ui.turns import in_turn

ss = st.session_state

_SOME = "some"
_ASKS_DOSE = ("dose", "unit", "times-a-day")
"""Reasons of opioid.part_of that the person can settle."""


def draw(form: Form, item: Item, typed: Any) -> Any:
    """The whole question; the list, the code of an option, or None for no answer yet."""
    assert isinstance(item, Medicines)
    texts = {_SOME: form.say("medicines-some"), **{option.code: option.text[form.language] for option in item.options}}
    now = typed if isinstance(typed, str) else _SOME if typed is not None else None
    heading(form, item)
    key = widget_key(form, item.link_id, now)
    chosen = st.radio(
        label(form, item), list(texts), index=None, format_func=texts.__getitem__, key=key, label_visibility="collapsed"
    )
    if isinstance(typed, list):
        form.list_kept = typed  # a slip of the finger to another choice must not lose the list
    if chosen != _SOME:
        return chosen
    listed: list[Entry] = list(form.list_kept)
    _prompts(form, item)
    _take(form, item, listed)
    _search(form, item)
    return _cards(form, item, listed)


def _prompts(form: Form, item: Medicines) -> None:
    if item.prompts:
        lines = each("<li>{}</li>", [one[form.language] for one in item.prompts])
        show('<p class="prompts">{}</p><ul class="prompts">{}</ul>', form.say("medicines-prompts"), lines)


# ---------------------------------------------------------------- new entries


def _take(form: Form, item: Medicines, listed: list[Entry]) -> None:
    """The box. What it holds joins the list, and so does what stands unpicked in the type-ahead: nothing typed is
    lost."""
    box, search = f"{item.link_id}.box", f"{item.link_id}.search"
    typed = st.text_area(
        form.say("medicines-box"),
        key=form.key(box),
        height=100,
        max_chars=3 * LONGEST_TEXT,
        placeholder=form.say("medicines-box-hint"),
    )
    st.button(form.say("medicines-add"), key=f"{item.link_id}.add")  # leaving the box is enough; a button says so
    left = ss.get(form.key(search)) or ""
    if len(listed) > item.most:  # the page does not go on with so many: what is typed now waits in its box
        show('<p class="problem">{}</p>', form.say("problem-too-many"))
    elif typed.strip() or left.strip():
        _add(
            form,
            item,
            listed,
            [*entries(typed, form.intake.content.formulary), *entries(left, form.intake.content.formulary)],
        )


def _add(form: Form, item: Medicines, listed: list[Entry], new: list[Entry]) -> None:
    """Put `new` at the end of the list and empty the boxes before they are drawn again."""
    form.redraw({f"{item.link_id}.box": "", f"{item.link_id}.search": ""})
    numbers = _numbers(form, listed)
    room = item.most - len(listed)
    new = [*new[:room], *_together(new[room:])]
    ss[_cards_key(form)] = [*numbers, *range(max(numbers, default=0) + 1, max(numbers, default=0) + len(new) + 1)]
    listed += new
    form.answer(item.link_id, list(listed))


def _together(rest: list[Entry]) -> list[Entry]:
    """Entries beyond the most that a list may have, word for word, in as few texts as they fit into."""
    texts: list[Entry] = []
    lines: list[str] = []
    for line in map(entry_text, rest):
        if lines and sum(map(len, lines)) + len(lines) + len(line) > LONGEST_TEXT:
            texts.append("\n".join(lines))
            lines = []
        lines.append(line)
    return [*texts, "\n".join(lines)] if lines else texts


@st.fragment
def _search(form: Form, item: Medicines) -> None:
    """Names for those who prefer to pick, while they type; drawn again alone at each pause."""
    with in_turn():
        prefix = st.text_input(
            form.say("medicines-search"),
            key=form.key(f"{item.link_id}.search"),
            live="250ms",
            max_chars=LONGEST_LINE,
            autocomplete="off",
        )
        if not prefix or not prefix.strip():
            return
        new: list[Entry] = []
        with st.container(horizontal=True, key=f"{item.link_id}-names"):
            for number, name in enumerate(form.intake.content.formulary.complete(prefix)):
                if st.button(form.say("medicines-pick", name=name), key=f"{item.link_id}.pick.{number}.{name}"):
                    new = [name]
            if st.button(form.say("medicines-pick-typed"), key=f"{item.link_id}.pick-typed"):
                new = entries(prefix, form.intake.content.formulary)
        if new and len(form.list_kept) <= item.most:
            _add(form, item, list(form.list_kept), new)
            st.rerun()


# ---------------------------------------------------------------- the list


def _cards_key(form: Form) -> str:
    return form.key("medicine cards")


def _numbers(form: Form, listed: list[Entry]) -> list[int]:
    """A number for each entry that stays its own while others come and go, so that its widgets stay its own."""
    numbers = cast("list[int]", ss.get(_cards_key(form)) or [])
    return numbers if len(numbers) == len(listed) else list(range(1, len(listed) + 1))


def _cards(form: Form, item: Medicines, listed: list[Entry]) -> list[Entry]:
    if listed:
        show('<div role="status"><h2 class="list">{}</h2></div>', form.say("medicines-list", n=len(listed)))
    numbers = _numbers(form, listed)
    kept: list[Entry] = []
    staying: list[int] = []
    for place, (number, entry) in enumerate(zip(numbers, listed, strict=True), 1):
        now = _card(form, item, entry, number, place)
        if now is not None:
            kept.append(now)
            staying.append(number)
    if kept != listed:
        ss[_cards_key(form)] = staying
        form.redraw()
        form.list_kept = kept
    return kept


def _card(form: Form, item: Medicines, entry: Entry, number: int, place: int) -> Entry | None:
    """One entry: its words, how they were read, and what the reading leaves open. None when it is taken off the
    list."""
    name = f"{item.link_id}.{number}"
    with st.container(border=True, key=f"medicine-{number}", gap="small"):
        words = _words(form, entry, name, place)
        said = {} if isinstance(entry, str) else {key: value for key, value in entry.items() if key != "text"}
        if words.strip() and words != entry_text(entry):  # other words: what was said about the old ones may be wrong
            said.pop("confirmed", None)
        readings = read_entry(
            {"text": words, **said}, form.intake.content.formulary, item, form.facts.response.authored
        )
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
    if "\n" in text:
        return st.text_area(form.say("medicines-text", n=place), key=key, max_chars=LONGEST_TEXT)
    return st.text_input(form.say("medicines-text", n=place), key=key, max_chars=LONGEST_TEXT, autocomplete="off")


def _reading(form: Form, readings: tuple[Reading, ...], name: str) -> str | None:
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


def _with_ingredients(form: Form, name: str) -> str:
    """A name of the table with what is in it: "xanax (alprazolam)"."""
    inside = " + ".join(part for one in form.intake.content.formulary.read(name) for part in one.ingredients)
    return name if inside in ("", name) or " / " in name else f"{name} ({inside})"


def _as_read(form: Form, reading: Reading) -> str:
    found = " + ".join(reading.ingredients)
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


def _follow_ups(form: Form, item: Medicines, reading: Reading, said: dict[str, Any], name: str, place: int) -> None:
    """Ask only what a rule reads of this medicine; each may be skipped. Writes into `said`."""
    program = form.facts.program
    if reading.use not in ("current", "stopped") or not (program.asks_about(reading) or "how" in said):
        return
    if "how" in said or (reading.use == "current" and not says_how(reading.text)):
        _pills(form, "medicines-how", item.how_option, said, "how", name, place)
    how = said.get("how") or ("stopped" if reading.use == "stopped" else None)
    window = how == "as-needed" or (
        how == "stopped" and ("last_taken" in said or program.asks_about(reading, "lately"))
    )
    if window:
        _pills(form, "medicines-last", item.last_taken_option, said, "last_taken", name, place)
    else:
        said.pop("last_taken", None)
    if how != "stopped" and ("dose" in said or _dose_missing(form, reading)):
        _dose(form, item, said, name, place)


def _pills(
    form: Form, question: str, options: tuple[AnswerOption, ...], said: dict[str, Any], what: str, name: str, place: int
) -> None:
    texts = {option.code: option.text[form.language] for option in options}
    chosen = st.pills(
        form.say(question, n=place),
        list(texts),
        format_func=texts.__getitem__,
        key=widget_key(form, f"{name}.{what}", said.get(what)),
    )
    if chosen:
        said[what] = chosen
    else:
        said.pop(what, None)


def _dose_missing(form: Form, reading: Reading) -> bool:
    part = form.facts.opioid(reading)
    return part is not None and part.why in _ASKS_DOSE


def _dose(form: Form, item: Medicines, said: dict[str, Any], name: str, place: int) -> None:
    """The dose of an opioid, which the clinic works with; nothing is worked out here."""
    before = said.get("dose") or {}
    texts = {option.code: option.text[form.language] for option in item.dose_unit_option}
    show('<p class="hint">{}</p>', form.say("medicines-dose-why"))
    value = st.number_input(
        form.say("medicines-dose", n=place),
        value=None,
        step=1.0,
        min_value=0.0,
        format="%g",
        key=widget_key(form, f"{name}.dose", before.get("value")),
    )
    unit = st.pills(
        form.say("medicines-dose-unit", n=place),
        list(texts),
        format_func=texts.__getitem__,
        key=widget_key(form, f"{name}.unit", before.get("unit")),
    )
    times = st.number_input(
        form.say("medicines-dose-times", n=place),
        value=None,
        step=1.0,
        min_value=0.0,
        format="%g",
        key=widget_key(form, f"{name}.times", before.get("per_day")),
    )
    dose = {key: given for key, given in (("value", value), ("unit", unit), ("per_day", times)) if given}
    said.pop("dose", None)
    if dose:
        said["dose"] = dose
