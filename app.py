"""The Streamlit script: page settings, then the pages of whoever is here. Start it with `make run`."""

import os

import streamlit as st

from screening.ui.side import staff_side

at_work = staff_side()
st.set_page_config(layout="wide" if at_work else "centered", initial_sidebar_state="collapsed")

if not os.environ.get("SCREENING_BEHIND_FRONT"):
    st.text("Please start this app with: make run")
elif at_work:
    from screening.ui.staff import room

    room.run()
else:
    from screening.ui import patient
    from screening.ui.visit import visit

    patient.run(visit())
