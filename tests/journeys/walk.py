"""The way through every page of the patients' side, for what must hold on each of them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from screening.settings import ROOT
from tests.conftest import shipped
from tests.journeys.conftest import ARGUMENTS, Form, new_context, running

CONTENT = shipped()
PHONE = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}


def every_page(form: Form, language: str) -> Iterator[str]:
    """The name of each page as it opens, with problems and with help shown; the last is the one after sending."""

    def say(key: str) -> str:
        return CONTENT.words[key][language]

    def option(link_id: str, code: str) -> str:
        return next(one.text[language] for one in CONTENT.item(link_id).options if one.code == code)

    if language == "es":
        form.press("Español")
    yield "welcome"
    form.press(say("resume-have"))
    yield "come-back"
    form.press(say("resume-go"))
    yield "come-back with problems"
    form.press(say("back")).press(say("start"))
    yield "consent"
    form.press(say("continue"))
    yield "consent with problems"
    form.page.locator("[data-testid=stCheckbox]").click()
    form.settle().press(say("continue"))
    seen: list[str] = []
    while (name := form.page.url.rsplit("/", 1)[-1]) != "check":
        seen.append(name)
        part = f" {seen.count(name)}" if seen.count(name) > 1 else ""
        yield name + part
        if form.sees("full-name"):
            form.press(say("continue"))
            yield f"{name}{part} with problems"
            form.write("full-name", "Ana")
        if form.sees("phq-item-9"):
            form.choose("phq-item-9", option("phq-item-9", "several-days"))
            yield f"{name}{part} with help"
            form.press(say("send-now-title"))
            yield "send-now"
            form.press(say("back"))
        form.press(say("continue"))
    yield "check"
    form.press(say("submit"))
    yield "done"


_OF_ONE_DAY = re.compile(
    r"/take/[\w-]+|\b[A-Z0-9]{4}(?:-[A-Z0-9]{4})+\b|\b\d+ (?:de \w+|minutes?|minutos?)\b|\b\w+ \d{1,2}, \d{4}\b"
)


def heard(form: Form, name: str) -> str:
    """A page as a screen reader meets it: roles, names and states from top to bottom, without what differs from day to day."""
    tree = form.page.locator("body").aria_snapshot()
    return f"=== {name}: {form.page.title()}\n{_OF_ONE_DAY.sub('...', tree)}\n\n"


def main() -> None:
    """python -m tests.journeys.walk: writes docs/screen-reader/ anew."""
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=ARGUMENTS)
        for language, device in (("en", {"viewport": {"width": 1280, "height": 800}}), ("es", PHONE)):
            page = new_context(browser, **device).new_page()
            page.goto(server.url)
            form = Form(page, []).settle()
            tree = "".join([heard(form, name) for name in every_page(form, language)])
            (ROOT / "docs" / "screen-reader" / f"{language}.txt").write_text(tree, "utf-8")
        browser.close()


if __name__ == "__main__":
    main()
