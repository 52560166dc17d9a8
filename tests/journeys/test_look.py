"""What a page looks and sounds like: every state is seen by its pixels, in light, dim and forced colours; dim pages and reading aloud go with the form."""

from __future__ import annotations

import io

import numpy
import pytest
from PIL import Image
from playwright.sync_api import Locator

from tests.conftest import shipped
from tests.journeys.conftest import PHONE, Form

WORDS = shipped().words
LOOKS = {"light": {}, "dim": {"color_scheme": "dark"}, "forced colours": {"forced_colors": "active"}}
ROUND = 6
"""CSS pixels around an element that belong to its focus ring."""
VOICES = """(() => {
    window.spoken = []
    speechSynthesis.getVoices = () => VOICES
    speechSynthesis.speak = (said) => window.spoken.push([said.text, said.voice.name])
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
})()"""


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> dict:
    return LOOKS[request.param]


def light(picture: bytes) -> numpy.ndarray:
    """The relative luminance of every pixel (WCAG 2.2)."""
    parts = numpy.asarray(Image.open(io.BytesIO(picture)).convert("RGB")) / 255
    linear = numpy.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def seen(form: Form, box: dict | None) -> numpy.ndarray:
    """The light of a box and a little around it, with the pointer elsewhere."""
    form.page.mouse.move(1, 1)
    assert box
    around = (box["x"] - ROUND, box["y"] - ROUND, box["width"] + 2 * ROUND, box["height"] + 2 * ROUND)
    clip = dict(zip(("x", "y", "width", "height"), map(round, around), strict=True))
    return light(form.page.screenshot(clip=clip, animations="disabled"))


def strong(before: numpy.ndarray, after: numpy.ndarray) -> int:
    """How many pixels differ by 3:1 or more."""
    low, high = numpy.minimum(before, after), numpy.maximum(before, after)
    return int(((high + 0.05) / (low + 0.05) >= 3).sum())


def rest(form: Form) -> None:
    form.page.evaluate("document.activeElement?.blur()")
    form.settle()


def test_what_is_chosen_differs_from_what_is_not_by_three_to_one(person, look):
    form = person(**look)
    form.press(WORDS["start"]["en"])
    agree = form.page.locator("[data-testid=stCheckbox] label")
    found = {}

    def choosing(name: str, place: Locator) -> None:
        place.scroll_into_view_if_needed()
        before = seen(form, place.bounding_box())
        place.click()
        rest(form)
        found[name] = strong(before, seen(form, place.bounding_box()))

    choosing("the consent", agree)
    form.press(WORDS["continue"]["en"])
    choosing("a check box", form.page.locator("[data-question] .option:has([type=checkbox])").first)
    form.press(WORDS["continue"]["en"])
    choosing("a radio button", form.page.locator("[data-question] .option:has([type=radio])").first)
    form.write("full-name", "Ana")
    while not form.page.locator("[data-question] .scale .option").count():
        form.press(WORDS["continue"]["en"])
    choosing("a number of a scale", form.page.locator("[data-question] .scale .option").first)
    # At least two sides of 24 pixels, each two pixels wide: a mark that nobody has to look for.
    assert {name: count for name, count in found.items() if count < 96} == {}


