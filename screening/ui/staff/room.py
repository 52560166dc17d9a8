"""The staff's side: who is here, the pages that their role may see, and what every page has."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from screening.review import Action, Review, StaffSession, review
from screening.ui.chrome import chrome

_STYLE = f"<style>{(Path(__file__).parent / 'staff.css').read_text('utf-8')}</style>"

TOLD_SECONDS = 8

ss = st.session_state


@dataclass(frozen=True)
class Room:
    """What a page needs: the records' door, who is here, and how to go to another page."""

    desk: Review
    by: StaffSession
    pages: dict[str, Any]

    def may(self, action: Action) -> bool:
        """Whether this person may do it."""
        return self.desk.may(self.by, action)

    def when(self, iso: str) -> str:
        """A stored time on the clinic's clock."""
        return f"{datetime.fromisoformat(iso).astimezone(self.desk.desk.zone):%d %b %Y, %H:%M}"

    def go(self, path: str, **query: str) -> NoReturn:
        """Turn to another page; `query` goes into the address: ids and filters, never a name or an answer."""
        st.switch_page(self.pages[path], query_params=query)


@dataclass(frozen=True)
class Place:
    """A page of the staff's side. action: what somebody must be allowed to see it. listed: whether the menu names it."""

    path: str
    title: str
    action: Action
    draw: Callable[[Room], None]
    listed: bool = True


def places() -> tuple[Place, ...]:
    """Every page of the staff's side."""
    from screening.ui.staff import accounts, judgements, overview, response, rule_book, taking, worklist

    return (
        Place("worklist", "Worklist", "list", worklist.draw),
        Place("response", "Response", "open", response.draw, listed=False),
        Place("exports", "Exports", "export-deidentified", taking.draw),
        Place("pictures", "Pictures", "pictures", overview.draw),
        Place("feedback", "Rules in practice", "judgements", judgements.draw),
        Place("rule-book", "Rule book", "rules", rule_book.draw),
        Place("accounts", "Accounts", "accounts", accounts.draw),
    )


def run() -> None:
    """Draw the page that the address names, if this person may see it."""
    desk = review()
    by = desk.who(str(st.user.get("staff") or ""))
    every = places()
    pages: dict[str, Any] = {}
    room = Room(desk, by, pages) if by else None

    def drawing(place: Place) -> Callable[[], None]:
        return lambda: _draw(room, place)

    for place in every:
        pages[place.path] = st.Page(drawing(place), title=place.title, url_path=place.path)
    seen = [place for place in every if room and room.may(place.action)]
    first = next((place.path for place in seen if place.listed), "worklist")
    home = st.Page(lambda: st.switch_page(pages[first]), title="Staff", url_path="staff", default=True)
    chosen = st.navigation([home, *pages.values()], position="hidden")
    chosen.run()


def _draw(room: Room | None, place: Place) -> None:
    st.html(_STYLE)
    if room is None:
        _signed_out()
        return
    if not room.may(place.action):
        _menu(room, place)
        st.title("Not for this account", anchor=False)
        st.html("<p>Your role does not include this page. Ask whoever gives out accounts in your clinic.</p>")
        return
    _menu(room, place)
    place.draw(room)
    bottom(room, place.path)


def bottom(room: Room, page: str, idle: bool = True) -> None:
    """The end of a page. After some minutes without a touch the page is drawn anew: the session has ended by then."""
    minutes = room.desk.staff.idle_minutes
    if chrome(at=f"{page} {st.query_params.get('r', '')}", sel="h1", text="", lang="en", idle=minutes * 60 if idle else 0):
        room.desk.accounts.end(room.by.id, room.desk.desk.now())
        for key in list(ss):
            del ss[key]
        st.rerun()


def _signed_out() -> None:
    st.title("Please sign in", anchor=False)
    st.html(
        "<p>You are not signed in, or nobody touched this page for a while. What you had saved is kept.</p>"
        '<p><a class="as-button" href="/sign-in" target="_self">Sign in</a></p>'
    )
    chrome(at="signed out", sel="h1", text="", lang="en", idle=0)


def _menu(room: Room, here: Place) -> None:
    account = room.by.account
    with st.container(horizontal=True, key="menu"):
        for place in places():
            if place.listed and room.may(place.action):
                st.page_link(room.pages[place.path], label=place.title)
        st.html(f'<p class="who">{escape(account.name)} ({escape(account.role)}) <a href="/sign-out" target="_self">Sign out</a></p>')
    if room.desk.content.has_drafts:
        st.html('<p class="drafts" role="note">Content not yet reviewed by a clinician</p>')


def told(words: str, problem: bool = False) -> None:
    """Keep a sentence to show on this page from its next drawing on. problem: something was not done."""
    ss["told"] = (words, problem, _here(), None)


def news() -> None:
    """Show what was kept to be told, on its own page and for a few seconds: another run may follow the first at once."""
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
        "<tr>" + "".join(f'<td data-label="{escape(name)}">{escape(cell)}</td>' for name, cell in zip(headers, row, strict=True)) + "</tr>"
        for row in rows
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table class='plain'>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
