"""Which page of the topics stands before and after another: pages on which nothing is asked now are passed over."""

from __future__ import annotations

from collections.abc import Iterable

from screening.model.addresses import CHECK, CONSENT
from screening.model.section import SectionPage
from screening.ui.form.form import Form


def before(form: Form, address: str) -> str:
    """The address of the page before this one on which something is asked now; of the consent before the first."""
    earlier: list[SectionPage] = []
    for page in _pages(form):
        if page.address == address:
            break
        earlier.append(page)
    return _first_asked(form, reversed(earlier)) or CONSENT


def after(form: Form, address: str) -> str:
    """The address of the page after this one on which something is asked now; of the check page after the last."""
    pages = _pages(form)
    place = [page.address for page in pages].index(address)
    return _first_asked(form, pages[place + 1 :]) or CHECK


def page_of(form: Form, link_id: str) -> str:
    """The address of the page with this question."""
    return next(page.address for page in _pages(form) if any(item.link_id == link_id for item in page.items))


def _pages(form: Form) -> list[SectionPage]:
    return [page for section in form.intake.content.sections for page in section.pages]


def _first_asked(form: Form, pages: Iterable[SectionPage]) -> str:
    return next((page.address for page in pages if any(map(form.asks, form.plans(page.items)))), "")
