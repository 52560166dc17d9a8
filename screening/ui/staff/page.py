"""The staff's side: who is here, the pages that their role may see, and what every page has."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, NoReturn

import streamlit as st

from screening.use_cases.permissions import Action
from screening.use_cases.review import Review, StaffSession

TOLD_SECONDS = 8

ss = st.session_state


@dataclass(frozen=True)
class PageContext:
    """What a page needs: the records' door, who is here, and how to go to another page."""

    review: Review
    by: StaffSession
    pages: dict[str, Any]

    def can(self, action: Action) -> bool:
        """Whether this person may do it."""
        return self.review.can(self.by, action)

    def when(self, iso: str) -> str:
        """A stored time on the clinic's clock."""
        return f"{datetime.fromisoformat(iso).astimezone(self.review.zone):%d %b %Y, %H:%M}"

    def go(self, path: str, **query: str) -> NoReturn:
        """Turn to another page; `query` goes into the address: ids and filters, never a name or an answer."""
        st.switch_page(self.pages[path], query_params=query)


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
        look = 'class="summary" role="alert"' if problem else 'class="note" role="status"'
        st.html(f"<div {look}><p>{escape(words)}</p></div>")


def _here() -> tuple[Any, ...]:
    return st.context.url, *sorted(st.query_params.to_dict().items())


def table(headers: list[str], rows: list[list[str]], caption: str = "") -> str:
    """A table as HTML; every cell is escaped."""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in headers)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{escape(name)}">{escape(cell)}</td>' for name, cell in zip(headers, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table class='plain'>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
