"""The address of a list: what it names, what it means nothing by, and how one goes to another."""

from __future__ import annotations

from dataclasses import asdict, replace
from urllib.parse import urlencode

import streamlit as st

from screening.ui.staff.page import PageContext, day
from screening.use_cases.queues import QUEUES
from screening.use_cases.worklist import NOBODY, SORTS, Wanted, tiers


def address(wanted: Wanted, sort: str = "", page: int = 1) -> str:
    """The address of a list: codes only, and nothing that was searched for."""
    fields = asdict(replace(wanted, text="")) | {"sort": sort, "page": page if page > 1 else ""}
    asked = {name: "yes" if value is True else value for name, value in fields.items() if value}
    return f"/worklist?{urlencode(asked)}" if asked else "/worklist"


def asked_for(context: PageContext) -> tuple[Wanted, str, int, list[str]]:
    """What the address names; and the names in it that mean nothing here, which must not widen the list unsaid."""
    asked = st.query_params
    known: dict[str, set[str]] = {
        "queue": set(QUEUES),
        "status": {"all", *(status.code for status in context.review.staff.statuses)},
        "tier": set(tiers()),
        "assigned": {NOBODY, *context.review.colleagues()},
        "twice": {"yes"},
        "sort": set(SORTS),
    }
    wrong = [name for name, values in known.items() if asked.get(name, "") and asked[name] not in values]
    wrong += [name for name in ("since", "until") if asked.get(name, "") and not day(asked[name])]
    wrong += [name for name in asked if name not in (*known, "since", "until", "page", "rule")]
    given = {name: asked.get(name, "") for name in ("queue", "status", "tier", "assigned", "since", "until", "rule")}
    given = {name: "" if name in wrong else value for name, value in given.items()}
    sort = "" if "sort" in wrong else asked.get("sort", "")
    number = int(page) if (page := asked.get("page", "1")).isdecimal() and len(page) < 6 else 1
    return Wanted(**given, twice=asked.get("twice") == "yes"), sort, max(1, number), wrong


def go(wanted: Wanted, sort: str) -> None:
    """Another list, from its first page."""
    where = address(wanted, sort)
    st.query_params.from_dict(dict(part.split("=", 1) for part in where.partition("?")[2].split("&") if part))
    st.rerun()
