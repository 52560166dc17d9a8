"""Words in HTML, in one way: whatever is put into a template is escaped, so that a forgotten escape is impossible.

A template is always written out as a plain string literal with braces, never an f-string (a test walks the syntax
trees); what goes into the braces is escaped unless it is markup that these functions made. Nothing else in the pages
may call `st.html` or make `Markup`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

Html = Markup
"""What these functions make. A name for annotations only; nothing else may call it."""


def html(template: str, /, *values: object, **named: object) -> Markup:
    """The template with every value escaped: `html("<p>{}</p>", words)`."""
    return Markup(template).format(*values, **named)  # noqa: S704  # the template is a literal: see above


def each(template: str, rows: Iterable[object], /) -> Markup:
    """The template once for every row, one after the other; a row that is a tuple fills several braces."""
    return Markup().join(html(template, *row) if isinstance(row, tuple) else html(template, row) for row in rows)


def joined(between: str, parts: Iterable[object], /) -> Markup:
    """The parts that say something, escaped, with `between` in between."""
    return html("{}", between).join(html("{}", part) for part in parts if part)


def show(template: str, /, *values: object, inside: Any = st, **named: object) -> None:
    """Draw the filled template on the page, or in the column `inside`; nothing where it comes to nothing."""
    if filled := str(html(template, *values, **named)):
        inside.html(filled)


def stylesheet(path: Path) -> Markup:
    """One of our own style sheets, to be put into a template."""
    return Markup("<style>{}</style>").format(Markup(path.read_text("utf-8")))  # noqa: S704  # a file of ours
