"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import commands_on
from tests.planted_faults import add_harmless_oddities, plant_faults
from tests.small_block import SMALL, Folder
from wardstats import __version__
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT, Settings

RANKING = "rank,unit_code,unit_name,score,max_score,coverage,previous_rank,status,previous_status"
VALUES = "unit_code,indicator_code,period,value,numerator,denominator,points,max_points,status,source_id"


@dataclass(frozen=True)
class Answer:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return stdout as CSV."""
        return list(csv.DictReader(io.StringIO(self.out)))


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs a command on the small block, or on the folder given, in this process."""
    command = commands_on(Settings(SMALL, tmp_path / "var", None), monkeypatch, capsys)
    return lambda *arguments: Answer(*command(*arguments))


def test_as_a_program_with_options_instead_of_the_environment(tmp_path: Path) -> None:
    arguments = ["rank", "--data", "data/provinces_766", "--var", str(tmp_path), "--period", "2026", "--format", "csv"]
    done = subprocess.run(
        [sys.executable, "-m", "wardstats", *arguments],
        cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    header, first, *_ = lines = done.stdout.splitlines()
    assert header.startswith(RANKING + ",group_transparency,group_progress,group_online_services,")
    assert first.startswith("1,H20,Đồng Tháp,68.80,100.00,1.00,,official,")
    rank, code, name, score, *_ = lines[23].split(",")
    assert (rank, code, name, round(float(score), 9)) == ("23", "H38", "Lào Cai", 61.72)
    assert len(lines) == 1 + 34
    assert done.stderr == ""


def test_rank_prints_the_newest_period_with_a_column_for_each_theme(run: Run) -> None:
    answer = run("rank", "--format", "csv")
    assert answer.code == 0
    why = "Sáng kiến được công nhận +0,5 (Quyết định 12/QĐ-UBND); Nộp báo cáo muộn −2,0 (Quyết định 12/QĐ-UBND)"
    assert answer.out.splitlines() == [
        RANKING + ",rank_at_worst,rank_if_closed,adjustment,adjustment_reason,service,living",
        "1,w02,Ân Hà,72.00,100.00,1.00,3,demonstration,demonstration,,,0.00,,51.00,21.00",
        "1,w01,Bắc Sơn,72.00,100.00,1.00,2,demonstration,demonstration,,,0.00,,52.00,20.00",
        f'3,w03,Đông An,54.50,100.00,0.80,1,demonstration,demonstration,3,3,-1.50,"{why}",36.00,20.00',
    ]


def test_rank_of_one_theme(run: Run) -> None:
    answer = run("rank", "--period", "2026-03", "--theme", "service", "--format", "csv")
    assert answer.out.splitlines() == [
        RANKING + ",files,petitions",
        "1,w03,Đông An,60.00,60.00,1.00,,verified,,40.00,10.00",
        "2,w02,Ân Hà,30.00,60.00,1.00,1,verified,verified,10.00,10.00",
        "2,w01,Bắc Sơn,30.00,60.00,1.00,2,verified,official,20.00,5.00",
    ]


def test_rank_of_a_theme_without_parts(run: Run) -> None:
    answer = run("rank", "--theme", "living", "--format", "csv")
    assert answer.out.splitlines()[0] == RANKING
    assert [row["score"] for row in answer.rows] == ["21.00", "20.00", "20.00"]


def test_rank_as_json(run: Run) -> None:
    first, *_ = json.loads(run("rank", "--period", "2025-12", "--format", "json", "--lang", "hi").out)
    assert first == {
        "rank": 1, "unit_code": "w02", "unit_name": "अन हा", "score": 85.0, "max_score": 150.0, "coverage": 1.0,
        "previous_rank": None, "status": "verified", "previous_status": None, "service": 85.0,
    }  # fmt: skip


def test_rank_of_a_year_is_the_mean_of_its_periods(run: Run) -> None:
    answer = run("rank", "--span", "year", "--format", "csv")
    why = "Sáng kiến được công nhận +0,5 (Quyết định 12/QĐ-UBND); Nộp báo cáo muộn −2,0 (Quyết định 12/QĐ-UBND)"
    assert answer.out.splitlines() == [
        RANKING + ",period_count,rank_best,rank_worst,adjustment,adjustment_reason,service,living",
        f'1,w03,Đông An,67.25,100.00,0.90,,demonstration,,2,1,3,-0.75,"{why}",48.00,20.00',
        "2,w01,Bắc Sơn,66.00,100.00,1.00,2,demonstration,official,2,1,2,0.00,,41.00,25.00",
        "3,w02,Ân Hà,63.50,100.00,1.00,1,demonstration,verified,2,1,3,0.00,,40.50,23.00",
    ]
    assert answer.err == "2026: mean of 2 of 12 periods.\n"
    assert run("rank", "--span", "month", "--format", "csv").out == run("rank", "--format", "csv").out


def test_rank_as_a_table(run: Run) -> None:
    lines = run("rank").out.splitlines()
    more = ["rank_at_worst", "rank_if_closed", "adjustment"]
    assert lines[0].split() == [*RANKING.split(","), *more, "service", "living"]
    assert lines[1].split() == "1 w02 Ân Hà 72.00 100.00 1.00 3 demonstration demonstration 0.00 51.00 21.00".split()


def test_rank_of_an_unfinished_period_says_so_and_compares_nothing(run: Run, small: Folder) -> None:
    small.append("values/2026.csv", "w03,files_on_time,2026-05,50,,,official,portal,")
    assert [row["score"] for row in run("rank", "--data", small.path, "--format", "csv").rows] == [
        "72.00",
        "72.00",
        "54.50",
    ]
    answer = run("rank", "--data", small.path, "--period", "2026-05", "--format", "csv", "--lang", "en")
    assert "2026-05: Not enough figures yet: the block has 20% of them." in answer.err
    assert {(row["is_finished"], row["previous_rank"]) for row in answer.rows} == {("False", "")}


def test_a_rank_stays_a_whole_number_beside_a_missing_one(run: Run, small: Folder) -> None:
    small.replace("block.toml", "leading_coverage = 0.4", "leading_coverage = 0")
    small.append("values/2026.csv", "w03,files_on_time,2026-01,50,,,official,portal,")
    answer = run("rank", "--data", small.path, "--period", "2026-01", "--format", "csv")
    assert [(row["rank"], row["previous_rank"], row["score"]) for row in answer.rows] == [
        ("1", "", "50.00"), ("", "1", ""), ("", "2", ""),
    ]  # fmt: skip
    answer = run("rank", "--data", small.path, "--period", "2026-01", "--format", "json")
    assert [row["rank"] for row in json.loads(answer.out)] == [1, None, None]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--period", "2026-02"), "--period '2026-02': not a ranked period. Ranked: 2025-12, 2026-03, 2026-04."),
        (("--theme", "roads"), "--theme 'roads': no such theme. The themes are: service, files, petitions, living."),
        (("--lang", "fr"), "--lang 'fr': not a language of this program; choose vi, en, hi."),
    ],
)
def test_rank_of_what_is_not_there(run: Run, arguments: tuple[str, str], told: str) -> None:
    answer = run("rank", *arguments)
    assert (answer.code, answer.out, answer.err.strip()) == (1, "", told)


