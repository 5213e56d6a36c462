"""The upkeep page in use: a row changed and confirmed, a new year, faults in words, an entry taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.small_block import Folder, build_and_publish
from tests.test_pages import PATIENCE_S, html
from wardstats.boards.upkeep.sections import CODE
from wardstats.core.languages import LANGUAGES
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake import upkeep
from wardstats.intake.upkeep import Wanted
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Ledger, ledger_of
from wardstats.ledger.access import ROLES, Actor
from wardstats.session import signin


@pytest.fixture
def places(small: Folder, tmp_path: Path, administrator: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    del administrator
    with (small.path / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    build_and_publish(small.path, tmp_path / "var")
    monkeypatch.setenv("WARDSTATS_DATA", str(small.path))
    monkeypatch.setenv("WARDSTATS_VAR", str(tmp_path / "var"))
    forget()
    yield Settings(small.path, tmp_path / "var", None)


def opened(language: str = "en") -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = language
    app.switch_page("pages/upkeep.py")
    app.run()
    assert not app.exception
    return app


def chosen(app: AppTest, section: str, row: str = "") -> AppTest:
    app.selectbox(key="upkeep_section").set_value(section).run()
    if row:
        app.selectbox(key=f"upkeep_row_{section}").set_value(row).run()
    assert not app.exception
    return app


def entries(places: Settings) -> list[Any]:
    ledger: Ledger = ledger_of(places)
    return ledger.entries()


def said(app: AppTest) -> str:
    return "\n".join(box.value for box in (*app.error, *app.warning, *app.success, *app.info))


def test_a_new_row_takes_no_other_ones_place(places: Settings) -> None:
    app = chosen(opened(), "sources")
    app.text_input(key=f"upkeep_sources__0_{CODE}").set_value("report")
    app.text_input(key="upkeep_sources__0_title").set_value("Another report")
    app.text_input(key="upkeep_sources__0_producer").set_value("The block")
    app.button(key="upkeep_put").click().run()
    assert not app.exception
    assert "Choose that row to change it" in said(app) and "report" in said(app)
    assert not [button for button in app.button if button.key == "upkeep_record"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_is_changed_looked_at_confirmed_and_taken_back(language: str, places: Settings) -> None:
    app = chosen(opened(language), "units", "w01")
    app.text_input(key="upkeep_units_w01_0_name_vi").set_value("Bắc Sơn mới")
    app.text_input(key="upkeep_units_w01_0_area_km2").set_value("12,5")
    app.button(key="upkeep_put").click().run()
    assert entries(places) == []
    shown = html(app)
    assert "Bắc Sơn mới" in shown and "<td" in shown
    app.button(key="upkeep_record").click().run()
    assert len(app.error) == 1 and entries(places) == []  # no reason
    app.text_input(key="upkeep_reason_0").set_value("Nghị quyết 5")
    app.button(key="upkeep_record").click().run()
    assert not app.exception
    [entry] = entries(places)
    assert (entry.action, entry.note, entry.actor) == ("upkeep", "Nghị quyết 5", "clerk@x.test")
    [row] = entry.details["rows"]
    assert row["after"] == {"name_vi": "Bắc Sơn mới", "area_km2": "12.5"}
    assert len(app.success) == 1 and "1" in app.success[0].value
    app.text_input(key="upkeep_back_reason_1").set_value("nhầm")
    app.button(key="upkeep_back").click().run()
    assert not app.exception
    assert [entry.details.get("undoes") for entry in entries(places)] == [None, 1]


def test_faults_of_the_form_and_of_the_folder_are_told_and_nothing_is_written(places: Settings) -> None:
    app = chosen(opened(), "units", "w02")
    app.text_input(key="upkeep_units_w02_0_area_km2").set_value("large")
    app.text_input(key="upkeep_units_w02_0_name_vi").set_value("")
    app.button(key="upkeep_put").click().run()
    assert "Area, km²" in said(app) and "Name" in said(app)
    app = chosen(app, "criteria_2026", "files_on_time")
    app.text_input(key="upkeep_criteria_2026_files_on_time_0_max_points").set_value("45")
    app.button(key="upkeep_put").click().run()
    assert "could not be read any more" in said(app) and "95 points in all" in said(app)
    assert "All criteria together: 95.00 of 90.00 points." in "\n".join(item.value for item in app.caption)
    app = chosen(app, "criteria_2026", "petitions_answered")  # what is missing is added to the same step
    app.text_input(key="upkeep_criteria_2026_petitions_answered_0_max_points").set_value("5")
    app.button(key="upkeep_put").click().run()
    assert "places that change" in html(app) or "No place" in html(app)
    app.text_input(key="upkeep_reason_0").set_value("agreed")
    app.button(key="upkeep_record").click().run()
    [entry] = entries(places)
    assert [row["key"] for row in entry.details["rows"]] == [["files_on_time"], ["petitions_answered"]]


def test_a_new_year_is_one_step_and_can_be_dropped(places: Settings) -> None:
    app = chosen(opened("vi"), "next_year")
    app.selectbox(key="upkeep_next_year_0_head_unit").set_value("w02")
    app.button(key="upkeep_put").click().run()
    app.button(key="upkeep_drop").click().run()
    assert entries(places) == []
    app.selectbox(key="upkeep_next_year_1_head_unit").set_value("w02")
    app.button(key="upkeep_put").click().run()
    assert not app.error
    app.text_input(key="upkeep_reason_1").set_value("năm mới")
    app.button(key="upkeep_record").click().run()
    assert not app.exception
    [entry] = entries(places)
    assert len(entry.details["rows"]) == 5
    year = entry.details["rows"][0]["after"]
    assert (year["head_unit"], year["criteria"], year["is_sample"]) == ("w02", "criteria/2027.csv", True)
    app = chosen(app, "criteria_2027")
    assert "90,00" in "\n".join(item.value for item in app.caption)


def test_a_row_is_added_and_taken_out(places: Settings) -> None:
    app = chosen(opened(), "documents")
    raw = {"document_id": "plan_27", "title_vi": "Kế hoạch 2027"}
    for name, value in raw.items():
        app.text_input(key=f"upkeep_documents__0_{name}").set_value(value)
    app.selectbox(key="upkeep_documents__0_kind").set_value("plan")
    app.selectbox(key="upkeep_documents__0_source_id").set_value("decision")
    app.button(key="upkeep_put").click().run()
    app.text_input(key="upkeep_reason_0").set_value("new")
    app.button(key="upkeep_record").click().run()
    app = chosen(app, "documents", "plan_27")
    app.button(key="upkeep_out").click().run()
    app.text_input(key="upkeep_reason_1").set_value("old")
    app.button(key="upkeep_record").click().run()
    assert not app.exception
    assert [entry.details["rows"][0]["key"] for entry in entries(places)] == [["plan_27"], ["plan_27"]]
    assert entries(places)[1].details["rows"][0]["after"] is None


@pytest.mark.parametrize("role", ROLES)
def test_the_page_is_for_those_who_may(role: str, places: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    del places
    chosen_role: Any = role
    monkeypatch.setattr(signin, "visitor", lambda: Actor("A", chosen_role, "a@x.test", "w01"))
    app = opened()
    may = role in ("secretariat", "administrator")
    assert any(box.key == "upkeep_section" for box in app.selectbox) == may
    assert (len(app.warning) > 0) != may


def test_of_two_editors_the_second_is_told_and_looks_again(places: Settings) -> None:
    app = chosen(opened(), "units", "w01")
    app.text_input(key="upkeep_units_w01_0_area_km2").set_value("12,5")
    app.button(key="upkeep_put").click().run()
    desk = Workspace.of(places)
    other = Actor("Other", "secretariat", "other@x.test")
    upkeep.keep_up(desk, other, [Wanted("units.csv", ("w01",), {"name_vi": "Tên khác"})], "renamed")
    app.text_input(key="upkeep_reason_0").set_value("measured")
    app.button(key="upkeep_record").click().run()
    assert len(app.warning) == 1 and "Other: data kept up" in app.warning[0].value
    assert len(entries(places)) == 1
    app.button(key="upkeep_again").click().run()
    app.text_input(key="upkeep_reason_0").set_value("measured")
    app.button(key="upkeep_record").click().run()
    assert not app.exception
    [row] = entries(places)[1].details["rows"]
    assert row["after"] == {"area_km2": "12.5"}  # the other's name stays


def test_a_title_of_the_year_is_changed_and_one_added(places: Settings) -> None:
    app = chosen(opened("vi"), "titles_2026", "years|2026|awards|1")
    app.text_input(key="upkeep_titles_2026_years|2026|awards|1_0_places").set_value("2")
    app.button(key="upkeep_put").click().run()
    app.selectbox(key="upkeep_row_titles_2026").set_value("").run()
    app.text_input(key="upkeep_titles_2026__0_name_vi").set_value("Bằng khen")
    app.text_input(key="upkeep_titles_2026__0_places").set_value("3")
    app.button(key="upkeep_put").click().run()
    assert not app.error
    assert "1–2: Cờ thi đua; 1–3: Bằng khen" in html(app)
    app.text_input(key="upkeep_reason_0").set_value("thống nhất")
    app.button(key="upkeep_record").click().run()
    [row] = entries(places)[0].details["rows"]
    assert [award["places"] for award in row["after"]["awards"]] == [2, 3]
