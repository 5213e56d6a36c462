"""What takes more than one line to check, and that all problems are told at once."""

from __future__ import annotations

import csv
import re

import pytest

from tests.planted_faults import add_harmless_oddities, plant_faults
from tests.small_block import Folder, add_dates
from wardstats.catalogue.load import load_catalogue
from wardstats.core.errors import DataError


def _told(small: Folder) -> list[tuple[str, int | None, str | None, str]]:
    return [(problem.file, problem.line, problem.column, problem.found) for problem in small.problems()]


def test_a_folder_without_faults(small: Folder) -> None:
    catalogue = load_catalogue(small.path)
    assert [unit.unit_code for unit in catalogue.units] == ["w01", "w02", "w03", "x99"]
    assert {year: len(criteria) for year, criteria in catalogue.criteria.items()} == {2025: 2, 2026: 4}
    assert [target.target for target in catalogue.targets] == [12]
    assert [adjustment.points for adjustment in catalogue.adjustments] == [-2, 0.5]
    assert [benchmark.area_name for benchmark in catalogue.benchmarks] == ["Tỉnh"]
    assert catalogue.sources["portal"].producer == "Bộ A"
    assert len(catalogue.figures) == 31


def test_optional_files_may_be_absent(small: Folder) -> None:
    for name in ("adjustments.csv", "targets.csv", "benchmarks.csv"):
        (small.path / name).unlink()
    catalogue = load_catalogue(small.path)
    assert (catalogue.adjustments, catalogue.targets, catalogue.benchmarks) == ([], [], [])


@pytest.mark.parametrize(
    "file", ["block.toml", "sources.toml", "units.csv", "themes.csv", "indicators.csv", "criteria/2026.csv"]
)
def test_a_required_file_that_is_missing_is_the_only_problem(small: Folder, file: str) -> None:
    (small.path / file).unlink()
    assert _told(small) == [(file, None, None, "no such file")]


def test_no_such_folder(small: Folder) -> None:
    [problem] = Folder(small.path / "nowhere").problems()
    assert problem.found == "no such folder"
    assert "--data" in problem.remedy


def test_a_dozen_faults_are_told_at_once_each_with_its_file_and_line(small: Folder) -> None:
    places = plant_faults(small)
    add_harmless_oddities(small)
    problems = small.problems()
    for (file, start, column, found), problem in zip(places, problems, strict=True):
        assert (problem.file, problem.column) == (file, column)
        assert problem.line == (small.line(file, start) if start else None)
        assert found in problem.found
        assert problem.expected
        assert problem.remedy


def test_byte_order_marks_and_windows_line_ends_change_nothing(small: Folder) -> None:
    before = load_catalogue(small.path)
    add_harmless_oddities(small)
    after = load_catalogue(small.path)
    assert (after.indicators, after.criteria, after.sources) == (before.indicators, before.criteria, before.sources)
    assert after.figures.equals(before.figures)


def test_a_folder_saved_by_a_vietnamese_spreadsheet_is_the_same(small: Folder) -> None:
    """Semicolons between cells, decimal commas, a byte order mark, Windows line ends: one meaning, so it is read."""
    before = load_catalogue(small.path)
    for path in small.path.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.reader(stream))
        texts = [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) for cell in line] for line in lines]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows(texts)
    assert any("20,5;" in path.read_text(encoding="utf-8") for path in small.path.glob("units.csv"))
    after = load_catalogue(small.path)
    assert (after.units, after.indicators, after.criteria) == (before.units, before.indicators, before.criteria)
    assert (after.targets, after.adjustments, after.club) == (before.targets, before.adjustments, before.club)
    assert after.figures.equals(before.figures)


def test_codes_that_lost_their_noughts_are_told_with_advice(small: Folder) -> None:
    for path in small.path.rglob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("w01", "02647"), encoding="utf-8")
    small.replace("block.toml", '"w01"', '"02647"')
    assert small.problems() == []
    for file in ("values/2026.csv", "targets.csv"):
        path = small.path / file
        path.write_text(path.read_text(encoding="utf-8").replace("02647", "2647"), encoding="utf-8")
    problems = small.problems()
    assert {problem.file for problem in problems} == {"values/2026.csv", "targets.csv"}
    for problem in problems:
        assert problem.found.startswith("'2647'")
        assert problem.remedy == "It is 02647 without its noughts: store the codes of this file as text."


def test_a_problem_gives_place_found_expected_and_remedy(small: Folder) -> None:
    small.set_cell("units.csv", "w02", "lat", "95")
    with pytest.raises(DataError) as caught:
        load_catalogue(small.path)
    assert str(caught.value) == "units.csv line 3, lat: found '95'; expected at most 90. Correct it."


@pytest.mark.parametrize(
    ("column", "value"), [("unit_code", "w 1"), ("unit_code", ""), ("name_vi", ""), ("lat", "north"), ("is_member", "")]
)
def test_one_bad_line_of_units_is_told_without_a_trail_of_others(small: Folder, column: str, value: str) -> None:
    small.set_cell("units.csv", "w03", column, value)
    problems = small.problems()
    assert (problems[0].file, problems[0].line) in [("units.csv", 4), ("adjustments.csv", 2)]
    # Where the code itself is spoilt, each file that uses it is told once more, with its lines, and no more.
    assert len([problem for problem in problems if problem.file == "units.csv"]) == 1
    assert len(problems) <= 7


