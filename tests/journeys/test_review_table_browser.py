"""The reviewer's table in a browser: axe-core finds nothing, nothing runs off a telephone, and no request leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screening.authoring.book.compile_book import rulebook
from screening.authoring.book.review_table import as_html
from tests.journeys.test_accessibility import AXE, TAGS


@pytest.mark.parametrize("width", [1280, 360])
def test_the_table_fits_the_screen_and_asks_nothing_of_the_network(browser, content, tmp_path, width):
    path = tmp_path / "rules.html"
    path.write_text(as_html(rulebook(content)), "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [path.as_uri()]
    page.close()


@pytest.mark.parametrize("width, language", [(1280, "en"), (360, "es")])
def test_axe_finds_nothing_in_the_table(browser, content, tmp_path, width, language):
    whole = rulebook(content, language)
    # One topic of each kind of part: on all of them axe takes more than a minute.
    heart = next(section for section in whole.sections if section.id == "heart")
    medicines = next(section for section in whole.sections if section.id == "medicines")
    book = replace(
        whole,
        sections=(heart, replace(medicines, rules=medicines.rules[:3])),
        classes=whole.classes[:3],
        sources=whole.sources[:3],
    )
    path = tmp_path / "rules.html"
    path.write_text(as_html(book), "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [f"{one['id']} {one['nodes'][0]['target']}" for one in found["violations"]] == []
    page.close()
