"""The block's people keep up names, years, documents, targets, criteria ... through the ledger."""

import streamlit as st

from wardstats import session
from wardstats.session.upkeep import keep_up_part

view = session.view()
speak = view.speak
session.page_head(view, speak("Keep the data up"), back=0)
session.require_actor(view, "upkeep")
with session.explained(view):
    st.caption(speak("Each change is an entry of the ledger. It counts from the next board, and can be taken back."))
    keep_up_part(view)
session.told()
