"""What one visitor sees: language, period and theme from the address, and cached answers of the published snapshot.

The only package of ours that knows Streamlit. Owns no layout; see ``components`` and pages/. Pages write
``session.x``; which module a name lives in is nobody else's concern.
"""

from __future__ import annotations

from wardstats.session.address import choose, choose_several, choose_text, reader_language, share
from wardstats.session.answers import cached, cached_query, places, publications, publish_queue, sql_box, store
from wardstats.session.frame import (
    current_snapshot,
    drawn,
    empty_state,
    page_head,
    run_as_one_app,
    sidebar,
    sources,
    view,
    watch,
)
from wardstats.session.maps import choose_indicator, clickable, geography, map_note, small_map
from wardstats.session.tables import downloads, sheet_button, table
from wardstats.session.units import choose_unit, open_unit, unit_links, what_if

__all__ = [
    "cached",
    "cached_query",
    "choose",
    "choose_indicator",
    "choose_several",
    "choose_text",
    "choose_unit",
    "clickable",
    "current_snapshot",
    "downloads",
    "drawn",
    "empty_state",
    "geography",
    "map_note",
    "open_unit",
    "page_head",
    "places",
    "publications",
    "publish_queue",
    "reader_language",
    "run_as_one_app",
    "share",
    "sheet_button",
    "sidebar",
    "small_map",
    "sources",
    "sql_box",
    "store",
    "table",
    "unit_links",
    "view",
    "watch",
    "what_if",
]
