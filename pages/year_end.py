"""Year-end: totals, proposed titles, what the cross-check found, and the draft of the minutes."""

from dataclasses import replace

import streamlit as st

from wardstats import session
from wardstats.boards.block.year_end import draw_year_end
from wardstats.boards.contract.board import contract_years, default_year
from wardstats.charts.html import club_components, components
from wardstats.session import club
from wardstats.view.ranking_choice import span_kinds

view = session.view()
speak = view.speak
years = [str(year) for year in contract_years(view)]
year = int(session.choose("year", years, str(default_year(view))))
end = session.cached(draw_year_end, view, year)
# What stands above and below the page is about all periods of that year.
shown = replace(view, period=end.period) if end.period else view
span = "year" if end.period and span_kinds(view)[0] != "year" else ""

session.page_head(shown, end.headline, span)
club.sample_notice(view, any(title.is_sample for title in end.titles))
club.choose_contract_year(view)
if end.note:
    session.html(view, components.paragraph(end.note))
if end.period:
    totals, rest = st.columns([3, 2], gap="large")
    with totals:
        session.html(view, components.text_table(end.totals))
        for line in end.adjustments:
            session.html(view, components.paragraph(line))
    with rest:
        st.subheader(speak("Proposed titles"))
        if end.titles:
            session.html(view, club_components.titles(end.titles, speak))
        else:
            session.html(view, components.paragraph(speak("No rule for titles is configured for this year.")))
        st.subheader(speak("Differences found by the cross-check"))
        if len(end.differences):
            session.html(view, components.text_table(end.differences))
        else:
            session.html(
                view, components.paragraph(speak("No accepted figure differs from the one that was submitted."))
            )
        club.minutes_button(view, year)
club.sources(view, "block_year")
session.sources(shown, span)
