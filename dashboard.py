"""The Streamlit script: page settings, language, navigation. No data."""

import streamlit as st

from wardstats import session
from wardstats.charts.html.components import style_sheet
from wardstats.ledger.access import may
from wardstats.live.assets import asset

session.run_as_one_app()
st.set_page_config(page_icon="static/icon.png", layout="wide")  # the title is the page's: session.page_head
st.html(style_sheet())
st.html(f'<script src="{asset("take_away.js")}"></script>', unsafe_allow_javascript=True)

place_of_search = st.sidebar.container(key="search_place")
view = session.sidebar()
session.search_box(view, place_of_search)
session.watch(view)
actor = session.account(view)
session.notices(view, actor)
session.owed_notice(view, actor)
speak = view.speak
# What only the block's people need is there for everybody who has its address, but not offered to everybody.
offered = "hidden" if actor is None or actor.role == "viewer" else "visible"
kept_up = "visible" if actor is not None and may(actor, "upkeep") else "hidden"
pages = [
    st.Page("pages/ranking.py", title=speak("Ranking"), icon=":material/leaderboard:", default=True),
    st.Page("pages/map.py", title=speak("Map"), icon=":material/map:", url_path="map"),
    st.Page("pages/ward.py", title=speak("Unit profile"), icon=":material/location_city:", url_path="ward"),
    st.Page("pages/indicator.py", title=speak("Indicator"), icon=":material/rule:", url_path="indicator"),
    st.Page("pages/compare.py", title=speak("Compare"), icon=":material/compare_arrows:", url_path="compare"),
    st.Page("pages/contract.py", title=speak("Contract"), icon=":material/handshake:", url_path="contract"),
    st.Page("pages/block.py", title=speak("Competition group"), icon=":material/calendar_month:", url_path="block"),
    st.Page("pages/year_end.py", title=speak("Year-end"), icon=":material/military_tech:", url_path="year_end"),
    st.Page("pages/models.py", title=speak("Models"), icon=":material/eco:", url_path="models"),
    st.Page("pages/club.py", title=speak("Club"), icon=":material/forum:", url_path="club"),
    st.Page("pages/explore.py", title=speak("Explore"), icon=":material/query_stats:", url_path="explore"),
    st.Page("pages/reliability.py", title=speak("Reliability"), icon=":material/balance:", url_path="reliability"),
    st.Page("pages/method.py", title=speak("Method and sources"), icon=":material/menu_book:", url_path="method"),
    st.Page("pages/submit.py", title=speak("Submit"), icon=":material/upload_file:", url_path="submit"),
    st.Page("pages/check.py", title=speak("Check"), icon=":material/fact_check:", url_path="check", visibility=offered),
    st.Page(
        "pages/upkeep.py", title=speak("Upkeep"), icon=":material/edit_note:", url_path="upkeep", visibility=kept_up
    ),
    st.Page("pages/log.py", title=speak("Ledger"), icon=":material/history_edu:", url_path="log", visibility=offered),
    st.Page(
        "pages/notices.py", title=speak("Notices"), icon=":material/campaign:", url_path="notices", visibility=offered
    ),
    st.Page("pages/help.py", title=speak("Help"), icon=":material/info:", url_path="help"),
]
pages += session.unknown_page(view, pages)
# A flat list: Streamlit puts the headings of groups between list items, which screen readers announce as broken.
# Lines before the first page of each group are drawn in static/style.css.
with session.foot(view):
    session.run(st.navigation(pages, expanded=True))
session.drawn()
