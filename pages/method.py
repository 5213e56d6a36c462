"""Method and sources: criteria with every rule and limit, a card for each indicator, change log, sources, licence."""

import streamlit as st

from wardstats import session
from wardstats.boards.method import draw_method, status_lines
from wardstats.charts.html import components
from wardstats.view.indicator_card import card_address, correction_table, draw_indicator_card

view = session.view()
speak = view.speak
criteria = view.frame("criterion", year=int(view.rules["year"]), language=view.language)
names = {"": speak("none")} | dict(zip(criteria["indicator_code"], criteria["indicator_name"], strict=True))
session.choose("indicator", list(names), "")
session.choose_text("find", 80)
board = session.cached(draw_method, view, st.session_state["find"])

session.page_head(view, board.headline, back=0)
if view.rules["is_sample"]:
    st.warning(
        speak("These are sample criteria, not adopted ones: the block's own replace them in one file."),
        icon=":material/edit_note:",
    )
left, right = st.columns(2, gap="medium")
left.text_input(
    speak("Search indicators"), key="find", placeholder=speak("words, with or without accents"),
    icon=":material/search:",
)  # fmt: skip
right.selectbox(speak("Show indicator"), list(names), key="indicator", format_func=names.__getitem__)
session.share(indicator=st.session_state["indicator"], find=st.session_state["find"])
if st.session_state["indicator"]:
    st.html(session.cached(draw_indicator_card, view, st.session_state["indicator"]))
    address = card_address(view, st.session_state["indicator"])
    st.html(components.linked(speak("All units on this indicator"), address))

st.subheader(speak("Criteria"))
if board.criteria:
    st.html(board.criteria)
    session.table_behind(view, board.table, "criteria", f"criteria_{view.rules['year']}", has_figures=False)
else:
    st.info(speak("No indicator holds these words. Try fewer or other words."), icon=":material/info:")

st.subheader(speak("From a figure to a rank"))
st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(board.steps, 1)))
st.subheader(speak("Status of a figure"))
st.markdown("\n".join(f"- {line}" for line in status_lines(speak)))

st.subheader(speak("Change log"))
with st.expander(speak("What changed from the criteria before"), icon=":material/history:"):
    changes = "\n".join(f"- {session.plain(line)}" for line in board.changes)
    st.markdown(changes or speak("There was no criteria set before this one."))
corrections = session.cached(correction_table, view)
if corrections.empty:
    st.markdown(speak("No figure that had counted was corrected so far."))
else:
    session.table_behind(
        view, corrections, "corrections", "corrections", speak("Figures corrected, newest first"), has_figures=False
    )
session.table_behind(
    view,
    session.publications(view),
    "publications",
    "publications",
    speak("Published snapshots, newest first"),
    has_figures=False,
)

st.subheader(speak("Sources"))
st.html(board.sources)
st.subheader(speak("Licence"))
st.markdown(
    speak(
        "The program is free software under the MIT licence. Each source's own licence, above, holds for its figures."
    )
)
