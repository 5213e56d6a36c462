"""The club's files: every fault at once with its place, optional files, and what counts in the digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_block import SMALL, Folder, build_and_publish, rows
from wardstats.catalogue.load import load_catalogue

FILES = (
    "activities.csv", "documents.csv", "models.csv", "model_criteria.csv", "adoptions.csv", "practices.csv",
    "topics.csv", "positions.csv",
)  # fmt: skip


def test_a_folder_without_any_of_the_files_is_whole(small: Folder, tmp_path: Path) -> None:
    for file in FILES:
        (small.path / file).unlink()
    snapshot = build_and_publish(small.path, tmp_path / "var")
    for name, params in (("activity", {"language": "vi"}), ("adoption", {}), ("practice", {"language": "vi"})):
        assert snapshot.query(name, **params).empty


def test_every_fault_is_told_with_its_place(small: Folder) -> None:
    small.append("activities.csv", "meeting,Trùng,,,14/11/2026,,planned,,,,,,,,,,,true,made_up")
    small.append("activities.csv", "late,Ngược,,,2026-05-06,2026-05-01,planned,w99,,,,,,,,,,true,made_up")
    small.append("documents.csv", "away,plan,,Kế hoạch,,,,,,../secret.pdf,true,made_up")
    small.append("documents.csv", "gone,plan,,Kế hoạch,,,,,ftp://x,none.pdf,true,made_up")
    small.append("model_criteria.csv", "green,3,Không giới hạn,,,green_space,,,true,made_up")
    small.append("adoptions.csv", "w01,blue,pilot,2026-01-10,,,true,made_up")
    small.append("adoptions.csv", "w01,green,began,2026-01-10,,,true,made_up")
    small.set_cell("practices.csv", "queue", "period_after", "2026-01")
    small.append("topics.csv", "odd,weather,Mưa?,,,2026-01-01,,,,,,true,nowhere")
    small.append("positions.csv", "rain,w01,agree,,,,,true,made_up")
    small.append("targets.csv", "w01,files_on_time,2026,90,,,sprint,,nowhere")
    found = {(problem.file, problem.line, problem.column) for problem in small.problems()}
    assert found == {
        ("activities.csv", 4, "starts"),
        ("activities.csv", 5, None),
        ("documents.csv", 4, "path"),
        ("documents.csv", 5, "link"),
        ("model_criteria.csv", 5, None),
        ("adoptions.csv", 7, "model_code"),
        ("adoptions.csv", 8, "stage"),
        ("practices.csv", 2, "period_after"),
        ("topics.csv", 4, "field"),
        ("positions.csv", 4, "topic_id"),
        ("targets.csv", 3, "pace"),
    }


def test_keys_stand_once_and_owners_and_files_exist(small: Folder) -> None:
    small.append("activities.csv", "meeting,Trùng,,,2026-05-06,,planned,w99,,,,,,,,,,true,made_up")
    small.append("documents.csv", "gone,plan,,Kế hoạch,,,,,,none.pdf,true,nowhere")
    found = [(problem.file, problem.line, problem.column, problem.found) for problem in small.problems()]
    assert found == [
        ("activities.csv", 4, None, "meeting, as in line 2"),
        ("activities.csv", 4, "owner_unit", "'w99'"),
        ("documents.csv", 4, "path", "'none.pdf'"),
        ("documents.csv", 4, "source_id", "'nowhere'"),
    ]


def test_a_changed_attachment_makes_another_snapshot(small: Folder) -> None:
    before = load_catalogue(small.path).content_sha256
    assert before == load_catalogue(small.path).content_sha256
    small.append("README.md", "more")
    assert load_catalogue(small.path).content_sha256 != before


@pytest.mark.parametrize(("cell", "expected"), [("", "level"), ("hold", "hold")])
def test_new_columns_of_targets_may_be_left_out_or_empty(small: Folder, cell: str, expected: str) -> None:
    (small.path / "targets.csv").write_text(
        f"unit_code,indicator_code,year,target,signed_on,pace\nw01,green_space,2026,12,,{cell}\n", encoding="utf-8"
    )
    [target] = load_catalogue(small.path).targets
    assert (target.pace, target.is_sample, target.signed_by) == (expected, False, None)


def test_the_small_block_arrives_whole() -> None:
    club = load_catalogue(SMALL).club
    counts = [
        len(records)
        for records in (
            club.activities, club.documents, club.models, club.model_criteria, club.adoptions, club.practices,
            club.topics, club.positions,
        )
    ]  # fmt: skip
    assert counts == [2, 2, 2, 3, 5, 1, 2, 2]


def test_laocai_marks_everything_that_is_not_a_fact(laocai) -> None:
    """The facts: the block's documents, its founding conference, the names of the four models."""
    facts = laocai.query("activity", language="vi")
    assert rows(facts[~facts["is_sample"]], "activity_id") == [("conference_2025",)]
    assert not laocai.query("document", language="vi")["is_sample"].any()
    models = laocai.query("block_model", language="vi")
    assert models["model_name"].tolist() == [
        "Phường xanh - sạch - đẹp", "Tuyến phố văn minh", "Chính quyền điện tử thân thiện", "Công dân số đô thị",
    ]  # fmt: skip
    assert models["is_definition_sample"].all()
    assert laocai.query("adoption")["is_sample"].all()
    assert laocai.query("practice", language="vi")["is_sample"].all()
    assert laocai.query("topic", language="vi")["is_sample"].all()
    assert laocai.query("topic_position", language="vi")["is_sample"].all()
    assert laocai.query("model_criterion", period="2026-10", language="vi")["is_sample"].all()
    assert laocai.query("contract_target", year=2026, period="2026-10")["is_sample"].all()
    assert laocai.query("award", year=2026, language="vi")["is_sample"].all()
