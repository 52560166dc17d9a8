"""The Streamlit script: page settings, then the pages of whoever is here. Start it with `make run`."""

import os

import streamlit as st

st.set_page_config(layout="centered", initial_sidebar_state="collapsed")

if os.environ.get("SCREENING_BEHIND_FRONT"):
    from screening.ui import patient
    from screening.ui.visit import visit

    patient.run(visit())
else:
    st.text("Please start this app with: make run")
