"""Days are written, and read, as people of that language and country do."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.model.dates import day_order, day_words, month_number

DAY = date(1984, 5, 17)


@pytest.mark.parametrize(
    "language, us, words, order",
    [
        ("en", True, "May 17, 1984", ("month", "day", "year")),
        ("en", False, "17 May 1984", ("day", "month", "year")),
        ("es", True, "17 de mayo de 1984", ("day", "month", "year")),
        ("es", False, "17 de mayo de 1984", ("day", "month", "year")),
        ("xx", True, "May 17, 1984", ("month", "day", "year")),
    ],
)
def test_a_day_is_written_as_people_of_that_language_and_country_write_it(language, us, words, order):
    assert day_words(DAY, language, us) == words and day_order(language, us) == order


@given(st.dates(), st.sampled_from(["en", "es"]))
def test_a_month_is_read_by_its_number_its_name_and_the_beginning_of_its_name(day, language):
    name = day_words(day.replace(day=1), language, False).split()[1 if language == "en" else 2]
    for typed in (str(day.month), f"{day.month:02}", name, name.upper(), name[:3], f"{name[:3]}."):
        assert month_number(typed, language, False) == day.month


@pytest.mark.parametrize("typed", ["", "m", "ju", "ma", "Mayday", "1.5", "123", "²"])
def test_what_is_no_month_is_none(typed):
    assert month_number(typed, "en", True) is None
