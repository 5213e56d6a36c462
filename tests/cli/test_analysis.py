"""The commands that check and defend a ranking, on the demonstration block."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.small_block import build_and_publish
from wardstats.cli.main import app
from wardstats.core.errors import WardStatsError
from wardstats.core.settings import PROJECT


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("var")
    build_and_publish(PROJECT / "data" / "laocai", place)
    return place


def run(var: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--var", str(var)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def frame(var: Path, *words: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(run(var, *words, "--format", "csv")), dtype={"unit_code": str})


def test_each_step_can_be_looked_at(var: Path) -> None:
    ranking = frame(var, "rank", "--period", "2026-10").set_index("unit_code")
    scores = frame(var, "score", "--period", "2026-10").set_index("unit_code")
    assert scores["total"].to_dict() == pytest.approx(ranking["score"].to_dict(), abs=1e-5)
    for step in ("raw", "imputed", "treated", "normalised", "coverage", "ranks"):
        assert len(frame(var, "score", "--period", "2026-10", "--step", step)) == 10


def test_ranges(var: Path) -> None:
    ranges = frame(var, "range", "--period", "2026-10", "--theme", "social_security")
    assert len(ranges) == 10
    assert (ranges["rank_low"] <= ranges["rank_high"]).all()


def test_a_table_for_programs_holds_every_digit(var: Path) -> None:
    """CSV and JSON give the same numbers, to the last digit."""
    for words in (["rank"], ["explain"], ["lift", "--unit", "03006"]):
        printed = json.loads(run(var, *words, "--format", "json"))
        for column, values in frame(var, *words).select_dtypes("float").items():
            assert [None if pd.isna(value) else value for value in values] == [row[str(column)] for row in printed]


def test_equal_places_stand_in_one_order_everywhere(var: Path) -> None:
    assert frame(var, "range")["unit_code"].tolist() == frame(var, "rank")["unit_code"].tolist()


def test_the_parts_of_a_change_add_up(var: Path) -> None:
    summary = frame(var, "explain", "--period", "2026-10", "--summary").set_index("unit_code")
    parts = frame(var, "explain", "--period", "2026-10")
    added = parts.groupby("unit_code")[["score_part", "places_part"]].sum()
    assert added["score_part"].to_dict() == pytest.approx(summary["score_change"].to_dict(), abs=1e-4)
    assert added["places_part"].to_dict() == pytest.approx(summary["places_gained"].to_dict(), abs=1e-4)


def test_a_lift_that_is_tried_gains_the_place(var: Path) -> None:
    lifted = frame(var, "lift", "--unit", "03006", "--period", "2026-10").iloc[0]
    change = f"03006:{lifted['indicator_code']}={lifted['needed']:.2f}"  # as it is printed
    table = frame(var, "whatif", "--period", "2026-10", "--set", change).set_index("unit_code")
    assert table.loc["03006", "rank"] == lifted["place"]


def test_what_if_reads_a_comma_as_a_point(var: Path) -> None:
    comma, point = (run(var, "whatif", "--set", f"03006:qd766_online={text}") for text in ("9,75", "9.75"))
    assert comma == point != run(var, "whatif", "--set", "03006:qd766_online=9")


def test_what_if_answers_as_json(var: Path) -> None:
    rows = json.loads(run(var, "whatif", "--set", "03006:dossiers_on_time=", "--format", "json"))
    assert {row["unit_code"] for row in rows if row["score"] != row["score_before"]} == {"03006"}


@pytest.mark.parametrize(
    "show",
    [
        "coverage-by-unit",
        "coverage-by-indicator",
        "pearson",
        "spearman",
        "kendall",
        "cronbach-alpha",
        "outlying-indicators",
        "outlying-values",
        "effective-weights",
    ],
)
def test_statistics(var: Path, show: str) -> None:
    assert run(var, "statistics", "--show", show, "--period", "2026-10").strip()


def test_made_up_figures_are_marked_in_what_is_printed(var: Path) -> None:
    for words in (["score"], ["range"], ["explain"], ["lift", "--unit", "03006"], ["statistics"]):
        table = frame(var, *words, "--period", "2026-10")
        assert set(table["status"]) == {"demonstration"}, words
    whatif = frame(var, "whatif", "--set", "03006:dossiers_on_time=99", "--period", "2026-10")
    assert set(whatif["status"]) == {"demonstration"} and whatif["is_hypothetical"].all()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["lift", "--unit", "99999"], "not a member"),
        (["explain", "--period", "2025-07"], "first ranked period"),
        (["whatif", "--set", "03006:nothing=1"], "expected UNIT:INDICATOR=VALUE"),
        (["whatif", "--set", "03006:dossiers_on_time=viel"], "expected a number"),
        (["whatif", "--set", "03006:qd766_online=975"], "from 0 to 12"),
        (["range", "--theme", "nothing"], "no such theme"),
        (["score", "--period", "2031-01"], "not a ranked period"),
    ],
)
def test_what_makes_no_sense_is_explained(var: Path, words: list[str], reason: str) -> None:
    with pytest.raises(WardStatsError, match=reason):
        run(var, *words)
