"""What one visitor sees: language, period and theme from the address, and cached answers of the published snapshot.

The only package of ours that knows Streamlit. Owns no layout; see ``components`` and pages/. Pages write
``session.x``; which module a name lives in is nobody else's concern.
"""

from __future__ import annotations

from wardstats.session.address import choose, choose_several, choose_text, share
from wardstats.session.caches import cached, publications
from wardstats.session.club import club_summary
from wardstats.session.exploring import exploring, sql_tab
from wardstats.session.foot import day_to_replay, end_page, foot
from wardstats.session.frame import (
    chart,
    contents,
    drawn,
    empty_state,
    html,
    html_chart,
    page_head,
    run,
    run_as_one_app,
    sidebar,
    sources,
    unbroken,
    view,
    watch,
)
from wardstats.session.hand_ins import owed_notice
from wardstats.session.indicators import choose_any_indicator
from wardstats.session.maps import (
    choose_indicator,
    choose_panels,
    clickable,
    geography,
    map_note,
    map_panels,
    small_map,
)
from wardstats.session.marks import ranking_chart, unit_chart
from wardstats.session.own_notices import notice_choices
from wardstats.session.ranking_controls import choose_ranking, ranking_head, ranking_options, since_last_visit
from wardstats.session.search import search_box
from wardstats.session.signin import account, at_click, explained, notices, plain, require_actor, told, workspace
from wardstats.session.tables import (
    downloads,
    most_rows,
    ranking_files,
    sheet_button,
    table_behind,
    written_frame,
)
from wardstats.session.units import (
    choose_unit,
    first_units,
    has_many_units,
    part_heading,
    parts_of_profile,
    reasons_of_place,
    unit_links,
    what_if,
)
from wardstats.session.unknown_choice import tell_left_out
from wardstats.session.unknown_page import unknown_page
