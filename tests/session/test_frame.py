"""What is offered at the side: what a page goes by, and nothing else; what was chosen is kept for the next page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tests.test_pages import html, visit
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT
from wardstats.snapshot.publications import publish_snapshot

LAOCAI = PROJECT / "data" / "laocai"
THEME = "environmental_sanitation"


def offered(app: object) -> set[str]:
    return {box.key for box in app.selectbox if box.key in ("period", "theme")}  # pyright: ignore


def test_a_choice_that_a_page_ignores_is_not_offered_there_and_kept(monkeypatch, laocai_var: Path) -> None:
    app = visit(monkeypatch, laocai_var, LAOCAI, "ranking.py", lang="en", theme=THEME, period="2026-08")
    assert offered(app) == {"period", "theme"}
    for page, wanted in {"contract": {"period"}, "block": {"period"}, "models": {"period"}, "submit": set()}.items():
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert offered(app) == wanted, page
        context = html(app).partition("<h1>")[0]
        assert ("Environmental sanitation" in context, "August 2026" in context) == (False, "period" in wanted), page
    app.switch_page("pages/ranking.py").run()
    assert (app.session_state["theme"], app.session_state["period"]) == (THEME, "2026-08")
    assert "of 20 points in Environmental sanitation" in html(app)


def test_what_was_chosen_on_one_page_holds_on_the_next(monkeypatch, laocai_var: Path) -> None:
    app = visit(monkeypatch, laocai_var, LAOCAI, "ward.py", lang="en", unit="03006")
    app.switch_page("pages/contract.py").run()
    assert app.session_state["unit"] == "03006"
    app.selectbox(key="unit").set_value("04252").run()
    app.switch_page("pages/ward.py").run()
    assert app.session_state["unit"] == "04252"
    assert "<h1>Yên Bái stands" in html(app)


def test_every_page_says_what_is_published_and_names_its_tab(monkeypatch, laocai_var: Path) -> None:
    titles: list[str] = []
    configure = st.set_page_config

    def note(**settings: str) -> None:
        titles.append(settings.get("page_title", ""))
        configure(**settings)

    snapshot = read_history(laocai_var)[-1].snapshot_id
    publish_snapshot(laocai_var, snapshot, by="Sec", note="Sau khi kiểm tra", is_final=True)
    monkeypatch.setattr(st, "set_page_config", note)
    app = visit(monkeypatch, laocai_var, LAOCAI, "ward.py", lang="vi", unit="03006")
    context = html(app).partition("<h1>")[0]
    assert "Chính thức" in context and "Sau khi kiểm tra" in context
    assert titles[-1].startswith("Sa Pa · Chi tiết từng đơn vị · Kỳ tháng ")
