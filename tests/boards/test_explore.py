"""Explore: what passes the filter, what each chart finds, what leaves as a file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.laocai import criteria
from tests.views import view_of
from wardstats.boards import explore
from wardstats.boards.explore import SCORE, Filter
from wardstats.boards.explore.sql import answer_file, describe_relations
from wardstats.charts.html.heat_table import heat_table
from wardstats.snapshot.store import Snapshot

MARCH_ON = Filter("2026-03")


def test_theme_unit_and_indicator_narrow_the_figures(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot, node="living")
    found = explore.draw_selection(view, MARCH_ON)
    assert set(found.indicators) == {"green_space", "poverty_rate"}
    assert found.finding == "12 figures: 3 units, 2 indicators, 2 periods"
    few = explore.draw_selection(view, Filter("2026-04", units=("w01",), indicators=("green_space",)))
    assert few.table["Value"].tolist() == [6]
    assert few.table["Status"].tolist() == ["demonstration"]


def test_what_is_empty_is_not_counted_as_a_figure(small_snapshot: Snapshot) -> None:
    """Petitions: three in March; in April one is a ratio of 0 to 0, and one was asked for and is not there."""
    found = explore.draw_selection(view_of(small_snapshot), Filter("2026-03", indicators=("petitions_answered",)))
    assert len(found.frame) == 6
    assert found.finding.startswith("5 figures: ")  # nothing arose is an answer


def test_nothing_found_is_an_empty_table(small_snapshot: Snapshot) -> None:
    found = explore.draw_selection(view_of(small_snapshot), Filter("2026-04", cluster="nowhere"))
    assert found.frame.empty
    assert found.table.empty


def test_trend_shows_measurements_not_carried_figures(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    assert explore.draw_trend(view, MARCH_ON, "files_on_time").figure is not None
    carried = explore.draw_trend(view, MARCH_ON, "poverty_rate")  # the same quarter in March and April
    assert carried.figure is None
    assert "two periods" in carried.finding


def test_distribution_names_the_ends(small_snapshot: Snapshot) -> None:
    panel = explore.draw_spread(view_of(small_snapshot), MARCH_ON, "files_on_time")
    assert panel.finding == "Files on time: from 60.0% (Đông An) to 90.0% (Ân Hà)"
    assert panel.detail == ""
    made_up = explore.draw_spread(view_of(small_snapshot), MARCH_ON, "green_space")
    assert made_up.detail == "Drawn from demonstration figures."


def test_scatter_with_too_few_units_says_so(small_snapshot: Snapshot) -> None:
    panel = explore.draw_scatter(view_of(small_snapshot), MARCH_ON, "files_on_time", SCORE)
    assert panel.figure is None
    assert len(panel.table) == 3


def test_correlation_against_numpy_and_ranks() -> None:
    rng = np.random.default_rng(1)
    across = pd.Series(rng.normal(size=30))
    up = across**3
    found = explore.correlation(across, up)
    assert found is not None
    pearson, low, high, spearman = found
    assert pearson == pytest.approx(np.corrcoef(across, up)[0, 1])
    assert spearman == pytest.approx(1)
    assert low < pearson < high
    assert explore.correlation(across, pd.Series([1.0] * 30)) is None


def test_few_units_are_said_to_be_few(laocai: Snapshot) -> None:
    view = view_of(laocai)
    reading, numbers = explore.correlation_text(pd.Series([1.0, 2, 3, 4]), pd.Series([2.0, 1, 4, 3]), view)
    assert "may be chance" in reading
    assert "4 units" in numbers


def test_heatmap_is_a_table_with_a_cell_for_each_figure(laocai: Snapshot, provinces: Snapshot) -> None:
    wards = Filter(view_of(laocai).period)
    finding, html = explore.draw_heat(view_of(laocai), wards)
    assert finding.startswith("Fewest points are earned on:")
    assert html.count("<td") == 10 * len(criteria())
    assert "ws-demo" in html
    _, html = explore.draw_heat(view_of(provinces), Filter("2026"))
    assert html.count("<tr>") == 35  # 34 units are too many for columns
    assert "ws-demo" not in html


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_texts_of_data_cannot_become_html(laocai: Snapshot) -> None:
    cell = {"row": "a", "column": "b", "share": 0.5, "text": "<b>", "hover": '"><script>', "is_demonstration": False}
    html = heat_table(pd.DataFrame([cell]), {"a": "<img>"}, {"b": "<svg>"}, "l", "c")
    for bad in ("<img>", "<svg>", "<script>", "<b>"):
        assert bad not in html


def test_file_carries_unit_status_source_and_notice(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    export = explore.file_of(view, explore.draw_selection(view, MARCH_ON), "http://example.com/explore?tab=table")
    frame = export.frame
    assert {"unit_of_measure", "status", "source_id", "source_title", "notice", "measured_period"} <= set(frame.columns)
    assert ((frame["notice"] != "") == (frame["status"] == "demonstration")).all()
    assert export.notes[0][0] == "Demonstration figures."
    assert export.notes[-1][1].startswith("http://example.com")
    assert set(export.headings) >= set(frame.columns)
    assert set(export.sources["source_id"]) == set(frame["source_id"].dropna())


def test_file_of_real_figures_has_no_warning(provinces: Snapshot) -> None:
    view = view_of(provinces)
    export = explore.file_of(view, explore.draw_selection(view, Filter("2026")), "")
    assert not export.frame["notice"].any()
    assert all(topic != "Demonstration figures." for topic, _ in export.notes)


def test_answers_of_queries_warn_where_the_snapshot_holds_made_up_figures(
    laocai: Snapshot, provinces: Snapshot
) -> None:
    frame = pd.DataFrame({"a": [1]})
    made_up = answer_file(view_of(laocai), frame, "select 1")
    assert made_up.frame["notice"][0].startswith("Demonstration figures. May hold") and "SAMPLE." in made_up.notes[1]
    assert "notice" not in answer_file(view_of(provinces), frame, "select 1").frame


def test_schema_shows_every_relation(small_snapshot: Snapshot) -> None:
    html = describe_relations(view_of(small_snapshot))
    for name in small_snapshot.query("relation_column")["relation_name"].unique():
        assert f"<code>{name}</code>" in html


@pytest.mark.parametrize("language", ["vi", "en", "hi"])
def test_all_charts_in_all_languages(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language=language, is_dark=True)
    chosen = Filter("2026-01", units=("03006", "02647", "04252", "04543", "04273"))
    code = "poverty_rate_pct"
    for panel in (
        explore.draw_trend(view, chosen, code),
        explore.draw_spread(view, chosen, SCORE),
        explore.draw_scatter(view, chosen, code, SCORE),
    ):
        assert panel.figure is not None
        assert panel.alt
        assert len(panel.figure.to_json()) < 110_000


def test_a_scatter_begins_with_an_indicator_that_differs(provinces: Snapshot) -> None:
    view = view_of(provinces)
    found = explore.draw_selection(view, Filter("2026"))
    values = found.frame[found.frame["indicator_code"] == found.telling]["value"]
    assert values.max() > values.min()
    first = found.frame[found.frame["indicator_code"] == next(iter(found.indicators))]["value"]
    assert first.max() == first.min()  # files synchronised: 100 % everywhere
