"""The medicines page in a real browser: typed, pasted, confirmed, corrected, removed; on a phone; with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.conftest import shipped
from tests.journeys.conftest import PHONE, Form
from tests.journeys.test_accessibility import complaints

CONTENT = shipped()
SAY = {key: text["en"] for key, text in CONTENT.words.items()}
TITLE = next(section.title["en"] for section in CONTENT.sections if section.section == "medicines")
PASTED = "xannax 0.5\nlisinopril 10 mg daily, hydro\nsudafed\nblue pill zzqy"


def to_medicines(form: Form) -> Form:
    form.start("Start", "Continue")
    form.write("full-name", "Mia Medicine")
    while form.heading() != TITLE:
        form.press("Continue")
    return form.choose("medicines", SAY["medicines-some"])


def paste(form: Form, text: str) -> Form:
    box = form.page.get_by_label(SAY["medicines-box"])
    box.fill(text)
    box.blur()
    return form.settle()


def card(form: Form, number: int):
    return form.page.locator(f".st-key-medicine-{number}")


def sees_list(form: Form, *wanted: str) -> None:
    """The cards hold these words, in this order."""
    fields = form.page.locator("[class*='st-key-medicine-'] input[aria-label^='Medicine ']")
    expect(fields).to_have_count(len(wanted))
    assert [field.input_value() for field in fields.all()] == list(wanted)
    form.settle()


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_a_pasted_list_is_confirmed_corrected_and_shortened(person, device):
    form = to_medicines(person(**device))
    paste(form, PASTED)
    sees_list(form, "xannax 0.5", "lisinopril 10 mg daily", "hydro", "sudafed", "blue pill zzqy")
    assert form.page.get_by_label(SAY["medicines-box"]).input_value() == ""
    card(form, 1).get_by_role("button", name="Yes, xanax (alprazolam)").click()
    form.settle()
    expect(card(form, 1)).to_contain_text("You said: alprazolam")
    card(form, 3).get_by_role("button", name="hydroxyzine").click()
    form.settle()
    expect(card(form, 3)).to_contain_text("You said: hydroxyzine")
    card(form, 4).get_by_text("Only when needed").click()
    form.settle()
    card(form, 4).get_by_text("2 weeks to 6 months ago").click()
    form.settle()
    expect(card(form, 5)).to_contain_text(SAY["medicines-unread"])
    field = card(form, 5).locator("input[type=text]")
    field.fill("blue pill losartan")
    field.blur()
    form.settle()
    expect(card(form, 5)).to_contain_text("We read this as: losartan")
    card(form, 2).get_by_role("button", name="Remove medicine 2").click()
    form.settle()
    sees_list(form, "xannax 0.5", "hydro", "sudafed", "blue pill losartan")
    main = "document.querySelector('[data-testid=stMain]')"
    assert form.page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0, "no sideways scroll"
    small = [
        (button.inner_text(), box["height"])
        for button in form.page.locator("main button").all()
        if button.is_visible() and button.inner_text() and (box := button.bounding_box()) and box["height"] < 43.5
    ]
    assert not small, "targets are large enough for a finger"
    form.press("Continue")
    form.press("Back")
    sees_list(form, "xannax 0.5", "hydro", "sudafed", "blue pill losartan")
    while form.heading() != SAY["check-title"]:
        form.press("Continue")
    form.page.evaluate("() => document.querySelectorAll('.check details').forEach((topic) => (topic.open = true))")
    body = form.page.locator("main").inner_text()
    assert (
        "xannax 0.5 (xanax)" in body
        and "sudafed (Only when needed; 2 weeks to 6 months ago)" in body
        and "lisinopril" not in body
    )


def test_names_appear_while_typing_and_one_press_takes_one(person):
    form = to_medicines(person())
    search = form.page.get_by_label(SAY["medicines-search"])
    search.press_sequentially("gabap", delay=40)
    form.page.get_by_role("button", name="Add gabapentin", exact=True).click()
    form.settle()
    sees_list(form, "gabapentin")
    assert search.input_value() == ""
    search.press_sequentially("zzqy tea", delay=40)
    form.page.get_by_role("button", name=SAY["medicines-pick-typed"]).click()
    form.settle()
    sees_list(form, "gabapentin", "zzqy tea")


def press_continue(form: Form, how: str) -> None:
    """As people press while the cursor is still in a box: at once, slowly, or with a finger. (With the keyboard they
    pass the cards on their way: see the test of it alone.)"""
    button = form.page.get_by_role("button", name="Continue", exact=True)
    button.scroll_into_view_if_needed()
    if how == "touch":
        button.tap()
    else:
        box = button.bounding_box()
        form.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        form.page.mouse.down()
        if how == "slow":
            form.settle()
        form.page.mouse.up()
    form.settle()


@pytest.mark.parametrize("how", ["fast", "slow", "touch"])
def test_continue_with_words_in_the_box_shows_how_they_were_read_and_turns_no_page(person, how):
    form = to_medicines(person(**(PHONE if how == "touch" else {})))
    box = form.page.get_by_label(SAY["medicines-box"])
    box.click()
    form.page.keyboard.type("oxycodne 5")
    press_continue(form, how)
    assert form.heading() == TITLE
    sees_list(form, "oxycodne 5")
    expect(card(form, 1)).to_contain_text("oxycodone. Is that right?")
    field = card(form, 1).get_by_label("Medicine 1, as you typed it")
    field.fill("oxycodone 2,5 mg")
    press_continue(form, how)
    assert form.heading() == TITLE
    expect(card(form, 1)).to_contain_text("We read this as: oxycodone")
    sees_list(form, "oxycodone 2,5 mg")
    form.press("Continue")
    assert form.heading() != TITLE
    form.press("Back")
    sees_list(form, "oxycodone 2,5 mg")


def test_no_medicines_is_an_answer_and_a_slip_does_not_lose_the_list(person):
    form = to_medicines(person())
    paste(form, "lisinopril")
    form.choose("medicines", "I take no medicines")
    form.choose("medicines", SAY["medicines-some"])
    sees_list(form, "lisinopril")
    form.choose("medicines", "I take no medicines")
    form.press("Continue")
    assert form.heading() != TITLE


def test_with_the_keyboard_alone(person):
    form = to_medicines(person())
    page = form.page

    def tab_to(name: str) -> None:
        for _ in range(60):
            here = page.evaluate(
                "() => { const a = document.activeElement; return (a?.getAttribute('aria-label') || a?.labels?.[0]?.innerText || a?.innerText || '').trim() }"
            )
            if here == name:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {name!r} by Tab")

    def press(name: str) -> None:
        tab_to(name)
        page.keyboard.press("Enter")
        form.settle()

    tab_to(SAY["medicines-box"])
    page.keyboard.type("xannax\nnardil\nomeprazole")
    page.keyboard.press("Tab")
    form.settle()
    press("Yes, xanax (alprazolam)")
    expect(card(form, 1)).to_contain_text("You said: alprazolam")
    press("Remove medicine 3")
    sees_list(form, "xannax", "nardil")
    tab_to(SAY["medicines-search"])
    page.keyboard.type("gabap", delay=40)
    page.get_by_role("button", name="Add gabapentin", exact=True).wait_for()
    press("Add gabapentin")
    sees_list(form, "xannax", "nardil", "gabapentin")
    press("Continue")
    assert form.heading() != TITLE


@pytest.mark.parametrize("device", [PHONE], ids=["phone"])
def test_axe_finds_nothing_on_a_full_list(person, device):
    form = to_medicines(person(**device))
    paste(form, PASTED + "\noxycodone\nnardil")
    card(form, 6).get_by_text("Only when needed").click()
    form.settle()
    form.page.get_by_label(SAY["medicines-search"]).press_sequentially("gaba", delay=40)
    form.page.get_by_role("button", name="Add gabapentin", exact=True).wait_for()
    assert complaints(form) == []
