"""One unit: where it stands and why, what would lift it, and each of its indicators against all other members."""

import streamlit as st

from wardstats import components, reasons, session
from wardstats.charts.style import CONFIG
from wardstats.profile import unit_profile

view = session.view()
speak = view.speak
unit_code = session.choose_unit(view)
profile = session.cached(unit_profile(unit_code), view)

session.page_head(view, profile.headline)
st.html(components.cards(profile.cards))
session.sheet_button(view, unit_code)
why, how = st.columns(2, gap="large")
with why:
    st.subheader(speak("Why did it move?"))
    movement = session.cached(reasons.movement(unit_code), view)
    if movement is None:
        st.info(speak("No earlier period to compare with"))
    else:
        st.html(components.reasons(movement.headline, movement.parts))
        with st.expander(speak("All parts, adding up to the change"), icon=":material/table:"):
            session.table(view, movement.table, f"why_{unit_code}_{view.period}")
with how:
    st.subheader(speak("What would lift it?"))
    lift = session.cached(reasons.improvements(unit_code), view)
    if lift is None:
        st.info(speak("It is in first place, or no single indicator reaches further."))
    else:
        st.html(components.paragraph(lift.headline))
        session.table(view, lift.table, f"lift_{unit_code}_{view.period}", height=250)
session.what_if(view, unit_code)
st.subheader(speak("Every indicator, against all others"))
st.caption(speak("Left: no points. Right: all points. Grey: the other members."))
st.plotly_chart(profile.figure, theme=None, config=CONFIG, key="indicator_dots", alt=profile.alt_text)
with st.expander(speak("The same as a table"), icon=":material/table:"):
    session.table(view, profile.table, f"ward_{unit_code}_{view.period}")
session.sources(view)
