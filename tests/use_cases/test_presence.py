"""Who else is here: known while a page is open, forgotten when it is not."""

from __future__ import annotations

from screening.use_cases.presence import GONE_AFTER, Presence
from tests.use_cases.test_review import CLINICIAN, FRONT, session


def test_two_who_have_one_response_open_see_each_other_until_one_of_them_leaves():
    now = [0.0]
    presence = Presence(lambda: now[0])
    assert presence.here(FRONT, "A") == []
    assert presence.here(CLINICIAN, "A") == [FRONT.account.name]
    assert presence.here(FRONT, "A") == [CLINICIAN.account.name]
    assert presence.here(session("front-desk", FRONT.account.name), "A") == [CLINICIAN.account.name], (
        "one's own second window is nobody else"
    )
    presence.here(CLINICIAN, "B")
    assert presence.here(FRONT, "A") == []
    presence.here(CLINICIAN, "A")
    presence.leaves(CLINICIAN)
    assert presence.here(FRONT, "A") == []


def test_a_page_that_gives_no_sign_any_more_is_nobody():
    now = [0.0]
    presence = Presence(lambda: now[0])
    presence.here(CLINICIAN, "A")
    now[0] = GONE_AFTER
    assert presence.here(FRONT, "A") == []
