from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.small_block import Folder, Select, rows
from wardstats.snapshot.queries import load_query
from wardstats.snapshot.store import Snapshot


def test_a_year_is_the_mean_of_its_ranked_periods(small_snapshot: Snapshot) -> None:
    """2026-03 gave 60, 55 and 80; 2026-04 gave 72, 72 and 54.5. In 2025 the order was w02, w01, w03."""
    frame = small_snapshot.query("span_ranking", kind="year", span="2026", previous="2025", node="total", language="vi")
    assert rows(frame, "rank", "unit_code", "score", "previous_rank", "previous_score", "period_count") == [
        (1, "w03", 67.25, None, None, 2),
        (2, "w01", 66, 2, 40, 2),
        (3, "w02", 63.5, 1, 85, 2),
    ]
    assert rows(frame, "indicator_count", "missing_count") == [(8, 1), (8, 0), (8, 0)]  # of two months, four a month
    assert rows(frame, "rank_best", "rank_worst", "adjustment") == [(1, 3, -0.75), (1, 2, 0), (1, 3, 0)]
    assert frame["coverage"].tolist() == pytest.approx([(1 + 0.8) / 2, 1, 1])


def test_without_a_quarter_before_nothing_is_compared(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query(
        "span_ranking", kind="quarter", span="2025-Q4", previous=None, node="total", language="en"
    )
    assert frame["previous_rank"].isna().all()
    assert rows(frame, "rank") == [(1,), (2,), (None,)]


@pytest.mark.parametrize(("kind", "span"), [("quarter", "2026-Q3"), ("quarter", "2025-Q4"), ("year", "2026")])
@pytest.mark.parametrize("node", ["total", "digital_transformation"])
def test_plain_numpy_gives_the_same(laocai: Snapshot, kind: str, span: str, node: str) -> None:
    year, _, quarter = span.partition("-Q")
    months = [f"{year}-{month:02}" for month in range(1, 13) if not quarter or (month + 2) // 3 == int(quarter)]
    ranked = [period for period in laocai.query("ranked_period")["period"] if period in months]
    tables = [
        laocai.query("ranking", period=period, node=node, language="vi").set_index("unit_code") for period in ranked
    ]
    units = sorted(tables[0].index)
    scores = np.array([table["score"].reindex(units) for table in tables], dtype=float)
    rules = laocai.query("ranked_period").set_index("period")
    closed = np.array([bool(rules["is_closed"][period]) for period in ranked])  # 0 where there is no score then
    means = np.nanmean(np.where(np.isnan(scores) & closed[:, None], 0.0, scores), axis=0)
    frame = laocai.query("span_ranking", kind=kind, span=span, previous=None, node=node, language="vi")
    frame = frame.set_index("unit_code").loc[units]
    np.testing.assert_allclose(frame["score"], means, rtol=0, atol=1e-9)
    places = 1 + (np.round(means, 9)[None, :] > np.round(means, 9)[:, None]).sum(axis=1)
    assert frame["rank"].tolist() == places.tolist()
    coverage = np.mean([table["coverage"].reindex(units) for table in tables], axis=0)
    np.testing.assert_allclose(frame["coverage"], coverage, rtol=0, atol=1e-9)


def test_equal_means_share_the_better_rank(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query(
        "span_ranking", kind="quarter", span="2026-Q2", previous="2026-Q1", node="total", language="vi"
    )
    assert rows(frame, "rank", "unit_name") == [(1, "Ân Hà"), (1, "Bắc Sơn"), (3, "Đông An")]


def test_a_period_without_a_score_does_not_count(select: Select, small: Folder) -> None:
    small.replace("block.toml", "[scoring]", "[scoring]\nmin_coverage = 0.9")
    scores = select("select unit_code, period, score from score where node_code = 'total' and period like '2026%'")
    assert pd.isna(scores[(scores["unit_code"] == "w03") & (scores["period"] == "2026-04")]["score"].item())
    sql = load_query("span_ranking").sql
    for name, text in {
        "kind": "'year'", "span": "'2026'", "previous": "null", "node": "'total'", "language": "'vi'"
    }.items():  # fmt: skip
        sql = sql.replace(f"${name}", text)
    frame = select(sql).set_index("unit_code")
    assert frame.loc["w03", ["score", "period_count"]].tolist() == [80, 1]