def test_a_line_of_units_with_a_cell_too_many_is_the_only_problem(small: Folder) -> None:
    small.replace("units.csv", "w01,Bắc Sơn,", "w01,Bắc, Sơn,")
    assert _told(small) == [("units.csv", 2, None, "16 cells")]


def test_a_code_that_lost_its_zeros_is_told_once_for_each_file(laocai_folder: Folder) -> None:
    """As a spreadsheet does to 03006; the ward has hundreds of figures."""
    laocai_folder.set_cell("units.csv", "03006", "unit_code", "3006")
    assert [(file, column, found[:7]) for file, _, column, found in _told(laocai_folder)] == [
        ("activities.csv", "owner_unit", "'03006'"),
        ("adoptions.csv", "unit_code", "'03006'"),
        ("block.toml", "head_unit", "'03006'"),
        ("positions.csv", "unit_code", "'03006'"),
        ("practices.csv", "unit_code", "'03006'"),
        ("targets.csv", "unit_code", "'03006'"),
        ("values/demonstration.csv", "unit_code", "'03006'"),
    ]


@pytest.mark.parametrize(
    ("file", "line", "found"),
    [
        ("units.csv", "w01,Khác,Khác,,ward,,true,,,,,,,decision,", "w01, as in line 2"),
        ("themes.csv", "files,,Khác,Other,अन्य,1,sum,3,,", "files, as in line 5"),
        ("targets.csv", "w01,green_space,2026,13,,,,,", "w01 green_space 2026, as in line 2"),
        ("benchmarks.csv", "Tỉnh,poverty_rate,2026,6,report", "Tỉnh poverty_rate 2026, as in line 2"),
    ],
)
def test_a_key_stands_once(small: Folder, file: str, line: str, found: str) -> None:
    small.append(file, line)
    assert _told(small) == [(file, small.line(file, line), None, found)]


def test_an_indicator_is_scored_once(small: Folder) -> None:
    small.replace("block.toml", "total_points = 90", "")
    small.append("criteria/2026.csv", "green_space,5,linear,0,10,1,zero,,")
    assert _told(small) == [("criteria/2026.csv", 6, None, "green_space, as in line 5")]


@pytest.mark.parametrize(
    ("file", "line", "column"),
    [
        ("themes.csv", "x,nowhere,X,X,X,1,sum,3,,", "parent_code"),
        ("indicators.csv", "x,nowhere,X,X,X,X,X,X,%,month,1,decision", "theme_code"),
        ("indicators.csv", "x,files,X,X,X,X,X,X,%,month,1,nowhere", "source_id"),
        ("criteria/2025.csv", "nowhere,0.000000000001,linear,0,1,1,zero,", "indicator_code"),
        ("units.csv", "x98,X,X,,ward,,true,,,,,,,nowhere,", "source_id"),
        ("adjustments.csv", "nowhere,2026-04,1,Lý do,decision", "unit_code"),
        ("adjustments.csv", "w01,2026-04,1,Lý do,nowhere", "source_id"),
        ("targets.csv", "nowhere,green_space,2026,12,,,,,", "unit_code"),
        ("targets.csv", "w02,nowhere,2026,12,,,,,", "indicator_code"),
        ("benchmarks.csv", "Tỉnh,nowhere,2026,12,report", "indicator_code"),
        ("benchmarks.csv", "Nước,poverty_rate,2026,12,nowhere", "source_id"),
    ],
)
def test_a_code_must_be_known(small: Folder, file: str, line: str, column: str) -> None:
    small.append(file, line)
    assert _told(small) == [(file, small.line(file, line), column, "'nowhere'")]


def test_codes_in_block_toml_must_be_known(small: Folder) -> None:
    small.replace("block.toml", '"w01"', '"w09"').replace("block.toml", '"decision"', '"hearsay"')
    lines = small.line("block.toml", "head_unit"), small.line("block.toml", "source_id")
    assert _told(small) == [
        ("block.toml", lines[0], "head_unit", "'w09'"),
        ("block.toml", lines[1], "source_id", "'hearsay'"),
    ]


def test_a_block_without_members(small: Folder) -> None:
    for code in ("w01", "w02", "w03"):
        small.set_cell("units.csv", code, "is_member", "false")
    assert _told(small) == [("units.csv", None, "is_member", "no member")]


@pytest.mark.parametrize(
    ("dates", "is_member", "is_right"),
    [
        (",2026-03-01,2026-02-28", "false", False),  # left before it joined
        (",2026-03-01,", "false", False),  # joined, is no member, and left on no day
        (",1 March 2026,", "true", False),
        (",2026-03-01,2026-03-01", "false", True),
        (",,2025-12-31", "false", True),
        (",2026-03-01,", "true", True),
        (",,2027-12-31", "true", True),  # it is known when it will leave
        (",,", "false", True),
    ],
)
def test_the_dates_of_a_membership(small: Folder, dates: str, is_member: str, is_right: bool) -> None:
    add_dates(small, {"w02": dates}).set_cell("units.csv", "w02", "is_member", is_member)
    found = [(problem.file, problem.line) for problem in small.problems()]
    assert found == ([] if is_right else [("units.csv", small.line("units.csv", "w02"))])


