"""The staff's side: which pages there are, who may see them, and what every page has around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from screening.ui.page_frame import chrome
from screening.ui.staff import (
    accounts_page,
    exports_page,
    response_page,
    rule_book_page,
    rules_in_practice,
    statistics,
    worklist_page,
)
from screening.ui.staff.page import Room
from screening.use_cases.permissions import Action
from screening.use_cases.review import review

_STYLE = f"<style>{(Path(__file__).parent / 'staff.css').read_text('utf-8')}</style>"

ss = st.session_state


@dataclass(frozen=True)
class Place:
    """A page of the staff's side. action: what somebody must be allowed to see it. listed: whether the menu names
    it."""

    path: str
    title: str
    action: Action
    draw: Callable[[Room], None]
    listed: bool = True


def places() -> tuple[Place, ...]:
    """Every page of the staff's side."""
    return (
        Place("worklist", "Worklist", "list", worklist_page.draw),
        Place("response", "Response", "open", response_page.draw, listed=False),
        Place("exports", "Exports", "export-deidentified", exports_page.draw),
        Place("pictures", "Pictures", "pictures", statistics.draw),
        Place("feedback", "Rules in practice", "judgements", rules_in_practice.draw),
        Place("rule-book", "Rule book", "rules", rule_book_page.draw),
        Place("accounts", "Accounts", "accounts", accounts_page.draw),
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
    if chrome(
        at=f"{page} {st.query_params.get('r', '')}", sel="h1", text="", lang="en", idle=minutes * 60 if idle else 0
    ):
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
        st.html(
            f'<p class="who">{escape(account.name)} ({escape(account.role)}) <a href="/sign-out" '
            f'target="_self">Sign out</a></p>'
        )
    if room.desk.content.has_drafts:
        st.html('<p class="drafts" role="note">Content not yet reviewed by a clinician</p>')
