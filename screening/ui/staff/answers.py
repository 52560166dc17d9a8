"""What the person said: medicines as typed beside as read, scores, body map, every answer, and other responses of
theirs."""

from __future__ import annotations

import base64

from screening.engine.answer_text import in_words
from screening.engine.content import Content
from screening.engine.response import read
from screening.medicines.formulary import MedicationStatement
from screening.model.score import Score
from screening.ui.html import each, html, show
from screening.ui.staff.page import PageContext, table
from screening.use_cases.opened_response import OpenedResponse


def readable(context: PageContext, opened: OpenedResponse, link_id: str) -> bool:
    """Whether this person may read the answers to a question: its section is not kept for clinicians."""
    section = next((one.section for one in opened.content.sections if any(i.link_id == link_id for i in one.items)), "")
    return context.review.reads(context.by, section)


def draw(context: PageContext, opened: OpenedResponse) -> None:
    """All of it, in the order of the form."""
    _medicines(context, opened)
    _scores(context, opened)
    _body(context, opened)
    _answers(context, opened)


def _medicines(context: PageContext, opened: OpenedResponse) -> None:
    found = opened.result.medicines
    item = opened.content.medicines
    if item and not readable(context, opened, item.link_id):
        return
    show("<h2>Medicines</h2>")
    given = opened.record.answers.get(item.link_id) if item else None
    if isinstance(given, str) and item:
        show("<p>{}</p>", in_words(item, given, context.language, opened.content))
    if not found:
        show("<p>None were read.</p>")
        return
    if not context.can("private"):  # what a medicine is for may say what a person has
        show("<ul>{}</ul>", each('<li class="typed">{}</li>', [one.text for one in found]))
        return
    rows = [[one.text, _as_read(one), ", ".join(one.classes).replace("-", " ")] for one in found]
    show("{}", table(["As typed", "Read as", "Classes"], rows))
    if alone := opened.result.no_rule_looks_at(opened.content):
        show("<p>Recognised, no rule looks at: {}</p>", ", ".join(alone))
    mme = opened.result.mme
    if mme and mme.medicines:
        value = (
            f"{mme.value:g} a day" if mme.value is not None else f"cannot tell, at least {mme.at_least or 0:g} a day"
        )
        why = "; ".join(f"{one.text}: {one.why}" for one in mme.medicines if one.why)
        show("<p>Opioids as morphine milligram equivalents: {}{}</p>", value, f" ({why})" if why else "")
        show("{}", each("<p>{}</p>", mme.notes(opened.content.program.opioids)))


def _as_read(reading: MedicationStatement) -> str:
    words = ", ".join(reading.ingredients) or "not recognised"
    notes = ["confirmed by the person"] if reading.confirmed else []
    if reading.status == "suggested" and not reading.confirmed:
        notes.append(
            "a guess, not confirmed; perhaps " + ", ".join(reading.suggestions)
            if reading.suggestions
            else "a guess, not confirmed"
        )
    if reading.use != "current":
        notes.append(reading.use)
    if reading.how:
        notes.append(reading.how.replace("-", " "))
    return words + (f" ({'; '.join(notes)})" if notes else "")


def _scores(context: PageContext, opened: OpenedResponse) -> None:
    now = opened.result.scores
    plans = {plan.definition.id: plan.definition for plan in opened.content.program.scores}

    def mine(name: str) -> bool:
        return name not in plans or all(readable(context, opened, link_id) for link_id in plans[name].items)

    shown = {score.id: score for score in now if score.status != "not-asked" and mine(score.id)}
    if not shown:
        return
    rows = [[score_title(name, opened.content), _score(shown[name])] for name in shown]
    heads = ["Score", "Value"]
    show("<h2>Scores</h2>{}", table(heads, rows))


def score_title(name: str, content: Content) -> str:
    """The name of a score; its abbreviation where the content gives it none."""
    title = next((plan.definition.title for plan in content.program.scores if plan.definition.id == name), None)
    return title[content.languages[0]] if title else name.upper().replace("-", " ")


def _score(score: Score | None) -> str:
    if not score or score.status == "not-asked":
        return "not asked"
    if score.value is not None:
        return f"{score.value:g}"
    open_ = score.low is None or score.high is None
    return "incomplete" if open_ else f"incomplete: {score.low:g} to {score.high:g}"


def _body(context: PageContext, opened: OpenedResponse) -> None:
    picture, regions = context.review.responses.body(opened)
    item = opened.content.body_map
    if regions and item and readable(context, opened, item.link_id):
        words = "; ".join(regions)
        show(
            '<h2>Where it hurts</h2><div class="body"><img alt="{}" src="data:image/svg+xml;base64,{}" '
            'style="max-width:18rem;width:100%"></div><p>{}</p>',
            words,
            base64.b64encode(picture.encode()).decode(),
            words,
        )


def _answers(context: PageContext, opened: OpenedResponse) -> None:
    """Every answer in place; those that raised a flag are marked."""
    content, language = opened.content, context.language
    show('<h2 id="answers">Everything they said</h2>')
    before = (
        read(opened.original, opened.facts.response.authored, content)[0].answers
        if opened.original is not None
        else None
    )
    counting = {one.link_id for flag in opened.result.flags for one in flag.evidence}
    for section in content.sections:
        title = section.title[language]
        if not context.review.reads(context.by, section.section):
            show("<h3>{}</h3><p>A clinician reads these answers.</p>", title)
            continue
        rows = []
        for item in section.items:
            status = opened.facts.status(content.program.numbers[item.link_id])
            if status in ("not-asked", "unsettled"):
                continue
            given = opened.facts.response.answers.get(item.link_id)
            text = in_words(item, given, language, content)
            mark = "counts" if item.link_id in counting else "" if text else "open"
            answer = html('<dd class="{}">{}</dd>', mark, text or "left blank")
            if before is not None and before.get(item.link_id) != given:
                old = in_words(item, before.get(item.link_id), language, content) or "left blank"
                answer += html('<dd class="open">asked by staff; as sent: {}</dd>', old)
            rows.append((item.text[language], answer))
        if rows:
            show('<h3>{}</h3><dl class="answers">{}</dl>', title, each("<dt>{}</dt>{}", rows))
    lost = {one: given for one, given in opened.record.answers.items() if one not in content.program.numbers}
    if lost and context.can("private"):
        rows_lost = [[one, str(given)] for one, given in lost.items()]
        show("{}", table(["Question that is no longer there", "Answer"], rows_lost))
