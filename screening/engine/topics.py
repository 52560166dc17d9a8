"""What a person may read of their flags at the end: short phrases, one line for each tier, neutral words only."""

from __future__ import annotations

from collections.abc import Iterable

from screening.engine.content import Content
from screening.engine.result import Flag
from screening.model.rule import TIERS


def topics(flags: Iterable[Flag], content: Content, language: str) -> list[str]:
    """One line for each tier that `flags` have, most pressing first, in the words of `content`; each phrase once.

    {topics} of the line is filled in here, {phone} and {hours} with the clinic's own.
    """
    clinic = content.site.clinic
    lines: list[str] = []
    said: set[str] = set()
    flags = list(flags)
    for tier in TIERS:
        texts = (content.rules_by_id[flag.rule].patient for flag in flags if flag.tier == tier)
        phrases = [phrase for text in texts if text and (phrase := text[language]) not in said]
        if phrases:
            said.update(phrases)
            words = content.words[f"topics-{tier}"][language]
            lines.append(
                words.format(topics="; ".join(dict.fromkeys(phrases)), phone=clinic.phone, hours=clinic.hours[language])
            )
    return lines
