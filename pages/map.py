"""Map: where the ward stands among its neighbours, coloured by total, theme or indicator. A click opens a ward."""

import streamlit as st

from wardstats import session
from wardstats.boards.map import Sizes, draw_block_map
from wardstats.charts.html import components
from wardstats.view.indicator_card import card_address

view = session.view()
speak = view.speak
geography = session.geography(view)
indicator_code = session.choose_indicator(view)
if geography is None:
    session.page_head(view, speak("No map for this block yet"))
    session.empty_state(speak("Fill in lat, lon and area_km2 in units.csv, or run: python -m wardstats boundaries"))
# Without groups the whole area is all there is to see.
sizes = Sizes() if geography.clusters else Sizes(overview=640)
board = session.cached(draw_block_map, view, geography, indicator_code, sizes)

session.page_head(view, board.headline, back=0)
if board.legend:  # nothing has a colour where nothing is known
    st.html(components.colour_scale(board.legend, speak))
if indicator_code:
    st.html(components.linked(speak("Definition, rule and source"), card_address(view, indicator_code)))
session.map_note(board)
charts = [("map_overview", board.overview, board.alt_text)]
charts += [
    (f"map_{code}", board.clusters[code], board.cluster_alts[code])
    for code in session.choose_panels(view, list(board.clusters))
]
with session.map_panels("map_panels", len(charts)):
    for key, figure, alt in charts:
        with st.container():
            session.clickable(view, figure, key, alt=alt)
st.caption(speak("Choose a ward on the map or below to open its page."))
session.unit_links(view)
session.table_behind(view, board.table, "map", f"map_{view.period}_{indicator_code or view.node}")
session.sources(view)
