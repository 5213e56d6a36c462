"""Builds, scores, rank ranges and pages at national size; ``make bench`` runs it. Figures in docs/performance.md."""

from __future__ import annotations

import statistics
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.bench.measured import load, run_python
from tests.bench.pandas_scores import read_folder, score_figures
from tests.fresh import forget
from wardstats.catalogue.load import load_catalogue
from wardstats.core.settings import PROJECT
from wardstats.scoring import lift
from wardstats.scoring.from_queries import scoring_input
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Store

BUILD_BUDGET_S, BUILD_BUDGET_GB = 60.0, 6.0
QUERY_BUDGET_MS = 50.0
FEW_BUDGET_S = 2.0
MANY_BUDGET_S, MANY_BUDGET_GB = 20.0, 2.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made") / "national"
    made = run_python("-m", "wardstats", "demonstrate", "--national", "--data", str(place))
    print(f"\nnational folder made: {made}")
    return place


@pytest.fixture(scope="module")
def var(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the national folder, which is what is measured first."""
    place = tmp_path_factory.mktemp("var")
    built = run_python("-m", "wardstats", "build", "--data", str(folder), "--var", str(place))
    size = sum(path.stat().st_size for path in (place / "snapshots").iterdir()) / 1e6
    print(f"\nbuild national: {built}; snapshot {size:.0f} MB; budget {BUILD_BUDGET_S:.0f} s, {BUILD_BUDGET_GB:.0f} GB")
    assert built.seconds < BUILD_BUDGET_S
    assert built.gigabytes < BUILD_BUDGET_GB
    return place


def test_build_of_the_national_folder_against_pandas(folder: Path, var: Path, tmp_path: Path) -> None:
    """The steps in SQL keep every step and the status of each figure; pandas keeps the scores only."""
    peer = run_python("-m", "tests.bench.pandas_scores", str(folder))
    reading, scoring = map(float, peer.output.split())
    told: list[tuple[str, float]] = []
    started = time.perf_counter()
    catalogue = load_catalogue(folder)
    loaded = time.perf_counter() - started
    build_snapshot(catalogue, tmp_path, lambda _step, _steps, what: told.append((what, time.perf_counter())))
    at, finished = dict(told), time.perf_counter()
    steps = at["rank_range"] - at["value"] + finished - at["span_period"]  # the last ones with bringing all to disk
    print(
        f"\nread and check: {loaded:.1f} s, pandas reading alone {reading:.1f} s: {loaded / reading:.1f} times"
        f"\nsteps in SQL: {steps:.1f} s, pandas {scoring:.1f} s ({peer.gigabytes:.1f} GB): {steps / scoring:.2f} times"
        f"\n{load()}"
    )
    expected = score_figures(*read_folder(folder))
    snapshot = Store(var).current()
    for node in ("total", "theme_1_1", "theme_5_2"):
        ranking = snapshot.query("ranking", period="2026-10", node=node, language="en").set_index("unit_code")
        chosen = (expected["period"] == "2026-10") & (expected["node_code"] == node)
        same = expected[chosen].set_index("unit_code").loc[ranking.index]
        np.testing.assert_allclose(ranking["score"], same["score"], rtol=0, atol=1e-9)
        assert ranking["rank"].tolist() == same["rank"].tolist()
        assert ranking["previous_rank"].tolist() == same["previous_rank"].tolist()


def test_ranking_query_against_pandas(var: Path) -> None:
    snapshot = Store(var).current()
    query = {"period": "2026-10", "node": "total", "language": "vi"}
    scores = pd.concat(
        [
            snapshot.query("ranking", period=period, node=node, language="vi").assign(period=period, node_code=node)
            for period in snapshot.query("ranked_period")["period"]
            for node in ("total", *snapshot.query("scoring_theme")["theme_code"])
        ],
        ignore_index=True,
    )

    def in_pandas() -> pd.DataFrame:
        chosen = scores[(scores["period"] == query["period"]) & (scores["node_code"] == query["node"])]
        return chosen.sort_values(["rank", "unit_name", "unit_code"])

    ours, theirs = (
        statistics.median(_milliseconds(run) for _ in range(20))
        for run in (lambda: snapshot.query("ranking", **query), in_pandas)
    )
    print(
        f"\nranking query of 3,321 units: median {ours:.1f} ms, budget {QUERY_BUDGET_MS:.0f} ms; "
        f"pandas with all {len(scores):,} scores in memory {theirs:.1f} ms: {ours / theirs:.2f} times; {load()}"
    )
    assert ours < QUERY_BUDGET_MS


def test_ranges_of_ten_wards_in_sixteen_periods(tmp_path: Path) -> None:
    run_python("-m", "wardstats", "build", "--data", "data/laocai", "--var", str(tmp_path))
    _ranges(tmp_path, 99, FEW_BUDGET_S, MANY_BUDGET_GB)


def test_ranges_of_thousands_of_units_in_one_period(var: Path) -> None:
    _ranges(var, 1, MANY_BUDGET_S, MANY_BUDGET_GB)


PAGES = {"ranking": 10.0, "map": 10.0, "ward": 30.0, "compare": 15.0, "explore": 10.0, "reliability": 20.0}


@pytest.mark.parametrize("name", PAGES)
def test_page_of_thousands_of_units(monkeypatch: pytest.MonkeyPatch, var: Path, name: str) -> None:
    """What the first reader of all waits for on the server. Where it takes long the page says so, and has begun."""
    monkeypatch.setenv("WARDSTATS_VAR", str(var))
    monkeypatch.delenv("WARDSTATS_DATA", raising=False)
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=120).run()
    started = time.perf_counter()
    if name == "ranking":
        forget()
        app.run()
    else:
        app.switch_page(f"pages/{name}.py").run()
    first = time.perf_counter() - started
    assert not app.exception
    again = _milliseconds(app.run) / 1000
    print(f"\n{name}, 3,321 units: {first:.1f} s, again {again:.2f} s, budget {PAGES[name]:.0f} s, {load()}")
    assert first < PAGES[name]


def test_lift_of_a_unit_alone_against_among_all(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    """Of 60 indicators five are relative; the others' improvements need no other unit scored again."""
    snapshot = Store(var).current()
    period = scoring_input(snapshot, "2026-10")
    unit = snapshot.query("ranking", period="2026-10", node="total", language="vi")["unit_code"].iloc[1500]
    alone = _milliseconds(lambda: lift(period, unit, places=2)) / 1000
    monkeypatch.setattr(import_module("wardstats.scoring.lift"), "_alone", lambda *_: None)
    among_all = _milliseconds(lambda: lift(period, unit, places=2)) / 1000
    print(f"\nlift, 3,321 units: {alone:.1f} s; scoring all each time {among_all:.1f} s: {alone / among_all:.2f} times")
    assert alone < 0.5 * among_all


def _ranges(var: Path, periods: int, budget_s: float, budget_gb: float) -> None:
    runs = [run_python("-m", "tests.bench.ranges_of", str(var), str(periods)) for _ in range(2)]
    found = min(runs, key=lambda run: run.seconds)
    text, *sizes = found.output.split()
    results, units, nodes = map(int, sizes)
    seconds = float(text)
    # what the least of it costs in pandas: the places alone, of scores that are there already
    some = pd.DataFrame(np.random.default_rng(0).normal(60, 5, (100, units)))
    theirs = _milliseconds(lambda: some.rank(axis=1, method="min", ascending=False)) / 1e3 * 100 * results * nodes
    print(
        f"\n10,000 draws, {units:,} units, {nodes} nodes, {results} periods: {seconds:.2f} s, whole process {found}; "
        f"budget {budget_s:.0f} s, {budget_gb:.0f} GB; pandas' rank alone {theirs:.0f} s: {seconds / theirs:.2f} times"
    )
    assert seconds < budget_s
    assert found.gigabytes < budget_gb


def _milliseconds(run: object) -> float:
    assert callable(run)
    started = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - started)
