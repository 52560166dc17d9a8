"""What is typed into a box is read as it was meant, or refused in words; a number is never changed on the way."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from screening.model.item import Refused
from screening.model.item_types import Date, Decimal, Quantity
from screening.ui.form import reading

TEXT = {"en": "?", "es": "?"}
WEIGHT = Quantity(link_id="weight", type="quantity", text=TEXT, unit="kg", min=20, max=350)
HEIGHT = Quantity(link_id="height", type="quantity", text=TEXT, unit="cm", min=50, max=250)
DOSE = Decimal(link_id="dose", type="decimal", text=TEXT, min=0, max=1000)
BORN = Date(link_id="born", type="date", text=TEXT)
TODAY = date(2026, 11, 27)


def read(item, typed, language="en"):
    return reading.given(item, typed, language, True)


@pytest.mark.parametrize(
    "typed, value",
    [
        ("7,5", 7.5),
        ("7.5", 7.5),
        (" 150 ", 150),
        ("about 150", 150),
        ("unos 72,5", 72.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        (",5", 0.5),
        ("10.25", 10.25),
    ],
)
def test_comma_and_point_both_mean_the_decimal(typed, value):
    assert read(DOSE, typed) == value


@pytest.mark.parametrize(
    "typed",
    ["1,500", "1.500", "7-8", "10²", "½", "7½", "٧", "-5", "1e3", "nan", "inf", "1 500", "5 feet", "", "9" * 400],
)
def test_what_could_mean_another_number_stays_as_typed_and_is_refused(typed):
    assert read(DOSE, typed) == typed
    with pytest.raises(Refused):
        DOSE.accept(read(DOSE, typed), TODAY)


@each(st.decimals(0, 1000, allow_nan=False, places=2), st.sampled_from(",."))
def test_every_number_with_two_decimals_comes_out_as_it_was_typed(value, mark):
    assert read(DOSE, str(value).replace(".", mark)) == float(value)


@each(st.text(max_size=12))
def test_whatever_is_typed_is_read_or_kept_and_nothing_breaks(typed):
    for item, raw in [
        (DOSE, typed),
        (WEIGHT, {"unit": "lb", "boxes": [typed]}),
        (HEIGHT, {"unit": "ft", "boxes": [typed, typed]}),
        (BORN, [typed, typed, typed]),
    ]:
        read(item, raw)
        assert reading.boxes(item, raw, True) == raw
        assert typed.strip() in reading.as_typed(raw)


@pytest.mark.parametrize(
    "first, second, inches",
    [
        ("5", "8", 68),
        ("5", "", 60),
        ("", "68", 68),
        ("5'8\"", "", 68),
        ("5’8”", "", 68),
        ("5 ft 8", "", 68),
        ("5 feet 8 inches", "", 68),
        ("5 pies 8 pulgadas", "", 68),
        ("5 feet", "", 60),
        ("5", "8,5", 68.5),
        ("68 in", "", 68),
    ],
)
def test_feet_and_inches_are_read_as_people_write_them(first, second, inches):
    assert read(HEIGHT, {"unit": "ft", "boxes": [first, second]}) == {"value": inches, "unit": "in"}


@pytest.mark.parametrize(
    "boxes", [["5.5", ""], ["5.8", ""], ["5 8", ""], ["11 stone", ""], ["5'8\"", "8"], ["five", ""]]
)
def test_a_height_that_could_mean_two_things_is_refused(boxes):
    assert isinstance(read(HEIGHT, {"unit": "ft", "boxes": boxes}), str)


def test_a_unit_that_is_written_out_counts_and_not_the_one_that_is_chosen():
    assert read(WEIGHT, {"unit": "lb", "boxes": ["68 kg"]}) == {"value": 68, "unit": "kg"}
    assert read(WEIGHT, {"unit": "kg", "boxes": ["150 lbs"]}) == {"value": 150, "unit": "lb"}
    assert read(HEIGHT, {"unit": "ft", "boxes": ["173 cm", ""]}) == {"value": 173, "unit": "cm"}
    assert isinstance(read(WEIGHT, {"unit": "lb", "boxes": ["11 stone"]}), str)


@each(st.dates(date(1900, 1, 1), TODAY))
def test_every_day_goes_into_the_boxes_and_comes_back(day):
    parts = reading.boxes(BORN, day.isoformat(), True)
    assert read(BORN, parts) == day.isoformat()


@pytest.mark.parametrize(
    "parts, iso",
    [(["1984", "May", "17"], "1984-05-17"), (["1984", "5", "17"], "1984-05-17"), (["1984", "05", "07"], "1984-05-07")],
)
def test_a_month_may_be_typed_as_a_word(parts, iso):
    assert read(BORN, parts) == iso
    assert read(BORN, ["1984", "mayo", "17"], "es") == "1984-05-17"


@pytest.mark.parametrize(
    "parts", [["84", "5", "17"], ["1984", "5", ""], ["1984", "ju", "17"], ["1984", "13", "1"], ["", "", "1984-05-17"]]
)
def test_a_day_that_is_not_whole_is_refused(parts):
    with pytest.raises(Refused):
        BORN.accept(read(BORN, parts), TODAY)


@each(st.integers(44, 771), st.sampled_from(["lb", "kg"]))
def test_limits_are_said_in_the_unit_that_was_chosen(value, unit):
    low, high = reading.limits(WEIGHT, unit)
    inside = low <= value <= high
    try:
        WEIGHT.accept({"value": value, "unit": unit}, TODAY)
        assert inside
    except Refused:
        assert not inside
