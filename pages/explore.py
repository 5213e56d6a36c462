"""Explore, for analysts: filter, then look at a table, a trend, a distribution, a scatter, a heatmap, or write SQL."""

import streamlit as st

from wardstats import session
from wardstats.boards import explore
from wardstats.boards.explore import SCORE

view = session.view()
speak = view.speak
exploring = session.exploring(view)
tab, chosen = exploring.tab, exploring.chosen
has_figures = tab != "sql" and len(exploring.selected.frame) > 0

if tab == "sql":
    exploring.headline(speak("Query the data with SQL"))
    session.sql_tab(view)
elif not has_figures:
    exploring.headline(speak("No figures pass this filter"))
    session.empty_state(speak("Clear one of the choices above, or choose another theme at the side."))
elif tab == "table":
    selected = exploring.selected
    exploring.headline(selected.finding)
    most = session.most_rows(view)
    if len(selected.table) > most:
        st.caption(speak("The first {most} are shown; a file has all.", most=speak.number(most, 0)))
    session.written_frame(view, selected.table.head(most), height=460)
elif tab == "trend":
    code = exploring.choose_figure("figure", speak("Indicator"), exploring.selected.telling, has_score=False)
    exploring.show(session.cached(explore.draw_trend, view, chosen, code), "trend")
elif tab == "distribution":
    code = exploring.choose_figure("spread", speak("Indicator"), SCORE)
    exploring.show(session.cached(explore.draw_spread, view, chosen, code), "spread")
elif tab == "scatter":
    left, right = st.columns(2, gap="small")
    with left:
        across = exploring.choose_figure("x", speak("Horizontal axis"), exploring.selected.telling)
    with right:
        up = exploring.choose_figure("y", speak("Vertical axis"), SCORE)
    exploring.show(session.cached(explore.draw_scatter, view, chosen, across, up), "scatter")
elif tab == "heatmap":
    finding, html = session.cached(explore.draw_heat, view, chosen)
    exploring.headline(finding)
    if html:
        session.html_chart(view, html, "heat_table")
        percent = speak("Percent of the points that can be had.")
        dotted = speak("Percent of the points that can be had. Dotted line below: demonstration figures.")
        st.caption(dotted if "ws-demo" in html else percent)
if has_figures:
    session.downloads(view, lambda: explore.file_of(view, exploring.selected, st.context.url or ""), "figures")
session.sources(view)
