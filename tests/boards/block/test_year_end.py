"""The year's end: the same result as the ranking page, the command line and the API; unfinished periods out of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.cli.running import commands_on
from tests.small_block import Folder, add_dates, build_and_publish
from tests.views import view_of
from wardstats.boards.block.year_end import YearEnd, draw_year_end
from wardstats.boards.print.block_documents import minutes_facts
from wardstats.boards.ranking.board import draw_ranking
from wardstats.core.settings import PROJECT, settings
from wardstats.live.application import Live
from wardstats.snapshot.store import Snapshot
from wardstats.view.ranking_choice import RankingChoice

LAOCAI = PROJECT / "data" / "laocai"


def order(end: YearEnd) -> list[tuple[str, str]]:
    return list(zip(end.totals["Rank"], end.totals["Name"], strict=True))


@pytest.mark.parametrize("year", [2025, 2026])
def test_all_exits_tell_the_same_result_of_a_year(
    year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = build_and_publish(LAOCAI, tmp_path)
    places = settings(LAOCAI, tmp_path)
    months = [period for period in snapshot.query("ranked_period")["period"] if period.startswith(str(year))]
    scores = pd.concat(
        [
            snapshot.query("ranking", period=month, node="total", language="en").set_index("unit_name")["score"]
            for month in months
        ],
        axis=1,
    ).mean(axis=1)
    by_hand = list(scores.sort_values(ascending=False, kind="stable").index)

    asked = ("rank", "--span", "year", "--period", months[0], "--lang", "en", "--format", "json")
    code, out, _ = commands_on(places, monkeypatch, capsys)(*asked)
    printed = json.loads(out)
    assert code == 0
    with TestClient(Starlette(routes=Live(places).routes())) as client:
        params = {"span": "year", "period": months[0], "lang": "en"}
        answered = client.get("/api/v1/ranking", params=params).json()["rows"]
    view = view_of(snapshot, period=months[0])
    page = draw_ranking(view, RankingChoice("year"))
    end = draw_year_end(view, year)
    minutes = next(part["rows"] for part in minutes_facts(view, year)["parts"] if part["kind"] == "table")

    told = [(str(row["rank"]), row["unit_name"]) for row in printed]
    assert [name for _, name in told] == by_hand
    assert [row["score"] for row in answered] == pytest.approx(scores[by_hand].tolist(), abs=1e-9)
    assert [(str(row["rank"]), row["unit_name"]) for row in answered] == told
    assert list(zip(page.table["Rank"].astype(str), page.table["Name"], strict=True)) == told
    assert order(end) == told
    assert [tuple(row[:2]) for row in minutes] == told
    assert end.totals["Points"].tolist() == [f"{row['score']:.2f}" for row in answered]


def test_titles_go_by_the_year_and_not_by_its_last_month(laocai: Snapshot) -> None:
    view = view_of(laocai)
    year = draw_ranking(view, RankingChoice("year")).table["Name"].tolist()
    october = draw_ranking(view).table["Name"].tolist()
    flag, merit = draw_year_end(view, 2026).titles
    assert year[2] != october[2]
    assert (flag.names, merit.names + merit.left_out) == (year[:1], year[1:3])


def test_coverage_for_a_title_is_that_of_the_year(small: Folder, tmp_path: Path) -> None:
    """w03 leads 2026 with 90 % of its figures over two periods, 80 % in the last one."""
    for least, names in (("0.91", []), ("0.9", ["Đông An"])):
        text = (small.path / "block.toml").read_text(encoding="utf-8")
        start = text.index("min_coverage")
        text = text[:start] + f"min_coverage = {least}" + text[text.index("\n", start) :]
        (small.path / "block.toml").write_text(text, encoding="utf-8")
        end = draw_year_end(view_of(build_and_publish(small.path, tmp_path / least)), 2026)
        assert [title.names for title in end.titles] == [names]
        assert [title.left_out for title in end.titles] == [[] if names else ["Đông An"]]


def test_an_unfinished_month_does_not_count_in_the_year(small: Folder, tmp_path: Path) -> None:
    before = draw_year_end(view_of(build_and_publish(small.path, tmp_path / "before")), 2026)
    small.append("values/2026.csv", "w02,files_on_time,2026-05,100,,,official,portal,")
    view = view_of(build_and_publish(small.path, tmp_path / "after"))
    assert view.period == "2026-05"
    after = draw_year_end(view, 2026)
    assert order(after) == order(before)
    assert after.totals["Points"].tolist() == before.totals["Points"].tolist()
    assert (after.period, after.is_over) == ("2026-04", False)
    assert "Not counted, too few figures yet: " in after.note
    assert "Not counted" not in before.note


def test_a_year_without_a_finished_month_names_nobody(small: Folder, tmp_path: Path) -> None:
    small.replace("block.toml", "leading_coverage = 0.4", "leading_coverage = 0.5")  # 2025-12 covers 44 %
    small.append("block.toml", "[[years.2025.awards]]", "places = 1", "[years.2025.awards.name]", 'vi = "Cờ"')
    end = draw_year_end(view_of(build_and_publish(small.path, tmp_path)), 2025)
    assert end.headline == "2025. Not enough figures yet: the block has 44% of them"
    assert [title.names + title.left_out for title in end.titles] == [[]]


def test_a_ward_that_leaves_keeps_its_places_in_past_years(tmp_path: Path) -> None:
    """The case merge1 with the day on which C3 left: B2 stays third of 2025-12, as before the merger."""
    case = PROJECT.parent / "shared" / "cases" / "truth" / "merge1"
    if not case.is_dir():
        pytest.skip("the reference cases are not there")
    folder = Folder(Path(shutil.copytree(case, tmp_path / "merge1")))
    add_dates(folder, {"C3": ",,2025-12-31"})
    snapshot = build_and_publish(folder.path, tmp_path / "var")
    whole = build_and_publish(case.with_name("merge0"), tmp_path / "var0")
    columns = ["rank", "unit_code", "score"]
    then = [board.query("ranking", period="2025-12", node="total", language="en") for board in (snapshot, whole)]
    assert then[0][columns].equals(then[1][columns])
    now = snapshot.query("ranking", period="2026-01", node="total", language="en")
    assert set(now["unit_code"]) == {"A1", "B2"}


def test_who_leaves_in_the_year_is_not_in_its_result_but_in_those_before(small: Folder, tmp_path: Path) -> None:
    add_dates(small, {"w03": ",,2026-03-31"}).set_cell("units.csv", "w03", "is_member", "false")
    view = view_of(build_and_publish(small.path, tmp_path))
    assert [name for _, name in order(draw_year_end(view, 2026))] == ["Bắc Sơn", "Ân Hà"]
    assert [name for _, name in order(draw_year_end(view, 2025))] == ["Ân Hà", "Bắc Sơn", "Đông An"]
