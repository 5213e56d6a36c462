"""The phone page and the projector's page: whole before their scripts run, safe with any text, and the scenes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.laocai import groups
from tests.small_block import SMALL, Folder, build_and_publish
from wardstats.catalogue.load import load_catalogue
from wardstats.core.settings import PROJECT, settings
from wardstats.live.application import Live
from wardstats.live.assets import asset
from wardstats.live.board import ROWS_AT_MOST, live_board
from wardstats.live.conference_scenes import conference_scenes
from wardstats.live.phone_page import live_page
from wardstats.live.reader import Reader
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot

LAOCAI = PROJECT / "data" / "laocai"
PROVINCES = PROJECT / "data" / "provinces_766"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("pages")
    build_and_publish(LAOCAI, var)
    return var


@pytest.fixture(scope="module")
def client(var: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=Live(settings(LAOCAI, var)).routes())) as client:
        yield client


@pytest.fixture(scope="module")
def reader(var: Path) -> Reader:
    return Reader(settings(LAOCAI, var))


def visible(page: str) -> str:
    """The text of a page, without scripts and tags."""
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_phone_page_is_whole_without_its_script(client: TestClient, reader: Reader) -> None:
    page = client.get("/live", params={"lang": "vi"}).text
    board = live_board(reader, reader.publication(), "vi")
    found = re.findall(
        r'<li data-unit="(\d+)".*?<span class="name">(.*?)</span>.*?<b class="score">(.*?)</b>', page, re.S
    )
    assert found == [(row["unit_code"], row["unit_name"], row["score_text"]) for row in board["ranking"]]
    assert "Số liệu minh họa" in visible(page)
    assert "bộ tiêu chí mẫu" in visible(page)
    assert "Tạm tính" in visible(page)


def test_the_phone_page_is_light(client: TestClient) -> None:
    """Everything a phone loads, as it goes over the line, stays far below 60 KB; uncompressed too."""
    page = client.get("/live", params={"lang": "hi"}).text
    files = re.findall(r'(?:href|src)="(/live/assets/[^"]+)"', page)
    assert len(files) == 3
    assert len(page.encode()) + sum(len(client.get(file).content) for file in files) < 60_000


def test_a_theme_has_its_own_board_and_address(client: TestClient, reader: Reader) -> None:
    page = client.get("/live", params={"lang": "en", "theme": "social_security"}).text
    theme = next(
        item
        for item in live_board(reader, reader.publication(), "en")["themes"]
        if item["theme_code"] == "social_security"
    )
    assert re.findall(r'<li data-unit="(\d+)"', page) == [row[0] for row in theme["ranking"]]
    assert theme["headline"] in visible(page)
    assert re.search(r"of \d+ points", theme["headline"])
    assert "Social security" in theme["headline"]
    title = re.search(r"<title>(.*?)</title>", page)
    assert title
    assert title[1].startswith(html.escape(theme["headline"], quote=False))
    assert "demonstration figures" in title[1]
    assert f"▲ ▼ since September 2026 · on the right: points of {theme['most_text']}" in visible(page)
    assert 'data-theme="social_security"' in page
    assert client.get("/live", params={"theme": "<script>"}).text.count("<script>") == 0


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("path", ["/live", "/conference"])
def test_pages_run_no_script_but_ours(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    for tag in re.findall(r"<script[^>]*>", answer.text):
        assert 'src="/live/assets/' in tag or 'type="application/json"' in tag
    assert not re.search(r"\son\w+=", re.sub(r"<script.*?</script>", "", answer.text, flags=re.S))


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_texts_of_the_data_cannot_become_tags(var: Path, reader: Reader) -> None:
    board = live_board(reader, reader.publication(), "vi")
    evil = "</script><img src=x onerror=alert(1)>"
    board["ranking"][0]["unit_name"] = board["note"] = board["headline"] = evil
    page = live_page(board, "total")
    assert evil not in page
    assert html.escape(evil, quote=False) in page


def test_assets_are_kept_for_good_under_the_name_of_their_content(client: TestClient) -> None:
    answer = client.get(asset("live.js"), headers={"accept-encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert client.get("/live/assets/live.0000000000.js").status_code == 404
    style = client.get(asset("live_stage.css")).text
    font = re.search(r'url\("([^"]+)"\)', style)
    assert font
    assert client.get(f"/live/assets/{font[1]}").headers["content-type"] == "font/woff2"


def test_a_board_with_many_units_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_and_publish(PROVINCES, tmp_path)
    monkeypatch.setattr("wardstats.live.board.ROWS_AT_MOST", 20)
    reader = Reader(settings(PROVINCES, tmp_path))
    board = live_board(reader, reader.publication(), "en")
    assert (len(board["ranking"]), board["unit_count"]) == (20, 34)
    assert "The first 20 of 34." in visible(live_page(board, "total"))
    assert ROWS_AT_MOST >= 99  # all communes of the province fit


# --- the projector ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("vi", "Tạm tính"), ("en", "Provisional"), ("hi", "अनंतिम")])
def test_the_projector_shows_title_state_code_and_map(client: TestClient, language: str, word: str) -> None:
    page = client.get("/conference", params={"lang": language}).text
    assert f'<p class="state provisional" id="state">{word}</p>' in page
    assert '<p class="club">' in page
    assert page.count("<figure") == 4
    assert '<div class="qr"><svg' in page
    assert page.count('class="label inside"') + page.count('class="label beside"') == 10


def test_scenes_agree_with_the_ranking(reader: Reader) -> None:
    scenes = conference_scenes(reader, reader.publication(), "en")
    first = {row[0]: row for theme in scenes["themes"] for row in theme["ranking"][:1]}
    names = {row["unit_code"]: row["unit_name"] for row in scenes["ranking"]}
    assert len(scenes["winners"]) == len(scenes["themes"]) == len(groups())
    for winner, theme in zip(scenes["winners"], scenes["themes"], strict=True):
        assert names[theme["ranking"][0][0]] in winner["names"]
    assert first
    assert [unit["unit_code"] for unit in scenes["spotlights"]] == [row["unit_code"] for row in scenes["ranking"]]
    for unit in scenes["spotlights"]:
        assert unit["history"][-1]["rank"] == unit["rank"]
        assert len(unit["themes"]) == len(groups())
    changes = {row["unit_code"]: row["change"] for row in scenes["ranking"]}
    for mover in scenes["movers"]["rows"]:
        assert mover["places"] == changes[mover["unit_code"]] == mover["rank_before"] - mover["rank"]
        assert mover["why"]
    assert scenes["movers"]["since"] == "since September 2026"
    assert scenes["since"] == scenes["movers"]["since"]
    assert scenes["titles"]["movers"].startswith(scenes["movers"]["rows"][0]["unit_name"])
    told = len(scenes["movers"]["rows"])
    moved = sum(bool(change) for change in changes.values())
    assert told == 5
    more = re.fullmatch(r"and (\d+) more moved", scenes["movers"]["more_text"])
    assert more and told + int(more[1]) >= moved
    typed = {name for unit in scenes["spotlights"] for name in unit["typed"]}
    assert {"sa pa", "cam duong", "nghia lo"} <= typed
    for unit in scenes["spotlights"]:
        assert not unit["change"].strip("▲▼ –0123456789")
        assert unit["range_text"]
        assert bool(unit["why"]) or unit["direction"] == 0


def test_movers_are_compared_with_the_board_before_of_the_same_day(laocai_folder: Folder, tmp_path: Path) -> None:
    var = tmp_path / "var"
    publish_snapshot(var, build_snapshot(load_catalogue(laocai_folder.path), var))
    reader = Reader(settings(laocai_folder.path, var))
    before = conference_scenes(reader, reader.publication(), "en")
    last = before["ranking"][-1]
    (laocai_folder.path / "adjustments.csv").write_text(
        f"unit_code,period,points,reason,source_id\n{last['unit_code']},{before['period']},40,a test,demonstration\n",
        encoding="utf-8",
    )
    publish_snapshot(var, build_snapshot(load_catalogue(laocai_folder.path), var))
    movers = conference_scenes(reader, reader.publication(), "en")["movers"]
    assert movers["since"].startswith("since the board of ")
    climber = movers["rows"][0]
    assert (climber["unit_code"], climber["rank"], climber["rank_before"]) == (last["unit_code"], 1, 10)
    assert climber["points_text"] == "+40.0 points"


def test_a_block_without_places_has_no_map(small: Folder, tmp_path: Path) -> None:
    var = tmp_path / "var"
    for unit in ("w01", "w02", "w03"):
        small.set_cell("units.csv", unit, "lat", "")
    publish_snapshot(var, build_snapshot(load_catalogue(small.path), var))
    with TestClient(Starlette(routes=Live(settings(small.path, var)).routes())) as client:
        page = client.get("/conference")
        assert page.status_code == 200
        assert 'data-scene="map"' not in page.text
        assert client.get("/live/logo").status_code == 404
        (small.path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
        assert client.get("/live/logo").headers["content-type"].startswith("image/svg+xml")
        assert '<img src="/live/logo"' in client.get("/conference").text


def test_the_small_block_has_all_scenes(tmp_path: Path) -> None:
    build_and_publish(SMALL, tmp_path)
    reader = Reader(settings(SMALL, tmp_path))
    for language in ("vi", "en", "hi"):
        assert conference_scenes(reader, reader.publication(), language)["spotlights"]


@pytest.mark.hostile("raw HTTP")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/live?lang=xx", 400, "nhận được &#39;xx&#39;; giá trị hợp lệ: vi, en, hi"),
        ("/live?lang=en&lang=vi", 400, "xuất hiện 2 lần"),
        ("/live?theme=nothing&lang=en", 404, "expected: total, "),
        ("/live?theme=total&theme=total&lang=en", 400, "found 2 times"),
        ("/live?lang=" + "x" * 3000, 400, "giá trị hợp lệ: vi, en, hi"),
        ("/live?theme=%3Cscript%3E&lang=en", 404, "&lt;script&gt;"),
        ("/conference?lang=xx", 400, "giá trị hợp lệ: vi, en, hi"),
        ("/conference?lang=hi&lang=hi", 400, "2 बार मिला"),
        ("/conference?scene=nothing&lang=en", 400, "expected: ranking, winners, map, movers, spotlight"),
        ("/conference?day=2026-13-01&lang=en", 400, "expected: 2026-11-14"),
        ("/conference?day=2026-11-14&day=2026-11-15&lang=en", 400, "found 2 times"),
        ("/conference?theme=nothing&lang=en", 404, "expected: total, "),
        ("/conference?unit=99999&lang=en", 404, "expected: 02647, "),
        ("/conference?unit=03006&unit=02647&lang=en", 400, "found 2 times"),
    ],
)
def test_an_address_that_says_something_else_is_told_so(
    client: TestClient, address: str, status: int, words: str
) -> None:
    answer = client.get(address, headers={"accept-language": "vi"})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert words in answer.text
    assert 'href="/live?lang=' in answer.text
    assert "<script" not in answer.text
    assert len(answer.text) < 2000


@pytest.mark.parametrize(
    "address",
    [
        "/live?lang=",
        "/live?lang=vi&fbclid=abc&utm_source=zalo",
        "/live?theme=",
        "/conference?lang=hi&scene=map&day=2026-11-14",
        "/conference?theme=environmental_sanitation&unit=",
        "/conference?unit=03006&fbclid=abc",
    ],
)
def test_what_honest_links_carry_is_no_fault(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200


# --- the account of a unit --------------------------------------------------------------------------------------------


def test_each_row_opens_its_account_before_the_script_runs(client: TestClient) -> None:
    page = client.get("/live", params={"lang": "en"}).text
    accounts = re.findall(r'<details name="account"><summary>.*?<div class="account">(.*?)</details>', page, re.S)
    assert len(accounts) == 10
    for account in accounts:
        told = visible(account)
        assert re.search(r"Rank \d+ of 10 · places? \d", told)
        assert "points since September 2026" in told
        assert "Strongest theme" in told and "Weakest theme" in told
        assert "demonstration figures" in told
        assert "/ward?unit=" in account


@pytest.mark.parametrize("language", ["vi", "en", "hi"])
def test_an_account_is_a_page_of_its_own_too(client: TestClient, reader: Reader, language: str) -> None:
    """What the script puts below a row for another theme, or after a publication."""
    asked = {"lang": language, "theme": "social_security", "unit": "03006"}
    answer = client.get("/live/account", params=asked)
    board = live_board(reader, reader.publication(), language)
    theme = next(item for item in board["themes"] if item["theme_code"] == "social_security")
    _, rank, _, score_text, *_ = next(row for row in theme["ranking"] if row[0] == "03006")
    told = visible(answer.text)
    assert theme["theme_name"] in told
    assert str(rank) in told and score_text in told and theme["most_text"] in told
    assert board["demonstration"]["word"] in told
    assert answer.headers["content-language"] == language
    assert len(answer.content) < 6000


@pytest.mark.parametrize("unit", ["", "3006", "<script>"])
def test_an_account_of_nobody_is_told_so(client: TestClient, unit: str) -> None:
    answer = client.get("/live/account", params={"lang": "en", "unit": unit})
    assert answer.status_code == 404
    assert "unit: found" in visible(answer.text)
    assert "<script" not in answer.text


def test_a_long_board_links_to_its_accounts(client: TestClient, reader: Reader) -> None:
    page = live_page(live_board(reader, reader.publication(), "en"), "total")
    links = re.findall(r'<div class="account"><a href="(/live/account\?[^"]+)">', page)
    assert len(links) == 10
    assert client.get(html.unescape(links[0])).status_code == 200
