"""axe-core on every page, as it opens and with problems shown, at desktop and phone width."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.conftest import shipped
from tests.journeys.conftest import DESKTOP, PHONE, Form

CONTENT = shipped()
_SPEC = importlib.util.find_spec("axe_playwright_python")
assert _SPEC and _SPEC.submodule_search_locations
AXE = (Path(_SPEC.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def complaints(form: Form) -> list[str]:
    if not form.page.evaluate("() => !!window.axe"):
        form.page.evaluate(AXE)
    found = form.page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{form.heading()}: {one['id']} ({one['impact']}) {one['nodes'][0]['target']}" for one in found["violations"]
    ]


@pytest.mark.parametrize(
    "device, language", [(DESKTOP, "en"), (PHONE, "es")], ids=["desktop, English", "phone, Spanish"]
)
def test_axe_finds_nothing_on_any_page(person, device, language):
    form = person(**device)
    words = {
        key: CONTENT.words[key][language]
        for key in ("start", "continue", "submit", "language-es")
        if key in CONTENT.words
    }
    if language == "es":
        form.press("Español")
    found = complaints(form)
    form.press(words["start"])
    form.press(words["continue"])
    found += complaints(form)
    for box in form.page.locator("[data-testid=stCheckbox]").all():
        box.click()
        form.settle()
    form.press(words["continue"])
    found += complaints(form)
    for page in [page for section in CONTENT.sections for page in section.pages]:
        if all(item.enable_when for item in page.items):
            continue  # nothing is asked there yet
        if page.address == "about-you":
            form.press(words["continue"])
            found += complaints(form)
            form.write("full-name", "Ana")
        if page.address == "mood":
            option = next(
                one.text[language] for one in CONTENT.item("phq-item-9").options if one.code == "several-days"
            )
            form.choose("phq-item-9", option)
        found += complaints(form)
        form.press(words["continue"])
    found += complaints(form)
    form.press(words["submit"])
    found += complaints(form)
    assert found == []
