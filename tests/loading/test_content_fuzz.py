"""The short form of the content fuzz (`make soak` runs 100,000)."""

import pytest

from tests.soak.content_fuzz import fuzz

pytestmark = pytest.mark.slow


def test_a_mutated_content_file_is_accepted_or_refused_with_file_line_and_words():
    tally = fuzz(1_000, seed=9, whole_every=200)
    assert not (tally["unclean"] or tally["wordless"] or tally["slow"]), tally
    assert tally["refused"] > 500 and tally["accepted"] > 50
