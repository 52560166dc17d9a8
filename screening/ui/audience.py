"""Which side of the clinic an address belongs to: the patients' or the staff's."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from screening.model.addresses import STAFF_PAGES
from screening.settings import in_use


def staff_side() -> bool:
    """Whether to draw a page of the staff's side."""
    role = in_use().role
    if role != "both":
        return role == "staff"
    return urlsplit(st.context.url or "").path.strip("/") in STAFF_PAGES
