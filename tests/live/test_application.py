"""The live part: its health, the API's answers, the phone page, and the marks on made-up figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.small_block import build_and_publish
from wardstats.core.settings import PROJECT, settings
from wardstats.live.application import Live


def client_of(var: Path, folder: Path) -> TestClient:
    return TestClient(Starlette(routes=Live(settings(folder, var)).routes()))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    var, folder = tmp_path_factory.mktemp("var"), PROJECT / "data" / "laocai"
    build_and_publish(folder, var)
    with client_of(var, folder) as client:
        yield client


def test_health_names_the_snapshot_that_is_up(client: TestClient) -> None:
    facts = client.get("/healthz").json()
    assert facts["status"] == "ok"
    assert facts["state"] == "provisional"


def test_health_says_when_nothing_is_published(tmp_path: Path) -> None:
    with client_of(tmp_path, PROJECT / "data" / "laocai") as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "empty")


def test_health_tells_which_changes_of_streamlit_apply(tmp_path: Path) -> None:
    told = {"applied": ["one"], "not_applied": [{"name": "two", "expects": "this", "why": "that was found"}]}
    live = Live(settings(PROJECT / "data" / "laocai", tmp_path), lambda: told)
    with TestClient(Starlette(routes=live.routes())) as client:
        assert client.get("/healthz").json()["frontend"] == told


def test_health_of_the_live_part_alone_knows_of_no_streamlit(client: TestClient) -> None:
    assert "frontend" not in client.get("/healthz").json()


@pytest.mark.parametrize("name", ["ranking", "scores", "values", "indicators", "wards", "snapshots"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_each_table_is_there_as_json_and_csv(client: TestClient, name: str, form: str) -> None:
    answer = client.get(f"/api/v1/{name}", params={"format": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json" if form == "json" else "text/csv")
    assert "demonstration" in answer.text or name in {"indicators", "wards", "snapshots"}


@pytest.mark.hostile("ETag/language/gzip combinations, each with 304 and HEAD")
def test_an_answer_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/ranking")
    again = client.get("/api/v1/ranking", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_period_is_a_problem_in_words(client: TestClient) -> None:
    answer = client.get("/api/v1/ranking", params={"period": "2031-01"})
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.status_code in {400, 404, 422}
    assert "2031-01" in answer.text


@pytest.mark.parametrize(("language", "word"), [("vi", "dẫn đầu"), ("en", "leads"), ("hi", "सबसे आगे")])
def test_the_phone_page_says_who_leads_without_its_script(client: TestClient, language: str, word: str) -> None:
    page = client.get("/live", params={"lang": language})
    assert page.status_code == 200
    assert word in page.text
    assert len(page.content) < 60_000
