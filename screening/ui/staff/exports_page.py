"""Exports: CSV or a workbook of what the worklist shows, with a codebook, taken away once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from exports.choices import Choices, Purpose
from exports.formats import FILE_FORMATS, Kind
from screening.records.sealed_file import SealedFile
from screening.ui.html import show
from screening.ui.staff.bulk import picked
from screening.ui.staff.page import PageContext, day, iso, show_flash, table
from screening.use_cases import tickets
from screening.use_cases.access import NotDone
from screening.use_cases.worklist import Wanted

ss = st.session_state
MANY = 50
"""From more people than these, a file in which they can be known is asked for twice."""

WORDS: dict[Purpose, str] = {
    "call-sheet": "Call sheet: fifteen columns in words, for whoever telephones",
    "research": "Research: codes without names or contacts; the ZIP is ready for REDCap, Stata, SPSS and R",
    "everything": "Everything: every answer, flag and question that is open",
}
SHOWN = 8
"""How many columns of the preview are shown."""


def draw(context: PageContext) -> None:
    """Which responses to take, in which form, and the one-time link to the file."""
    st.title("Exports", anchor=False)
    show_flash()
    _waiting()
    scope = _scope(context)
    count = len(context.review.worklist.rows(context.by, scope.wanted)[0]) if scope and not scope.only else 0
    count = len(scope.only) if scope and scope.only else count
    kind, choices = _choices(context)
    if scope and count:
        _preview(context, scope, choices)
    sure = True
    if count > MANY and not choices.deidentified:
        typed = st.text_input(f"{count} people can be known from this file. Type {count} to go on", key="sure")
        sure = (typed or "").strip() == str(count)
    what = f"Make a file of {count} {'person' if count == 1 else 'people'}"
    if st.button(
        what if count else "Choose which responses first", type="primary", key="make", disabled=not (count and sure)
    ):
        assert scope
        _make(context, scope, choices, kind)


@dataclass(frozen=True)
class ExportScope:
    """Which responses an export takes: those of a filter, or some that were chosen one by one."""

    wanted: Wanted
    only: frozenset[str] = frozenset()


def _scope(context: PageContext) -> ExportScope | None:
    """Chosen here, nothing by default, and said in the address: a reload takes what it took before or nothing."""
    chosen = picked()
    names = {
        "picked": f"The {len(chosen)} chosen on the worklist",
        "open": "All that are not done",
        "days": "All that were sent between two days",
        "all": "Every response that is kept",
    }
    if not chosen:
        names.pop("picked")
    asked = st.query_params.get("scope", "")
    scope = st.radio(
        "Which responses",
        list(names),
        index=list(names).index(asked) if asked in names else None,
        format_func=names.__getitem__,
        key=f"scope {asked}",
    )
    if scope and scope != asked:
        st.query_params["scope"] = scope
        st.rerun()
    if scope == "days":
        left, right = st.columns(2)
        since = left.date_input("From", value=day(st.query_params.get("since", "")), key="export-since")
        until = right.date_input("Until", value=day(st.query_params.get("until", "")), key="export-until")
        for name, value in (("since", iso(since)), ("until", iso(until))):
            if value and st.query_params.get(name, "") != value:
                st.query_params[name] = value
        return ExportScope(Wanted(status="all", since=iso(since), until=iso(until))) if since and until else None
    if scope == "picked":
        return ExportScope(Wanted(status="all"), frozenset(chosen))
    return {"open": ExportScope(Wanted()), "all": ExportScope(Wanted(status="all"))}.get(scope or "")


def _choices(context: PageContext) -> tuple[Any, Choices]:
    kept = context.review.exports.choices(context.by)
    purpose = st.radio(
        "What for",
        list(WORDS),
        format_func=WORDS.__getitem__,
        index=list(WORDS).index(kept.get("purpose", "call-sheet")) if context.can("export") else 1,
        key="purpose",
        disabled=not context.can("export"),
    )
    kind = st.radio(
        "Form",
        list(FILE_FORMATS),
        format_func=lambda kind: FILE_FORMATS[kind].words,
        index=list(FILE_FORMATS).index(kept.get("kind", "xlsx")),
        key="kind",
    )
    mark = kind != "csv" or st.checkbox(
        "Begin the CSV so that a spreadsheet knows its accents (a byte order mark)",
        value=bool(kept.get("mark", True)),
        key="mark",
    )
    if purpose == "call-sheet":
        return kind, Choices(purpose=purpose, mark=mark)
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
    base: dict[str, Any] = {
        "purpose": purpose,
        "mark": mark,
        "answers": answers,
        "deidentified": hidden,
        "dates": dates,
        **ticked,
    }
    names = context.review.exports.columns(Choices(**base))
    before = [name for name in kept.get("columns") or [] if name in names]
    columns = st.multiselect(
        "Columns (none chosen: all of them)", names, default=before, key=f"columns-{hidden}-{sorted(ticked.items())}"
    )
    return kind, Choices(**base, columns=frozenset(columns) or None)


def _preview(context: PageContext, scope: ExportScope, choices: Choices) -> None:
    """The first rows as they will stand in the file."""
    try:
        names, rows = context.review.exports.preview(context.by, scope.wanted, choices, scope.only)
    except NotDone:
        return
    more = f", and {len(names) - SHOWN} more columns" if len(names) > SHOWN else ""
    caption = f"The first {len(rows)} of them{more}"
    show("{}", table(names[:SHOWN], [[cell[:60] for cell in row[:SHOWN]] for row in rows], caption))


def _make(context: PageContext, scope: ExportScope, choices: Choices, kind: Any) -> None:
    bar = st.progress(0.0, "Writing the file")

    def moving(share: float) -> None:
        bar.progress(min(share, 1.0), "Writing the file")

    try:
        file, count, unopened = context.review.exports.export(
            context.by, scope.wanted, choices, kind, moving, scope.only
        )
    except NotDone as error:
        bar.empty()
        show('<div class="summary" role="alert"><p>{}</p></div>', error)
        return
    bar.empty()
    context.review.exports.remember(context.by, kind, choices)
    ss["file"] = (_ticket(context, file, kind), count, unopened)
    st.rerun()


def _ticket(context: PageContext, file: SealedFile, kind: Kind) -> str:
    form = FILE_FORMATS[kind]
    return tickets.issue(context.by.id, lambda: file, tickets.SHORT, form.file, form.media, file.remove)


def _waiting() -> None:
    if file := ss.pop("file", None):
        ticket, count, unopened = file
        left_out = f" {unopened} did not open and are left out: see the operator." if unopened else ""
        show(
            '<div class="note" role="status"><p>{} responses are ready. The link works once, for a minute.{}</p></div>',
            count,
            left_out,
        )
        st.link_button("Save the file", f"/take/{ticket}", key="file-link", type="primary")
