"""A made-up clinic at work in real browsers: forms arrive, three people work on them, sign out in the middle, and meet.

    python -m tests.soak.clinic_days days --forms 200
    python -m tests.soak.clinic_days tasks

`days` prints what was done and what was lost: an urgent person whom an open page did not show within a minute, a word
that was written and is not there, a change that another one took away unsaid. `tasks` prints clicks and seconds of what
staff do most.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.journeys.conftest import ARGUMENTS, Form
from tests.journeys.staff import PASSWORD, Clinic, at_desk, clinic, visit, words

WORKERS = ("desk", "nell", "doc")
URGENT_EVERY, WATCHED, SIGN_OUT_EVERY, MEET_EVERY = 8, 3, 12, 15
"""Every which form is urgent; how many of those are watched for; after how many a person leaves in the middle, and two
meet at one response."""
WITHIN = 60.0
"""Seconds within which an urgent form must stand on every open page."""


@dataclass
class Toll:
    """What was done, and what was lost."""

    forms: int = 0
    urgent: int = 0
    reached: int = 0
    notes: int = 0
    left: int = 0
    met: int = 0
    slowest: float = 0.0
    unseen: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nobody stayed unseen and no word was lost."""
        return not self.unseen and not self.lost


def days(ward: Clinic, browser: Browser, forms: int, seed: int = 1) -> Toll:
    """Send so many forms, and let three people work on them."""
    chance, toll = random.Random(seed), Toll()
    with at_desk(browser, ward) as arrive:
        at_work = {name: visit(arrive(name), ward, "worklist") for name in WORKERS}
        for n in range(1, forms + 1):
            urgent = n % URGENT_EVERY == 1
            reference = ward.send(_form(n, urgent))
            toll.forms += 1
            toll.urgent += urgent
            if urgent and toll.urgent <= WATCHED:
                _watch(at_work, reference, toll)
            name = chance.choice(WORKERS)
            _work(ward, at_work[name], reference, n, urgent, toll)
            if n % SIGN_OUT_EVERY == 0:
                _leave_in_the_middle(ward, at_work[name], reference, n, toll)
            if n % MEET_EVERY == 0:
                _meet(ward, at_work, reference, toll)
        page = visit(at_work["desk"], ward, "worklist?queue=call")
        if waiting := page.page.locator("tbody tr").count():
            toll.lost.append(f"{waiting} who were reached still stand in the queue")
    return toll


def _form(n: int, urgent: bool) -> dict[str, object]:
    person = {"full-name": f"Person {n:04}", "birth-date": f"19{40 + n % 60}-03-{1 + n % 28:02}"}
    typed = {"phone": f"555 01{n // 100:02} {1000 + n}", "pain-types": ["migraine"]}
    return {**person, **typed, **({"phq-item-9": "several-days"} if urgent else {})}


def _watch(at_work: dict[str, Form], reference: str, toll: Toll) -> None:
    """Every open page says that somebody urgent has come, without a touch."""
    begun, waiting = time.monotonic(), dict(at_work)
    while waiting and time.monotonic() - begun < WITHIN:
        for name, form in list(waiting.items()):
            if form.page.locator(".bar", has_text="new urgent").count():
                waiting.pop(name)
        at_work["desk"].page.wait_for_timeout(200)
    toll.slowest = max(toll.slowest, time.monotonic() - begun)
    toll.unseen += [f"{reference} by {name}" for name in waiting]


def _work(ward: Clinic, form: Form, reference: str, n: int, urgent: bool, toll: Toll) -> None:
    """Open it, say how the call went, and write a note; whether both stand there afterwards."""
    visit(form, ward, f"response?r={reference}")
    if urgent:
        form.page.locator(".st-key-work").get_by_text("Reached", exact=True).click()
        form.settle()
        toll.reached += 1
    note = f"Note {n} of {reference}; *plain* <b>words</b>"
    form.page.get_by_label("Add a note").fill(note)
    form.page.keyboard.press("Tab")
    form.settle().press("Save the note")
    toll.notes += 1
    said = words(form)
    if f"note: {note}" not in said:
        toll.lost.append(f"the note of {reference}")
    if urgent and "call: reached" not in said:
        toll.lost.append(f"the call of {reference}")


