"""The help page and the foot: every page is named, every link leads somewhere, every word is explained."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.small_block import SMALL, build_and_publish
from tests.views import view_of
from wardstats.boards.help import draw_foot, draw_help, replay_day
from wardstats.core.languages import LANGUAGES
from wardstats.core.settings import PROJECT, settings
from wardstats.frontend.bodies import file_address
from wardstats.live.application import Live
from wardstats.snapshot.store import Snapshot
from wardstats.view.addresses import RANKING

FOR_OFFICERS = {"check", "log", "notices", "upkeep"}  # which only they are offered
DAY = "2026-11-14"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_that_all_are_offered_is_named(small_snapshot: Snapshot, language: str) -> None:
    board = draw_help(view_of(small_snapshot, language), DAY)
    named = {link.href.partition("?")[0].replace(RANKING, "ranking") for link, _ in board.pages}
    assert named == {path.stem for path in (PROJECT / "pages").glob("*.py")} - FOR_OFFICERS - {"help"}
    assert all(f"lang={language}" in link.href and link.is_page for link, _ in board.pages)
    words = [word for word, _ in board.words]
    assert len(set(words)) == len(words)


def test_every_other_way_leads_somewhere(tmp_path: Path) -> None:
    snapshot = build_and_publish(SMALL, tmp_path)
    foot = draw_foot(view_of(snapshot, "vi"), DAY, file_address("page.js"))
    addresses = [unescape(found) for found in re.findall(r'(?:href|src)="([^"]+)"', foot)]
    ways = [address for address in addresses if not address.startswith("help?")]
    assert len(ways) == 7
    with TestClient(Starlette(routes=Live(settings(SMALL, tmp_path)).routes())) as client:
        for address in ways:
            answer = client.get(address)
            assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith("text/javascript")  # the last; or a browser runs no script
    assert f'data-board="{snapshot.id}"' in foot


def test_phone_and_projector_show_the_theme_that_is_looked_at(laocai: Snapshot) -> None:
    view = view_of(laocai)
    inner = view.themes.loc[view.themes["depth"] > 1, "node_code"].iloc[0]
    for theme, named in (("social_security", "&theme=social_security"), ("total", ""), (inner, "")):
        links = [link.href for link, _ in draw_help(replace(view, node=theme), "").ways[:2]]
        assert links == [f"/live?lang={view.language}{named}", f"/conference?lang={view.language}{named}"]


def test_without_a_day_of_several_boards_there_is_nothing_to_replay(small_snapshot: Snapshot) -> None:
    assert not any("day=" in link.href for link, _ in draw_help(view_of(small_snapshot), "").ways)


@pytest.mark.parametrize(("moments", "day"), [
    ((), ""),
    (("2026-11-14T02:00:00+00:00",), ""),
    (("2026-11-14T02:00:00+00:00", "2026-11-14T03:00:00+00:00", "2026-11-15T03:00:00+00:00"), "2026-11-14"),
    (("2026-11-14T16:59:00+00:00", "2026-11-14T17:00:00+00:00"), ""),  # midnight in Vietnam is between them
    (("2026-11-14T17:00:00+00:00", "2026-11-15T16:59:00+00:00"), "2026-11-15"),
])  # fmt: skip
def test_the_last_day_with_several_boards_is_replayed(moments: tuple[str, ...], day: str) -> None:
    assert replay_day(moments) == day


def test_whom_to_ask(small_snapshot: Snapshot, laocai: Snapshot) -> None:
    assert draw_help(view_of(small_snapshot), "").contact == "Questions go to the head of the block in 2026: Bắc Sơn."
    assert draw_help(view_of(laocai), "").contact == "Questions go to the head of the block."  # not told for 2026
