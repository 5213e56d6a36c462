"""Answers: made once for all who mean the same, kept by weight, sent in pieces, and nobody holds up others."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.asynchronous import run
from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import PROJECT, settings
from wardstats.frontend import bodies
from wardstats.live import api
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.application import Live

LAOCAI = PROJECT / "data" / "laocai"
LONG_S = 60  # only what hangs takes so long


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    var = tmp_path_factory.mktemp("answers")
    build_and_publish(LAOCAI, var)
    return Live(settings(LAOCAI, var))


@pytest.fixture
def client(live: Live) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live.routes())) as client:
        yield client


def client_of(answers: Answers, settle: Any) -> TestClient:
    async def serve(request: Request) -> Response:
        return await answers.give(request, settle)

    return TestClient(Starlette(routes=[Route("/", serve)]))


@pytest.mark.hostile("raw HTTP")
def test_the_same_question_in_other_words_is_one_answer(client: TestClient, live: Live, record_property: Any) -> None:
    all_units = [row["unit_code"] for row in client.get("/api/v1/wards?lang=vi").json()["rows"]]
    period = client.get("/api/v1/values?lang=vi").json()["period"]
    key = quote(live.reader.publication().key)
    two, every = ("unit=03006", "unit=02647"), [f"unit={code}" for code in dict.fromkeys(all_units)]
    same = [
        [["lang=vi", *two], ["lang=vi", *reversed(two)], [*two, *two, "lang=vi"], ["format=json", *two, "lang=vi"],
         [f"period={period}", *two, "lang=vi"], [f"snapshot={key}", *two, "lang=vi"]],
        [["lang=vi"], ["lang=vi", *every], ["lang=vi", *reversed(every)], ["lang=vi", "format=json"]],
    ]  # fmt: skip
    for questions in same:
        answered = [client.get("/api/v1/values?" + "&".join(params)) for params in questions]
        assert {answer.status_code for answer in answered} == {200}
        before = len(live.api.answers.kept), len(live.reader.frames)
        assert len({answer.headers["etag"] for answer in answered}) == 1
        for params in questions:
            client.get("/api/v1/values?" + "&".join(params))
        assert (len(live.api.answers.kept), len(live.reader.frames)) == before
    record_property("tried", sum(len(questions) for questions in same))


@pytest.mark.hostile("raw HTTP")
def test_thousands_of_different_questions_stay_within_the_weight(tmp_path: Path, record_property: Any) -> None:
    build_and_publish(SMALL, tmp_path)
    live = Live(settings(SMALL, tmp_path))
    live.api.answers = Answers("api", 40_000)
    with TestClient(Starlette(routes=live.routes())) as client:
        days = [f"{year}-{month:02}-01" for year in range(2000, 2020) for month in range(1, 13)]
        for day in days:
            assert client.get("/api/v1/snapshots", params={"day": day}).status_code == 200
        assert len(live.api.answers.kept) == 1  # a day without a publication is as good as another
        units = client.get("/api/v1/values").json()["rows"]
        asked = 0
        for row in units:
            for form in ("json", "csv"):
                for language in ("vi", "en", "hi"):
                    params = {"unit": row["unit_code"], "indicator": row["indicator_code"]}
                    client.get("/api/v1/values", params=params | {"lang": language, "format": form})
                    asked += 1
        assert live.api.answers.kept.bytes <= 40_000
    record_property("tried", len(days) + asked)


@pytest.mark.parametrize("length", [500, 5000, 262_143, 262_144, 3_000_000])
def test_an_answer_is_whole_in_either_form_whatever_its_length(length: int) -> None:
    text = "".join(f"dòng {number}\n" for number in range(length // 8 + 1)).encode()[:length]
    made = bodies.body_of_pieces("text/plain", [text[at : at + 999] for at in range(0, length, 999)])
    assert made.whole == text
    assert made.length == length
    assert b"".join(made.pieces(as_gzip=False)) == text
    assert max(map(len, made.pieces(as_gzip=False))) <= 65_536
    if made.compressed:
        assert gzip.decompress(b"".join(made.pieces(as_gzip=True))) == text
    if length >= 262_144:
        assert made.size < length / 2  # only the compressed form is kept
    with client_of(Answers("test", 10_000_000), lambda: Question(("a",), lambda: Answer(made))) as client:
        for accepted in ("gzip", "identity"):
            answer = client.get("/", headers={"accept-encoding": accepted})
            head = client.head("/", headers={"accept-encoding": accepted})
            assert answer.content == text
            assert head.headers["content-length"] == answer.headers["content-length"]
            assert head.content == b""
            etag = {"if-none-match": answer.headers["etag"], "accept-encoding": accepted}
            assert client.get("/", headers=etag).status_code == 304


def test_the_etag_hangs_on_what_is_in_the_answer() -> None:
    def etag(text: str, key: str) -> str:
        answers = Answers("test", 10_000)
        settle = lambda: Question((key,), lambda: Answer(bodies.body("text/plain", text)))  # noqa: E731
        with client_of(answers, settle) as client:
            return client.get("/").headers["etag"]

    assert etag("the same", "a") == etag("the same", "b")
    assert etag("the same", "a") != etag("another", "a")


def test_a_heavy_answer_holds_up_no_light_one_and_one_too_many_is_told(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_HEAVY_CELLS", 0)
    begun, free = threading.Event(), threading.Event()

    def slow() -> Answer:
        begun.set()
        assert free.wait(LONG_S)
        return Answer(bodies.body("text/plain", "slow"))

    live.api.answers = answers = Answers("api", 1_000_000, threads=1, waiting_at_most=2)

    async def scene() -> None:
        transport = httpx.ASGITransport(Starlette(routes=live.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
            blocked = [
                asyncio.ensure_future(answers.give(_request(), lambda n=number: Question((n,), slow, is_heavy=True)))
                for number in range(2)
            ]
            await asyncio.to_thread(begun.wait, LONG_S)
            assert (await client.get("/api/v1/ranking?lang=vi")).status_code == 200
            assert (await client.get("/live?lang=vi")).status_code == 200
            assert (await client.get("/healthz")).status_code == 200
            refused = await client.get("/api/v1/values?lang=vi")
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "10"
            free.set()
            await asyncio.gather(*blocked)

    run(scene())


def test_a_large_answer_is_made_in_another_process_and_says_the_same(
    client: TestClient, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.api.answers = Answers("api", 10_000_000)
    here = {form: client.get(f"/api/v1/values?lang=hi&format={form}") for form in ("json", "csv")}
    live.api.answers = Answers("api", 10_000_000)
    monkeypatch.setattr(api, "_HEAVY_CELLS", 0)
    monkeypatch.setattr(api, "_make", lambda *_: pytest.fail("made in this process"))
    for form, answer in here.items():
        there = client.get(f"/api/v1/values?lang=hi&format={form}")
        assert there.content == answer.content
        assert dict(there.headers) == dict(answer.headers)
    live.api.close()


def _request() -> Request:
    return Request({"type": "http", "method": "GET", "headers": [], "query_string": b"", "path": "/"})
