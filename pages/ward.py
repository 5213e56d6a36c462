"""One unit: where it stands and why, what would lift it, whom to learn from, and each of its indicators among all."""

import streamlit as st

from wardstats import session
from wardstats.boards.ward.late_figures import draw_late_figures
from wardstats.boards.ward.lessons import draw_lessons
from wardstats.boards.ward.profile import draw_profile
from wardstats.boards.ward.trends import draw_trends
from wardstats.charts.html import components, unit_components

view = session.view()
speak = view.speak
unit_code = session.choose_unit(view)
profile = session.cached(draw_profile, view, unit_code)
name, parts = f"{unit_code}_{view.period}", session.parts_of_profile(view, unit_code)

session.page_head(view, profile.headline, about=view.unit_name(unit_code))
session.html(view, components.cards(profile.cards))
session.sheet_button(view, unit_code)
session.contents(view, parts)
why, how = st.columns(2, gap="large")
takes_long = session.has_many_units(view)
if not takes_long:
    session.reasons_of_place(view, unit_code, why, how)
session.what_if(view, unit_code)

lessons = session.cached(draw_lessons, view, unit_code)
strong, weak = st.columns(2, gap="large")
with strong:
    session.part_heading(parts, "strengths")
    above = speak("Points above the median of all members")
    finding = above if lessons.strengths else speak("Nowhere above the median")
    session.html(view, components.reasons(finding, lessons.strengths))
with weak:
    session.part_heading(parts, "weaknesses")
    below = speak("Points below the median of all members")
    finding = below if lessons.weaknesses else speak("Nowhere below the median")
    session.html(view, components.reasons(finding, lessons.weaknesses))
session.table_behind(view, lessons.table, "strengths", f"strengths_{name}")

learn, late = st.columns(2, gap="large")
with learn:
    session.part_heading(parts, "learn")
    if lessons.lessons:
        session.html(view, unit_components.lessons(lessons.lessons))
    else:
        session.html(view, components.paragraph(speak("Nobody does better on any indicator.")))
with late:
    session.part_heading(parts, "late")
    figures = session.cached(draw_late_figures, view, unit_code)
    session.html(view, components.paragraph(figures.finding) + unit_components.late_list(figures.lines))
    session.table_behind(view, figures.table, "ages", f"ages_{name}", speak("Age of every figure"))

session.part_heading(parts, "indicators")
st.caption(speak("Left: no points. Right: all points. A click on a name opens its card with definition and source."))
session.html_chart(view, profile.lines, "indicator_lines", components.sign_legend(profile.keys))
session.table_behind(view, profile.table, "indicators", f"ward_{name}")
if trends := session.cached(draw_trends, view, unit_code):
    session.part_heading(parts, "trends")
    session.html(view, components.paragraph(trends.finding))
    session.html_chart(view, trends.html, "trend_lines")
    st.caption(speak("Line: the unit. Grey: the median of all members. Each in its own scale. Dotted: demonstration."))
    session.table_behind(view, trends.table, "trends", f"trends_{name}")
session.sources(view)
if takes_long:  # the rest of the page does not wait for it
    with why, st.spinner(speak("Working out what moved it and how it could move up")):
        session.reasons_of_place(view, unit_code, why, how)
