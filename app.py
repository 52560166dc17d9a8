"""The Streamlit script: page settings, then the pages of whoever is here. Start it with `make run`."""

import os

import streamlit as st

from screening.ui.audience import staff_side

at_work = staff_side()
st.set_page_config(layout="wide" if at_work else "centered", initial_sidebar_state="collapsed")

if not os.environ.get("SCREENING_BEHIND_FRONT"):
    st.text("Please start this app with: make run")
elif at_work:
    from screening.ui.staff import router

    router.run()
else:
    from screening.ui.form.visit import visit
    from screening.ui.patient import pages

    pages.run(visit())
