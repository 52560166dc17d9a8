"""How far a person scrolls on a phone: the height of every page in screens."""

from __future__ import annotations

from tests.conftest import shipped
from tests.journeys.conftest import PHONE, Form

MOST = 34.0
"""Screens of the whole form for somebody who answers nothing but the name."""
LONGEST = 4.0
"""Screens of the longest page."""


def screens(form: Form) -> float:
    """The height of the page in screens."""
    return float(
        form.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight / window.innerHeight")
    )


def test_the_whole_form_is_short_for_somebody_who_answers_nothing(person):
    form = person(**PHONE)
    lengths = {}

    def count() -> None:
        lengths[f"{len(lengths) + 1} {form.heading()}"] = round(screens(form), 1)

    count()
    form.press("Start")
    count()
    form.page.locator("[data-testid=stCheckbox]").first.click()
    form.settle()
    for _ in range(len(shipped().sections) + 12):
        form.press("Continue")
        count()
        if form.sees("full-name"):
            form.write("full-name", "Ana")
        if form.heading() == "Check your answers":
            break
    form.press("Send to the clinic")
    count()
    assert sum(lengths.values()) <= MOST, lengths
    assert max(lengths.values()) <= LONGEST, lengths
