"""One way to draw each type of item. Every function draws what is typed now and returns what the widget holds after.

No callbacks and no forms: a callback is lost when the server restarts, a returned value is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from screening.engine.program import ItemPlan
from screening.model.questionnaire import (
    UNITS,
    BodyMap,
    Choice,
    Date,
    Decimal,
    FreeText,
    Integer,
    Item,
    Medicines,
    MultiChoice,
    Quantity,
    String,
)
from screening.model.text import LONGEST_LINE, LONGEST_TEXT
from screening.ui.form import medicines
from screening.ui.form.body_map import body_map, in_order, list_key
from screening.ui.form.form import Form
from screening.ui.form.help import help_block
from screening.ui.form.question import heading, label, widget_key

ss = st.session_state

_MAP_WORDS = {"front": "front", "back": "back", "chosen": "chosen", "none_chosen": "none", "left_right": "sides"}

_FEW = 11
"""A whole number with at most so many values is chosen, not typed."""


@contextmanager
def asking(form: Form) -> Iterator[None]:
    """A page with questions. A widget can only be changed before it is drawn: where one asks for that, the page is
    drawn once more at its end, after its buttons were seen."""
    for name, value in (form.pending or {}).items():
        ss[form.key(name)] = value
    form.pending = None
    yield
    if form.pending is not None:
        st.rerun()


def ask_all(form: Form, plans: Iterable[ItemPlan]) -> None:
    """Draw those of the items that are asked, from top to bottom, and keep what they hold; a follow-up appears as soon
    as the answer above opens it, and local help as soon as an answer asks for it."""
    for plan in plans:
        if form.asks(plan):
            item = plan.item
            form.answer(item.link_id, DRAW[type(item)](form, item, form.typed.get(item.link_id)))
            if item.show_help and any(link_id == item.link_id for link_id, _ in form.facts.help_blocks()):
                help_block(form, item.show_help.block)


def _choice(form: Form, item: Item, typed: Any) -> Any:
    texts = {option.code: option.text[form.language] for option in item.options}
    key = widget_key(form, item.link_id, typed if typed in texts else None)
    heading(form, item)
    return st.radio(
        label(form, item), list(texts), index=None, format_func=texts.__getitem__, key=key, label_visibility="collapsed"
    )


def _multi_choice(form: Form, item: Item, typed: Any) -> Any:
    before = [code for code in typed or [] if any(option.code == code for option in item.options)]
    with st.container(key=f"group-{item.link_id}", gap=None):
        heading(form, item, names_group=True)
        ticked = [
            option.code
            for option in item.options
            if st.checkbox(
                option.text[form.language],
                key=widget_key(form, f"{item.link_id}.{option.code}", option.code in before or None),
            )
        ]
    return _settled(form, item, before, ticked)


def _settled(form: Form, item: Item, before: list[str], ticked: list[str]) -> list[str] | None:
    """Let "none of these" and the like clear the others, and the others clear it, whichever came last."""
    kept = _with_alone(ticked, before, {option.code for option in item.options if option.alone})
    if kept != ticked:
        form.redraw({f"{item.link_id}.{option.code}": option.code in kept for option in item.options})
    return kept or None


def _integer(form: Form, item: Integer, typed: Any) -> Any:
    heading(form, item)
    if item.max - item.min < _FEW:
        values = list(range(int(item.min), int(item.max) + 1))
        key = widget_key(form, item.link_id, typed if typed in values else None)
        with st.container(key=f"scale-{item.link_id}"):
            return st.radio(
                label(form, item),
                values,
                index=None,
                horizontal=True,
                key=key,
                label_visibility="collapsed",
                width="stretch",
            )
    return st.number_input(
        label(form, item),
        value=None,
        step=1,
        key=widget_key(form, item.link_id, typed),
        label_visibility="collapsed",
        width=200,
    )


def _decimal(form: Form, item: Item, typed: Any) -> Any:
    heading(form, item)
    key = widget_key(form, item.link_id, typed)
    return st.number_input(
        label(form, item), value=None, step=0.1, format="%g", key=key, label_visibility="collapsed", width=200
    )


def _quantity(form: Form, item: Quantity, typed: Any) -> Any:
    us = form.intake.content.site.units == "us"
    units = {"kg": ("lb", "kg"), "cm": ("ft", "cm")}[item.unit]
    value, unit = (typed["value"], typed["unit"]) if typed else (None, None)
    shown = {"in": "ft", None: units[0] if us else units[1]}.get(unit, unit)
    with st.container(key=f"group-{item.link_id}", gap="small"):
        heading(form, item, names_group=True)
        chosen = st.radio(
            form.say("unit"),
            units,
            format_func=lambda one: form.say(f"unit-{one}"),
            key=widget_key(form, f"{item.link_id}.unit", shown),
        )
        wanted = "in" if chosen == "ft" else chosen
        if value is not None and unit != wanted:  # another unit was chosen: the same weight or height in that unit
            value, unit = round(item.number(typed) / UNITS[item.unit][wanted], 1), wanted
        if chosen == "ft":
            feet_typed, inches_typed = divmod(value, 12) if unit == "in" and value is not None else (None, None)
            with st.container(horizontal=True):
                feet = st.number_input(
                    form.say("feet"),
                    value=None,
                    step=1,
                    min_value=0,
                    key=widget_key(form, f"{item.link_id}.feet", None if feet_typed is None else int(feet_typed)),
                )
                inches = st.number_input(
                    form.say("inches"),
                    value=None,
                    step=1.0,
                    min_value=0.0,
                    format="%g",
                    key=widget_key(form, f"{item.link_id}.inches", inches_typed),
                )
            if feet is None and inches is None:
                return None
            return {"value": 12 * (feet or 0) + (inches or 0), "unit": "in"}
        same = value if unit == chosen else None
        number = st.number_input(
            form.say(f"number-{chosen}"),
            value=None,
            step=1.0,
            min_value=0.0,
            format="%g",
            key=widget_key(form, f"{item.link_id}.{chosen}", None if same is None else float(same)),
        )
    return None if number is None else {"value": number, "unit": chosen}


def _date(form: Form, item: Date, typed: Any) -> Any:
    year, month, day = ([int(part) if part.isdigit() else None for part in (typed or "").split("-")] + [None] * 3)[:3]
    names = form.say("month-names").split(",")
    with st.container(key=f"group-{item.link_id}", gap="small"):
        heading(form, item, names_group=True)
        with st.container(horizontal=True, key=f"date-{item.link_id}"):
            d = st.number_input(
                form.say("day"), value=None, step=1, key=widget_key(form, f"{item.link_id}.day", day), width=120
            )
            m = st.selectbox(
                form.say("month"),
                range(1, 13),
                index=None,
                format_func=lambda n: names[n - 1],
                placeholder=form.say("choose"),
                key=widget_key(form, f"{item.link_id}.month", month),
                width=190,
            )
            y = st.number_input(
                form.say("year"),
                value=None,
                step=1,
                format="%d",
                key=widget_key(form, f"{item.link_id}.year", year),
                width=150,
            )
    if d is None and m is None and y is None:
        return None
    return "-".join("" if part is None else f"{part:0{width}d}" for part, width in ((y, 4), (m, 2), (d, 2)))


def _string(form: Form, item: String, typed: Any) -> Any:
    auto = {"name": "name", "contact": "tel" if item.format == "phone" else "email"}.get(item.identifier, "off")
    heading(form, item)
    key = widget_key(form, item.link_id, typed)
    return (
        st.text_input(
            label(form, item), autocomplete=auto, key=key, label_visibility="collapsed", max_chars=LONGEST_LINE
        )
        or None
    )


def _text(form: Form, item: Item, typed: Any) -> Any:
    heading(form, item)
    key = widget_key(form, item.link_id, typed)
    return (
        st.text_area(label(form, item), key=key, height=120, label_visibility="collapsed", max_chars=LONGEST_TEXT)
        or None
    )


def _body_map(form: Form, item: Item, typed: Any) -> Any:
    texts = {option.code: option.text[form.language] for option in item.options}
    alone = {option.code for option in item.options if option.alone}
    regions = [(code, text) for code, text in texts.items() if code not in alone]
    words = {name: form.content_word(f"map-{key}") for name, key in _MAP_WORDS.items()}
    key = form.key(f"{item.link_id}.map")
    before = in_order(list(texts), typed or [])
    listed = ss.get(list_key(key))
    if listed is not None:  # the list was changed just now
        before = _with_alone(in_order(list(texts), listed), before, alone)
        form.answer(item.link_id, before or None)
    heading(form, item)
    drawn = body_map(regions, before, key=key, label=item.text[form.language], words=words)
    chosen = drawn or in_order(list(alone), before)
    form.answer(
        item.link_id, chosen or None
    )  # before any other call of Streamlit: a quick next press ends the run there
    if ss.get(list_key(key)) != chosen:
        ss[list_key(key)] = chosen  # it is drawn below, so it can still be set
    st.multiselect(
        form.say("map-list"),
        list(texts),
        format_func=texts.__getitem__,
        placeholder=form.say("map-list-open"),
        key=list_key(key),
    )
    return chosen or None


def _with_alone(chosen: list[str], before: list[str], alone: set[str]) -> list[str]:
    """`chosen` without what cannot stand together: whatever came last stays."""
    if len(chosen) < 2 or not alone & set(chosen):
        return chosen
    fresh = [code for code in chosen if code not in before]
    return [code for code in fresh if code in alone][-1:] or [code for code in chosen if code not in alone]


DRAW: dict[type, Callable[[Form, Any, Any], Any]] = {
    Choice: _choice,
    MultiChoice: _multi_choice,
    Integer: _integer,
    Decimal: _decimal,
    Quantity: _quantity,
    Date: _date,
    String: _string,
    FreeText: _text,
    BodyMap: _body_map,
    Medicines: medicines.draw,
}