def test_values_with_points(run: Run) -> None:
    answer = run("values", "--unit", "w02", "--format", "csv")
    assert answer.out.splitlines() == [
        VALUES,
        "w02,files_on_time,2026-04,90.00,90.00,100.00,36.00,40.00,official,portal",
        "w02,petitions_answered,2026-04,75.00,3.00,4.00,7.50,10.00,verified,report",
        "w02,green_space,2026-04,3.00,,,6.00,20.00,demonstration,made_up",
        "w02,poverty_rate,2026-04,2.50,,,15.00,20.00,reported,report",
    ]


def test_values_of_several_units_and_indicators(run: Run) -> None:
    options = ["--unit", "w01", "--unit", "w03", "--indicator", "petitions_answered", "--period", "2026-04"]
    answer = run("values", *options, "--format", "json")
    found = [(row["unit_code"], row["value"], row["denominator"], row["points"]) for row in json.loads(answer.out)]
    assert found == [("w01", None, 0.0, 10.0), ("w03", None, None, None)]


def test_no_values(run: Run) -> None:
    answer = run("values", "--unit", "w77")
    assert (answer.code, answer.out) == (1, "")
    assert "No figure for --period 2026-04" in answer.err


def test_rank_and_values_publish_nothing(run: Run, tmp_path: Path) -> None:
    run("rank")
    run("values")
    assert read_history(tmp_path / "var") == []


