"""The staff's side with many sealed records: the list, a filter, a search, one response; as ratios to opening every record whole.

    python benchmarks/worklist.py [--records 10000] [--browser]

--browser: also in a real Chromium, from the press to the drawn page. Times are of this machine; the ratios are what counts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screening.authoring.samples.generate import responses
from screening.engine.screen import screen_answers
from screening.engine.summary import summary_of
from screening.loading.archive import packed
from screening.loading.load import load
from screening.records.accounts.account import Origin
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.sessions import session_id
from screening.records.reader import PROGRAM
from screening.records.record import Submission
from screening.records.store import Store
from screening.settings import Settings
from screening.use_cases.intake import Intake, new_form, new_reference
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import Wanted

DAY = date(2026, 11, 23)
DIFFERENT = 500
PASSWORD = "a pass phrase for a benchmark"


def filled(settings: Settings, count: int) -> StaffReview:
    """A store of made-up responses over half a year, each with a name of its own."""
    content = load(settings.content)
    store = Store.open(settings, opens=True)
    store.keep_content(content.hash, packed(settings.content, content.hash), datetime.now(UTC))
    made = []
    for raw in responses(content, min(count, DIFFERENT), 3, DAY):
        outcome = screen_answers(raw["answers"], DAY, content)
        made.append((dict(outcome.response.answers), outcome.result))
    for number in range(count):
        answers, result = made[number % len(made)]
        answers = {**answers, "full-name": f"Person {number:05}", "birth-date": f"{1940 + number % 60}-01-31"}
        day = DAY - timedelta(days=number * 180 // count)
        one = Submission(
            new_form(),
            day.isoformat(),
            "en",
            {"version": "2"},
            answers,
            content.hash,
            result.tier,
            result.stored(),
            asdict(summary_of(answers, result, content)),
        )
        store.submit(one, new_reference(), datetime.now(UTC))
    return StaffReview(Intake(content, store, settings.content), Accounts(store.database, store.keys))


def timed(name: str, do: Callable[[], Any], beside: float, times: int = 5) -> float:
    """The median of some runs, in milliseconds, and how often it fits into `beside`."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        do()
        taken.append(time.perf_counter() - begin)
    middle = statistics.median(taken)
    print(f"{name:58} {1e3 * middle:9.1f} ms   {beside / middle:10.0f} x faster than opening all")
    return middle


def main(records: int = 10_000, browser: bool = False) -> None:
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(data=Path(place) / "records", role="both")
        begin = time.perf_counter()
        review = filled(settings, records)
        print(f"{records} responses kept in {time.perf_counter() - begin:.0f} s")
        for name in ("front", "other"):
            review.accounts.add(name, "clinician", "operator", datetime.now(UTC), password=PASSWORD)
        now = datetime.now(UTC)
        by = review.accounts.session(
            session_id(review.accounts.sign_in("front", PASSWORD, "", Origin("benchmark"), now)), now
        )
        assert by is not None
        begin = time.perf_counter()
        assert sum(1 for _ in review.store.records(PROGRAM)) == records
        whole = time.perf_counter() - begin
        print(f"{'opening every record whole':58} {1e3 * whole:9.1f} ms")

        def first() -> None:
            StaffReview(review.intake, review.accounts).worklist.rows(by, Wanted())

        timed("the list for the first time", first, whole, 3)
        rows, _ = review.worklist.rows(by, Wanted())
        timed("the list again", lambda: review.worklist.rows(by, Wanted()), whole)
        timed("a filter", lambda: review.worklist.rows(by, Wanted(tier="high", since="2026-09-01")), whole)
        timed("a search by name", lambda: review.worklist.rows(by, Wanted(text=f"person {records // 2:05}")), whole)
        reference = rows[len(rows) // 2].reference

        def changed() -> None:
            review.changes.note(by, review.responses.open(by, reference), "A note.")
            review.worklist.rows(by, Wanted())

        timed("open one, keep a note, the list again", changed, whole)
        timed("open one response", lambda: review.responses.open(by, reference), whole)
        timed("how the rules do", lambda: review.figures.judgements(by), whole)
        if browser:
            in_browser(settings, whole)


def in_browser(settings: Settings, whole: float) -> None:
    """From the press to the drawn page."""
    from playwright.sync_api import sync_playwright

    from tests.journeys.conftest import running

    with running(settings.data.parent, SCREENING_ROLE="both") as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page()
        page.goto(f"{server.url}/sign-in")
        page.fill("input[name=name]", "other")
        page.fill("input[name=password]", PASSWORD)
        begin = time.perf_counter()
        page.click("button[type=submit]")
        page.wait_for_selector(".worklist a")
        print(
            f"{'browser: sign-in to the drawn list, for the first time':58} {1e3 * (time.perf_counter() - begin):9.1f} ms"
        )

        def again() -> None:
            page.goto(f"{server.url}/worklist")
            page.wait_for_selector(".worklist a")

        def searched() -> None:
            box = page.get_by_label("Search by name")
            box.fill("person 00042")
            box.press("Enter")
            page.get_by_text("1 response", exact=False).first.wait_for()
            box.fill("")
            box.press("Enter")
            page.locator(".worklist a").nth(40).wait_for()

        def opened() -> None:
            page.locator(".worklist a").first.click()
            page.get_by_text("Still to ask").wait_for()
            page.go_back()
            page.wait_for_selector(".worklist a")

        timed("browser: the list, loaded anew", again, whole)
        timed("browser: search, and back to all", searched, whole)
        timed("browser: open a response, and back", opened, whole)
        chromium.close()


if __name__ == "__main__":
    typer.run(main)
