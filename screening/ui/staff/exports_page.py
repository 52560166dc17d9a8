"""Exports: CSV or a workbook of what the worklist shows, with a codebook, taken away once."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from screening.ui.staff.page import PageContext, show_flash
from screening.ui.staff.worklist_page import WANTED
from screening.use_cases import tickets
from screening.use_cases.review import Choices, NotDone
from screening.use_cases.worklist import Wanted, filter_words

ss = st.session_state

_KINDS = {"csv": "CSV, with its codebook, in a ZIP", "xlsx": "Excel workbook (text stays text)"}
_MEDIA = {"csv": "application/zip", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def draw(context: PageContext) -> None:
    """What to take, in which form, and the one-time link to it."""
    st.title("Exports", anchor=False)
    show_flash()
    wanted: Wanted = ss.get(WANTED, Wanted(status="all"))
    count = len(context.review.rows(context.by, wanted)[0])
    st.html(
        f"<p>This takes the <strong>{count}</strong> responses that the worklist's filter shows "
        f"({escape(filter_words(wanted))}). "
        "To take others, set the filter on the worklist first.</p>"
    )
    _waiting()
    kind, choices = _choices(context)
    if st.button("Make the file", type="primary", key="make", disabled=not count):
        _make(context, wanted, choices, kind)


def _choices(context: PageContext) -> tuple[Any, Choices]:
    kept = context.review.choices(context.by)
    kind = st.radio(
        "Form",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        index=list(_KINDS).index(kept.get("kind", "xlsx")),
        key="kind",
    )
    only = not context.can("export")
    hidden = st.checkbox(
        "De-identified: no names, no typed words, ages over 89 grouped, dates moved",
        value=only or bool(kept.get("deidentified")),
        disabled=only,
        key="deidentified",
    )
    dates = "shifted"
    if hidden:
        words = {"shifted": "Every date of a record moved by the same secret number of days", "year": "Only the year"}
        dates = st.radio(
            "Dates",
            list(words),
            format_func=words.__getitem__,
            key="dates",
            index=list(words).index(kept.get("dates", "shifted")),
        )
    labels = {"codes": "Codes, explained in the codebook", "labels": "The words of the answers"}
    answers = st.radio(
        "Answers as",
        list(labels),
        format_func=labels.__getitem__,
        key="answers",
        index=list(labels).index(kept.get("answers", "codes")),
    )
    ticks = {
        "split": "A 0/1 column for each option of a question with several answers",
        "flags": "Flags",
        "to_ask": "What is still to ask",
        "history": "Status history",
        "notes": "Notes of staff",
    }
    open_ = {name: words for name, words in ticks.items() if not (hidden and name in ("history", "notes"))}
    ticked = {
        name: st.checkbox(words, value=bool(kept.get(name, name in ("split", "flags", "to_ask"))), key=f"tick-{name}")
        for name, words in open_.items()
    }
    base: dict[str, Any] = {"answers": answers, "deidentified": hidden, "dates": dates, **ticked}
    names = context.review.columns(Choices(**base))
    before = [name for name in kept.get("columns") or [] if name in names]
    columns = st.multiselect(
        "Columns (none chosen: all of them)", names, default=before, key=f"columns-{hidden}-{sorted(ticked.items())}"
    )
    return kind, Choices(**base, columns=frozenset(columns) or None)


def _make(context: PageContext, wanted: Wanted, choices: Choices, kind: Any) -> None:
    bar = st.progress(0.0, "Writing the file")

    def moving(share: float) -> None:
        bar.progress(min(share, 1.0), "Writing the file")

    try:
        path, count, unopened = context.review.export(context.by, wanted, choices, kind, moving)
    except NotDone as error:
        bar.empty()
        st.html(f'<div class="summary" role="alert"><p>{escape(str(error))}</p></div>')
        return
    bar.empty()
    context.review.remember(context.by, kind, choices)
    ss["file"] = (_ticket(context, path, kind), count, unopened)
    st.rerun()


def _ticket(context: PageContext, path: Path, kind: str) -> str:
    def drop() -> None:
        shutil.rmtree(path.parent, ignore_errors=True)

    return tickets.issue(context.by.id, lambda: path, tickets.SHORT, path.name, _MEDIA[kind], drop)


def _waiting() -> None:
    if file := ss.pop("file", None):
        ticket, count, unopened = file
        left_out = f" {unopened} did not open and are left out: see the operator." if unopened else ""
        st.html(
            f'<div class="note" role="status"><p>{count} responses are ready. The link works once, for one '
            f"minute.{left_out}</p></div>"
        )
        st.link_button("Save the file", f"/take/{ticket}", key="file-link", type="primary")
