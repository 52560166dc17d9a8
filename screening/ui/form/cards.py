"""The simple questions of a page, drawn by one component of ours: real inputs in large rows.

What was typed is the truth and lives in the form; the browser reports what was touched soon after the last touch, and
again until it is told that it arrived. The words of the questions are sent once and named after that.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from screening.engine.program import ItemPlan
from screening.model.condition import leaves
from screening.model.dates import day_order
from screening.model.item_types import Date, FreeText, Integer, Item, MultiChoice, Quantity, String
from screening.model.site import HelpBlock
from screening.model.text import LONGEST_LINE, LONGEST_TEXT
from screening.ui.form import reading
from screening.ui.form.form import Form
from screening.ui.form.help import help_kinds

_HERE = Path(__file__).parent
_SHORT, _IN_A_ROW = 28, 6
"""Options of at most so many letters stand side by side, where there are at most so many of them."""
_INPUT = {"phone": ("tel", "tel"), "email": ("email", "email"), "any": ("text", "off")}
"""Which keyboard a telephone offers, and what a browser may fill in by itself."""

# The program in the browser is sent once a page: its element never changes, so that Streamlit only names it again.
_program = st.components.v2.component(
    "answer_cards_program",
    js=(_HERE / "cards.js").read_text("utf-8"),
    css=(_HERE / "cards.css").read_text("utf-8"),
    isolate_styles=False,
)
_draw = st.components.v2.component(
    "answer_cards",
    html='<div class="cards"></div>',
    js="""export default (c) => {
        const all = (window.answerCards ??= { waiting: [] })
        all.draw ? all.draw(c) : all.waiting.push(c)
    }""",
    isolate_styles=False,
)

ss = st.session_state

_KEY = "answer cards "


@dataclass
class Received:
    """What one session has taken from the browser: the number of the last touch."""

    session: str = field(default_factory=lambda: secrets.token_hex(8))
    turn: int = 0


def program() -> None:
    """Send the browser its part, before the first cards of a page."""
    _program(key="cards-program", height=1)


def receive(form: Form) -> None:
    """Keep what was touched on the cards of this page, before anything is drawn."""
    for key in [key for key in ss if str(key).startswith(_KEY)]:
        take(form, ss[key])


def draw(form: Form, plans: Sequence[ItemPlan]) -> bool:
    """Draw those of the items that are asked; whether something came only now, in the first run of a session, so that
    they must be drawn once more."""
    key = _KEY + plans[0].item.link_id
    spec, name = _spec(form, plans)
    known = isinstance(ss.get(key), Mapping) and _mapping(ss[key].get("touched")).get("known") == name
    us = form.intake.content.site.units == "us"
    asked = [plan.item for plan in plans if form.asks(plan)]
    helping = {item.link_id: kinds[0] for item in asked if (kinds := help_kinds(form, item.link_id))}
    values = {item.link_id: reading.boxes(item, form.typed.get(item.link_id), us) for item in asked}
    received = _received()
    result = _draw(
        key=key,
        data={
            "name": name,
            **({} if known else {"spec": spec}),
            "asked": [item.link_id for item in asked],
            "values": {link_id: value for link_id, value in values.items() if value is not None},
            "wrong": {item.link_id: words for item in asked if (words := form.refusal(item))},
            "help": helping,
            "session": received.session,
            "received": received.turn,
        },
        default={"touched": None},
        on_touched_change=_nothing,
    )
    return take(form, result)


def take(form: Form, state: Any) -> bool:
    """Keep what the browser reports; whether it was new.

    state: {"touched": {"session", "turn", "changes": {link_id: [value, value before]}}}, or anything at all.
    A report stays there after it was taken, so only a newer turn counts. A session that began after the touch (the
    server restarted) cannot know whether it was taken: a change counts only where the answer still is the one before.
    """
    touched = _mapping(state.get("touched")) if isinstance(state, Mapping) else {}
    received = _received()
    turn = touched.get("turn")
    if type(turn) is not int or turn <= received.turn:
        return False
    received.turn = turn
    numbers = form.intake.content.program.numbers
    us = form.intake.content.site.units == "us"
    for link_id, change in _mapping(touched.get("changes")).items():
        if link_id not in numbers or not isinstance(change, list) or len(change) != 2:
            continue
        item = form.intake.content.item(link_id)
        value, before = change
        shown = reading.boxes(item, form.typed.get(link_id), us)
        if touched.get("session") == received.session or before == shown:
            value = accepted(item, value)
            if value != shown:
                form.answer(link_id, value)
    return True


def accepted(item: Item, value: Any) -> Any:
    """The value in the shape that the boxes of such an item send; None where they are empty or it is something else."""
    if isinstance(item, Quantity):
        boxes = _mapping(value).get("boxes")
        texts = [box for box in boxes if isinstance(box, str)] if isinstance(boxes, list) else []
        unit = _mapping(value).get("unit")
        whole = unit in ("lb", "kg", "cm", reading.FEET) and len(texts) == (2 if unit == reading.FEET else 1)
        return {"unit": unit, "boxes": texts} if whole and any(text.strip() for text in texts) else None
    if isinstance(item, Date):
        whole = isinstance(value, list) and len(value) == 3 and all(isinstance(part, str) for part in value)
        return value if whole and any(part.strip() for part in value) else None
    if isinstance(item, MultiChoice):
        codes = [option.code for option in item.options if isinstance(value, list) and option.code in value]
        return codes or None
    if reading.is_scale(item) and type(value) is int:
        return value
    return value if isinstance(value, str) and value.strip() else None


def _spec(form: Form, plans: Sequence[ItemPlan]) -> tuple[dict[str, Any], str]:
    """The words of the questions in the person's language, and the name of these words."""
    key = (form.intake.content.hash, form.language, form.for_another, plans[0].number, len(plans))
    specs: dict[Any, tuple[dict[str, Any], str]] = _SPECS
    if key not in specs:
        if len(specs) > _MOST_SPECS:
            specs.clear()
        kinds = {shown.block for plan in plans for shown in plan.item.show_help}
        spec = {
            "items": [_item(form, plan.item, plans) for plan in plans],
            "help": {kind: _help(form.help(kind), form) for kind in sorted(kinds)},
            "tooLong": form.content_word("problem-too-long-by"),
        }
        specs[key] = spec, hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:12]
    return specs[key]


