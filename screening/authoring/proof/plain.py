"""A made-up patient in plain words, and as a worked case that an author can paste."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from screening.engine.answer_text import in_words
from screening.engine.content import Content
from screening.model.item import Given
from screening.model.rule import Outcome, Tier

_BARE = re.compile(r"[a-z]+(?:[ -][a-z0-9-]+)*|\d{4}-\d\d-\d\d")


def lines(answers: Mapping[str, Given], content: Content) -> Iterator[str]:
    """Each answer with its question, in the order asked, in the content's first language."""
    language = content.languages[0]
    for item in (plan.item for plan in content.program.items):
        if item.link_id in answers:
            question = f"{item.stem[language]} {item.text[language]}" if item.stem else item.text[language]
            yield f"{question} {in_words(item, answers[item.link_id], language, content).replace(chr(10), '; ')}"
    if not answers:
        yield "Every question is left blank."


def case_line(
    name: str,
    answers: Mapping[str, Given],
    medicines: str | None,
    expect: Outcome | None = None,
    tier: Tier | None = None,
) -> str:
    """One line of a rule's `cases`. medicines: the link_id of that item."""
    fields: dict[str, object] = {
        "name": name,
        "answers": {link_id: given for link_id, given in answers.items() if link_id != medicines},
    }
    typed = answers.get(medicines or "")
    if typed == "none" or (isinstance(typed, tuple) and all(isinstance(one, str) for one in typed)):
        fields["medicines"] = () if typed == "none" else typed
    else:
        fields["answers"] = answers
    if expect:
        fields["expect"] = expect
    if tier:
        fields["tier"] = tier
    return f"- {_flow(fields)}"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)
