"""Who has an account, with which role. Changing it ends their sessions at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from screening.records.accounts.account import ROLES, AccountProblem
from screening.ui.html import show
from screening.ui.staff.page import PageContext, flash, origin, show_flash, table

ss = st.session_state

REFUSED = {
    "page": "Pages, asked for too often",
    "address": "Addresses that are not there",
    "embedded": "What another site's page wanted of ours",
    "cookies": "Two cookies of one name",
    "socket": "Connections of pages, too many or without a cookie",
    "message": "Messages that no page sends",
    "form": "Forms of the sign-in that did not come from our page",
    "sign-in": "Sign-ins",
    "link": "Password links",
    "ticket": "Links to files",
    "service": "Sign-ins by the identity service",
    "code": "Codes to come back to a form",
    "sending": "Forms, sent too often",
    "proof": "Small sums that were not right",
    "draft": "Saved forms that do not open",
}
"""Kinds of refusals in words."""


def draw(context: PageContext) -> None:
    """The accounts, and what can be changed."""
    st.title("Accounts", anchor=False)
    show_flash()
    if link := ss.pop("link", None):
        name, path = link
        show('<p role="status">Give this link to the person, over a way you trust. It works once, for 24 hours:</p>')
        st.code(f"{name}: {origin()}{path}", language=None)
    review, by = context.review, context.by
    every = review.members.all(by)
    rows = []
    for one in every:
        ways = [
            name
            for name, there in (
                ("password", one.has_password),
                ("code", one.has_totp),
                ("clinic sign-in", one.has_subject),
            )
            if there
        ]
        made = f"{datetime.fromisoformat(one.made).astimezone(context.review.zone):%d %b %Y}"
        rows.append([one.name, one.role.replace("+", ", "), one.state, ", ".join(ways) or "not set up yet", made])
    show("{}", table(["Name", "Role", "State", "Signs in with", "Made"], rows))
    with st.container(border=True):
        show("<h2>Change an account</h2>")
        name = st.selectbox(
            "Account", [one.name for one in every if one.id != context.by.account.id], index=None, key="account"
        )
        chosen = next((one for one in every if one.name == name), None)
        if chosen:
            roles = st.multiselect("Roles", ROLES, chosen.roles, key=f"role {chosen.id}")
            role = "+".join(one for one in ROLES if one in roles)
            if role and role != chosen.role and st.button("Change the roles", key="role-change"):
                _done(lambda: review.members.set_role(by, chosen.name, role))
            if chosen.state == "active" and st.button("Disable", key="disable"):
                _done(lambda: review.members.disable(by, chosen.name))
            if chosen.state != "active" and st.button("Enable", key="enable"):
                _done(lambda: review.members.enable(by, chosen.name))
            if st.button("New one-time link (the old password ends)", key="link-make"):
                _linked(chosen.name, lambda: review.members.new_link(by, chosen.name))
    with st.container(border=True):
        show("<h2>Add an account</h2>")
        name = st.text_input("Name, such as an e-mail address", key=f"new {ss.get('added', 0)}", max_chars=64)
        roles = st.multiselect("Roles", ROLES, ROLES[:1], key="new-role")
        if st.button("Add", key="add", type="primary"):
            added = (name or "").strip().lower()
            _linked(added, lambda: review.members.add(by, added, "+".join(roles)))
    _refused(context)


def _refused(context: PageContext) -> None:
    """What was refused lately: whether somebody tries something."""
    with st.container(border=True):
        show("<h2>Refused in the last 24 hours</h2>")
        counts = context.review.members.refused(context.by)
        if not counts:
            show("<p>Nothing.</p>")
            return
        rows = [[REFUSED[one.kind], str(one.count), str(one.networks)] for one in counts if one.kind in REFUSED]
        show("{}", table(["What", "How often", "From networks, at least"], rows))


def _linked(name: str, do: Callable[[], str]) -> None:
    """Do it, and show the one-time link that comes of it."""
    try:
        ss["link"] = (name, do())
    except AccountProblem as error:
        flash(str(error), problem=True)
    else:
        ss["added"] = ss.get("added", 0) + 1
        flash("Saved.")
    st.rerun()


def _done(do: Callable[[], None]) -> None:
    try:
        do()
    except AccountProblem as error:
        flash(str(error), problem=True)
    else:
        flash("Saved. This person has been signed out everywhere.")
    st.rerun()
