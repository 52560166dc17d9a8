"""Pictures for staff: each a sentence that says the main thing, a drawing, and the same numbers as a table."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from screening.ui.staff import charts
from screening.ui.staff.body_heat import body_heat
from screening.use_cases.statistics import NOT_ANSWERED, CountRow, Statistics, Table

MOST_BARS = 12
LONGEST = 70
"""How many letters of a label a sentence quotes."""
STYLE = """<style>
.picture-table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
.picture-table caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
.picture-table th, .picture-table td { text-align: left; padding: 0.35rem 0.6rem 0.35rem 0; }
.picture-table th, .picture-table td { border-bottom: 1px solid #c3ccd2; }
.picture-table th, .picture-table td { font-weight: 400; vertical-align: top; }
.picture-table thead th { font-weight: 600; border-bottom: 2px solid #4d4d4d; }
.picture-table td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.picture-table thead th:not(:first-child) { text-align: right; }
.picture-table code { font-size: 0.85rem; color: #3c4a54; background: none; padding: 0; }
.picture-table td.said { white-space: normal; }
.heat { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: center; margin: 0; }
.heat img { width: 100%; max-width: 26rem; height: auto; flex: 1 1 15rem; }
.heat ul { list-style: none; margin: 0; padding: 0; }
.heat li { display: flex; align-items: center; gap: 0.5rem; margin: 0.3rem 0; }
.heat li span { width: 2rem; height: 1.2rem; border: 1px solid #4d4d4d; display: inline-block; }
</style>"""


def draw(statistics: Statistics) -> None:
    """Everything that all responses together show. Belongs under the page's own title."""
    st.html(STYLE)
    if not statistics.total:
        words = (
            "There are fewer than five responses: too few to draw without showing somebody."
            if statistics.masked
            else "No responses yet."
        )
        st.html(f"<p>{escape(words)}</p>")
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
    st.html(f"<p>{escape(words)}</p>")


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


def _pages(table: Table) -> None:
    if not table.of:
        _titled(table, "Where people stop is not known yet")
        return
    counts = [row.count or 0 for row in table.rows]
    lost = [(here - beyond, row) for here, beyond, row in zip(counts, counts[1:], table.rows, strict=False)]
    number, worst = max(lost, key=lambda one: one[0], default=(0, table.rows[0]))
    done = f"{counts[-1]} of {table.of} forms that were begun were sent"
    sentence = f"{done}; most who stop do so at {_quoted(worst.label)}: {number}" if number else done
    _titled(table, sentence)
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
    steps = "".join(f'<li><span style="background:{step.grey}"></span>{escape(step.words)}</li>' for step in legend)
    described = "Front and back of a body, darker where more people hurt. The numbers are in the table below."
    st.html(
        f'<div class="heat"><img alt="{described}" src="data:image/svg+xml;base64,{picture}"><ul>{steps}</ul></div>'
    )
    _beside(table)


# ------------------------------------------------------------ pieces


def _titled(table: Table, sentence: str) -> None:
    st.html(f"<h2>{escape(table.title)}</h2><p><strong>{escape(sentence)}.</strong></p>")


def _chart(chart: Any) -> None:
    st.altair_chart(chart, theme=None)


def _beside(table: Table, codes: bool = False) -> None:
    """The same as a table, for who cannot see the drawing or wants every number."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (*table.columns, "Share"))
    body = "".join(f"<tr>{_name(row, codes)}{_cells(row, table.of)}</tr>" for row in table.rows)
    with st.expander(f"{table.title} as a table"):
        st.html(
            f'<table class="picture-table"><caption>{escape(table.title)}, of {table.of}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _cells(row: CountRow, of: int) -> str:
    if row.count is None:
        return f'<td class="said" colspan="2">{escape(row.said)}</td>'
    return f"<td>{row.count}</td><td>{escape(charts.share(row.count, of))}</td>"


def _name(row: CountRow, code: bool) -> str:
    """The head of a row; with the id of its rule, by which it is found in content."""
    extra = f"<br><code>{escape(row.code)}</code>" if code and row.count is not None else ""
    return f'<th scope="row">{escape(row.label)}{extra}</th>'


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
