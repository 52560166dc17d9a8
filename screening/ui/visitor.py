"""Who the front says this browser is, and where it calls from."""

from __future__ import annotations

import streamlit as st

from screening.use_cases.intake import Secret


def visitor() -> str:
    """The browser's own name; empty where there is no front."""
    return str(st.user.get("visitor") or "")


def device() -> Secret | None:
    """What opens the drafts of this browser; None where there is no front."""
    key = str(st.user.get("draft") or "")
    return Secret(visitor(), bytes.fromhex(key)) if key and visitor() else None


def address() -> str:
    """Where this browser calls from, to count tries; never stored."""
    return st.context.ip_address or ""
