"""The foot of a page: its links, its buttons, and nothing of the data as HTML."""

from __future__ import annotations

from wardstats.charts.html.page_foot import LOOKS, definitions, link_list, page_foot
from wardstats.charts.html.pieces import Link

NASTY = '"><script>alert(1)</script>'


def test_a_page_opens_in_the_same_tab_and_all_else_in_its_own() -> None:
    html = link_list([(Link("Help", "/help?lang=vi", is_page=True), "words"), (Link("API", "/api/v1"), "addresses")])
    assert '<a class="ws-card-link" href="/help?lang=vi" target="_self">Help</a><small>words</small>' in html
    assert '<a class="ws-card-link" href="/api/v1" target="_blank">API</a><small>addresses</small>' in html


def test_each_appearance_has_a_button_and_the_script_stands_once() -> None:
    names = {look: look.lower() for look in LOOKS}
    html = page_foot("Ways", [Link("API", "/api/v1")], "Appearance", names, "20261130T0000Z-ab", "/live/assets/page.js")
    assert [f'data-look="{look}"' in html for look in LOOKS] == [True] * len(LOOKS)
    assert html.count('<script src="/live/assets/page.js"></script>') == html.count("<script") == 1
    assert 'data-board="20261130T0000Z-ab"' in html


def test_what_comes_from_data_is_escaped() -> None:
    looks = dict.fromkeys(LOOKS, NASTY)
    html = page_foot(NASTY, [Link(NASTY, NASTY)], NASTY, looks, NASTY, NASTY) + definitions([(NASTY, NASTY)])
    assert html.count("<script") == 1  # the foot's own
