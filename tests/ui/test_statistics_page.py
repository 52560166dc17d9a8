"""The page of pictures: every drawing has its sentence and its table, in the same numbers, and what a content says stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from screening.authoring.samples.generate import responses
from screening.ui.staff.body_heat import GREYS, body_heat, steps
from screening.use_cases.small_cells import SMALLEST, masked
from screening.use_cases.statistics import NOT_ANSWERED, CountRow, page_titles, statistics
from tests.stored import DAY, stored
from tests.use_cases.test_statistics import reached


@pytest.fixture(scope="module")
def made(content):
    people = responses(content, 40, 9, DAY)
    records = [stored(content, one["answers"], n, DAY - timedelta(days=n % 12)) for n, one in enumerate(people, 1)]
    last = len(page_titles(content)) - 1
    counts = [70 - 30 * page // last for page in range(last + 1)]
    return replace(statistics(records, reached(content, *counts), content), median_minutes=14)


def page(made):
    """The script that AppTest runs: it stands alone."""
    from screening.ui.staff.statistics_tables import draw

    draw(made)


def drawn(made):
    app = AppTest.from_function(page, args=(made,), default_timeout=300).run()
    assert not app.exception
    return app, " ".join(element.proto.body for element in app.get("html"))


def numbers(html, title):
    body = re.search(rf"<caption>{re.escape(title)}, .*?</table>", html, re.DOTALL).group()
    return [int(one) for one in re.findall(r"<td>(\d+)</td>", body)]


def test_every_drawing_has_the_same_numbers_as_a_table(made):
    app, html = drawn(made)
    for table in (
        made.days,
        made.tiers,
        made.flags,
        made.pain_types,
        made.regions,
        made.minutes,
        made.pages,
        made.languages,
    ):
        assert numbers(html, table.title) == [row.count for row in table.rows]
    assert len(app.get("vega_lite_chart")) == 7 and html.count("<img ") == 1


def test_each_begins_with_the_main_finding_as_a_sentence(made):
    _, html = drawn(made)
    most = max((row for row in made.pain_types.rows if row.code != NOT_ANSWERED), key=lambda row: row.count)
    assert re.search(rf"named most often is “[^”]+”: {most.count} of 40\.", html)
    assert "40 of 70 forms that were begun were sent" in html and "within 14 minutes" in html


def test_without_small_cells_no_number_below_five_stands_anywhere(made):
    hidden = masked(made)
    app, html = drawn(hidden)
    assert all(int(one) >= SMALLEST for one in re.findall(r"<td>(\d+)</td>", html))
    assert "under 5" in html and "too few to show" in html
    charts = " ".join(element.proto.spec for element in app.get("vega_lite_chart"))
    assert not re.search(r'"count": ?[1-4]\b', charts)


def test_a_store_without_responses_says_so(content):
    empty = statistics([], {}, content)
    assert "No responses yet." in drawn(empty)[1]
    assert "fewer than five" in drawn(masked(empty))[1]


def test_what_a_content_calls_a_thing_is_text_and_nothing_else(made):
    rows = (CountRow("<b>", "<script>x</script>", 7), CountRow("b", "**bold** $1$", 6))
    _, html = drawn(replace(made, flags=replace(made.flags, rows=rows)))
    assert "<script>" not in html and "&lt;script&gt;" in html and "<b>" not in html


def test_more_people_never_make_a_place_lighter():
    for least, most in ((1, 0), (1, 1), (1, 3), (1, 14), (5, 5), (5, 160)):
        found = steps(least, most, "nobody")
        order = [GREYS.index(step.grey) for _, step in found]
        assert order == sorted(set(order)) and order[0] == 0
        assert [first for first, _ in found] == sorted({first for first, _ in found})
        assert all(any(first <= count for first, _ in found[1:]) for count in range(least, most + 1))


def test_the_place_of_most_people_is_the_darkest_and_the_legend_names_its_number():
    svg, legend = body_heat(
        (CountRow("neck", "Neck", 12), CountRow("left-knee", "Left knee", 3), CountRow("not-sure", "Not sure", 99)),
        False,
    )
    shade = dict(re.findall(r'data-code="([\w-]+)"[^>]*? fill="(#\w+)"', svg))
    assert shade["neck"] == GREYS[-1] and shade["left-knee"] == GREYS[1] and shade["face"] == GREYS[0]
    assert [step.words for step in legend] == [
        "nobody",
        "1 to 3 people",
        "4 to 6 people",
        "7 to 9 people",
        "10 to 12 people",
    ]
