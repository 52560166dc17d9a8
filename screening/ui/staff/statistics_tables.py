"""Pictures for staff: each a sentence that says the main thing, a drawing, and the same numbers as a table."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from screening.ui.html import Html, each, html, show
from screening.ui.staff import charts
from screening.ui.staff.body_heat import body_heat
from screening.use_cases.statistics import NOT_ANSWERED, CountRow, Statistics, Table

MOST_BARS = 12
LONGEST = 70
"""How many letters of a label a sentence quotes."""


def draw(statistics: Statistics) -> None:
    """Everything that all responses together show. Belongs under the page's own title."""
    if not statistics.total:
        words = (
            "There are fewer than five responses: too few to draw without showing somebody."
            if statistics.masked
            else "No responses yet."
        )
        show("<p>{}</p>", words)
        return
    _head(statistics)
    _days(statistics)
    _bars(statistics.tiers, "The most frequent tier is")
    _bars(statistics.flags, "The most frequent flag is", codes=True)
    _bars(statistics.pain_types, "The kind of pain named most often is")
    _regions(statistics)
    _minutes(statistics)
    _pages(statistics.pages)
    _bars(statistics.languages, "The language chosen most often is")


def _head(statistics: Statistics) -> None:
    words = f"{statistics.total} responses."
    if statistics.masked:
        words += (
            " No count below five people is shown: rows are joined until each holds five or more, and what is "
            "left is not numbered."
        )
    show("<p>{}</p>", words)


def _days(statistics: Statistics) -> None:
    rows = statistics.days.rows
    if statistics.masked:
        sentence = (
            f"{statistics.total} responses, {rows[0].label.split(' to ')[0]} to {rows[-1].label.split(' to ')[-1]}"
        )
        _titled(statistics.days, sentence)
        _chart(charts.bars(rows, statistics.total, sentence))
        _beside(statistics.days)
        return
    most = _largest(rows)
    sentence = (
        f"Responses came on {sum(bool(row.count) for row in rows)} of {len(rows)} days, most on "
        f"{_day(most.code)}: {most.count}"
    )
    _titled(statistics.days, sentence)
    _chart(charts.days(rows, sentence))
    _beside(statistics.days)


def _bars(table: Table, begins: str, codes: bool = False) -> None:
    """A picture of bars. Parts keep their order, other rows stand largest first."""
    answered = [row for row in table.rows if row.count and row.code != NOT_ANSWERED]
    if not answered:
        _titled(table, f"{table.title}: nothing to draw")
    else:
        most = _largest(answered)
        sentence = f"{begins} {_quoted(most.label)}: {most.count} of {table.of}"
        _titled(table, sentence)
        drawn = table.rows if table.kind == "parts" else sorted(answered, key=_count, reverse=True)[:MOST_BARS]
        _chart(charts.bars([replace(row, label=_short(row.label)) for row in drawn], table.of, sentence))
    _beside(table, codes)


def _minutes(statistics: Statistics) -> None:
    middle = statistics.median_minutes
    if middle is None:
        _titled(statistics.minutes, "How long people take is not known yet")
    else:
        sentence = f"Half of the people finish within {middle:.0f} minutes, breaks included"
        _titled(statistics.minutes, sentence)
        _chart(charts.bars(statistics.minutes.rows, statistics.minutes.of, sentence))
    _beside(statistics.minutes)


def where_they_stop(table: Table) -> str:
    """The page at which most people stop, in a sentence."""
    if not table.of or not table.rows:
        return "Where people stop is not known yet"
    counts = [row.count or 0 for row in table.rows]
    lost = [(here - beyond, row) for here, beyond, row in zip(counts, counts[1:], table.rows, strict=False)]
    number, worst = max(lost, key=lambda one: one[0], default=(0, table.rows[0]))
    done = f"{counts[-1]} of {table.of} forms that were begun were sent"
    return f"{done}; most who stop do so at {_quoted(worst.label)}: {number}" if number else done


def _pages(table: Table) -> None:
    sentence = where_they_stop(table)
    _titled(table, sentence)
    if table.of:
        _chart(charts.bars(table.rows, table.of, sentence))
        _beside(table)


def _regions(statistics: Statistics) -> None:
    """The body map in greys; nothing where the content asks for no places."""
    table = statistics.regions
    svg, legend = body_heat(table.rows, statistics.masked)
    places = [row for row in table.rows if row.count and row.code != NOT_ANSWERED]
    most = _largest(places) if places else None
    sentence = (
        f"The place named most often is {_quoted(most.label)}: {most.count} of {table.of}"
        if most
        else "No places to draw"
    )
    _titled(table, sentence)
    picture = base64.b64encode(svg.encode()).decode()
    steps = each('<li><span style="background:{}"></span>{}</li>', [(step.grey, step.words) for step in legend])
    show(
        '<div class="heat"><img alt="Front and back of a body, darker where more people hurt. The numbers are in the '
        'table below." src="data:image/svg+xml;base64,{}"><ul>{}</ul></div>',
        picture,
        steps,
    )
    _beside(table)


# ------------------------------------------------------------ pieces


def _titled(table: Table, sentence: str) -> None:
    show("<h2>{}</h2><p><strong>{}.</strong></p>", table.title, sentence)


def _chart(chart: Any) -> None:
    st.altair_chart(chart, theme=None)


def _beside(table: Table, codes: bool = False) -> None:
    """The same as a table, for who cannot see the drawing or wants every number."""
    with st.expander(f"{table.title} as a table"):
        show("{}", as_table(table, codes))


def as_table(table: Table, codes: bool = False) -> Html:
    """The counts of a table and their shares."""
    head = each('<th scope="col">{}</th>', (*table.columns, "Share"))
    body = each("<tr>{}{}</tr>", [(_name(row, codes), _cells(row, table.of)) for row in table.rows])
    return html(
        '<table class="picture-table"><caption>{}, of {}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        table.title,
        table.of,
        head,
        body,
    )


def _cells(row: CountRow, of: int) -> Html:
    if row.count is None:
        return html('<td class="said" colspan="2">{}</td>', row.said)
    return html("<td>{}</td><td>{}</td>", row.count, charts.share(row.count, of))


def _name(row: CountRow, code: bool) -> Html:
    """The head of a row; with the id of its rule, by which it is found in content."""
    extra = html("<br><code>{}</code>", row.code) if code and row.count is not None else ""
    return html('<th scope="row">{}{}</th>', row.label, extra)


def _count(row: CountRow) -> int:
    return row.count or 0


def _largest(rows: Sequence[CountRow]) -> CountRow:
    return max(rows, key=_count)


def _short(label: str) -> str:
    """A label without its explanation in brackets."""
    return label.split(" (")[0]


def _quoted(label: str) -> str:
    short = _short(label)
    return f"“{short if len(short) <= LONGEST else short[:LONGEST].rsplit(' ', 1)[0] + ' …'}”"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day:%B} {day.day}"
