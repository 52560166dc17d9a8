"""Saved lists: one's own, kept beside the choices for exports, and never anything but the codes of an address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports.choices import Choices
from screening.records.store import Store
from screening.use_cases.access import NotDone
from screening.use_cases.saved_views import MOST
from tests.use_cases.test_review import archive, made, session  # noqa: F401


@pytest.fixture
def review(content, embedded: Store, archive):  # noqa: F811
    return made(content, embedded, archive)


def who(review, name):
    account = next(one for one in review.accounts.all() if one.name == name)
    return replace(session("exporter"), account=account)


def test_a_list_is_saved_for_its_person_replaced_and_removed(review):
    mine, other = who(review, "exporter.one"), who(review, "clinician.one")
    review.views.keep(mine, "  My   urgent ", "/worklist?queue=call")
    review.exports.remember(mine, "csv", Choices(answers="labels"))
    review.views.keep(mine, "My urgent", "/worklist?queue=call&sort=oldest")
    assert review.views.all(mine) == {"My urgent": "/worklist?queue=call&sort=oldest"}
    assert review.views.all(other) == {} and review.exports.choices(mine)["answers"] == "labels"
    review.views.drop(mine, "My urgent")
    assert review.views.all(mine) == {}


def test_what_is_no_list_or_too_much_is_refused(review):
    by = who(review, "exporter.one")
    for name, address in (("", "/worklist?a=b"), ("x" * 41, "/worklist?a=b"), ("a", "/worklist"), ("a", "//evil")):
        with pytest.raises(NotDone):
            review.views.keep(by, name, address)
    for n in range(MOST):
        review.views.keep(by, f"list {n}", "/worklist?queue=ask")
    with pytest.raises(NotDone, match="remove one"):
        review.views.keep(by, "one more", "/worklist?queue=ask")