def test_build_prints_the_id_and_says_when_nothing_has_changed(run: Run, tmp_path: Path) -> None:
    first = run("build")
    snapshot_id = first.out.strip()
    assert first.code == 0
    assert [entry.snapshot_id for entry in read_history(tmp_path / "var")] == [snapshot_id]
    assert "published: the first board" in first.err
    second = run("build")
    assert second.out == first.out
    assert "Nothing has changed" in second.err
    assert len(read_history(tmp_path / "var")) == 1


def test_snapshots_and_rollback(run: Run, small: Folder) -> None:
    first = run("build").out.strip()
    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", "79")
    second = run("build", "--publish", "--by", "An", "--data", small.path).out.strip()
    listed = run("snapshots", "--format", "csv").rows
    assert {row["snapshot_id"]: row["is_current"] for row in listed} == {first: "False", second: "True"}
    assert all(row["published_at"] for row in listed)
    assert run("rollback").out.strip() == first
    assert [row["rank"] for row in run("rank", "--format", "csv").rows] == ["1", "1", "3"]
    assert run("rollback", second).out.strip() == second
    assert run("rank", "--format", "csv").rows[0]["unit_code"] == "w02"
    unknown = run("rollback", "nothing")
    assert (unknown.code, unknown.out) == (1, "")
    assert "no snapshot 'nothing'" in unknown.err


def test_no_snapshots_and_nothing_to_go_back_to(run: Run) -> None:
    assert "no snapshot yet" in run("snapshots").err
    assert run("rollback").code == 1


def test_check_of_a_good_folder(run: Run) -> None:
    answer = run("check")
    assert answer.code == 0
    assert "no problem in 3 members, 4 indicators, 31 figures" in answer.err
    notices = json.loads(run("check", "--format", "json").out)
    assert {notice["column"][-3:] for notice in notices} == {"_en", "_hi"}  # texts that are shown in Vietnamese
    assert ("units.csv", 4, "name_hi", "nothing in 2 of 4 lines") in [
        (notice["file"], notice["line"], notice["column"], notice["found"]) for notice in notices
    ]
    assert len(answer.out.splitlines()) == len(notices)


def test_check_lists_all_planted_faults(run: Run, small: Folder) -> None:
    places = plant_faults(small)
    add_harmless_oddities(small)
    answer = run("check", "--data", small.path)
    lines = answer.out.splitlines()
    assert answer.code == 1
    for (file, start, column, found), line in zip(places, lines, strict=True):
        place = file + (f" line {small.line(file, start)}" if start else "") + (f", {column}" if column else "")
        assert line.startswith(f"{place}: found ")
        assert found in line
    assert f"{len(places)} problems" in answer.err


def test_check_for_machines(run: Run, small: Folder) -> None:
    places = plant_faults(small)
    as_csv = run("check", "--data", small.path, "--format", "csv")
    as_json = run("check", "--data", small.path, "--format", "json")
    lines = [small.line(file, start) if start else None for file, start, _, _ in places]
    assert (as_csv.code, as_json.code) == (1, 1)
    assert [(row["file"], row["line"]) for row in as_csv.rows] == [
        (place[0], str(line or "")) for place, line in zip(places, lines, strict=True)
    ]
    assert [problem["line"] for problem in json.loads(as_json.out)] == lines
    assert list(as_csv.rows[0]) == ["file", "line", "column", "found", "expected", "remedy"]


def test_build_of_bad_data_tells_all_and_publishes_nothing(run: Run, small: Folder, tmp_path: Path) -> None:
    good = run("build").out.strip()
    places = plant_faults(small)
    answer = run("build", "--data", small.path)
    assert (answer.code, answer.out) == (1, "")
    assert len(answer.err.splitlines()) == len(places) + 1
    assert "Nothing was published" in answer.err
    assert [entry.snapshot_id for entry in read_history(tmp_path / "var")] == [good]
    assert [path.stem for path in (tmp_path / "var" / "snapshots").iterdir()] == [good]


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    answer = run("build", "--data", tmp_path / "nowhere")
    assert answer.code == 1
    assert "no such folder" in answer.err


def test_wrong_usage_is_told_apart_from_bad_data(run: Run) -> None:
    assert run("rank", "--format", "pdf").code == 2
    assert run("dance").code == 2


def test_version(run: Run) -> None:
    assert run("--version").out.strip() == __version__
