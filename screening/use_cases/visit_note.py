"""A response as a note for the record: 15 to 40 plain lines that say whose word it is, to be pasted anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from screening.engine.answer_text import said, without_invisible
from screening.model.rule import words_of_id
from screening.use_cases.at_a_glance import at_a_glance
from screening.use_cases.opened_response import OpenedResponse

MOST_FLAGS, MOST_ASKED, MOST_MEDICINES = 8, 4, 6
"""So many of each stand in a note; how many more there are is said."""
LONGEST = 180
"""Letters of a line; that there is more is said."""


def visit_note(opened: OpenedResponse) -> str:
    """The note, in the language of the first of the questionnaire's; lines end in line feeds."""
    return "\n".join(_short(line) for line in _lines(opened))


def _lines(opened: OpenedResponse) -> Iterator[str]:
    content, record, result = opened.content, opened.record, opened.result
    language = content.languages[0]
    summary = opened.row.summary
    amended = f", {record.amendments} times amended by staff who asked" if record.amendments else ""
    yield f"PRE-VISIT QUESTIONNAIRE, {content.site.clinic.name[language]}"
    yield f"Patient-reported and not verified, filled in on {record.authored}{amended}"
    yield f"Reference {record.reference}, content {content.questionnaire.version} {record.content[:12]}"
    if content.has_drafts:
        yield "The questions and rules were not yet reviewed by a clinician."
    yield f"Name: {summary.name or 'not given'}, born {summary.birth or 'not said'}"
    yield f"Pain: {', '.join(summary.pain) or 'not said'}"
    for fact in at_a_glance(opened.facts, result, content, language):
        yield f"{fact.label}: {fact.words}"
    scores = [score for score in result.scores if score.value is not None]
    titles = {plan.definition.id: plan.definition.title for plan in content.program.scores}
    words = [f"{title[language] if (title := titles.get(one.id)) else one.id} {one.value:g}" for one in scores]
    yield f"Scores: {', '.join(words) or 'none complete'}"
    flags = [flag for flag in result.to_discuss() if flag.tier != "info"]
    yield f"TO DISCUSS ({len(flags)}); that nothing is raised says nothing about the person's health"
    yield from _most(
        MOST_FLAGS,
        [
            f"- {flag.tier}: {_title(opened, flag.rule)}. Because: "
            + "; ".join(said(one.link_id, one.given, content, language).words or "no answer" for one in flag.evidence)
            for flag in flags
        ],
    )
    asked = result.to_ask_by_question(content, language)
    yield f"STILL TO ASK ({len(asked)})"
    yield from _most(MOST_ASKED, [f"- {one.topic}: {one.text}" for one in asked])
    yield f"MEDICINES AS TYPED ({len(result.medicines)})"
    yield from _most(MOST_MEDICINES, [f"- {one.text}" for one in result.medicines])


def _most(most: int, lines: Sequence[str]) -> Iterable[str]:
    yield from islice(lines, most)
    if len(lines) > most:
        yield f"- and {len(lines) - most} more, on file"


def _title(opened: OpenedResponse, rule: str) -> str:
    known = opened.content.rules_by_id.get(rule)
    return known.short if known else words_of_id(rule)


def _short(line: str) -> str:
    one = " ".join(without_invisible(line).split())
    return one if len(one) <= LONGEST else f"{one[:LONGEST]} ... (more on file)"
