"""What every page of the staff's side has around it in the browser: links that turn the page within the app, the tab's
title, and a warning before somebody is signed out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_draw = st.components.v2.component("staff_frame", js=(Path(__file__).parent / "staff_frame.js").read_text("utf-8"))


def staff_frame(*, title: str, idle: int) -> None:
    """title: what the tab says. idle: seconds without a touch after which somebody is signed out."""
    _draw(key="staff-frame", data={"title": title, "idle": idle}, height=1)
