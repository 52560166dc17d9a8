"""What the first admin does on the first day, in order: the clinic, the accounts, the ways in, and a test form."""

from __future__ import annotations

import segno
import streamlit as st

from screening.ui.html import Html, each, html, show
from screening.ui.staff.page import PageContext, origin

WORK = ("front-desk", "clinician", "admin")
"""Roles without which nobody can work, read or look after accounts."""


def draw(context: PageContext) -> None:
    """The steps, each with how far it is."""
    st.title("First day", anchor=False)
    _clinic(context)
    _accounts(context)
    _ways_in(context)
    show(
        "<h2>4. Send a test form</h2><p>Fill in the form as a person would, with a made-up name, and find it on the "
        "worklist. Then remove it: <code>python -m screening erase REFERENCE</code>.</p>"
        '<p><a class="as-button" href="/" target="_blank">Open the form</a></p>'
    )


def _clinic(context: PageContext) -> None:
    site, language = context.review.content.site, context.language
    clinic = site.clinic
    facts = {
        "Name": clinic.name[language],
        "Telephone": clinic.phone,
        "Hours": clinic.hours[language],
        "New forms are read": clinic.read_within[language],
        "Time zone": clinic.time_zone,
        "Help line": site.help.line[language],
        "Urgent people are due within": f"{site.staff.due_hours.get('urgent', '–')} hours",
        "Forms are kept": f"{site.retention_days} days",
    }
    show(
        "<h2>1. Is this your clinic?</h2><dl class='facts'>{}</dl><p>Change it in <code>content/site.yaml</code>, then "
        "run <code>python -m screening check</code> and start the app again.</p>{}",
        each("<dt>{}</dt><dd>{}</dd>", facts.items()),
        html("<p>Questions and rules are not yet reviewed by a clinician: see the rule book.</p>")
        if context.review.content.has_drafts
        else "",
    )


def _accounts(context: PageContext) -> None:
    members = [one for one in context.review.members.all(context.by) if one.state == "active"]
    held = {role: [one.name for one in members if role in one.roles] for role in WORK}
    lines = [(role, ", ".join(names) if names else html("<strong>nobody yet</strong>")) for role, names in held.items()]
    show(
        "<h2>2. Who works here</h2><dl class='facts'>{}</dl><p>One person may have several roles. "
        '<a data-go href="/accounts">Add accounts</a> and give each person their link.</p>',
        each("<dt>{}</dt><dd>{}</dd>", lines),
    )


def _ways_in(context: PageContext) -> None:
    base = origin()
    ways = {"For patients: the form": f"{base}/", "For staff: sign in": f"{base}/sign-in"}
    show(
        '<h2>3. The ways in</h2><div class="ways">{}</div><p>Print these, or send the addresses. They are those of the '
        "browser that you use now.</p>",
        each("{}", [_way(words, link) for words, link in ways.items()]),
    )


def _way(words: str, link: str) -> Html:
    picture = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
    return html(
        '<figure><img alt="{}" src="{}"><figcaption>{}<br>{}</figcaption></figure>', words, picture, words, link
    )
