"""A server that has just started, as far as one process of tests can be it: nothing is shared or cached any more."""

from __future__ import annotations

import streamlit as st

from wardstats.session.caches import let_go


def forget() -> None:
    """Forget what sessions share and what was cached; both outlive a test, and would answer for another folder."""
    let_go()
    st.cache_data.clear()
    st.cache_resource.clear()