_SPECS: dict[Any, tuple[dict[str, Any], str]] = {}
_MOST_SPECS = 400


def _item(form: Form, item: Item, plans: Sequence[ItemPlan]) -> dict[str, Any]:
    language = form.language
    us = form.intake.content.site.units == "us"
    inside = {plan.item.link_id for plan in plans} - {item.link_id}
    gate = item.enable_when
    drawn: dict[str, Any] = {
        "id": item.link_id,
        "kind": _kind(item),
        "text": item.text[language],
        "stem": item.stem[language] if item.stem else "",
        "hint": item.hint[language] if item.hint else "",
        "needed": form.say("required") if item.required else "",
        "follows": bool(gate and any(getattr(leaf, "item", None) in inside for leaf in leaves(gate))),
        "joins": item.instrument or "",
        "options": [[option.code, option.text[language], option.alone] for option in item.options],
    }
    if isinstance(item, Integer) and reading.is_scale(item):
        drawn["options"] = [[value, str(value), False] for value in range(int(item.min), int(item.max) + 1)]
    if len(item.options) <= _IN_A_ROW and all(len(option.text[language]) <= _SHORT for option in item.options):
        drawn["row"] = True
    if isinstance(item, Quantity):
        words = {unit: form.say(f"unit-{unit}") for unit in reading.units_of(item, us)}
        drawn |= {"unit": form.say("unit"), "units": list(words.items())}
        drawn["boxes"] = {
            unit: [form.say("feet"), form.say("inches")] if unit == reading.FEET else [form.say(f"number-{unit}")]
            for unit in words
        }
    if isinstance(item, Date):
        drawn["parts"] = [[part, form.say(f"date-{part}")] for part in day_order(language, us)]
        drawn["fill"] = item.link_id == form.intake.content.site.staff.items.birth_date
    if isinstance(item, String):
        drawn["input"], drawn["fill"] = _INPUT[item.format]
        if item.identifier == "name":
            drawn["fill"] = "name"
        drawn["most"] = LONGEST_LINE
    if isinstance(item, FreeText):
        drawn["most"] = LONGEST_TEXT
    return drawn


def _kind(item: Item) -> str:
    return "scale" if reading.is_scale(item) else item.type


def _help(block: HelpBlock, form: Form) -> dict[str, Any]:
    language = form.language
    return {
        "title": block.title[language],
        "actions": [[action.address(language), action.text[language]] for action in block.actions],
        "lines": [form.fill(line, form.site()) for line in (*block.lines, *block.not_sent)],
    }


def _received() -> Received:
    received: Received = ss.setdefault("cards received", Received())
    return received


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _nothing() -> None:
    # Streamlit wants a callback for each state; a callback is lost when the server restarts, so no work is done in one.
    return None
