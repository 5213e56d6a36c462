"""The block's boards on the small block, by hand, and on data/laocai in each language: texts, marks, empty states."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import typer
from typer.testing import CliRunner

from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.block.programme import draw_programme, month_groups
from wardstats.boards.block.summary import draw_summary
from wardstats.boards.block.year_end import draw_year_end
from wardstats.boards.club.topics import draw_topics
from wardstats.boards.contract.board import (
    contract_matrix,
    contract_years,
    default_year,
    draw_contract,
    draw_contract_table,
)
from wardstats.boards.contract.pace_path import draw_pledge_line
from wardstats.boards.models.board import draw_models, latest_stages
from wardstats.boards.print.block_documents import contract_pdf, minutes_facts, minutes_pdf
from wardstats.charts.html import club_components
from wardstats.cli import club
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot

TODAY = date(2026, 5, 1)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def text_of(document: bytes) -> str:
    pages = list(pypdfium2.PdfDocument(document))
    return unicodedata.normalize("NFC", "\n".join(page.get_textpage().get_text_bounded() for page in pages))


def test_the_contract_says_what_is_behind_and_who_has_signed(small_snapshot: Snapshot) -> None:
    """w01: green space was 12 in 2026-03, its target 12: to be held; 6 in 2026-04 is behind."""
    board = draw_contract(view_of(small_snapshot), 2026)
    [pledge] = board.pledges
    assert (pledge.progress.state, pledge.progress.expected) == ("behind", 12)
    assert pledge.is_demonstration and board.has_sample
    assert board.headline == "Contract 2026: 1 of 1 targets is behind"
    assert [(item.unit_title, item.signed_on is not None) for item in board.signatures] == [
        ("Ân Hà", False), ("Bắc Sơn", True), ("Đông An", False),
    ]  # fmt: skip
    assert draw_contract_table(view_of(small_snapshot), 2026).iloc[0].to_dict() | {"Pace": ""} == {
        "Unit": "Bắc Sơn", "Indicator": "Green space", "At the start": "12.00 m²", "Now": "6.00 m²",
        "Expected by now": "12.00 m²", "Target": "12.00 m²", "State": "▼ behind", "Measured": "2026-04", "Pace": "",
        "Status": "demonstration", "Sample": "sample",
    }  # fmt: skip


def test_years_of_the_contract(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    assert contract_years(view) == [2026, 2025]
    assert default_year(view) == 2026
    assert default_year(view_of(small_snapshot, period="2025-12")) == 2025
    empty = draw_contract(view, 2025)
    assert (empty.headline, empty.cards, empty.pledges) == ("No targets are on file for 2025", [], [])


def test_a_year_that_is_over_is_judged_for_good(small: Folder, tmp_path: Path) -> None:
    small.append("targets.csv", "w01,files_on_time,2025,90,,,,,", "w02,files_on_time,2025,70,,,,,")
    snapshot = build_and_publish(small.path, tmp_path / "var")
    board = draw_contract(view_of(snapshot), 2025)
    assert {p.unit_code: p.progress.state for p in board.pledges} == {"w01": "missed", "w02": "reached"}
    assert board.headline == "Contract 2025: 1 of 2 targets missed"


def test_the_line_of_a_pledge_holds_its_figures(small_snapshot: Snapshot) -> None:
    line = draw_pledge_line(view_of(small_snapshot), 2026, "w01", "green_space")
    assert [(day.isoformat(), value) for day, value, _ in line.figures] == [
        ("2026-03-31", 12), ("2026-04-30", 6),
    ]  # fmt: skip
    assert line.alt_text == "Green space: 6.00 m², target 12.00 m², behind"


def test_the_programme_names_what_is_next_and_what_was(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    board = draw_programme(view, TODAY)
    assert board.headline == "Next: Meeting of the block, 6 May 2026, 08:00–11:30"
    assert [entry.activity_id for entry in board.upcoming] == ["meeting"]
    assert board.upcoming[0].left == "in 5 days"
    [nearer] = draw_programme(view, date(2026, 5, 5)).upcoming
    assert nearer.left == "tomorrow"
    assert board.heads.iloc[0].tolist() == ["2026", "Bắc Sơn", "5 January 2026", "Ân Hà", "12/QĐ-UBND"]
    assert board.heads.iloc[1].tolist() == ["2025", "not on file", "", "", ""]
    assert [entry.title for entry in board.of_year(2026)] == ["Tham quan mô hình", "Meeting of the block"]


def test_what_nobody_closed_is_overdue(small_snapshot: Snapshot) -> None:
    late = date(2026, 6, 1)
    view = view_of(small_snapshot)
    board = draw_programme(view, late)
    [entry] = board.upcoming
    assert (entry.status_name, entry.is_due) == ("overdue", True)
    assert entry.left == "overdue since 6 May 2026"


def test_the_year_end_adds_up_and_proposes_by_the_rule(small_snapshot: Snapshot) -> None:
    """The means of 2026-03 and 2026-04: w03 leads with 67.25 points, and the rule gives the flag to place 1."""
    end = draw_year_end(view_of(small_snapshot), 2026)
    assert end.period == "2026-04" and not end.is_over
    assert end.headline == "2026 so far, up to April 2026: Đông An in first place"
    assert end.totals["Points"].tolist() == ["67.25", "66.00", "63.50"]
    assert dict(zip(end.totals["Name"], end.totals["Targets reached or on course"], strict=True)) == {
        "Ân Hà": "–", "Bắc Sơn": "0 of 1", "Đông An": "–",
    }  # fmt: skip
    assert [(title.name, title.names, title.is_sample) for title in end.titles] == [("Flag", ["Đông An"], True)]
    assert end.differences.empty
    assert draw_year_end(view_of(small_snapshot), 2025).titles == []


def test_too_few_figures_keep_a_title_back(small: Folder, tmp_path: Path) -> None:
    small.replace("block.toml", "places = 1\nmin_coverage = 0.5", "places = 3\nmin_coverage = 0.95")
    end = draw_year_end(view_of(build_and_publish(small.path, tmp_path / "var")), 2026)
    [title] = end.titles
    assert (title.names, title.left_out) == (["Bắc Sơn", "Ân Hà"], ["Đông An"])


def test_models_stand_where_their_last_step_left_them(small_snapshot: Snapshot) -> None:
    steps = small_snapshot.query("adoption")
    assert set(latest_stages(steps, TODAY)[["unit_code", "stage"]].itertuples(index=False, name=None)) == {
        ("w01", "recognised"), ("w02", "stopped"), ("w03", "adopted"),
    }  # fmt: skip
    before = latest_stages(steps, date(2026, 3, 15))
    assert set(before[["unit_code", "stage"]].itertuples(index=False, name=None)) == {
        ("w01", "pilot"), ("w02", "pilot"), ("w03", "adopted"),
    }  # fmt: skip


def test_the_models_page_shows_each_with_its_checklist(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    board = draw_models(view, TODAY)
    green, friendly = board.models
    assert green.counts == "recognised: 1"
    assert [(item.met, item.units) for item in green.items] == [("2 of 3 wards", "Bắc Sơn and Đông An"), ("", "")]
    assert [(item.met, item.units) for item in friendly.items] == [("2 of 3 wards", "Ân Hà and Bắc Sơn")]
    assert board.spread is not None
    [green_line, friendly_line] = board.spread.data
    assert list(green_line.y) == [1, 2, 2, 2, 1, 1]  # 10 Jan, 1 Feb, 1 Mar, 2 Apr, 20 Apr (stopped), today
    assert list(friendly_line.y) == [0, 0, 1, 1, 1, 1]
    cells = re.findall(r"<td.*?</td>", board.matrix)
    assert [re.sub(r"<[^>]+>", " ", cell).split() for cell in cells] == [
        ["✕", "stopped", "04/2026", "·", "sample"], ["–"],
        ["●", "recognised", "04/2026", "·", "sample"], ["–"],
        ["–"], ["◑", "adopted", "03/2026"],
    ]  # fmt: skip
    assert [re.findall("ws-h[0-6]", cell) for cell in cells] == [[], [], ["ws-h6"], [], [], ["ws-h4"]]


def test_topics_open_ones_first_with_those_who_are_silent(small_snapshot: Snapshot) -> None:
    board = draw_topics(view_of(small_snapshot), TODAY)
    assert board.headline == "1 topic waits for a decision"
    first, second = board.topics
    assert (first.topic_id, first.state, first.silent) == ("plan", "open", ["Ân Hà", "Bắc Sơn", "Đông An"])
    assert (second.decision, second.tally) == ("Half", "agrees: 1 · agrees with changes: 1")
    assert second.silent == ["Đông An"]


def test_the_first_page_is_told_what_is_due_and_what_is_behind(small_snapshot: Snapshot) -> None:
    due, late = draw_summary(view_of(small_snapshot), TODAY)
    assert (due.topic, due.finding, due.mark) == ("Due next", "Meeting of the block", "sample")
    assert due.detail.endswith("(in 5 days)")
    assert (late.topic, late.finding) == ("Behind in the contract, 2026", "1 of 1 targets")
    assert late.detail == "most: Bắc Sơn 1"


def test_a_block_without_programme_and_contract_says_nothing_on_the_first_page(provinces: Snapshot) -> None:
    view = view_of(provinces)
    assert draw_summary(view, TODAY) == []
    assert draw_programme(view, TODAY).entries == []
    assert draw_models(view, TODAY).headline == "No models are on file"
    assert draw_topics(view, TODAY).topics == []


@each_language
def test_documents_to_print_say_what_is_made_up(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language)
    words = {
        "vi": ("MẪU.", "SỐ LIỆU MINH HỌA.", "Giao ước thi đua năm 2026", "Phường Cam Đường", "chưa ký"),
        "en": ("SAMPLE.", "DEMONSTRATION FIGURES.", "Competition contract of 2026", "Cam Đường", "not signed yet"),
        "hi": ("नमूना।", "नमूना (डेमो) आँकड़े।", "2026 का प्रतिस्पर्धा संकल्प-पत्र", "काम दुओंग", "अभी हस्ताक्षर नहीं"),
    }
    text = re.sub(r"\s+", "", text_of(contract_pdf(view, 2026)))
    for word in words[language]:
        assert re.sub(r"\s+", "", word) in text, word
    draft = minutes_pdf(view, 2026)
    assert draft.startswith(b"%PDF-")
    assert minutes_pdf(view, 2026) == draft  # the same snapshot gives the same file


def test_minutes_state_what_is_not_configured(provinces: Snapshot) -> None:
    facts = minutes_facts(view_of(provinces), 2026)
    texts = [part.get("text") for part in facts["parts"]]
    assert "No rule for titles is configured for this year." in texts
    assert "No accepted figure differs from the one that was submitted." in texts
    assert facts["notices"] == []


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_what_comes_from_data_is_escaped(small: Folder, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    small.set_cell("activities.csv", "meeting", "title_en", evil)
    small.set_cell("documents.csv", "decision_12", "title_en", evil)
    small.set_cell("models.csv", "green", "name_en", evil)
    small.set_cell("topics.csv", "fees", "question_en", evil)
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    board = draw_programme(view, TODAY)
    pages = [
        club_components.agenda(month_groups(board.entries), view.speak),
        club_components.documents(board.documents, view.speak),
        club_components.model_cards(draw_models(view, TODAY).models, view.speak),
        club_components.topic_cards(draw_topics(view, TODAY).topics, view.speak),
        contract_matrix(view, draw_contract(view, 2026)),
    ]
    assert not any("<script" in page for page in pages)
    assert sum("&lt;script&gt;" in page for page in pages) == 4


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        (2.0003, 2.0, "2.0003\xa0m²"), (1.9999, 2.0, "1.9999\xa0m²"), (2.0, 2.0, "2.00\xa0m²"),
        (2.01, 2.0, "2.01\xa0m²"),
        (2.0 + 1e-12, 2.0, "2.00\xa0m²"), (5.0, float("nan"), "5.00\xa0m²"),
    ],
)  # fmt: skip
def test_a_figure_beside_its_target_is_written_so_that_the_two_are_told_apart(
    small_snapshot: Snapshot, value: float, target: float, text: str
) -> None:
    assert view_of(small_snapshot).figure("green_space", value, target).replace(" ", "\xa0") == text


def run(*arguments: str, var: Path) -> str:
    app = typer.Typer(pretty_exceptions_enable=False)
    club.register(app)
    places = ["--data", str(SMALL), "--var", str(var)]
    return CliRunner().invoke(app, [*arguments, *places], catch_exceptions=False).stdout


def test_commands(tmp_path: Path) -> None:
    build_and_publish(SMALL, tmp_path)
    assert "6.00 m²" in run("contract", "--lang", "en", var=tmp_path)
    [pledge] = json.loads(run("contract", "--lang", "vi", "--format", "json", var=tmp_path))
    assert (pledge["unit_code"], pledge["indicator_code"], pledge["unit"]) == ("w01", "green_space", "m2_per_person")
    assert (pledge["baseline"], pledge["current_value"], pledge["target"]) == (12, 6, 12)
    assert (pledge["state"], pledge["status"], pledge["is_sample"]) == ("behind", "demonstration", True)
    [row] = csv.DictReader(io.StringIO(run("contract", "--lang", "hi", "--format", "csv", var=tmp_path)))
    assert list(row) == list(pledge)
    assert float(row["current_value"]) == 6
    assert "Meeting of the block" in run("activities", "--lang", "en", var=tmp_path)
    for name, arguments in (("c.pdf", ["contract", "--pdf"]), ("m.pdf", ["minutes", "--output"])):
        run(*arguments, str(tmp_path / name), var=tmp_path)
        assert (tmp_path / name).read_bytes().startswith(b"%PDF-")
    run("activities", "--ics", str(tmp_path / "a.ics"), var=tmp_path)
    assert (tmp_path / "a.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_practice_on_the_command_line(tmp_path: Path) -> None:
    text = tmp_path / "practice.toml"
    text.write_text(
        'title_vi = "Thử"\nproblem_vi = "Chậm"\naction_vi = "Nhanh"\nindicator_code = "files_on_time"\n'
        'period_before = "2026-03"\nperiod_after = "2026-04"\n',
        encoding="utf-8",
    )
    assert run("practice", "draft", str(text), "--unit", "w01", "--by", "An", var=tmp_path).strip() == "practice-w01-1"
    run("practice", "check", "practice-w01-1", "--by", "Bình", var=tmp_path)
    run("practice", "publish", "practice-w01-1", "--by", "Chi", var=tmp_path)
    listed = run("practice", "list", var=tmp_path)
    assert "practice-w01-1" in listed and "published" in listed
