"""The patient's pages, in order: welcome, consent, one page a topic, check your answers, and the last page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from screening.model.addresses import CHECK, COME_BACK, CONSENT, DONE, SEND_NOW, WELCOME
from screening.ui.form import widgets
from screening.ui.patient import check, consent, done, resume, send_now, topic, welcome
from screening.ui.patient.session import PatientSession

Go = Callable[[str], None]


@dataclass(frozen=True)
class FormPage:
    """One page of the form: its address, its title, and what draws it."""

    path: str
    title: str
    draw: Callable[[PatientSession, Go], None]


def form_pages(session: PatientSession) -> list[FormPage]:
    """The pages in their order, in the person's language."""
    form = session.form
    sections = form.intake.content.sections
    return [
        FormPage(WELCOME, form.intake.content.questionnaire.title[form.language], welcome.draw),
        FormPage(CONSENT, form.say("consent-title"), consent.draw),
        *(
            FormPage(page.address, page.title[form.language], partial(topic.draw, number=number, page=page))
            for number, section in enumerate(sections)
            for page in section.pages
        ),
        FormPage(CHECK, form.say("check-title"), check.draw),
        FormPage(DONE, form.say("done-title"), done.draw),
    ]


def where(
    order: Sequence[str],
    asked: str,
    furthest: str,
    *,
    sent: bool = False,
    goes_on: bool = False,
    waiting: bool = False,
    resumed: bool = False,
) -> str:
    """The page to draw for somebody who asks for the address `asked`: never beyond their furthest page.

    sent: the form is with the clinic. goes_on: what was there is, and the person may answer more. waiting: a form of
    this device that nobody has said is theirs. resumed: the form of this device was just opened by itself, so that the
    first page means "go on".
    """
    reached = order.index(furthest) if furthest in order else 0
    if waiting:
        return COME_BACK
    if sent or (goes_on and asked == DONE):
        return DONE
    if asked == COME_BACK or (asked == SEND_NOW and reached > 1):  # after the consent
        return asked
    if asked == SEND_NOW:
        return order[reached]
    if (resumed and asked == order[0]) or order.index(asked) > reached:
        return order[reached]
    return asked


def run(session: PatientSession) -> None:
    """Draw the page that the address names, if the person has come that far."""
    in_order = form_pages(session)
    order = [page.path for page in in_order]

    def go(path: str) -> None:
        progress = session.progress
        if path in order:
            reached = order.index(progress.furthest) if progress.furthest in order else 0
            if path != DONE or progress.receipt:
                progress.furthest = order[max(reached, order.index(path))]
        session.tries, session.leaving = 0, False
        session.autosave.conflicts = None
        st.switch_page(pages[path])

    others = [
        FormPage(COME_BACK, session.form.say("resume-title"), resume.come_back),
        FormPage(SEND_NOW, session.form.say("send-now-title"), send_now.draw),
    ]
    pages = {
        page.path: st.Page(
            partial(page.draw, session, go), title=page.title, url_path=page.path, default=page.path == order[0]
        )
        for page in [*in_order, *others]
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    asked = next(path for path, page in pages.items() if page == chosen)
    allowed = where(
        order,
        asked,
        session.progress.furthest,
        sent=bool(session.progress.receipt),
        goes_on=bool(session.progress.sent),
        waiting=bool(session.waiting),
        resumed=session.resumed,
    )
    session.resumed = False
    if allowed != asked:
        st.switch_page(pages[allowed])
    with widgets.asking(session.form):
        try:
            chosen.run()
        finally:  # also when the page turns: what was typed is saved before anything else happens
            news = session.save()
        if news:
            session.form.redraw()
