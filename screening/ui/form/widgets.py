"""One way to draw each type of item. Every function draws what is typed now and returns what the widget holds after.

No callbacks and no forms: a callback is lost when the server restarts, a returned value is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import streamlit as st

from screening.engine.program import ItemPlan
from screening.model.item_types import BodyMap, Item
from screening.model.medicines_item import Medicines
from screening.ui.form import cards, medicines
from screening.ui.form.body_map import body_map, in_order, list_key
from screening.ui.form.form import Form
from screening.ui.form.help import help_block, help_kinds
from screening.ui.form.question import heading

ss = st.session_state

_MAP_WORDS = {"front": "front", "back": "back", "chosen": "chosen", "none_chosen": "none", "left_right": "sides"}


@contextmanager
def asking(form: Form) -> Iterator[None]:
    """A page with questions. A widget can only be changed before it is drawn: where one asks for that, the page is
    drawn once more at its end, after its buttons were seen."""
    for name, value in (form.pending or {}).items():
        ss[form.key(name)] = value
    form.pending = None
    cards.receive(form)
    yield
    if form.pending is not None:
        st.rerun()


def ask_all(form: Form, plans: Sequence[ItemPlan], kept: Callable[[], bool] = lambda: False) -> None:
    """Draw those of the items that are asked, from top to bottom, and keep what they hold. A follow-up appears as soon
    as the answer above opens it, and local help as soon as an answer asks for it.

    kept: called after an answer to cards, when only they are drawn anew; whether the whole page must be.
    """
    cards.program()
    drawn: set[int] = set()
    for by_itself, run in groupby(plans, key=lambda plan: type(plan.item) in DRAW):
        if not by_itself:
            _cards(form, list(run), plans, kept, drawn)
            continue
        for plan in run:
            if form.asks(plan):
                item = plan.item
                form.answer(item.link_id, DRAW[type(item)](form, item, form.typed.get(item.link_id)))
                for kind in help_kinds(form, item.link_id):
                    help_block(form, kind)


@st.fragment
def _cards(
    form: Form, run: list[ItemPlan], page: Sequence[ItemPlan], kept: Callable[[], bool], drawn: set[int]
) -> None:
    """Some cards. A touch of one draws these alone, unless it opens or closes something elsewhere on the page.

    drawn: the cards that were drawn with the whole page before.
    """
    alone = run[0].number in drawn
    drawn.add(run[0].number)
    before = _elsewhere(form, run, page)
    if alone:
        cards.receive(form)
    late = cards.draw(form, run)
    if alone and (kept() or late or _elsewhere(form, run, page) != before):
        st.rerun()
    if late:
        form.redraw()


def _elsewhere(form: Form, run: list[ItemPlan], page: Sequence[ItemPlan]) -> tuple[Any, ...]:
    here = {plan.number for plan in run}
    return [plan.number for plan in page if plan.number not in here and form.asks(plan)], help_kinds(form)


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


DRAW: dict[type, Callable[[Form, Any, Any], Any]] = {BodyMap: _body_map, Medicines: medicines.draw}
"""Questions that are more than boxes and options; all others are cards."""
