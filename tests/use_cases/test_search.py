"""People are found by whatever somebody on the telephone says, in any spelling of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.use_cases.search import MONTHS, Query, SoughtPerson

ANA = SoughtPerson("Ana García-López", "1972-04-08", "+1 (555) 010-4321", "QTPG-Y2VD")


def person(name: str, phone: str = "", birth: str = "") -> SoughtPerson:
    return SoughtPerson(name, birth, phone, "AAAA-BBBB")


DATES = [
    *("1972-04-08", "04/08/1972", "4/8/1972", "08.04.1972", "8.4.1972", "19720408", "04081972", "1972/04/08"),
    *("4/8/72", "8-4-72", "8 April 1972", "Apr 8, 1972", "April 8th 1972", "8 de abril de 1972", "08-APR-1972"),
    *("abr 8 1972", "1972", "1972-04", "04/1972", "April 1972", "4/8", "04 08 1972"),
]
PHONES = [
    "+1 (555) 010-4321",
    "555 010 4321",
    "5550104321",
    "15550104321",
    "001 555 010 4321",
    "4321",
    "010-4321",
    "555.010.4321",
]
NAMES = [
    "ana",
    "ANA GARCÍA",
    "lopez",
    "López, Ana",
    "garcia lopez",
    "garcia-lopez",
    "garcialopez",
    "lop gar",
    "Ana  Lopez",
]
CODES = ["QTPG-Y2VD", "qtpgy2vd", "qtpg y2vd", "QTPG", "qtpg-y2", "y2vd"]


@pytest.mark.parametrize(
    "said", [*DATES, *PHONES, *NAMES, *CODES, "ana 1972-04-08", "lopez 4321", "4321 april 8 1972", "  "]
)
def test_somebody_is_found_by_any_spelling_of_date_telephone_name_and_reference(said):
    assert Query(said).finds(ANA)


@pytest.mark.parametrize(
    "said",
    [
        *("perez", "ana perez", "1972-04-09", "5/9/1972", "1973", "1972-05", "31/02/1972", "9999", "555 010 4322"),
        *("QTPG-Y2VE", "ana 1980", "72", "!", "=", "4321 perez", "13/13/1972", "na"),
    ],
)
def test_what_is_said_of_somebody_else_does_not_find_them(said):
    assert not Query(said).finds(ANA)


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        *[("Ana García-López", said, True) for said in ("lopez", "garcia lopez")],
        *[("Sinéad O'Toole", said, True) for said in ("otoole", "o'toole", "o’toole", "o toole")],
        *[("Sinead O Toole", said, True) for said in ("otoole", "o'toole")],
        *[("Ronald McDonald", said, True) for said in ("mcdonald", "mc donald", "mc donald ronald", "Mc-Donald")],
        *[("Ronald Mc Donald", said, True) for said in ("mcdonald", "donald")],
        *[("María de la Cruz", said, True) for said in ("delacruz", "de la cruz", "cruz", "maria cruz")],
        *[("Zoë Straße", said, True) for said in ("strasse", "STRASSE", "zoe")],
        *[("Jürg Müller", said, True) for said in ("muller", "mueller", "müller", "juerg")],
        *[("Søren Ærø", said, True) for said in ("soren", "aero")],
        *[("Łukasz Þór", said, True) for said in ("lukasz", "thor")],
        *[("王小明", said, True) for said in ("王小明", "小明")],
        *[("Иван Петров", said, True) for said in ("петров", "Иван")],
        *[("April Mays", said, True) for said in ("april", "april mays", "may")],
        ("Jean-Marc Roy", "jean marc", True),
        ("Sara Smith-Jones", "jones", True),
        ("Sara Smith-Jones", "smithson", False),
        ("", "ana", False),
    ],
)
def test_every_part_of_a_name_is_found_joined_parted_and_without_its_marks(name, said, found):
    assert Query(said).finds(person(name)) is found


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.data())
def test_no_way_to_write_a_birth_date_misses_it(day, data):
    month = data.draw(st.sampled_from(MONTHS[day.month - 1]))
    short = data.draw(st.booleans())
    ways = (
        f"{day:%Y-%m-%d}", f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day:%d.%m.%Y}", f"{day:%Y%m%d}",
        f"{day.day} {month[:3] if short else month} {day.year}", f"{month.title()} {day.day}, {day.year}", f"{day:%d-%m-%y}",
        f"{day:%Y %m %d}", f"{day:%Y}", f"{day:%m/%Y}",
    )  # fmt: skip
    assert Query(data.draw(st.sampled_from(ways))).finds(person("X", birth=day.isoformat()))


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=20))
def test_nothing_that_is_typed_breaks_the_search(said, name, phone):
    Query(said).finds(SoughtPerson(name, "", phone, ""))


@given(
    st.lists(st.sampled_from(["Ana", "Lía", "Bo", "Chen", "O'Brien", "Smith-Jones"]), min_size=1, max_size=4),
    st.randoms(),
)
def test_the_same_name_is_the_same_however_its_parts_are_ordered_and_joined(parts, chance):
    other = [
        part.upper().replace("'", chance.choice(["", "’"])).replace("-", chance.choice(["", " "])) for part in parts
    ]
    chance.shuffle(other)
    assert person(" ".join(parts)).same_name == person("  ".join(other)).same_name
