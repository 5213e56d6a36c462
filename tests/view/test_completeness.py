"""An unfinished period: which one leads instead, what is not told of it, and that every exit agrees."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import commands_on
from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.compare import draw_comparison
from wardstats.boards.page_frame import draw_page_frame
from wardstats.boards.print.sheet import sheet_facts
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.ward.movement import draw_movement
from wardstats.boards.ward.profile import draw_profile
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT, settings
from wardstats.live.board import live_board
from wardstats.live.conference_scenes import conference_scenes
from wardstats.live.phone_page import live_page
from wardstats.live.reader import Reader
from wardstats.snapshot.store import Snapshot
from wardstats.view.completeness import is_finished, leading_period, unfinished

EARLY = "w01,files_on_time,2026-05,90,,,official,portal,"
CASE = PROJECT.parent / "shared" / "cases" / "truth" / "early_values.csv"
RISE = ("▲", "▼")


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Reader]:
    """The small block with one figure of a new month; of that month's 100 points the block has 20 %."""
    folder, var = tmp_path_factory.mktemp("early") / "data", tmp_path_factory.mktemp("early_var")
    shutil.copytree(SMALL, folder)
    Folder(folder).append("values/2026.csv", EARLY)
    return build_and_publish(folder, var), Reader(settings(folder, var))


def test_every_exit_opens_with_the_month_before(
    early: tuple[Snapshot, Reader], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot, reader = early
    published = reader.publication()
    assert leading_period(snapshot.query("ranked_period")) == "2026-04"
    assert reader.view(published.snapshot_id, "vi").period == "2026-04"
    board, scenes = live_board(reader, published, "en"), conference_scenes(reader, published, "en")
    assert (board["period"], scenes["period"]) == ("2026-04", "2026-04")
    assert board["headline"] == "Ân Hà and Bắc Sơn lead together with 72.0 of 100 points"
    assert (board["coverage_text"], board["is_finished"]) == ("data coverage 93%", True)
    assert scenes["movers"]["since"] == "since March 2026"
    code, out, _ = commands_on(reader.places, monkeypatch, capsys)("rank", "--format", "json", "--lang", "en")
    assert code == 0
    assert [row["score"] for row in json.loads(out)] == [72, 72, 54.5]


def test_the_case_of_one_november_line(laocai_folder: Folder, tmp_path: Path) -> None:
    if not CASE.is_file():
        pytest.skip("the reference cases are not there")
    shutil.copy(CASE, laocai_folder.path / "values" / "early.csv")
    build_and_publish(laocai_folder.path, tmp_path)
    reader = Reader(settings(laocai_folder.path, tmp_path))
    board = live_board(reader, reader.publication(), "en")
    assert board["period"] == "2026-10"
    november = reader.view(reader.publication().snapshot_id, "en", "2026-11")
    assert november.ranking()["rank"].count() == 1  # who has only figures carried on from the quarter has no rank
    assert draw_ranking(november).headline == "Not enough figures yet: the block has 2% of them"


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_an_unfinished_month_nothing_is_told_but_that(early: tuple[Snapshot, Reader], language: str) -> None:
    snapshot, _ = early
    view, speak = view_of(snapshot, language, "2026-05"), translator(language)
    assert not is_finished(view.ranking())
    told = speak("Not enough figures yet: the block has {share} of them", share=speak.percent(0.2))
    page = draw_ranking(view)
    assert page.headline == told
    assert [card.topic for card in page.cards] in (
        [speak("Ranked so far"), speak("Data coverage")],
        [speak("Data coverage")],
    )
    assert page.table[speak("Rank before")].isna().all()
    assert set(page.table[speak("Note")]) == {told}
    assert {shape["type"] for shape in page.figure.to_dict()["layout"]["shapes"]} == {"rect"}  # no gold
    assert draw_movement(view, "w01") is None
    assert told in draw_profile(view, "w01").headline
    assert told in draw_page_frame(view).notice
    facts = sheet_facts(view, "w01")
    assert facts["notices"][0]["title"] == f"{told}."
    assert facts["why"]["headline"] == speak("Not enough figures yet to compare")
    assert not facts["is_first"]
    everything = json.dumps([page.figure.to_dict(), facts], ensure_ascii=False, default=str)
    assert not any(sign in everything for sign in RISE)


def test_units_are_not_called_ahead_of_each_other_on_few_figures(small: Folder, tmp_path: Path) -> None:
    small.append("values/2026.csv", EARLY, EARLY.replace("w01", "w02"))
    small.replace("block.toml", "leading_coverage = 0.4", "leading_coverage = 0.7")
    view = view_of(build_and_publish(small.path, tmp_path), period="2026-05")
    assert draw_comparison(view, ("w01", "w02"), "none").headline.startswith("Not enough figures yet")


def test_where_nothing_is_finished_the_screens_say_so(small: Folder, tmp_path: Path) -> None:
    small.replace("block.toml", "leading_coverage = 0.4", "leading_coverage = 1")
    small.append("values/2026.csv", EARLY)
    (small.path / "values" / "demonstration.csv").unlink(missing_ok=True)
    for path in (small.path / "values").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("w03,files")), encoding="utf-8")
    build_and_publish(small.path, tmp_path)
    reader = Reader(settings(small.path, tmp_path))
    published = reader.publication()
    scenes = conference_scenes(reader, published, "en")
    assert scenes["period"] == "2026-05"
    assert scenes["headline"].startswith("Not enough figures yet")
    assert scenes["movers"]["rows"] == []
    assert scenes["titles"]["movers"] == "Not enough figures yet to compare"
    assert all(winner["names"] == [] for winner in scenes["winners"])
    assert scenes["spotlights"] == []
    page = live_page(live_board(reader, published, "en"), "total")
    assert 'class="first"' not in page
    assert scenes["coverage_text"] in page


