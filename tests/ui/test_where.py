"""Which page a person sees when they ask for an address: never beyond the furthest one they came to."""

from __future__ import annotations

import pytest

from screening.ui.patient.pages import where

ORDER = ["welcome", "before-you-start", "pain", "heart", "check", "done"]


@pytest.mark.parametrize(
    "asked, furthest, more, drawn",
    [
        ("welcome", "", {}, "welcome"),
        ("heart", "", {}, "welcome"),
        ("heart", "pain", {}, "pain"),
        ("pain", "heart", {}, "pain"),
        ("welcome", "heart", {}, "welcome"),
        ("welcome", "heart", {"resumed": True}, "heart"),
        ("pain", "heart", {"resumed": True}, "pain"),
        ("done", "check", {}, "check"),
        ("done", "pain", {"goes_on": True}, "done"),
        ("heart", "pain", {"goes_on": True}, "pain"),
        ("come-back", "", {}, "come-back"),
        ("come-back", "heart", {}, "come-back"),
        ("heart", "heart", {"waiting": True}, "come-back"),
        ("pain", "check", {"sent": True}, "done"),
        ("come-back", "check", {"sent": True}, "done"),
        ("pain", "a page of an earlier content", {}, "welcome"),
    ],
)
def test_a_person_sees_what_they_ask_for_or_their_furthest_page(asked, furthest, more, drawn):
    assert where(ORDER, asked, furthest, **more) == drawn
