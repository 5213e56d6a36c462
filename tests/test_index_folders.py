"""Composite indices of other shapes, from a data folder through the snapshot's SQL."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.folders import write_folder
from tests.small_block import build_and_publish
from wardstats.core.settings import PROJECT

ASEM = PROJECT.parent / "shared" / "data" / "asem"

# UNDP, HDR 2023/24: life expectancy, expected and mean years of schooling, GNI per head in 2017 PPP dollars.
HDI = {
    "CHE": (84.3, 16.6, 13.9, 69_433, 0.967),
    "NOR": (83.4, 18.6, 13.1, 69_190, 0.966),
    "VNM": (74.6, 13.1, 8.5, 10_814, 0.727),
}
GOALPOSTS = {
    "life_expectancy": ("health", "linear", 20, 85),
    "expected_schooling": ("education", "linear", 0, 18),
    "mean_schooling": ("education", "linear", 0, 15),
    "income_per_head": ("income", "log", 100, 75_000),
}


def hdi_folder(folder: Path) -> Path:
    """Write three countries of the published index as a data folder."""
    return write_folder(
        folder,
        units=[{"unit_code": code} for code in HDI],
        themes=[
            {"theme_code": code, "aggregation": "arithmetic", "position": number}
            for number, code in enumerate(("health", "education", "income"))
        ],
        indicators=[{"indicator_code": code, "theme_code": theme} for code, (theme, *_) in GOALPOSTS.items()],
        criteria={
            2022: [
                {"indicator_code": code, "rule": rule, "zero_at": zero, "full_at": full}
                for code, (_, rule, zero, full) in GOALPOSTS.items()
            ]
        },
        values=[
            {"unit_code": unit, "indicator_code": code, "period": "2022", "value": value}
            for unit, figures in HDI.items()
            for code, value in zip(GOALPOSTS, figures, strict=False)
        ],
        scoring={"aggregation": "geometric"},
    )


def test_the_human_development_index(tmp_path: Path) -> None:
    folder = hdi_folder(tmp_path / "hdi")
    ranking = build_and_publish(folder, tmp_path / "var").query("ranking", period="2022", node="total", language="en")
    assert dict(zip(ranking["unit_code"], ranking["score"].round(3), strict=True)) == {
        code: figures[-1] for code, figures in HDI.items()
    }
    assert ranking["max_score"].tolist() == [1, 1, 1]


def asem_folder(folder: Path, aggregation: str) -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    """Turn the published index into a data folder; return it with the values after denominators, and the meta data."""
    data = pd.read_csv(ASEM / "asem_idata.csv")
    meta = pd.read_csv(ASEM / "asem_imeta.csv").rename(columns=str.lower)
    meta = meta.rename(columns={name: name.removeprefix("i") for name in meta.columns if name.startswith("i")})
    indicators = meta[meta["level"] == 1]
    above = meta[meta["level"].isin([2, 3])]
    root = meta.loc[meta["level"] == 4, "code"].item()
    units = data["uCode"].tolist()
    figures = data.set_index("uCode")[indicators["code"].tolist()].astype(float)
    values = []
    for row in indicators.to_dict("records"):
        denominator = row.get("denominator")
        for unit, value in figures[row["code"]].items():
            if np.isnan(value):
                continue
            cell = {"unit_code": unit, "indicator_code": row["code"], "period": "2018"}
            if isinstance(denominator, str) and denominator:
                below = data.set_index("uCode").loc[unit, denominator]
                if np.isnan(below):
                    continue
                cell |= {"numerator": repr(float(value)), "denominator": repr(float(below))}
            else:
                cell["value"] = repr(float(value))
            values.append(cell)
        if isinstance(denominator, str) and denominator:
            figures[row["code"]] /= data.set_index("uCode")[denominator]
    written = write_folder(
        folder,
        units=[{"unit_code": code} for code in units],
        themes=[
            {
                "theme_code": row["code"],
                "parent_code": "" if row["parent"] == root else row["parent"],
                "weight": row["weight"],
                "aggregation": aggregation,
                "position": number,
            }
            for number, row in enumerate(above.to_dict("records"))
        ],
        indicators=[
            {"indicator_code": row["code"], "theme_code": row["parent"], "decimals": 9}
            for row in indicators.to_dict("records")
        ],
        criteria={
            2018: [
                {
                    "indicator_code": row["code"],
                    "rule": "minmax",
                    "max_points": 100,
                    "zero_at": 0,
                    "full_at": 100,
                    "direction": int(row["direction"]),
                    "weight": row["weight"],
                }
                for row in indicators.to_dict("records")
            ]
        },
        values=values,
        scoring={"aggregation": aggregation},
    )
    return written, figures, meta


def plain_scores(figures: pd.DataFrame, meta: pd.DataFrame, aggregation: str) -> dict[str, np.ndarray]:
    """The same index, 0 to 100 between the worst and the best, in a few lines of numpy."""
    scores: dict[str, np.ndarray] = {}
    for row in meta[meta["level"] == 1].to_dict("records"):
        value = figures[row["code"]].to_numpy() * row["direction"]
        share = (value - np.nanmin(value)) / (np.nanmax(value) - np.nanmin(value))
        scores[row["code"]] = 100 * share
    for level in (2, 3, 4):
        for row in meta[meta["level"] == level].to_dict("records"):
            children = meta[meta["parent"] == row["code"]]
            table = np.array([scores[code] for code in children["code"]])
            weights = np.where(np.isnan(table), 0, children["weight"].to_numpy(dtype=float)[:, None])
            filled = np.where(np.isnan(table), 1, table)
            with np.errstate(divide="ignore", invalid="ignore"):
                if aggregation == "arithmetic":
                    scores[row["code"]] = (weights * filled).sum(axis=0) / weights.sum(axis=0)
                else:
                    scores[row["code"]] = np.exp((weights * np.log(filled)).sum(axis=0) / weights.sum(axis=0))
    return scores


@pytest.mark.skipif(not ASEM.is_dir(), reason="reference material that stays outside the repository")
@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_an_index_of_51_countries_and_three_levels(tmp_path: Path, aggregation: str) -> None:
    folder, figures, meta = asem_folder(tmp_path / "asem", aggregation)
    snapshot = build_and_publish(folder, tmp_path / "var")
    expected = plain_scores(figures, meta, aggregation)
    root = meta.loc[meta["level"] == 4, "code"].item()
    assert (len(figures), figures.shape[1]) == (51, 49)
    for node in meta.loc[meta["level"] > 1, "code"].tolist():
        ranking = snapshot.query("ranking", period="2018", node="total" if node == root else node, language="en")
        ranking = ranking.set_index("unit_code").loc[figures.index]
        np.testing.assert_allclose(ranking["score"].to_numpy(), expected[node], rtol=0, atol=1e-9)
        ranks = pd.Series(expected[node]).round(9).rank(ascending=False, method="min").tolist()
        assert ranking["rank"].tolist() == ranks