def test_a_thin_theme_of_a_finished_month_has_no_winner(small: Folder, tmp_path: Path) -> None:
    """Without petitions service has two thirds of its points, and names nobody at a limit of 0.8; living has all."""
    small.replace("block.toml", "leading_coverage = 0.4", "leading_coverage = 0.8")
    for unit in ("w01", "w02"):
        small.set_cell("values/2026.csv", f"{unit},petitions_answered,2026-04", "numerator", "")
        small.set_cell("values/2026.csv", f"{unit},petitions_answered,2026-04", "denominator", "")
    build_and_publish(small.path, tmp_path)
    reader = Reader(settings(small.path, tmp_path))
    scenes = conference_scenes(reader, reader.publication(), "en")
    assert scenes["is_finished"]
    winners = {winner["theme_code"]: winner for winner in scenes["winners"]}
    assert winners["service"]["names"] == []
    assert winners["service"]["next"] == "not enough figures yet"
    assert winners["service"]["coverage_text"] == "data coverage 67%"
    assert winners["living"]["names"]
    themes = {theme["theme_code"]: theme for theme in scenes["themes"]}
    assert themes["service"]["headline"].startswith("Service: Not enough figures yet")
    assert {row[4] for row in themes["service"]["ranking"]} == {None}


def test_newly_ranked_units_are_among_the_movers_and_gain_no_place(small: Folder, tmp_path: Path) -> None:
    for code in ("files_on_time", "petitions_answered"):
        for column in ("value", "numerator", "denominator"):
            small.set_cell("values/2026.csv", f"w03,{code},2026-03", column, "")
    text = (small.path / "values" / "2026.csv").read_text(encoding="utf-8")
    (small.path / "values" / "2026.csv").write_text(
        text.replace("w03,poverty_rate,2026-Q1,20", "w03,poverty_rate,2026-Q1,"), encoding="utf-8"
    )
    for path in (small.path / "values").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(
            "".join(line for line in lines if not line.startswith("w03,green_space,2026-03")), encoding="utf-8"
        )
    build_and_publish(small.path, tmp_path)
    reader = Reader(settings(small.path, tmp_path))
    movers = conference_scenes(reader, reader.publication(), "en")["movers"]["rows"]
    newcomer = movers[-1]
    assert (newcomer["unit_code"], newcomer["rank_before"], newcomer["places"]) == ("w03", None, None)
    assert newcomer["why"] == ["not ranked then"]
    assert all(mover["places"] is not None for mover in movers[:-1])


@pytest.mark.parametrize(("share", "text"), [(0.5999, "59%"), (0.02, "2%"), (0.004, "0.4%"), (0, "0%")])
def test_coverage_is_never_rounded_up_to_the_limit(share: float, text: str) -> None:
    ranking = pd.DataFrame({"coverage": [share, share], "is_finished": [False, False]})
    assert text in unfinished(ranking, translator("vi")).replace(",", ".")
    assert not unfinished(ranking.assign(is_finished=True), translator("vi"))
