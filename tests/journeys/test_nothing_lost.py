"""What stands in a box is saved though nobody left it: after a reload, a closed tab, a way back, and idle minutes."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import PHONE, Form

TYPED = "Ana Unfinished"


@pytest.fixture
def typing(person) -> Form:
    """Somebody in the middle of a word: the cursor is in the box."""
    form = person(**PHONE)
    form.start("Start", "Continue")
    form.question("full-name").locator("input").press_sequentially(TYPED)
    return form


def name(form: Form) -> str:
    return form.question("full-name").locator("input").input_value()


def test_a_pause_and_a_reload(typing):
    typing.page.wait_for_function("() => window.answerCards.queue.size === 0")
    typing.page.reload()
    typing.settle()
    assert name(typing) == TYPED


def test_a_tab_that_is_closed_and_opened_again(typing):
    typing.page.wait_for_function("() => window.answerCards.queue.size === 0")
    again = typing.page.context.new_page()
    url = typing.page.url
    typing.page.close()
    again.goto(url)
    assert name(Form(again, typing.complaints).settle()) == TYPED


def test_the_browsers_own_way_back_in_mid_word(typing):
    typing.page.go_back()
    typing.settle()
    typing.page.go_forward()
    typing.settle()
    assert name(typing) == TYPED


def test_continue_in_mid_word_turns_the_page_and_keeps_the_word(typing):
    typing.press("Continue")
    assert typing.heading() != "About you and who is filling this in"
    typing.press("Back")
    assert name(typing) == TYPED


def test_help_is_in_sight_after_every_page_turn_and_after_a_reload_of_the_last_page(typing):
    typing.settle()
    for _ in range(40):
        box = typing.page.locator(".help-line").bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["viewport"]["height"], typing.heading()
        if typing.sees("phq-item-9"):
            typing.choose("phq-item-9", "Several days")
        if typing.heading() == "Check your answers":
            break
        typing.press("Continue")
    typing.press("Send to the clinic")
    assert typing.page.locator(".help-block").is_visible()
    typing.page.reload()
    typing.settle()
    assert typing.page.locator(".help-block").is_visible()
