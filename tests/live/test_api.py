"""The public API: filters, languages, digests, compression, problems in words, and the marks on made-up figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.laocai import criteria
from tests.small_block import SMALL, Folder, build_and_publish
from wardstats.catalogue.load import load_catalogue
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT, settings
from wardstats.live import responses
from wardstats.live.application import Live
from wardstats.live.tables import TABLES
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot

LAOCAI = PROJECT / "data" / "laocai"


def client_of(var: Path, folder: Path) -> TestClient:
    live = Live(settings(folder, var))
    return TestClient(live.in_front_of(Starlette(routes=live.routes())))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    var = tmp_path_factory.mktemp("api")
    build_and_publish(LAOCAI, var)
    with client_of(var, LAOCAI) as client:
        yield client


def rows(client: TestClient, name: str, **params: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{name}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def test_ranking_is_that_of_the_snapshot(client: TestClient, laocai) -> None:
    expected = laocai.query("ranking", period="2026-09", node="social_security", language="en")
    found = rows(client, "ranking", period="2026-09", theme="social_security", lang="en")
    assert [row["unit_code"] for row in found] == expected["unit_code"].tolist()
    assert [row["score"] for row in found] == pytest.approx(expected["score"].tolist())


def test_ranking_of_a_quarter_says_which_and_what_of_it_is_made_up(client: TestClient, laocai) -> None:
    expected = laocai.query(
        "span_ranking", kind="quarter", span="2026-Q3", previous="2026-Q2", node="total", language="en"
    )
    wanted = {"period": "2026-08", "span": "quarter", "lang": "en"}
    answer = client.get("/api/v1/ranking", params=wanted)
    facts = answer.json()
    assert (facts["period"], facts["period_text"]) == ("2026-Q3", "Q3 2026")
    assert [row["unit_code"] for row in facts["rows"]] == expected["unit_code"].tolist()
    assert [row["rank_worst"] for row in facts["rows"]] == expected["rank_worst"].tolist()
    assert answer.headers["wardstats-demonstration"] == f"{len(criteria())} of {len(criteria())} indicators"
    assert all(row["has_demonstration"] for row in facts["rows"])
    table = client.get("/api/v1/ranking", params=wanted | {"format": "csv"})
    assert table.headers["content-disposition"] == 'inline; filename="ranking_2026-Q3.csv"'
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == len(expected)


def test_csv_says_the_same_as_json(client: TestClient) -> None:
    text = client.get("/api/v1/ranking", params={"format": "csv", "lang": "vi"}).text
    table = list(csv.DictReader(io.StringIO(text)))
    found = rows(client, "ranking", lang="vi")
    assert [line["unit_name"] for line in table] == [row["unit_name"] for row in found]
    assert [line["rank"] for line in table] == [str(row["rank"]) for row in found]
    assert {line["has_demonstration"] for line in table} == {"true"}


def test_values_can_be_narrowed_down(client: TestClient) -> None:
    found = rows(client, "values", unit=["03006", "02647"], indicator="poverty_rate_pct", period="2026-09")
    assert {(row["unit_code"], row["indicator_code"]) for row in found} == {
        ("03006", "poverty_rate_pct"),
        ("02647", "poverty_rate_pct"),
    }


def test_scores_hold_every_theme_of_every_member(client: TestClient) -> None:
    found = rows(client, "scores", lang="en")
    themes = {row["theme_code"] for row in found}
    assert {"total", "social_security", "group_progress"} <= themes
    assert len(found) == 10 * len(themes)


@pytest.mark.parametrize("name", [*TABLES, "snapshots"])
def test_every_answer_says_what_is_made_up(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/v1/{name}", params={"lang": "en"})
    assert answer.headers["wardstats-demonstration"] == f"{len(criteria())} of {len(criteria())} indicators"
    assert answer.headers["wardstats-snapshot"] == answer.json()["snapshot_id"]
    assert "made up" in answer.json()["demonstration"]["notice"]
    lines = client.get(f"/api/v1/{name}", params={"format": "csv"}).text.splitlines()
    assert lines[0].endswith(",has_demonstration")
    assert any(line.endswith("true") for line in lines[1:])


def test_real_figures_carry_no_mark(tmp_path: Path) -> None:
    folder = PROJECT / "data" / "provinces_766"
    build_and_publish(folder, tmp_path)
    with client_of(tmp_path, folder) as client:
        answer = client.get("/api/v1/ranking", params={"format": "csv"})
        assert answer.headers["wardstats-demonstration"].startswith("0 of ")
        assert not any(line.endswith("true") for line in answer.text.splitlines())
        assert client.get("/api/v1/board").json()["demonstration"]["notice"] == ""


@pytest.mark.hostile("ETag/language/gzip combinations, each with 304 and HEAD")
@pytest.mark.parametrize(
    ("accept", "asked", "language"),
    [
        ("hi-IN,hi;q=0.9,en;q=0.8", "", "hi"),
        ("fr-FR, en-GB;q=0.7, vi;q=0.3", "", "en"),
        ("fr", "", "vi"),
        ("en", "hi", "hi"),
        ("", "", "vi"),
        ("en;q=much", "", "vi"),
    ],
)
def test_the_readers_language(client: TestClient, accept: str, asked: str, language: str) -> None:
    answer = client.get("/api/v1/board", params={"lang": asked} if asked else {}, headers={"accept-language": accept})
    assert answer.json()["language"] == language
    assert answer.headers["content-language"] == language


@pytest.mark.hostile("ETag/language/gzip combinations, each with 304 and HEAD")
def test_answers_are_compressed_for_those_who_take_it(client: TestClient) -> None:
    squeezed = client.get("/api/v1/ranking", headers={"accept-encoding": "gzip"})
    plain = client.get("/api/v1/ranking", headers={"accept-encoding": "identity"})
    refused = client.get("/api/v1/ranking", headers={"accept-encoding": "gzip;q=0"})
    assert squeezed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert int(squeezed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert squeezed.json() == plain.json()
    assert "accept-encoding" in squeezed.headers["vary"]


@pytest.mark.hostile("raw HTTP (methods, Host, traversal, framing, ranges)")
@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("ranking?perod=2026-10", 400, "perod"),
        ("ranking?period=2026-10&period=2026-09", 400, "found 2 times"),
        ("ranking?format=xml", 400, "json, csv"),
        ("ranking?span=week", 400, "month, quarter, year"),
        ("ranking?theme=nothing", 404, "no such theme"),
        ("ranking?period=2026-13", 404, "not ranked"),
        ("values?unit=99999", 404, "99999"),
        ("values?indicator=nothing", 404, "nothing"),
        ("ranking?snapshot=../../etc/passwd", 404, "nothing was published"),
        ("nothing", 404, "openapi.json"),
        ("ranking?lang=xx", 400, "vi, en, hi"),
        ("ranking?lang=vi&lang=en", 400, "found 2 times"),
        ("board?lang=xx", 400, "vi, en, hi"),
        ("board?theme=total", 400, "not a parameter of this address. It takes: lang, snapshot"),
        ("stage?lang=vi&lang=vi", 400, "found 2 times"),
        ("stage?scene=map", 400, "It takes: lang, snapshot"),
        ("snapshots?day=yesterday", 400, "2026-11-14"),
        ("snapshots?day=20261114", 400, "2026-11-14"),
        ("snapshots?lang=VI", 400, "vi, en, hi"),
        ("values?unit=", 404, "no such code"),
        ("openapi.json?lang=vi", 400, "It takes: none"),
        ("activities.ics?lang=xx", 400, "vi, en, hi"),
        ("ranking?theme=%00", 404, "no such theme"),
        ("events?lang=xx", 400, "vi, en, hi"),
        ("events?lang=vi&lang=en", 400, "found 2 times"),
        ("events?snapshot=1", 400, "It takes: lang"),
    ],
)
def test_what_cannot_be_answered_is_told_in_words(client: TestClient, address: str, status: int, word: str) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    assert answer.json()["status"] == status


@pytest.mark.hostile("raw HTTP (methods, Host, traversal, framing, ranges)")
def test_the_api_is_for_reading(client: TestClient) -> None:
    answer = client.post("/api/v1/ranking")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert client.post("/api/v2/x").status_code == 404
    assert client.head("/api/v1/ranking").status_code == 200


def test_nothing_published_is_a_problem_too(tmp_path: Path) -> None:
    with client_of(tmp_path, LAOCAI) as client:
        assert client.get("/api/v1/ranking").status_code == 503
        page = client.get("/live?lang=en")
        assert page.status_code == 503
        assert "Nothing has been published yet" in page.text
        assert client.get("/conference").status_code == 503


def test_the_description_names_every_address_and_column(client: TestClient) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert description["openapi"] == "3.1.0"
    paths = set(description["paths"])
    assert {f"/api/v1/{name}" for name in (*TABLES, "snapshots", "board", "stage", "events")} <= paths
    for name in ("ranking", "values", "indicators", "wards"):
        schema = description["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]
        described = schema["schema"]["allOf"][-1]["properties"]["rows"]["items"]["properties"]
        assert set(described) == set(rows(client, name)[0])
    board = client.get("/api/v1/board").json()
    described = description["components"]["schemas"]
    known = {key for name in ("Publication", "Facts", "Board") for key in described[name]["properties"]}
    assert set(board) == known


def test_earlier_boards_can_be_read_and_drafts_cannot(small: Folder, tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = build_snapshot(load_catalogue(small.path), var)
    publish_snapshot(var, first, by="A", note="=1+1", is_final=True)
    (small.path / "block.toml").write_text(
        (small.path / "block.toml").read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8"
    )
    second = build_snapshot(load_catalogue(small.path), var)
    assert second != first
    with client_of(var, SMALL) as client:
        assert client.get("/api/v1/ranking", params={"snapshot": second}).status_code == 404
        before = client.get("/api/v1/ranking").headers["etag"]
        publish_snapshot(var, second)
        now = client.get("/api/v1/ranking")
        assert now.headers["etag"] != before
        assert now.json()["snapshot_id"] == second
        assert client.get("/api/v1/ranking", params={"snapshot": first}).json()["state"] == "final"
        key = read_history(var)[0].key
        assert client.get("/api/v1/board", params={"snapshot": key}).json()["publication"] == key
        listed = client.get("/api/v1/snapshots").json()["rows"]
        assert [entry["snapshot_id"] for entry in listed] == [second, first]
        assert (listed[1]["by"], listed[1]["note"], listed[1]["state"]) == ("A", "=1+1", "final")
        day = responses.local_day(read_history(var)[0].published_at)
        assert len(client.get("/api/v1/snapshots", params={"day": day}).json()["rows"]) == 2
        assert client.get("/api/v1/snapshots", params={"day": "1999-01-01"}).json()["rows"] == []
        assert "'=1+1" in client.get("/api/v1/snapshots", params={"format": "csv"}).text


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_cells_that_a_spreadsheet_would_run_are_disarmed() -> None:
    frame = pd.DataFrame({"name": ["=cmd", "+1", "-1", "@x", "\tx", "Sa Pa", None], "value": [-1.5, 1, 2, 3, 4, 5, 6]})
    text = "".join(responses.csv_pieces(frame))
    lines = list(csv.reader(io.StringIO(text)))[1:]
    assert [line[0] for line in lines] == ["'=cmd", "'+1", "'-1", "'@x", "'\tx", "Sa Pa", ""]
    assert lines[0][1] == "-1.5"  # a number is a number


def test_bonus_and_penalty_and_what_gaps_could_do_are_told(tmp_path: Path) -> None:
    build_and_publish(SMALL, tmp_path / "var")
    with client_of(tmp_path / "var", SMALL) as client:
        by_unit = {row["unit_code"]: row for row in rows(client, "ranking", lang="en")}
        assert by_unit["w03"]["adjustment"] == -1.5
        assert by_unit["w03"]["adjustment_reason"].startswith("Sáng kiến được công nhận +0.5 (")
        assert (by_unit["w03"]["rank_at_worst"], by_unit["w03"]["rank_if_closed"]) == (3, 3)
        assert (by_unit["w01"]["adjustment_reason"], by_unit["w01"]["rank_if_closed"]) == ("", None)
        spanned = {row["unit_code"]: row for row in rows(client, "ranking", lang="en", span="year")}
        assert spanned["w03"]["adjustment"] == -0.75
        assert "Nộp báo cáo muộn −2.0" in spanned["w03"]["adjustment_reason"]
        board = client.get("/api/v1/board", params={"lang": "en"}).json()
        assert board["gaps"].startswith("A missing figure is left out")
        row = board["ranking"][-1]
        assert (row["unit_code"], row["adjustment"], row["added_up"]) == ("w03", -1.5, "56.0 − 1.5")
        assert "place 3 at worst" in row["remark"]
        page = client.get("/live", params={"lang": "en"}).text
        assert page.count('class="penalty"') == 1
        assert "56.0 − 1.5" in page
        stage = client.get("/api/v1/stage", params={"lang": "en"}).json()
        assert "Nộp báo cáo muộn −2.0" in stage["spotlights"][-1]["remark"]


@pytest.mark.parametrize("name", ["ranking", "snapshots"])
def test_csv_begins_with_a_mark_where_a_person_may_open_it(client: TestClient, name: str) -> None:
    """Excel takes UTF-8 without the mark for another encoding and shows LÃ o Cai."""
    browser, program = "text/html,application/xhtml+xml,*/*;q=0.8", "*/*"
    for accept, asked, has_mark in (
        (browser, {}, True), (program, {}, False), (program, {"bom": "1"}, True), (browser, {"bom": "0"}, False),
    ):  # fmt: skip
        wanted = {"format": "csv", "lang": "vi"} | asked
        answer = client.get(f"/api/v1/{name}", params=wanted, headers={"accept": accept})
        assert answer.content.startswith(b"\xef\xbb\xbf") == has_mark, (accept, asked)
        assert "accept" in answer.headers["vary"].split(", ")
        lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(lines) == len(rows(client, name))
    assert client.get(f"/api/v1/{name}", headers={"accept": browser}).json()["rows"]  # JSON has none
    refused = client.get(f"/api/v1/{name}?bom=yes")
    assert (refused.status_code, "0, 1" in refused.json()["detail"]) == (400, True)


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/"])
def test_the_address_of_the_api_itself_lists_what_there_is(client: TestClient, path: str) -> None:
    found = client.get(path).json()
    listed = {entry["address"]: entry for entry in found["addresses"]}
    assert set(listed) == set(client.get(found["openapi"]).json()["paths"]) - {"/api/v1"}
    assert "period" in listed["/api/v1/ranking"]["parameters"]
    for address in set(listed) - {"/api/v1/events"}:  # which never ends
        assert client.get(address).status_code == 200, address
    assert client.post(path).status_code == 405
