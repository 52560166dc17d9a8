"""An answer of this form in words, also where it cannot be accepted yet."""

from __future__ import annotations

from screening.engine.answer_text import in_words
from screening.model.item_types import Item
from screening.ui.form.form import Form
from screening.ui.form.reading import as_typed


def shown(form: Form, item: Item) -> str:
    """The accepted answer in the person's language; else what was typed, as typed; empty for none."""
    given = form.facts.response.answers.get(item.link_id)
    if given is not None:
        return in_words(item, given, form.language, form.intake.content)
    return as_typed(form.typed.get(item.link_id))
