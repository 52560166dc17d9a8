"""What people type is kept as it is, made storable, never cut and never changed in meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.model.text import Unreadable, clean


def test_letters_accents_and_emoji_stay():
    assert clean("Niño 日本 👩‍🔬 crème").text == "Niño 日本 👩‍🔬 crème"


def test_composed_and_decomposed_letters_become_one():
    assert clean("e\u0301").text == "é"


def test_controls_and_bidirectional_overrides_are_dropped_and_counted():
    cleaned = clean("a\x00b\u202ec\x07d\ufeff")
    assert (cleaned.text, cleaned.dropped) == ("abcd", 4)


def test_line_ends_become_one_kind():
    assert clean("a\r\nb\rc\u2028d").text == "a\nb\nc\nd"


def test_lone_surrogates_are_refused():
    with pytest.raises(Unreadable, match="unreadable-text"):
        clean("a\ud800b")


@pytest.mark.parametrize("size", [4_001, 10_000_000])
def test_text_that_is_too_long_is_refused_and_not_cut(size):
    with pytest.raises(Unreadable, match="too-long"):
        clean("x" * size)


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(typed):
    once = clean(typed)
    again = clean(once.text)
    assert again.text == once.text and again.dropped == 0


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=200))
def test_nothing_visible_is_lost(typed):
    import unicodedata

    assert clean(typed).text == unicodedata.normalize("NFC", typed) and clean(typed).dropped == 0
