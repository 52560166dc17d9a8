"""The note for the record: short, plain, and honest about whose word it is."""

from __future__ import annotations

import pytest

from screening.authoring.samples.generate import responses
from screening.records.store import Store
from screening.use_cases.intake import new_form
from screening.use_cases.visit_note import LONGEST, visit_note
from tests.conftest import CONSENT
from tests.stored import DAY
from tests.use_cases.test_review import CLINICIAN, OPEN, archive, made  # noqa: F401


@pytest.fixture
def review(content, embedded: Store, archive):  # noqa: F811
    return made(content, embedded, archive)


def test_every_note_has_15_to_40_lines_that_say_whose_word_and_of_which_questions(review):
    people = [{}, *(one["answers"] for one in responses(review.content, 8, 3, DAY))]
    for answers in people:
        reference = review.intake.submit(new_form(), {**OPEN, **answers}, "en", CONSENT).reference
        opened = review.responses.open(CLINICIAN, reference)
        note = visit_note(opened)
        lines = note.split("\n")
        assert 15 <= len(lines) <= 40
        assert "Patient-reported and not verified" in note and opened.record.authored in note
        assert reference in note and review.content.hash[:12] in note
        assert all(len(line) <= LONGEST + 30 and line.isprintable() for line in lines)
        flags = [flag for flag in opened.result.to_discuss() if flag.tier != "info"]
        assert f"TO DISCUSS ({len(flags)})" in note
        assert sum(line.startswith("- urgent") for line in lines) == min(8, sum(f.tier == "urgent" for f in flags))


def test_what_was_typed_over_several_lines_is_one_line_and_its_end_is_not_lost_in_silence(review):
    medicines = review.content.medicines.link_id
    given = {**OPEN, medicines: ["x" * 400, "aspirin"], "full-name": "Ana\u202e\nLópez"}
    reference = review.intake.submit(new_form(), given, "en", CONSENT).reference
    note = visit_note(review.responses.open(CLINICIAN, reference))
    assert "\u202e" not in note and "more on file" in note and "- aspirin" in note