def _leave_in_the_middle(ward: Clinic, form: Form, reference: str, n: int, toll: Toll) -> None:
    """Begin a note, sign out with the cursor still in it, come back: what was begun is there."""
    begun = f"Begun {n}, not saved"
    name = form.page.locator(".top .me").inner_text().split()[0]
    form.page.get_by_label("Add a note").fill(begun)
    form.page.get_by_role("link", name="Sign out").click()
    form.page.get_by_role("button", name="Sign out").click()
    form.page.get_by_label("Name").fill(name)
    form.page.get_by_label("Password").fill(PASSWORD)
    form.page.get_by_role("button", name="Sign in").click()
    form.settle()
    visit(form, ward, f"response?r={reference}")
    toll.left += 1
    if form.page.get_by_label("Add a note").input_value() != begun:
        toll.lost.append(f"what was begun of {reference}")
    form.settle().press("Save the note")


def _meet(ward: Clinic, at_work: dict[str, Form], reference: str, toll: Toll) -> None:
    """Two change different things of one response at once: both stand."""
    first, second = at_work["desk"], at_work["doc"]
    for form in (first, second):
        visit(form, ward, f"response?r={reference}")
    _choose(first, "Who has it", "nell")
    _choose(second, "Status", "In review")
    toll.met += 1
    said = words(visit(first, ward, f"response?r={reference}"))
    for entry in ("given to nell", "status: In review"):
        if entry not in said:
            toll.lost.append(f"“{entry}” of {reference}")


def _choose(form: Form, label: str, option: str) -> None:
    form.page.get_by_role("combobox", name=label).first.click()
    form.page.get_by_role("option", name=option, exact=True).click()
    form.settle()


# ---------------------------------------------------------------- tasks


def tasks(ward: Clinic, browser: Browser) -> Iterator[tuple[str, int, float]]:
    """(what staff do, clicks, seconds of this machine)."""
    references = [ward.send(_form(n, n % 8 == 1)) for n in range(1, 41)]
    with at_desk(browser, ward) as arrive:
        form = arrive("doc")
        page = form.page

        def timed(name: str, *steps: Callable[[], object]) -> tuple[str, int, float]:
            begun = time.monotonic()
            for step in steps:
                step()
                form.settle()
            return name, len(steps), time.monotonic() - begun

        visit(form, ward, "worklist")
        yield timed("the urgent ones not reached", lambda: page.get_by_role("link", name="Call now").first.click())
        yield timed("open somebody; why stands in the list", lambda: page.locator("tbody a").first.click())
        yield timed("next in the list", lambda: page.get_by_role("link", name="Next").click())
        yield timed(
            "say that somebody was reached",
            lambda: page.locator(".st-key-work").get_by_text("Reached", exact=True).click(),
        )
        yield timed("take the call back", lambda: page.get_by_role("button", name="Take the last call back").click())
        yield timed(
            "prep sheet, to its link", lambda: page.get_by_role("button", name="Prep sheet", exact=True).click()
        )
        yield timed("copy as note", lambda: page.get_by_role("button", name="Copy as note").click())
        yield timed("read every answer", lambda: page.locator("#answers").scroll_into_view_if_needed())
        yield timed("begin a call", lambda: page.locator(".st-key-call-begin button").click())
        visit(form, ward, f"response?r={references[3]}")
        yield timed("back to the list", lambda: page.get_by_role("link", name="Worklist").last.click())
        box = page.get_by_role("searchbox")
        for spelling in ("Person 0007", "0007 person", "555 01", "1007", "03/08/1947", "8.3.1947", references[6]):

            def search(text: str = spelling) -> None:
                box.fill(text)
                box.press("Enter")

            yield timed(f"find by “{spelling.replace(references[6], 'the reference')}”", search)


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=ARGUMENTS)
        yield browser
        browser.close()


def main() -> None:
    """Run one of the two, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("days", "tasks"))
    parser.add_argument("--forms", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, clinic(Path(place)) as ward, _browser() as browser:
        if asked.what == "tasks":
            for name, clicks, seconds in tasks(ward, browser):
                print(f"| {name} | {clicks} | {seconds:.2f} |")
            return
        begun = time.monotonic()
        toll = days(ward, browser, asked.forms)
        print(f"{toll}\n{time.monotonic() - begun:.0f} s, {'clean' if toll.clean else 'NOT CLEAN'}")
        raise SystemExit(0 if toll.clean else 1)


if __name__ == "__main__":
    main()
