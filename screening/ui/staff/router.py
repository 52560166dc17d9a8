"""The staff's side: which pages there are, who may see them, and what every page has around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from screening.ui.page_frame import page_frame
from screening.ui.staff import (
    accounts_page,
    exports_page,
    response_page,
    rule_book_page,
    rules_in_practice,
    statistics,
    worklist_page,
)
from screening.ui.staff.page import PageContext
from screening.use_cases.permissions import Action
from screening.use_cases.review import open_review

_STYLE = f"<style>{(Path(__file__).parent / 'staff.css').read_text('utf-8')}</style>"

ss = st.session_state


@dataclass(frozen=True)
class Page:
    """A page of the staff's side. action: what somebody must be allowed to see it. listed: whether the menu names
    it."""

    path: str
    title: str
    action: Action
    draw: Callable[[PageContext], None]
    listed: bool = True


PAGES = (
    Page("worklist", "Worklist", "list", worklist_page.draw),
    Page("response", "Response", "open", response_page.draw, listed=False),
    Page("exports", "Exports", "export-deidentified", exports_page.draw),
    Page("pictures", "Pictures", "pictures", statistics.draw),
    Page("feedback", "Rules in practice", "judgements", rules_in_practice.draw),
    Page("rule-book", "Rule book", "rules", rule_book_page.draw),
    Page("accounts", "Accounts", "accounts", accounts_page.draw),
)


def run() -> None:
    """Draw the page that the address names, if this person may see it."""
    review = open_review()
    by = review.who(str(st.user.get("staff") or ""))
    pages: dict[str, Any] = {}
    context = PageContext(review, by, pages) if by else None

    def drawing(page: Page) -> Callable[[], None]:
        return lambda: _draw(context, page)

    for page in PAGES:
        pages[page.path] = st.Page(drawing(page), title=page.title, url_path=page.path)
    seen = [page for page in PAGES if context and context.can(page.action)]
    first = next((page.path for page in seen if page.listed), "worklist")
    home = st.Page(lambda: st.switch_page(pages[first]), title="Staff", url_path="staff", default=True)
    chosen = st.navigation([home, *pages.values()], position="hidden")
    chosen.run()


def _draw(context: PageContext | None, page: Page) -> None:
    st.html(_STYLE)
    if context is None:
        _signed_out()
        return
    if not context.can(page.action):
        _menu(context, page)
        st.title("Not for this account", anchor=False)
        st.html("<p>Your role does not include this page. Ask whoever gives out accounts in your clinic.</p>")
        return
    _menu(context, page)
    page.draw(context)
    bottom(context, page.path)


def bottom(context: PageContext, path: str, idle: bool = True) -> None:
    """The end of a page. After some minutes without a touch the page is drawn anew: the session has ended by then."""
    minutes = context.review.staff.idle_minutes
    if page_frame(
        at=f"{path} {st.query_params.get('r', '')}", sel="h1", text="", lang="en", idle=minutes * 60 if idle else 0
    ):
        context.review.accounts.end(context.by.id, context.review.now())
        for key in list(ss):
            del ss[key]
        st.rerun()


def _signed_out() -> None:
    st.title("Please sign in", anchor=False)
    st.html(
        "<p>You are not signed in, or nobody touched this page for a while. What you had saved is kept.</p>"
        '<p><a class="as-button" href="/sign-in" target="_self">Sign in</a></p>'
    )
    page_frame(at="signed out", sel="h1", text="", lang="en", idle=0)


def _menu(context: PageContext, here: Page) -> None:
    account = context.by.account
    with st.container(horizontal=True, key="menu"):
        for page in PAGES:
            if page.listed and context.can(page.action):
                st.page_link(context.pages[page.path], label=page.title)
        st.html(
            f'<p class="who">{escape(account.name)} ({escape(account.role)}) <a href="/sign-out" '
            f'target="_self">Sign out</a></p>'
        )
    if context.review.content.has_drafts:
        st.html('<p class="drafts" role="note">Content not yet reviewed by a clinician</p>')
