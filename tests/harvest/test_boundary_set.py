"""Fetching boundaries from a stand-in on loopback: one file a unit or one for all, and what goes wrong on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.boundary_shapes import one_file_a_unit, squares, zipped
from tests.boundary_stand_in import DataSet, served, ward_files
from wardstats.charts.map.boundary_faults import BoundaryError
from wardstats.harvest.boundary_set import Patience, Place, fetch_boundaries

QUICK = Patience(attempts=3, wait_s=0.01, silence_s=2.0)
MEMBERS = [Place(row.code, row.ten, True) for row in squares().itertuples()]
NEIGHBOUR = Place("02746", "Cốc San", False)


def each(data_set: DataSet) -> str:
    return data_set.url + "/wards/{code}_{name}.geojson"


def test_each_unit_has_its_file_under_its_name_without_accents(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    with served(ward_files(squares())) as data_set:
        fetch_boundaries(each(data_set), MEMBERS, tmp_path, lambda step, steps_, _: steps.append((step, steps_)), QUICK)
    assert "/wards/04543_au_lau.geojson" in data_set.asked
    assert {path.stem for path in tmp_path.iterdir()} == {place.unit_code for place in MEMBERS}
    assert steps == [(number, 10) for number in range(10)]


def test_passing_faults_are_waited_out(tmp_path: Path) -> None:
    with served(ward_files(squares())) as data_set:
        first, second, *_ = data_set.files
        data_set.troubles = {first: [503, 429], second: [0, 500]}
        fetch_boundaries(each(data_set), MEMBERS, tmp_path, patience=QUICK)
    assert [data_set.asked.count(path) for path in (first, second)] == [3, 3]
    assert (tmp_path / f"{MEMBERS[1].unit_code}.geojson").read_bytes() == data_set.files[second]


def test_every_member_that_cannot_be_had_is_named_and_no_neighbour_asked_for(tmp_path: Path) -> None:
    files = ward_files(squares())
    with served(dict(list(files.items())[2:])) as data_set, pytest.raises(BoundaryError) as refused:
        fetch_boundaries(each(data_set), [NEIGHBOUR, *MEMBERS], tmp_path, patience=QUICK)
    told = str(refused.value)
    assert told.count("found HTTP 404; expected a file of boundaries") == 2
    assert "02647_lao_cai" in told and "02671_cam_duong" in told and "python -m wardstats boundaries FOLDER" in told
    assert not any("02746" in path for path in data_set.asked)


def test_a_neighbour_without_a_file_is_done_without(tmp_path: Path) -> None:
    with served(ward_files(squares())) as data_set:
        fetch_boundaries(each(data_set), [NEIGHBOUR, *MEMBERS], tmp_path, patience=QUICK)
    assert data_set.asked[-1] == "/wards/02746_coc_san.geojson"


def test_where_nobody_answers_one_question_is_enough(tmp_path: Path) -> None:
    with served({}) as data_set:
        pass
    with pytest.raises(BoundaryError, match="3 times in a row; expected .* another computer") as refused:
        fetch_boundaries(each(data_set), MEMBERS, tmp_path, patience=QUICK)
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize("suffix", [".zip", ".geojson"])
def test_one_file_for_all_is_known_by_what_it_is(tmp_path: Path, suffix: str) -> None:
    made = one_file_a_unit(tmp_path / "made", squares())
    source = zipped(tmp_path / "wards.zip", made) if suffix == ".zip" else made / "15_lao_cai.geojson"
    (tmp_path / "there").mkdir()
    with served({"/latest": source.read_bytes()}) as data_set:
        path = fetch_boundaries(data_set.url + "/latest", MEMBERS, tmp_path / "there", patience=QUICK)
    assert path.suffix == suffix
    assert path.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("address", ["", "wards.zip", "ftp://example.vn/{code}", "file:///etc/passwd"])
def test_what_is_no_address_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(BoundaryError, match="WARDSTATS_BOUNDARIES_URL: found"):
        fetch_boundaries(address, MEMBERS, tmp_path)
