"""The first admin's page: it says what is missing, and shows nothing of a patient."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from screening.ui.staff.page import PageContext
from tests.use_cases.test_review import ADMIN, archive, made, send  # noqa: F401


def page(context):
    """The script that AppTest runs: it stands alone."""
    from screening.ui.staff import first_day_page

    first_day_page.draw(context)


def drawn(review):
    app = AppTest.from_function(page, args=(PageContext(review, ADMIN),), default_timeout=300).run()
    assert not app.exception
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_first_day_names_the_clinic_who_is_missing_and_both_ways_in(content, embedded, archive):  # noqa: F811
    review = made(content, embedded, archive)
    send(review)
    words = drawn(review)
    assert content.site.clinic.phone in words and "clinician.one" in words and "nobody yet" not in words
    assert words.count("data:image/svg+xml") == 2 and "/sign-in" in words and "López" not in words
    review.members.disable(ADMIN, "clinician.one")
    assert "nobody yet" in drawn(review)
    review.members.set_role(ADMIN, "admin.one", "clinician+admin")
    assert "nobody yet" not in drawn(review)
