"""One response: who it is and what matters within ten seconds, what to discuss and to ask, every answer beside it."""

from __future__ import annotations

import streamlit as st

from screening.engine.answer_text import said, without_invisible
from screening.engine.result import Evidence, Flag
from screening.model.site import HeaderFact
from screening.records.work import Entry
from screening.ui.html import Html, each, html, joined, show
from screening.ui.staff import answers, call_list, people, since_last_panel, verdict, what_if, work_panel
from screening.ui.staff.page import PageContext, show_flash
from screening.use_cases.access import NotDone
from screening.use_cases.at_a_glance import at_a_glance, choices_that_count
from screening.use_cases.opened_response import OpenedResponse

ss = st.session_state


def draw(context: PageContext) -> None:
    """The response that the address names."""
    reference = str(st.query_params.get("r", ""))
    try:
        opened = context.review.responses.open(context.by, reference, already_open=ss.get("opened") == reference)
    except NotDone as error:
        st.title("Response", anchor=False)
        show("<p>{}</p>", error)
        return
    ss["opened"] = reference
    call_list.receive(context, opened)
    _steps(reference)
    st.title(_name(opened), anchor=False)
    _head(context, opened)
    show_flash()
    if call_list.draw(context, opened):
        return
    work_panel.stands(context, opened)
    left, right = st.columns([11, 9], gap="large")
    with left:
        _flags(context, opened)
        since_last_panel.draw(context, opened)
        call_list.questions(context, opened)
        work_panel.history(context, opened)
    with right:
        work_panel.draw(context, opened)
        people.draw(context, opened)
        answers.draw(context, opened)


def _steps(reference: str) -> None:
    """Back to the list that somebody came from, and to the next and the previous in it."""
    references, address = ss.get("list", ([], "/worklist"))
    place = references.index(reference) if reference in references else -1
    links = [(address, "Worklist")]
    if place > 0:
        links.append((f"/response?r={references[place - 1]}", "Previous"))
    if 0 <= place < len(references) - 1:
        links.append((f"/response?r={references[place + 1]}", "Next"))
    where = html("<span>{} of {}</span>", place + 1, len(references)) if place >= 0 else ""
    show('<nav class="steps" aria-label="In the list">{}{}</nav>', each('<a data-go href="{}">{}</a>', links), where)


def _name(opened: OpenedResponse) -> str:
    # A heading reads Markdown: what could be read as such is taken out of a name, which stands below as it was typed.
    name = opened.row.summary.name
    return (
        "".join(char if char.isalnum() or char in " '.,-" else " " for char in without_invisible(name)).strip()
        or "Name not given"
    )


def _head(context: PageContext, opened: OpenedResponse) -> None:
    """Who it is, why it matters, and the facts that site.yaml names."""
    record, summary, review = opened.record, opened.row.summary, context.review
    age = context.age(summary.birth)
    phone = "".join(char for char in summary.phone if char.isdigit() or char == "+")
    language = opened.content.questionnaire.languages.get(record.language, record.language)
    who = [
        html('<span class="typed">{}</span>', summary.name) if _name(opened) != summary.name.strip() else "",
        f"{age} years, born {summary.birth}" if age else "birth date not given",
        html('<a class="typed" href="tel:{}">{}</a>', phone, summary.phone) if phone else "no telephone given",
        language,
        f"sent {context.when(record.received)}",
        html("<span title='{}'>{}</span>", f"content {record.content[:12]}", record.reference),
        f"amended {record.amendments} time{'s' if record.amendments > 1 else ''}" if record.amendments else "",
        "" if opened.content.hash == record.content else "the questions of that day cannot be read: shown with today's",
    ]
    titles = list(dict.fromkeys(review.worklist.title(context.by, rule) for rule in summary.top))
    tier = summary.tier if summary.tier and summary.tier != "info" else None
    why = html(
        '<span class="pill {}">{}</span> {}',
        tier or "none",
        context.tier(tier) if tier else "No flags",
        ", ".join(titles) if tier else "",
    )
    facts = at_a_glance(opened.facts, opened.result, opened.content, context.language)
    hidden = {
        one.label
        for one in opened.content.site.staff.header
        if any(not answers.readable(context, opened, link_id) for link_id in _read_by(one, opened))
    }
    ten = each(
        '<div><dt>{}</dt><dd class="{}">{}</dd></div>',
        [
            (one.label, "" if one.state == "said" else "open", one.words)
            if one.label not in hidden
            else (one.label, "open", "for a clinician")
            for one in facts
        ],
    )
    show(
        '<section class="head" aria-label="At a glance"><p class="who">{}</p><p>{}</p>'
        '<dl class="ten">{}</dl></section>',
        joined(" · ", who),
        why,
        ten,
    )


