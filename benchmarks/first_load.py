"""What a telephone on a slow line waits for: bytes and seconds to the first page and to the first question.

The line is Chromium's own emulation: `--bits` a second and `--latency` milliseconds. Bytes are those on the line, as
compressed. `python benchmarks/first_load.py`, about a minute.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.conftest import ARGUMENTS, PHONE, running

PATIENCE = 300_000
"""Milliseconds after which what must come is said not to come."""


@dataclass
class FirstLoad:
    """One visit of a new browser. sizes: bytes on the line for each kind of file; seconds from the first request."""

    page: float = 0.0
    question: float = 0.0
    sizes: Counter[str] = field(default_factory=Counter)
    largest: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        """All bytes of the first page."""
        return self.sizes.total()


def visit(browser: Browser, url: str, bits: int, latency: int) -> FirstLoad:
    """Open the form as somebody new, agree, and wait for the first question."""
    load = FirstLoad()
    context = browser.new_context(**PHONE, locale="en-US")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    speed = bits / 8 if bits else -1
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    names: dict[str, str] = {}
    line.on("Network.requestWillBeSent", lambda sent: names.update({sent["requestId"]: sent["request"]["url"]}))

    def finished(end: dict[str, Any]) -> None:
        name = names.get(end["requestId"], "").split("?")[0]
        length = int(end["encodedDataLength"])
        load.sizes[Path(name).suffix or "page"] += length
        load.largest[name.rpartition("/")[2] or "page"] += length

    line.on("Network.loadingFinished", finished)
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    start = page.get_by_role("button", name="Start", exact=True)
    start.wait_for()
    load.page = time.perf_counter() - begun
    page.wait_for_load_state("networkidle")
    first = load.sizes.copy()
    again = time.perf_counter()
    start.click()
    page.locator("[data-testid=stCheckbox] label").first.click()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.locator("[data-question]").first.wait_for()
    load.question = load.page + time.perf_counter() - again
    load.sizes = first
    context.close()
    return load


def main(
    bits: Annotated[int, typer.Option(help="A second; 0: as fast as the machine.")] = 400_000,
    latency: Annotated[int, typer.Option(help="Milliseconds.")] = 400,
) -> None:
    """Print what one visit took."""
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=ARGUMENTS)
        load = visit(browser, server.url, bits, latency)
        browser.close()
    print(f"first page {load.page:.1f} s, first question {load.question:.1f} s, {load.size / 1e6:.2f} MB")
    print("  ".join(f"{kind} {size / 1e3:.0f} kB" for kind, size in load.sizes.most_common()))
    print("  ".join(f"{name} {size / 1e3:.0f} kB" for name, size in load.largest.most_common(12)))


if __name__ == "__main__":
    typer.run(main)
