"""What changed since the person's last form: scores as small lines with a table, medicines and flags with reasons."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from screening.ui.html import Html, each, html, joined, show
from screening.ui.staff import answers
from screening.ui.staff.page import PageContext, table
from screening.use_cases.opened_response import OpenedResponse
from screening.use_cases.since_last import FlagChange, ScoreLine, since_last

WIDE, HIGH = 120, 28
"""Pixels of a line of scores."""


def draw(context: PageContext, opened: OpenedResponse) -> None:
    """Nothing where no earlier form is linked."""
    found = since_last(opened)
    if found is None:
        return
    show('<h2>Since last time (<a data-go href="/response?r={}">{}</a>)</h2>', found.reference, found.day)
    plans = {plan.definition.id: plan.definition for plan in opened.content.program.scores}

    def mine(line: ScoreLine) -> bool:
        return line.id in plans and all(answers.readable(context, opened, one) for one in plans[line.id].items)

    lines = [line for line in found.scores if mine(line)]
    if lines:
        days = [day for day, _ in lines[0].points]
        rows = [
            [
                html("{} {}", answers.score_title(line.id, opened.content), _line(line)),
                *("–" if value is None else f"{value:g}" for _, value in line.points),
            ]
            for line in lines
        ]
        show("{}", table(["Score", *days], rows))
    if context.can("private"):
        _list("Medicines that are new", [html("{}", one) for one in found.medicines_new])
        _list("Medicines no longer taken", [html("{}", one) for one in found.medicines_gone])
    _list("Newly raised", _flags(context, found.flags_new))
    _list("No longer raised", _flags(context, found.flags_gone))
    if not (lines or found.flags_new or found.flags_gone or found.medicines_new or found.medicines_gone):
        show("<p>No flag, medicine or whole score differs.</p>")


def _list(title: str, lines: Sequence[Html]) -> None:
    if lines:
        show("<h3>{}</h3><ul>{}</ul>", title, each("<li>{}</li>", lines))


def _flags(context: PageContext, changes: Sequence[FlagChange]) -> list[Html]:
    return [
        html(
            '<span class="pill {}">{}</span> {}{}',
            one.tier,
            context.tier(one.tier).split(":")[0],
            context.review.worklist.title(context.by, one.rule),
            _why(one) if context.review.worklist.reads_rule(context.by, one.rule) else "",
        )
        for one in changes
    ]


def _why(change: FlagChange) -> Html:
    said = [
        html("{} was {}, now {}", r.question, r.before or "not answered", r.now or "not answered")
        for r in change.reasons
    ]
    return html(": {}", joined("; ", said) if said else "no answer differs, the rules or the day do")


def _line(line: ScoreLine) -> Html:
    """The values as a small line; the table beside it says them."""
    points = [(n, value) for n, (_, value) in enumerate(line.points) if value is not None]
    low, high = min(value for _, value in points), max(value for _, value in points)
    apart = max(len(line.points) - 1, 1)
    places = " ".join(
        f"{4 + n * (WIDE - 8) / apart:.1f},{HIGH - 4 - (value - low) * (HIGH - 8) / ((high - low) or 1):.1f}"
        for n, value in points
    )
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}"><polyline points="{places}" '
        f'fill="none" stroke="#1f2a33" stroke-width="2"/></svg>'
    )
    encoded = base64.b64encode(picture.encode()).decode()
    return html('<img class="small-line" alt="" src="data:image/svg+xml;base64,{}">', encoded)
