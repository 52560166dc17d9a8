"""The staff's side: which pages there are, who may see them, and what every page has around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from screening.ui.html import each, html, show, stylesheet
from screening.ui.page_frame import page_frame
from screening.ui.staff import (
    accounts_page,
    clinic_figures_page,
    exports_page,
    first_day_page,
    response_page,
    rule_book_page,
    rules_in_practice,
    statistics,
    worklist_page,
)
from screening.ui.staff.page import PageContext
from screening.ui.staff.staff_frame import staff_frame
from screening.ui.turns import is_here
from screening.use_cases.permissions import Action, NotAllowed
from screening.use_cases.review import open_review

_STYLE = stylesheet(Path(__file__).parent / "staff.css")
PULSE = 30
"""Seconds from one look at what is new to the next."""
LANGUAGE = "en"
"""The language of the staff's side: what its readers read."""

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
    Page("figures", "Clinic figures", "pictures", clinic_figures_page.draw),
    Page("feedback", "Rules in practice", "judgements", rules_in_practice.draw),
    Page("rule-book", "Rule book", "rules", rule_book_page.draw),
    Page("first-day", "First day", "accounts", first_day_page.draw),
    Page("accounts", "Accounts", "accounts", accounts_page.draw),
)


def run() -> None:
    """Draw the page that the address names, if this person may see it."""
    review = open_review()
    by = review.who(str(st.user.get("staff") or ""))
    if by:
        is_here(after=0)
    context = PageContext(review, by) if by else None
    pages: dict[str, Any] = {}

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
    show("{}", _STYLE)
    if context is None:
        _signed_out()
        return
    _menu(context, page)
    try:
        context.review.require(context.by, page.action)
    except NotAllowed:  # a line of the audit trail says that somebody tried
        st.title("Not for this account", anchor=False)
        show("<p>Your role does not include this page. Ask whoever gives out accounts in your clinic.</p>")
        return
    _pulse(context, page)
    page.draw(context)
    bottom(context, page.path)


@st.fragment(run_every=PULSE)
def _pulse(context: PageContext, page: Page) -> None:
    """Every half minute: whether this person is still signed in, and who is newly urgent. No sign of life by itself."""
    if not context.review.holds(context.by):
        st.rerun()
    urgent = context.review.worklist.unreached(context.by)
    new = urgent - ss.setdefault("known-urgent", urgent)
    if new:
        show(
            '<p class="bar" role="alert"><strong>{} new urgent {}.</strong> '
            '<a data-go href="/worklist?queue=call">Show</a></p>',
            len(new),
            "form" if len(new) == 1 else "forms",
        )
    _others(context, page)
    named = page.title if page.path != "response" else f"{st.query_params.get('r', '')} · {page.title}"
    waiting = f"({len(urgent)}) " if urgent else ""
    staff_frame(title=f"{waiting}{named}", idle=context.review.staff.idle_minutes * 60)


def _others(context: PageContext, page: Page) -> None:
    """Who else has the same response open."""
    reference = st.query_params.get("r", "") if page.path == "response" else ""
    if not reference:
        context.review.presence.leaves(context.by)
    elif others := context.review.presence.here(context.by, reference):
        show(
            '<p class="note" role="status">{} {} this response open too. Each change is kept by itself; who changes '
            "the same thing later is told.</p>",
            " and ".join(others),
            "has" if len(others) == 1 else "have",
        )


def bottom(context: PageContext, path: str, idle: bool = True) -> None:
    """The end of a page. After some minutes without a touch the page is drawn anew: the session has ended by then."""
    minutes = context.review.staff.idle_minutes
    if page_frame(
        at=f"{path} {st.query_params.get('r', '')}", sel="h1", text="", lang=LANGUAGE, idle=minutes * 60 if idle else 0
    ):
        context.review.accounts.end(context.by.id, context.review.now())
        for key in list(ss):
            del ss[key]
        st.rerun()


def _signed_out() -> None:
    st.title("Please sign in", anchor=False)
    show(
        "<p>You are not signed in, or nobody touched this page for a while. What you had saved or begun to write is "
        'kept.</p><p><a class="as-button" href="/sign-in" target="_self">Sign in</a></p>'
    )
    staff_frame(title="Please sign in", idle=0)
    page_frame(at="signed out", sel="h1", text="", lang=LANGUAGE, idle=0)


def _menu(context: PageContext, here: Page) -> None:
    account, logo = context.by.account, context.review.content.logo
    links = each(
        '<li><a data-go href="/{}" {}>{}</a></li>',
        [
            (page.path, html('aria-current="page"') if page is here else "", page.title)
            for page in PAGES
            if page.listed and context.can(page.action)
        ],
    )
    drafts = html(
        '<span class="tag" role="note" title="No clinician has reviewed this content yet">Not yet reviewed</span>'
    )
    show(
        '<style>:root {{ {} }}</style><header class="top">{}<strong class="clinic">{}</strong>{}'
        '<nav aria-label="Pages"><ul>{}</ul></nav>'
        '<span class="me">{} <small>{}</small> <a href="/sign-out" target="_self">Sign out</a></span></header>',
        context.review.content.site.brand.variables(),
        html('<img src="{}" alt="">', logo.address) if logo else "",
        context.review.content.site.clinic.name[LANGUAGE],
        drafts if context.review.content.has_drafts else "",
        links,
        account.name,
        account.role,
    )
