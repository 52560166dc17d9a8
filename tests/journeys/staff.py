"""A server of both sides with accounts and responses, and a member of staff at a browser."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from screening.authoring.samples import generate
from screening.settings import Settings
from screening.use_cases.intake import Intake, new_form
from tests.journeys.conftest import Form, Server, accounts_of, new_context, running

PASSWORD = "seven wandering otters sing"
PEOPLE = {"desk": "front-desk", "nell": "exporter", "doc": "clinician", "boss": "admin"}


@dataclass
class Clinic:
    """A running server and the desk that its forms are sent through."""

    server: Server
    intake: Intake

    def send(self, answers: Mapping[str, Any]) -> str:
        """Send a form; its reference."""
        version = self.intake.content.questionnaire.consent.version
        return self.intake.submit(new_form(), answers, "en", {"version": version}).reference

    def made(self, seed: str, fullness: float = 0.6, **typed: str) -> dict[str, Any]:
        """Answers that the generator makes, with `typed` in place of some."""
        answers = generate.one(self.intake.content, random.Random(seed), self.intake.today(), fullness)["answers"]
        return answers | {name.replace("_", "-"): value for name, value in typed.items()}


@contextmanager
def clinic(place: Path) -> Iterator[Clinic]:
    """A clinic with an account for each role."""
    with running(place, SCREENING_ROLE="both") as server:
        accounts = accounts_of(server)
        for name, role in PEOPLE.items():
            accounts.add(name, role, "operator", datetime.now(UTC), password=PASSWORD)
        yield Clinic(server, Intake.open(Settings.at(server.data)))


@contextmanager
def at_desk(browser: Browser, clinic: Clinic) -> Iterator[Callable[..., Form]]:
    """Signs people in, each with a browser of their own; what a browser complains of fails the test at its end."""
    opened: list[tuple[Any, list[str]]] = []

    def arrive(name: str, **device: Any) -> Form:
        context = new_context(browser, **device)
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(f"error {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        own = (clinic.server.url, clinic.server.url.replace("http", "ws", 1), "data:", "blob:")
        context.on(
            "request", lambda request: None if request.url.startswith(own) else wrong.append(f"request {request.url}")
        )
        opened.append((context, wrong))
        page.goto(f"{clinic.server.url}/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return Form(page, wrong).settle()

    yield arrive
    for context, wrong in opened:
        context.close()
        assert not wrong, wrong


def visit(form: Form, clinic: Clinic, path: str) -> Form:
    """Open an address of the staff's side."""
    form.page.goto(f"{clinic.server.url}/{path}")
    form.settle()
    form.page.locator("h1").first.wait_for()
    return form


def words(form: Form) -> str:
    """What stands on the page."""
    return form.page.locator("[data-testid=stMain]").inner_text()