def test_a_theme_below_itself(small: Folder) -> None:
    small.set_cell("themes.csv", "service", "parent_code", "files")
    assert _told(small) == [
        ("themes.csv", 3, "parent_code", "'files'"),
        ("themes.csv", 5, "parent_code", "'service'"),
    ]


def test_the_name_of_the_root_is_taken(small: Folder) -> None:
    small.append("themes.csv", "total,,X,X,X,1,sum,3,,")
    assert _told(small) == [("themes.csv", 6, "theme_code", "'total'")]


def test_points_must_add_up_to_what_block_toml_says(small: Folder) -> None:
    small.set_cell("criteria/2026.csv", "files_on_time", "max_points", "41")
    assert _told(small) == [("criteria/2026.csv", None, "max_points", "91 points in all")]


@pytest.mark.parametrize(
    ("column", "value"), [("zero_at", ""), ("full_at", ""), ("zero_at", "100"), ("max_points", "0"), ("rule", "best")]
)
def test_limits_that_do_not_fit_the_rule(small: Folder, column: str, value: str) -> None:
    small.set_cell("criteria/2026.csv", "files_on_time", column, value)
    assert [(file, line) for file, line, _, _ in _told(small)] == [("criteria/2026.csv", 2)]


def test_two_years_with_one_criteria_file_tell_its_faults_once(small: Folder) -> None:
    small.replace("block.toml", "criteria/2025.csv", "criteria/2026.csv").replace("block.toml", "= 100", "= 90")
    small.set_cell("criteria/2026.csv", "files_on_time", "if_empty", "maybe")
    assert [(file, line, column) for file, line, column, _ in _told(small)][:1] == [
        ("criteria/2026.csv", 2, "if_empty"),
    ]
    assert len(_told(small)) == len(set(_told(small)))


def test_an_adjustment_belongs_to_a_period_that_is_ranked(small: Folder) -> None:
    """One for a quarter would be lost without a word where months are ranked."""
    small.append("adjustments.csv", "w01,2026-Q1,1,Lý do,decision")
    assert _told(small) == [("adjustments.csv", 4, "period", "'2026-Q1'")]


def test_values_hold_a_period_of_the_blocks_frequency(small: Folder) -> None:
    small.replace("block.toml", 'frequency = "month"', 'frequency = "year"')
    assert ("values", None, "period", "only periods of the kind month, quarter") in _told(small)


def test_the_digest_changes_with_any_file(small: Folder) -> None:
    before = load_catalogue(small.path).content_sha256
    assert load_catalogue(small.path).content_sha256 == before
    small.set_cell("values/demonstration.csv", "w01,green_space,2026-04", "value", "7")
    assert load_catalogue(small.path).content_sha256 != before


def test_a_text_is_asked_for_in_the_blocks_own_language_only(small: Folder) -> None:
    small.set_cell("indicators.csv", "files_on_time", "name_hi", "").set_cell("units.csv", "w01", "name_en", "")
    small.replace("block.toml", 'hi = "परीक्षण खंड"\n', "")
    catalogue = load_catalogue(small.path)
    assert catalogue.indicators[0].text("hi") == catalogue.indicators[0].text("vi") == "Hồ sơ đúng hạn"
    assert catalogue.units[0].text("en") == "Bắc Sơn"
    assert catalogue.block.name.text("hi") == "Khối thử"
    small.set_cell("indicators.csv", "files_on_time", "name_vi", "").set_cell("units.csv", "w01", "area_km2", "wide")
    small.replace("block.toml", 'vi = "Khối thử"\n', "")
    found = {(problem.file, problem.column, problem.found) for problem in small.problems()}
    assert ("indicators.csv", "name_vi", "nothing") in found
    assert ("block.toml", "name.vi", "nothing") in found
    assert ("units.csv", "area_km2", "'wide'") in found


def test_a_block_may_speak_another_language_than_the_first(small: Folder) -> None:
    small.replace("block.toml", 'default_language = "vi"', 'default_language = "en"')
    small.set_cell("themes.csv", "service", "name_vi", "").set_cell("documents.csv", "rules", "title_en", "Rules")
    found = small.problems()
    assert {problem.column for problem in found if problem.file not in ("sources.toml", "units.csv")} <= {
        "title_en", "name_en", "text_en", "question_en", "problem_en", "action_en",
    }  # fmt: skip
    assert not [problem for problem in found if problem.file in ("themes.csv", "sources.toml", "block.toml")]


def test_an_unknown_language_is_a_problem(small: Folder) -> None:
    [problem] = small.replace("block.toml", 'default_language = "vi"', 'default_language = "fr"').problems()
    assert (problem.column, problem.expected) == ("default_language", "one of 'vi', 'en', 'hi'")
