"""The medicines question: one box to type or paste into, a list that says at once how each entry was read, and a
type-ahead.
"""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from screening.medicines.entries import Entry, entries, entry_text
from screening.model.item_types import Item
from screening.model.medicines_item import Medicines
from screening.model.text import LONGEST_LINE, LONGEST_TEXT
from screening.ui.form import medicine_card
from screening.ui.form.form import Form
from screening.ui.form.question import heading, label, widget_key
from screening.ui.html import each, show
from screening.ui.turns import in_turn

ss = st.session_state

_SOME = "some"
_MOST_AT_ONCE = 3 * LONGEST_TEXT
"""Characters that are cut into entries; beyond, they stay one text, which the page calls too long."""


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


def _box(form: Form, name: str) -> str:
    """The key of a box that is emptied into the list. It is a new box each time, so that what the browser sent before
    it saw the empty one is not taken a second time."""
    return form.key(f"{name}~n{form.added}" if form.added else name)


def _take(form: Form, item: Medicines, listed: list[Entry]) -> None:
    """The box. What it holds joins the list, and so does what stands unpicked in the type-ahead: nothing typed is
    lost."""
    typed = st.text_area(
        form.say("medicines-box"),
        key=_box(form, f"{item.link_id}.box"),
        height=100,
        placeholder=form.say("medicines-box-hint"),
    )
    st.button(form.say("medicines-add"), key=f"{item.link_id}.add")  # leaving the box is enough; a button says so
    left = ss.get(_box(form, f"{item.link_id}.search")) or ""
    if len(listed) > item.most:  # the page does not go on with so many: what is typed now waits in its box
        show('<p class="problem">{}</p>', form.say("problem-too-many"))
    elif typed.strip() or left.strip():
        _add(form, item, listed, [*_entries(form, typed), *_entries(form, left)])


def _entries(form: Form, typed: str) -> list[Entry]:
    return entries(typed, form.intake.content.formulary) if len(typed) <= _MOST_AT_ONCE else [typed.strip()]


def _add(form: Form, item: Medicines, listed: list[Entry], new: list[Entry]) -> None:
    """Put `new` at the end of the list and draw the page again, with empty boxes."""
    form.redraw()
    form.added += 1
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
            key=_box(form, f"{item.link_id}.search"),
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
                new = _entries(form, prefix)
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
        heads = form.say("medicines-list", n=len(listed)), form.say("medicines-look")
        show('<div role="status"><h2 class="list">{}</h2><p>{}</p></div>', *heads)
    numbers = _numbers(form, listed)
    kept: list[Entry] = []
    staying: list[int] = []
    for place, (number, entry) in enumerate(zip(numbers, listed, strict=True), 1):
        now = medicine_card.draw(form, item, entry, number, place)
        if now is not None:
            kept.append(now)
            staying.append(number)
    if kept != listed:
        ss[_cards_key(form)] = staying
        form.redraw()
        form.list_kept = kept
    return kept
