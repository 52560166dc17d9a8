"""The staff's side: who is here, the pages that their role may see, and what every page has."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from screening.records.accounts.account import StaffSession
from screening.ui.html import Html, each, html, show
from screening.use_cases.changes import Outcome
from screening.use_cases.permissions import Action
from screening.use_cases.review import StaffReview

TOLD_SECONDS = 8

ss = st.session_state


@dataclass(frozen=True)
class PageContext:
    """What a page needs: the records' door, and who is here."""

    review: StaffReview
    by: StaffSession

    @property
    def language(self) -> str:
        """The language that whoever works here reads."""
        return self.review.content.languages[0]

    def can(self, action: Action) -> bool:
        """Whether this person may do it."""
        return self.review.can(self.by, action)

    def when(self, iso: str) -> str:
        """A stored time on the clinic's clock."""
        return f"{datetime.fromisoformat(iso).astimezone(self.review.zone):%d %b %Y, %H:%M}"

    def short(self, iso: str) -> str:
        """A stored time as a line has room for: the time of today, else the day."""
        then = datetime.fromisoformat(iso).astimezone(self.review.zone)
        return f"{then:%H:%M}" if then.date() == self.review.today() else f"{then:%b} {then.day}"

    def age(self, birth: str) -> str:
        """How old somebody is today, by their birth date; empty where it is not known."""
        try:
            born = date.fromisoformat(birth)
        except ValueError:
            return ""
        today = self.review.today()
        return str(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))

    def tier(self, tier: str) -> str:
        """The clinic's words for a tier."""
        return self.review.staff.tiers.get(tier, tier)


OUTCOMES: dict[Outcome, str] = {
    "reached": "Reached",
    "voicemail": "Voicemail",
    "no-answer": "No answer",
    "wrong-number": "Wrong number",
    "not-needed": "No call needed",
}
"""What may come of a call."""


def outcome_words(code: str) -> str:
    """What came of a call, within a sentence; the code where there is no such outcome any more."""
    return next((words.lower() for outcome, words in OUTCOMES.items() if outcome == code), code)


def day(text: str) -> date | None:
    """A day as an address names it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def iso(chosen: Any) -> str:
    """A chosen day as an address names it; empty for none."""
    return chosen.isoformat() if isinstance(chosen, date) else ""


def span(time: timedelta) -> str:
    """How long, in two units at most: 2 h 10 min, 3 days."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, days = minutes // 60, minutes // (24 * 60)
    return f"{hours} h {minutes % 60} min" if hours < 10 else f"{hours} h" if hours < 48 else f"{days} days"


def origin() -> str:
    """The address of this server as the browser knows it, without a page."""
    place = urlsplit(st.context.url or "")
    return f"{place.scheme}://{place.netloc}" if place.netloc else ""


def flash(words: str, problem: bool = False) -> None:
    """Keep a sentence to show on this page from its next drawing on. problem: something was not done."""
    ss["told"] = (words, problem, _here(), None)


def show_flash() -> None:
    """Show what was kept to be told, on its own page and for a few seconds: another run may follow the first at
    once."""
    words, problem, place, until = ss.get("told", ("", False, None, None))
    now = time.monotonic()
    if place != _here() or (until and now > until):
        ss.pop("told", None)
    else:
        ss["told"] = (words, problem, place, until or now + TOLD_SECONDS)
        look, role = ("summary", "alert") if problem else ("note", "status")
        show('<div class="{}" role="{}"><p>{}</p></div>', look, role, words)


def _here() -> tuple[Any, ...]:
    return st.context.url, *sorted(st.query_params.to_dict().items())


def table(headers: list[str], rows: list[list[str]], caption: str = "") -> Html:
    """A table; every cell is text, or markup that `html` made."""
    head = each('<th scope="col">{}</th>', headers)
    cells = [each('<td data-label="{}">{}</td>', zip(headers, row, strict=True)) for row in rows]
    said = html("<caption>{}</caption>", caption) if caption else ""
    body = each("<tr>{}</tr>", cells)
    return html('<table class="plain">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>', said, head, body)