def test_what_is_refused_is_marked_by_three_to_one(person, look):
    form = person(**look).start(WORDS["start"]["en"], WORDS["continue"]["en"])
    form.press(WORDS["continue"]["en"])
    card = form.question("full-name")
    card.scroll_into_view_if_needed()
    around = seen(form, card.bounding_box())
    row = around[around.shape[0] // 2]
    edge = max(
        row[ROUND : ROUND + 6], key=lambda one: max((one + 0.05) / (row[1] + 0.05), (row[1] + 0.05) / (one + 0.05))
    )
    for other in (row[1], row[ROUND + 12]):
        assert (max(edge, other) + 0.05) / (min(edge, other) + 0.05) >= 3


def dark(form: Form) -> bool:
    return bool(light(form.page.screenshot())[-1, 0] < 0.05)


def test_dim_pages_follow_the_form_to_its_next_device(person):
    form = person(**PHONE)
    assert not dark(form)
    form.press(WORDS["look-dim"]["en"]).start(WORDS["start"]["en"], WORDS["continue"]["en"])
    assert dark(form)
    form.page.reload()
    assert dark(form.settle())
    form.press(WORDS["back"]["en"])
    form.page.locator(".st-key-code summary").first.click()
    code = form.page.locator(".st-key-code .reference").inner_text()
    other = person(color_scheme="light")
    other.press(WORDS["resume-have"]["en"])
    other.page.get_by_role("textbox").fill(code)
    other.press(WORDS["resume-go"]["en"])
    assert dark(other)
    other.press(WORDS["look-light"]["en"])
    assert not dark(other)


def test_a_question_is_read_aloud_by_the_devices_own_voice_in_the_language_of_the_page(browser, person):
    voices = "[{lang: 'es-ES', name: 'far', localService: false}, {lang: 'en-US', name: 'english', localService: true}, {lang: 'es-US', name: 'own', localService: true}]"
    form = person(begin=VOICES.replace("VOICES", voices))
    page = form.page
    form.press("Español").press(WORDS["listen-on"]["es"]).start(WORDS["start"]["es"], WORDS["continue"]["es"])
    form.write("full-name", "Ana").press(WORDS["back"]["es"])
    question = form.question("red-flags-now") if form.sees("red-flags-now") else page.locator("[data-question]").first
    question.locator("legend").click()
    button = question.locator("button.listen")
    button.focus()
    page.keyboard.press("Enter")
    text, voice = page.evaluate("window.spoken.at(-1)")
    asked = question.locator("legend").inner_text()
    options = question.locator(".option span").all_inner_texts()
    assert voice == "own" and text.startswith(asked) and all(option in text for option in options)
    assert button.get_attribute("aria-label").endswith(asked) and button.get_attribute("aria-pressed") == "true"
    page.locator("h1 + button.listen").click()
    assert page.evaluate("window.spoken.at(-1)[0]").startswith(form.heading())
    form.press(WORDS["listen-off"]["es"])
    assert page.locator("button.listen").count() == 0


@pytest.mark.parametrize(
    "voices", ["[]", "[{lang: 'en-US', name: 'far', localService: false}]"], ids=["no voice", "a voice of the network"]
)
def test_reading_aloud_is_not_offered_where_no_voice_of_the_device_speaks_the_language(person, voices):
    form = person(begin=VOICES.replace("VOICES", voices))
    assert not form.page.get_by_role("button", name=WORDS["listen-on"]["en"]).is_visible()


def test_what_has_the_focus_is_ringed_by_three_to_one(person, look):
    form = person(**look)
    page = form.page
    page.evaluate("document.querySelector('h1').focus()")
    found = {}

    def walking(most: int) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            ringed = page.evaluate_handle(
                "(document.activeElement.closest('label') ?? document.activeElement)"
            ).as_element()
            name = page.evaluate("document.activeElement.outerHTML.slice(0, 90)")
            if name.startswith("<body") or "body-map" in name:
                break
            box = ringed.bounding_box()
            after = seen(form, box)
            page.evaluate("window.ringed = document.activeElement; document.activeElement.blur()")
            before = seen(form, box)
            page.evaluate("window.ringed.focus({focusVisible: true})")
            if strong(before, after) < 2 * (box["width"] + box["height"]):
                found[name] = strong(before, after)

    page.evaluate("document.activeElement.blur()")
    walking(9)  # the skip link, help, the bar, and the buttons of the first page
    form.press(WORDS["start"]["en"])
    walking(3)
    page.locator("[data-testid=stCheckbox]").click()
    form.settle().press(WORDS["continue"]["en"]).press(WORDS["continue"]["en"])
    walking(14)
    assert found == {}
