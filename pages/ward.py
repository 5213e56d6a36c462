"""One unit: where it stands, and each of its indicators against all other members."""

import streamlit as st

from wardstats import components, session
from wardstats.charts.style import CONFIG
from wardstats.profile import unit_profile

view = session.view()
speak = view.speak
unit_code = session.choose_unit(view)
profile = session.cached(unit_profile(unit_code), view)

session.page_head(view, profile.headline)
st.html(components.cards(profile.cards))
st.subheader(speak("Every indicator, against all others"))
st.caption(speak("Left: no points. Right: all points. Grey: the other members."))
st.plotly_chart(profile.figure, theme=None, config=CONFIG, key="indicator_dots", alt=profile.alt_text)
with st.expander(speak("The same as a table"), icon=":material/table:"):
    session.table(view, profile.table, f"ward_{unit_code}_{view.period}")
session.sources(view)
