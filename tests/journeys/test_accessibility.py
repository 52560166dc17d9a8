"""Every page of the patients' side, as it opens, with problems and with help shown, on four devices and in both languages: axe-core finds nothing,
help is in sight, nothing scrolls sideways, and a screen reader's tree is the one in docs/."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from screening.settings import ROOT
from tests.journeys.conftest import Form, Server, new_context
from tests.journeys.walk import PHONE, every_page, heard

_SPEC = importlib.util.find_spec("axe_playwright_python")
assert _SPEC and _SPEC.submodule_search_locations
AXE = (Path(_SPEC.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DEVICES = {
    "phone, Spanish": ("es", PHONE),
    "tablet, English": ("en", {"viewport": {"width": 820, "height": 1180}}),
    "desktop, English": ("en", {"viewport": {"width": 1280, "height": 800}}),
    # 320 pixels are 1280 at 400 %.
    "narrow, Spanish": ("es", {"viewport": {"width": 320, "height": 640}}),
}


@dataclass
class Walked:
    """What was found on the way through every page."""

    language: str
    complaints: list[str] = field(default_factory=list)
    without_help: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    tree: str = ""
    pages: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=DEVICES, ids=str)
def walked(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Walked]:
    language, device = DEVICES[request.param]
    context = new_context(browser, **device)
    page = context.new_page()
    page.goto(server.url)
    found, form = Walked(language), Form(page, []).settle()
    for name in every_page(form, language):
        found.pages.append(name)
        found.complaints += [f"{name}: {one}" for one in complaints(form)]
        box, inside = page.locator(".help-line").bounding_box(), device["viewport"]
        if (
            not box
            or box["y"] < 0
            or box["y"] + box["height"] > inside["height"]
            or box["x"] + box["width"] > inside["width"]
        ):
            found.without_help.append(name)
        wide = page.evaluate(
            "Math.max(...['html', 'body', '[data-testid=stMain]'].map(s => { const e = document.querySelector(s); return e.scrollWidth - e.clientWidth }))"
        )
        if wide > 0:
            found.sideways.append(f"{name}: {wide}")
        found.tree += heard(form, name)
    context.close()
    yield found


def complaints(form: Form) -> list[str]:
    if not form.page.evaluate("() => !!window.axe"):
        form.page.evaluate(AXE)
    found = form.page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']} ({one['impact']}) {one['nodes'][0]['target']}" for one in found["violations"]]


def test_axe_finds_nothing_on_any_page(walked):
    assert walked.complaints == []


def test_help_is_in_sight_after_every_page_turn(walked):
    assert len(walked.pages) >= 12 + 2
    assert walked.without_help == []


def test_nothing_scrolls_sideways(walked):
    assert walked.sideways == []


@pytest.mark.parametrize("walked", ["phone, Spanish", "desktop, English"], indirect=True)
def test_a_screen_reader_meets_the_tree_that_is_written_down(walked):
    written = (ROOT / "docs" / "screen-reader" / f"{walked.language}.txt").read_text("utf-8")
    assert walked.tree == written, "make screen-reader writes it anew"
