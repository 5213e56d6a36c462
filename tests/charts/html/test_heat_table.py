"""The heatmap as a table: names lead to their pages, and rows with made-up figures say so."""

from __future__ import annotations

import pandas as pd

from wardstats.charts.html.heat_table import heat_table, units_in_rows


def test_names_lead_to_their_pages_and_made_up_rows_are_marked() -> None:
    cells = pd.DataFrame(
        [
            {"row": "w01", "column": "c", "share": 0.99, "text": "99", "hover": "x", "is_demonstration": True},
            {"row": "w02", "column": "c", "share": None, "text": "", "hover": "", "is_demonstration": False},
        ]
    )
    links = {"w01": "ward?unit=w01", "c": "indicator?indicator=c"}
    html = heat_table(cells, {"w01": "One", "w02": "Two"}, {"c": "Files"}, "label", "Unit", "demonstration", links)
    assert 'href="ward?unit=w01" target="_self">One</a>' in html
    assert 'href="indicator?indicator=c" target="_self">Files</a>' in html
    assert html.count("demonstration") == 1
    assert '<td class="ws-h6 ws-demo" title="x">99</td>' in html
    assert '<td class="ws-none">–</td>' in html
    assert ">Two</th>" in html  # which leads nowhere


def test_many_units_stand_in_rows() -> None:
    assert [units_in_rows(count) for count in (16, 17)] == [False, True]
