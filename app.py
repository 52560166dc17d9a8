"""The Streamlit script: page settings, then the pages of whoever is here. Start it with `make run`."""

import streamlit as st

from screening.settings import EnvironmentProblem
from screening.ui.audience import staff_side
from screening.ui.page_budget import page_budget
from screening.ui.turns import in_turn

try:
    at_work = staff_side()
except EnvironmentProblem as problem:  # `streamlit run` has neither our front nor our settings
    st.text(str(problem))
    st.stop()

st.set_page_config(layout="wide" if at_work else "centered", initial_sidebar_state="collapsed")

if at_work:
    from screening.ui.staff import router

    with in_turn(), page_budget():
        router.run()
else:
    from screening.ui.patient import pages
    from screening.ui.patient.session import patient_session

    with in_turn(), page_budget():
        pages.run(patient_session())
