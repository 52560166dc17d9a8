"""Which side of the clinic an address belongs to: the patients' or the staff's."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from screening.settings import in_use

STAFF_PAGES = frozenset({"staff", "worklist", "response", "exports", "pictures", "feedback", "accounts", "rule-book"})
"""The addresses of the staff's pages. A section of the form cannot have one of these names."""


def staff_side() -> bool:
    """Whether to draw a page of the staff's side."""
    role = in_use().role
    if role != "both":
        return role == "staff"
    return urlsplit(st.context.url or "").path.strip("/") in STAFF_PAGES
