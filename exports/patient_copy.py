"""A person's own copy of their answers, as a tagged PDF. Their words are set as plain text, whatever they hold."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from exports.letters import printable
from screening.engine.answer_text import in_words
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.model.dates import day_words

_TEMPLATE = Path(__file__).parent / "patient_copy.typ"


def patient_copy(
    content: Content,
    reference: str,
    received: datetime,
    facts: ResponseFacts,
    topics: list[str],
    language: str,
    private: bool = False,
) -> bytes:
    """PDF bytes. Holds the answers of the items that were asked, those of private sections only where `private`, and
    the topics."""
    import typst  # loaded only when somebody wants a copy

    def say(key: str, **values: object) -> str:
        return content.words[key][language].format_map(values)

    asked = {plan.item.link_id for plan in facts.asked}
    sections = []
    for section in content.sections:
        if section.private and not private:
            continue
        answered = [
            (item, in_words(item, facts.response.answers.get(item.link_id), language, content))
            for item in section.items
            if item.link_id in asked
        ]
        rows = [
            {"question": item.text[language], "answer": answer or None, "printable": printable(answer)}
            for item, answer in answered
        ]
        if rows:
            sections.append({"title": section.title[language], "rows": rows})
    data = {
        "title": say("copy-title"),
        "language": language,
        "paper": "us-letter" if content.site.units == "us" else "a4",
        "colour": content.site.brand.primary,
        "logo": {"media": content.logo.media, "bytes": list(content.logo.body)} if content.logo else None,
        "clinic": f"{content.site.clinic.name[language]} · {content.site.clinic.phone}",
        "sent": say("copy-sent", date=day_words(received.date(), language, content.site.units == "us")),
        "reference": reference,
        "reference_label": say("done-reference"),
        "about": say("welcome-not"),
        "help": content.site.help.line[language],
        "topics": topics,
        "topics_title": say("done-topics-title"),
        "topics_about": say("done-topics"),
        "left_out": say("left-out"),
        "not_printable": say("copy-letters"),
        "sections": sections,
    }
    return bytes(typst.compile(_TEMPLATE.read_bytes(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}))
