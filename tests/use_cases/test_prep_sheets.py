"""Sheets in bulk: everybody's own sheet, each with its line of audit; none chosen is a message."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from screening.records.store import Store
from screening.use_cases.access import NotDone
from screening.use_cases.permissions import NotAllowed
from screening.use_cases.prep_sheets import MOST, prep_sheets
from tests.use_cases.test_review import CLINICIAN, FRONT, actor_lines, archive, made, send  # noqa: F401


def test_the_sheets_of_everybody_chosen_are_one_file_and_each_is_audited(content, embedded: Store, archive):  # noqa: F811
    review = made(content, embedded, archive)
    people = {send(review, full_name=f"Person {n}", birth_date=f"19{60 + n}-01-01"): f"Person {n}" for n in range(2)}
    body, closed = prep_sheets(review, CLINICIAN, [*people, "ZZZZ-ZZZZ"])
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    assert closed == ["ZZZZ-ZZZZ"] and all(name in text for name in people.values())
    done = [line for line in actor_lines(review, CLINICIAN.account.name) if line[0] == "sheet"]
    assert sorted(line[1] for line in done) == sorted(people)
    for chosen in ([], ["A"] * (MOST + 1), ["ZZZZ-ZZZZ"]):
        with pytest.raises(NotDone):
            prep_sheets(review, CLINICIAN, chosen)
    with pytest.raises(NotAllowed):
        prep_sheets(review, FRONT, list(people))
