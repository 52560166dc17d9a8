"""Charts that read in grey: lengths and positions with their numbers written beside them, no colour that means
anything.

Altair is imported where a chart is made and nowhere else: a patient's page never loads it. Charts hold numbers and
labels only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screening.use_cases.statistics import CountRow

INK, BAR, MOST = "#1f2a33", "#8b99a5", "#37474f"
"""Text, a bar, and the largest bar: three lightnesses, not three colours."""
EACH = 40
"""Pixels from one bar to the next, its label included."""
EDGE = 16
"""Pixels that Vega keeps free around a drawing."""


def bars(rows: Sequence[CountRow], of: int, alt_text: str) -> Any:
    """A bar a row, its label above it, its number and share at its end."""
    import altair as alt

    most = max((row.count or 0 for row in rows), default=0)
    values = [
        {
            "order": n,
            "label": row.label,
            "count": row.count or 0,
            "said": row.said or f"{row.count} ({share(row.count or 0, of)})",
            "most": row.count == most,
        }
        for n, row in enumerate(rows)
    ]
    y = alt.Y("order:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    x = alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, max(most * 1.25, 1)]))
    base = alt.Chart(_table(values)).encode(y=y)
    layers = (
        base.mark_bar(size=13, yOffset=8).encode(x=x, color=_shade(alt)),
        base.mark_text(align="left", dx=5, dy=9, fontSize=12, color=INK).encode(x=x, text="said:N"),
        base.mark_text(align="left", dy=-9, fontSize=13, color=INK, limit=alt.expr("width")).encode(
            x=alt.value(0), text="label:N"
        ),
    )
    return _finished(alt.layer(*layers), alt_text, EACH * len(rows) + EDGE)


def days(rows: Sequence[CountRow], alt_text: str) -> Any:
    """A thin bar a day from nought, the busiest day named."""
    import altair as alt

    most = max((row.count or 0 for row in rows), default=0)
    first = next((row.code for row in rows if row.count == most), "")
    values = [{"day": row.code, "count": row.count, "most": row.code == first} for row in rows]
    letters: dict[str, Any] = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
    across = alt.Axis(format="%b %-d", grid=False, tickCount=6, labelOverlap=True, **letters)
    up = alt.Axis(tickMinStep=1, tickCount=4, format="d", **letters)
    # In UTC: a day is a day of the clinic, wherever the browser is.
    base = alt.Chart(_table(values)).encode(
        x=alt.X("utcyearmonthdate(day):T", title=None, axis=across), y=alt.Y("count:Q", title="Responses", axis=up)
    )
    layers = (
        base.mark_bar().encode(color=_shade(alt)),
        base.transform_filter("datum.most").mark_text(dy=-8, fontSize=13, color=INK).encode(text="count:Q"),
    )
    return _finished(alt.layer(*layers), alt_text, 220)


def share(count: int, of: int) -> str:
    """A count as a share of everybody, in words that a short bar can carry."""
    return "–" if not of else "under 1%" if 0 < count / of < 0.005 else f"{100 * count / of:.0f}%"


def _table(values: list[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=values)


def _shade(alt: Any) -> Any:
    return alt.condition("datum.most", alt.value(MOST), alt.value(BAR))


def _finished(chart: Any, alt_text: str, height: int) -> Any:
    return chart.properties(description=alt_text, width="container", height=height).configure_view(strokeWidth=0)
