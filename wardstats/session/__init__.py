"""What one visitor sees: language, period and theme from the address, and cached answers of the published snapshot.

The only package of ours that knows Streamlit. Owns no layout; see ``components`` and pages/. Pages write
``session.x``; which module a name lives in is nobody else's concern.
"""

from __future__ import annotations

from wardstats.session.address import choose, choose_several, choose_text, reader_language, share
from wardstats.session.caches import cached, cached_query, places, publications, publish_queue, sql_box, store
from wardstats.session.club import club_summary
from wardstats.session.exploring import exploring, sql_tab
from wardstats.session.frame import (
    chart,
    current_snapshot,
    drawn,
    empty_state,
    html,
    page_head,
    run_as_one_app,
    sidebar,
    sources,
    unbroken,
    view,
    watch,
)
from wardstats.session.maps import choose_indicator, choose_panels, clickable, geography, map_note, small_map
from wardstats.session.ranking_controls import choose_ranking, ranking_head, ranking_options
from wardstats.session.signin import account, explained, notices, plain, require_actor, told, workspace
from wardstats.session.tables import downloads, linked_frame, sheet_button, table, table_behind
from wardstats.session.units import choose_unit, has_many_units, open_unit, reasons_of_place, unit_links, what_if

__all__ = [
    "account",
    "cached",
    "cached_query",
    "chart",
    "choose",
    "choose_indicator",
    "choose_panels",
    "choose_ranking",
    "choose_several",
    "choose_text",
    "choose_unit",
    "clickable",
    "club_summary",
    "current_snapshot",
    "downloads",
    "drawn",
    "empty_state",
    "explained",
    "exploring",
    "geography",
    "has_many_units",
    "html",
    "linked_frame",
    "map_note",
    "notices",
    "open_unit",
    "page_head",
    "places",
    "plain",
    "publications",
    "publish_queue",
    "ranking_head",
    "ranking_options",
    "reader_language",
    "reasons_of_place",
    "require_actor",
    "run_as_one_app",
    "share",
    "sheet_button",
    "sidebar",
    "small_map",
    "sources",
    "sql_box",
    "sql_tab",
    "store",
    "table",
    "table_behind",
    "told",
    "unbroken",
    "unit_links",
    "view",
    "watch",
    "what_if",
    "workspace",
]
