"""The patient's pages, in order: welcome, consent, one page a topic, check your answers, and the last page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import streamlit as st

from screening.engine.facts import ResponseFacts
from screening.engine.program import ItemPlan
from screening.model.section import Section
from screening.ui.form import widgets
from screening.ui.form.answers import shown
from screening.ui.form.question import widget_key
from screening.ui.form.visit import Visit, address, visitor
from screening.ui.html import each, html, show
from screening.ui.patient import frame, resume
from screening.ui.patient.resume import COME_BACK
from screening.use_cases import tickets
from screening.use_cases.intake import NotReady, NotSaved, TooMany

ss = st.session_state


def run(visit: Visit) -> None:
    """Draw the page that the address names, if the person has come that far."""
    content = visit.intake.content
    steps: list[tuple[str, str, Callable[[], None]]] = [
        ("welcome", content.questionnaire.title[visit.language], lambda: welcome(visit, go)),
        ("before-you-start", visit.say("consent-title"), lambda: consent(visit, go)),
    ]
    for number, section in enumerate(content.sections):
        draw = lambda one=section, n=number: topic(visit, one, n, go)  # noqa: E731
        steps.append((section.section, section.title[visit.language], draw))
    steps.append(("check", visit.say("check-title"), lambda: check(visit, go)))
    steps.append(("done", visit.say("done-title"), lambda: done(visit, go)))

    order = [path for path, _, _ in steps]
    furthest = "done" if visit.receipt else visit.furthest
    reached = order.index(furthest) if furthest in order else 0
    other = (COME_BACK, visit.say("resume-title"), lambda: resume.come_back(visit, go))
    pages = {
        path: st.Page(draw, title=title, url_path=path, default=path == order[0])
        for path, title, draw in [*steps, other]
    }

    def go(path: str) -> None:
        if path in order:
            visit.furthest = order[max(reached, order.index(path))]
        visit.tries = 0
        visit.conflicts = None
        st.switch_page(pages[path])

    chosen = st.navigation(list(pages.values()), position="hidden")
    here = next(path for path, page in pages.items() if page == chosen)
    if visit.waiting and here != COME_BACK:
        st.switch_page(pages[COME_BACK])
    if visit.receipt and here != "done":
        st.switch_page(pages["done"])
    if visit.resumed and here == order[0] and reached:
        visit.resumed = False
        st.switch_page(pages[order[reached]])
    visit.resumed = False
    if here != COME_BACK and order.index(here) > reached:
        st.switch_page(pages[order[reached]])
    try:
        chosen.run()
    finally:  # also when the page turns: what was typed is saved before anything else happens
        news = visit.save()
    if ss.pop("rerun_needed", False) or news:  # a widget must be changed before it is drawn: draw once more
        st.rerun()


Go = Callable[[str], None]


def welcome(visit: Visit, go: Go) -> None:
    """What this is, what it is not, how long it takes, and where help is."""
    content = visit.intake.content
    title = content.questionnaire.title[visit.language]
    frame.top(visit, title)
    lines = ("welcome-what", "welcome-not", "welcome-time", "welcome-saved", "welcome-medicines")
    values = {**visit.site(), "minutes": content.site.minutes}
    show(
        '<p class="notice">{}</p>{}',
        visit.say("welcome-emergency"),
        each("<p>{}</p>", [visit.say(line, **values) for line in lines]),
    )
    if st.button(visit.say("start"), type="primary", key="next"):
        go("before-you-start")
    if st.button(visit.say("resume-have"), type="tertiary", key="resume-have"):
        go(COME_BACK)
    frame.bottom(visit, "welcome", title)


def consent(visit: Visit, go: Go) -> None:
    """What the person agrees to, in a version that is stored with the response."""
    content = visit.intake.content
    told = content.questionnaire.consent
    title = visit.say("consent-title")
    frame.top(visit, title)
    missing = bool(visit.tries) and not visit.consents
    if missing:
        frame.summary(visit, [visit.say("consent-missing")])
    points = each("<li>{}</li>", [point.text[visit.language] for point in told.points])
    words = told.text[visit.language].format_map(
        {"days": content.site.retention_days, "draft_days": content.site.draft_days}
    )
    show("<p>{}</p><ul>{}</ul>", words, points)
    visit.consents = st.checkbox(visit.say("consent-agree"), key=widget_key(visit, "consent", visit.consents or None))
    if not visit.consents:
        visit.agreed, visit.furthest = None, "before-you-start"
    back, on = _buttons(visit)
    if back:
        go("welcome")
    if on:
        if visit.consents:
            visit.agreed = {
                "version": told.version,
                "points": [point.id for point in told.points],
                "language": visit.language,
            }
            visit.agreed["at"] = visit.intake.now().astimezone(UTC).isoformat(timespec="seconds")
            go(content.sections[0].section)
        visit.tries += 1
        st.rerun()
    frame.bottom(visit, "consent", title, visit.say("errors-title") if missing else None)


def topic(visit: Visit, section: Section, number: int, go: Go) -> None:
    """One topic: its questions from top to bottom; a follow-up appears as soon as the answer above opens it."""
    sections = visit.intake.content.sections
    title = section.title[visit.language]
    frame.top(visit, title, step=(number + 1, len(sections)))
    plans = visit.plans(section)
    refused = [f"{plan.item.text[visit.language]} {words}" for plan in plans if (words := visit.refusal(plan.item))]
    if refused:
        frame.summary(visit, refused)
    if section.intro:
        show("<p>{}</p>", section.intro[visit.language])
    for plan in plans:
        if visit.asks(plan):
            question(visit, plan)
    back, on = _buttons(visit)
    resume.code(visit, first=number == 0)
    if back:
        go(sections[number - 1].section if number else "before-you-start")
    if on:
        wrong = visit.problems
        visit.refused = {plan.item.link_id for plan in plans if plan.item.link_id in wrong}
        if not visit.refused:
            go(sections[number + 1].section if number + 1 < len(sections) and not visit.changing else "check")
        visit.tries += 1
        st.rerun()
    frame.bottom(visit, section.section, title, visit.say("errors-title") if refused else None)


def question(visit: Visit, plan: ItemPlan) -> None:
    """One item, and at once the help that its answer asks for."""
    item = plan.item
    widgets.ask(visit, plan)
    if item.show_help and any(link_id == item.link_id for link_id, _ in visit.facts.help_blocks()):
        frame.help_block(visit, item.show_help.block)


def check(visit: Visit, go: Go) -> None:
    """Everything that was answered, with a way back to each topic, and the button that sends it."""
    title = visit.say("check-title")
    frame.top(visit, title)
    facts = visit.facts
    visit.changing = False
    _help(visit)
    if ss.get("not-saved"):
        words = visit.say("not-saved", **visit.site())
        heading = visit.say("not-saved-title")
        show('<div class="summary" role="alert"><h2>{}</h2><p>{}</p></div>', heading, words)
    show("<p>{}</p>", visit.say("check-intro"))
    blank = sum(facts.status(plan.number) == "skipped" for plan in facts.asked)
    if blank:
        show("<p>{}</p>", visit.say("check-blank", n=blank))
    for section in visit.intake.content.sections:
        _section_answers(visit, section, facts, go)
    if visit.problems:
        frame.problem(visit.say("check-problems"))
    with st.container(horizontal=True):
        back = st.button(visit.say("back"), key="back")
        send = st.button(visit.say("submit"), type="primary", key="next", disabled=bool(visit.problems))
    if back:
        go(visit.intake.content.sections[-1].section)
    if send:
        try:
            visit.receipt = visit.intake.submit(
                visit.form, visit.typed, visit.language, visit.agreed or {}, visit.draft, address()
            )
        except (NotSaved, NotReady, TooMany):
            ss["not-saved"] = True
            visit.tries += 1
            st.rerun()
        ss.pop("not-saved", None)
        go("done")
    frame.bottom(visit, "check", title, visit.say("not-saved-title") if ss.get("not-saved") else None)


def _section_answers(visit: Visit, section: Section, facts: ResponseFacts, go: Go) -> None:
    title = section.title[visit.language]
    rows = []
    problems = visit.problems
    for plan in visit.plans(section):
        if visit.asks(plan):
            link_id = plan.item.link_id
            text = shown(visit, plan.item)
            answer = html("<dd>{}</dd>", text) if text else html('<dd class="open">{}</dd>', visit.say("left-out"))
            if link_id in problems:
                answer += html('<dd class="problem">{}</dd>', visit.problem_words(plan.item, problems[link_id]))
            rows.append((plan.item.text[visit.language], answer))
    show('<h2>{}</h2><dl class="answers">{}</dl>', title, each("<dt>{}</dt>{}", rows))
    if st.button(visit.say("check-change", topic=title), key=f"change-{section.section}"):
        visit.changing = True
        go(section.section)


def done(visit: Visit, go: Go) -> None:
    """The receipt, help where an answer asked for it, topics in neutral words, what happens next, the person's own
    copy."""
    receipt = visit.receipt
    if not receipt:
        go("welcome")
        return
    title = visit.say("done-title")
    frame.top(visit, title)
    _help(visit)
    show(
        '<h2>{}</h2><p class="reference">{}</p><p>{}</p><h2>{}</h2><p>{}</p><p>{}</p>',
        visit.say("done-reference"),
        receipt.reference,
        visit.say("done-keep"),
        visit.say("done-next-title"),
        visit.say("done-next", **visit.site()),
        visit.say("welcome-medicines"),
    )
    topics = visit.intake.topics(visit.facts, visit.language)
    if topics:
        show(
            "<h2>{}</h2><p>{}</p><ul>{}</ul>",
            visit.say("done-topics-title"),
            visit.say("done-topics"),
            each("<li>{}</li>", topics),
        )
    if visit.typed:  # after a reload the answers are with the clinic only
        show("<h2>{}</h2><p>{}</p>", visit.say("done-copy-title"), visit.say("done-copy-once"))
        if st.button(visit.say("done-copy"), key="copy"):
            make = lambda: visit.intake.copy(receipt, visit.facts, visit.language)  # noqa: E731
            visit.copy_ticket = tickets.issue(visitor(), make, tickets.SECONDS, "my-answers.pdf", "application/pdf")
        if visit.copy_ticket:
            st.link_button(visit.say("done-copy-link"), f"/take/{visit.copy_ticket}", key="copy-link")
    show("<p>{}</p>", visit.say("done-finish-why"))
    if st.button(visit.say("done-finish"), key="finish"):
        resume.clear(visit)
    frame.bottom(visit, "done", title)


def _help(visit: Visit) -> None:
    """Once more the help that any answer asks for."""
    for kind in frame.help_kinds(visit):
        frame.help_block(visit, kind)


def _buttons(visit: Visit) -> tuple[bool, bool]:
    with st.container(horizontal=True, key="buttons"):
        back = st.button(visit.say("back"), key="back")
        on = st.button(visit.say("continue"), type="primary", key="next")
    return back, on
