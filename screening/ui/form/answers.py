"""An answer of this visit in words, also where it cannot be accepted yet."""

from __future__ import annotations

from screening.engine.answer_text import in_words
from screening.model.questionnaire import Item
from screening.ui.form.visit import Visit


def shown(visit: Visit, item: Item) -> str:
    """The accepted answer in the person's language; else what was typed, as typed; empty for none."""
    given = visit.facts.response.answers.get(item.link_id)
    if given is not None:
        return in_words(item, given, visit.language, visit.intake.content.words)
    typed = visit.typed.get(item.link_id)
    return "" if typed is None or typed == [] else str(typed)
