"""Three engines over every page of the patients' side, in both languages at 320 and 1280 pixels: what each of them finds, and where they differ.

    make engines                                writes docs/accessibility-engines.yaml anew (installs two of the engines with npm)
    python -m tests.engines.run en-1280 es-320  some of the ways only; the file says which

axe-core comes with the tests; IBM's accessibility-checker engine and Siteimprove Alfa are npm packages. Each page is given to all three as it stands.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright

from screening.settings import ROOT
from tests.journeys.conftest import ARGUMENTS, Form, new_context, running
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.walk import CONTENT, every_page

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
WIDTHS = {320: 640, 1280: 800}
HEAD = """# What three engines say of every page, in both languages, at 320 and 1280 pixels. Made by `make engines`; do not edit. Why a finding
# stands is written in tests/engines/reasons.yaml; a finding without a reason, and a reason without a finding, fail the command.
"""


def by_axe(page: Page) -> set[tuple[str, str]]:
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return {(one["id"], str(one["nodes"][0]["html"])) for one in found["violations"]}


def by_checker(page: Page) -> set[tuple[str, str]]:
    if not page.evaluate("() => !!window.ace"):
        page.evaluate((PACKAGES / "accessibility-checker-engine" / "ace.js").read_text("utf-8") + "\n;window.ace = ace")
    found = page.evaluate("async () => (await new ace.Checker().check(document, ['WCAG_2_2'])).results")
    return {(one["ruleId"], one["snippet"]) for one in found if one["value"] == ["VIOLATION", "FAIL"]}


class Alfa:
    """Alfa, in a process of its own."""

    def __init__(self) -> None:
        source = (PACKAGES / "@siteimprove" / "alfa-dom" / "dist" / "native.js").read_text("utf-8")
        self.script = f"async () => {{{source.replace('export var', 'var')}\n; return await Native.fromNode(document)}}"
        self.process = subprocess.Popen(
            ["node", "alfa.js"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, page: Page) -> set[tuple[str, str]]:
        assert self.process.stdin and self.process.stdout
        asked = {"page": page.evaluate(self.script), **(page.viewport_size or {})}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        told: dict[str, list[str]] = json.loads(self.process.stdout.readline())
        return {(rule, what) for rule, _, what in (one.partition(" ") for one in told["failed"])}


def main(ways: list[str]) -> int:
    alfa = Alfa()
    engines = {"axe": by_axe, "accessibility-checker": by_checker, "alfa": alfa}
    found: dict[str, dict[str, dict[str, Any]]] = {
        name: defaultdict(lambda: {"pages": [], "example": ""}) for name in engines
    }
    pages = 0
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=ARGUMENTS)
        for way in ways:
            language, _, width = way.partition("-")
            page = new_context(browser, viewport={"width": int(width), "height": WIDTHS[int(width)]}).new_page()
            page.goto(server.url)
            form = Form(page, []).settle()
            for name in every_page(form, language):
                pages += 1
                print(f"{way} {name}", file=sys.stderr)
                for engine, look in engines.items():
                    for rule, example in sorted(look(page)):
                        one = found[engine][rule]
                        where = f"{name} ({language}, {width})"
                        one["pages"] += [] if where in one["pages"] else [where]
                        one["example"] = one["example"] or " ".join(example.split())[:200]
        browser.close()
    alfa.process.terminate()
    reasons = yaml.safe_load((HERE / "reasons.yaml").read_text("utf-8")) or {}
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    versions = {
        "axe": AXE[:60].split("axe v")[1].split()[0],
        "accessibility-checker": locked["node_modules/accessibility-checker-engine"]["version"],
        "alfa": locked["node_modules/@siteimprove/alfa-rules"]["version"],
    }
    findings = [
        {
            "engine": engine,
            "rule": rule,
            "pages": len(one["pages"]),
            "first": one["pages"][0],
            "example": one["example"],
            "why": reasons.get(f"{engine} {rule}", ""),
        }
        for engine, rules in found.items()
        for rule, one in sorted(rules.items())
    ]
    report = {
        "ways": ways,
        "pages": pages,
        "versions": versions,
        "found": {engine: len(rules) for engine, rules in found.items()},
        "findings": findings,
    }
    (ROOT / "docs" / "accessibility-engines.yaml").write_text(
        HEAD + yaml.safe_dump(report, allow_unicode=True, sort_keys=False, width=160), "utf-8"
    )
    left = [one for one in findings if not one["why"]]
    gone = set(reasons) - {f"{one['engine']} {one['rule']}" for one in findings}
    print(
        f"{pages} pages; without a reason: {[one['rule'] for one in left]}; reasons without a finding: {sorted(gone)}"
    )
    return 1 if left or gone else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [f"{language}-{width}" for language in CONTENT.languages for width in WIDTHS]))