def _read_by(fact: HeaderFact, opened: OpenedResponse) -> tuple[str, ...]:
    """The questions that a fact of the header is read from."""
    medicines = opened.content.medicines
    listed = bool(fact.takes or fact.mme) and medicines is not None
    return (*fact.items, *((medicines.link_id,) if listed and medicines else ()))


def _flags(context: PageContext, opened: OpenedResponse) -> None:
    every = opened.result.to_discuss()
    flags = [flag for flag in every if flag.tier != "info"]
    background = [flag for flag in every if flag.tier == "info"]
    covered = [flag for flag in opened.result.flags if flag.superseded]
    show("<h2>To discuss ({})</h2>", len(flags))
    if not flags:
        show("<p>Nothing above background was raised. That says nothing about the person's health.</p>")
    judged = opened.judged()
    for flag in flags:
        _card(context, opened, flag, judged)
    if background:
        with st.expander(f"Background ({len(background)})"):
            for flag in background:
                _card(context, opened, flag, judged)
    if covered:
        with st.expander(f"Also raised, and covered by a more specific one above ({len(covered)})"):
            for flag in covered:
                show("{}", _flag(context, opened, flag))
    if context.can("judge"):
        what_if.nearly(context, opened)


def _card(context: PageContext, opened: OpenedResponse, flag: Flag, judged: dict[str, Entry]) -> None:
    with st.container(key=f"flag-{flag.rule}"):
        show("{}", _flag(context, opened, flag))
        if context.can("judge"):
            verdict.draw(context, opened, flag.rule, judged.get(flag.rule))
            what_if.of_flag(context, opened, flag.rule)
        elif flag.rule in judged and context.review.worklist.reads_rule(context.by, flag.rule):
            show("<p>{}</p>", verdict.words(judged[flag.rule]))


def _flag(context: PageContext, opened: OpenedResponse, flag: Flag) -> Html:
    """A flag: its title, what clinicians read, and the choices that raised it in bold. Who may not read it sees how
    pressing it is."""
    tier, title = context.tier(flag.tier), context.review.worklist.title(context.by, flag.rule)
    head = html('<h3><span class="pill {}">{}</span> {}</h3>', flag.tier, tier.split(":")[0], title)
    if not context.review.worklist.reads_rule(context.by, flag.rule):
        return html('<div class="flag {}">{}<p>A clinician reads this one.</p></div>', flag.tier, head)
    language, content = context.language, opened.content
    rule = content.rules_by_id.get(flag.rule)
    reasons = each(
        "<li>{} {}</li>",
        [(content.question(one.link_id, language), _reason(context, opened, flag.rule, one)) for one in flag.evidence],
    )
    cited = [(one, content.sources[one.cite]) for one in rule.sources] if rule else []
    sources = "; ".join(
        f"{source.title}, {source.year}{' (' + citation.where + ')' if citation.where else ''}"
        for citation, source in cited
    )
    draft = " · not yet reviewed by a clinician" if rule and rule.status == "draft" else ""
    return html(
        '<div class="flag {}">{}<p class="clinician">{}</p><p>Because:</p><ul>{}</ul>'
        '<p class="source">Source: {}</p><p class="rule">Rule <a data-go href="/rule-book?rule={}">{}</a>{}</p></div>',
        flag.tier,
        head,
        rule.clinician if rule else flag.rule,
        reasons,
        sources or "none given",
        flag.rule,
        flag.rule,
        draft,
    )


def _reason(context: PageContext, opened: OpenedResponse, rule: str, one: Evidence) -> Html:
    """An answer of a reason: the choices that the rule looks at in bold, the others of the same answer not."""
    words = said(one.link_id, one.given, opened.content, context.language)
    counting = choices_that_count(rule, one.link_id, opened.content)
    if not isinstance(one.given, tuple) or not counting or len(words.chosen) != len(one.given):
        return html('<strong class="typed">{}</strong>', words.words or "no answer")
    both = zip(one.given, words.chosen, strict=True)
    return joined(
        "; ",
        (
            html("<strong>{}</strong>", text) if code in counting else html('<span class="beside">{}</span>', text)
            for code, text in sorted(both, key=lambda pair: pair[0] not in counting)
        ),
    )
