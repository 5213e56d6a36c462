"""Every address answers on every board that is not complete: strict JSON, whole tables, and the event stream."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.asynchronous import run as run_to_its_end
from tests.exits import addresses
from tests.incomplete_boards import FIRST, LAST, SHAPES
from tests.live.test_broadcaster import Reader, until
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.records import ROOT
from wardstats.core.settings import Settings
from wardstats.live.application import Live
from wardstats.live.tables import PREFIX

STREAM = f"{PREFIX}/events"
NOT_FOR_PEOPLE = re.compile(r"\b(nan|NaN|<NA>|None|NaT|inf)\b")
SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
everywhere = pytest.mark.parametrize("name", SHAPES)


@pytest.fixture
def live(incomplete: Callable[[str], Settings], name: str) -> Live:
    return Live(incomplete(name))


def strict(text: str) -> Any:
    return json.loads(text, parse_constant=lambda constant: pytest.fail(f"{constant} in JSON"))


@everywhere
def test_every_address_answers(live: Live, name: str) -> None:
    shape = SHAPES[name]
    has_board = bool(shape.wards)
    with TestClient(Starlette(routes=live.routes()), raise_server_exceptions=True) as client:
        for path, asked in addresses(live, shape.theme, shape.period, [FIRST, LAST]):
            answer = client.get(path, params=asked)
            place, kind = f"{answer.request.url}: {answer.text[:300]}", answer.headers.get("content-type", "")
            assert answer.status_code < 500 or (not has_board and answer.status_code == 503), place
            if "json" in kind:
                strict(answer.text)
            elif kind.startswith("text/csv"):
                table = list(csv.reader(io.StringIO(answer.text)))
                assert len({len(row) for row in table}) == 1, place
                assert not NOT_FOR_PEOPLE.search(answer.text), place
            elif kind.startswith("text/html"):
                assert not NOT_FOR_PEOPLE.search(re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)), (
                    place
                )
                for script in re.findall(
                    r'<script type="application/json"[^>]*>(.*?)</script>', answer.text, re.DOTALL
                ):
                    strict(script)


@everywhere
def test_who_has_no_rank_is_told_why(live: Live, name: str) -> None:
    shape = SHAPES[name]
    if not shape.wards:
        return
    view = live.reader.view(live.reader.publication().snapshot_id, "en", shape.period or None)
    with TestClient(Starlette(routes=live.routes())) as client:
        rows = client.get(f"{PREFIX}/ranking", params={"lang": "en", "period": view.period}).json()["rows"]
    assert sum(row["rank"] is not None for row in rows) == shape.ranked
    for row in rows:
        expected = "too few figures for a rank" if name == "all_withheld" else "no figures yet"
        assert row["absence"] == ("" if row["rank"] else expected)
        assert (row["score"] is None) == (row["rank"] is None)


@everywhere
def test_the_event_stream_sends_it(live: Live, name: str) -> None:
    """In each language, as strict JSON; a board without a month is told to nobody and ends no stream."""

    async def scene() -> None:
        caster, has_board = live.broadcaster, bool(SHAPES[name].wards)
        task = asyncio.create_task(caster.run())
        readers = [Reader(caster, language) for language in LANGUAGES]
        try:
            if has_board:
                await until(lambda: all(reader.events for reader in readers), 20)
                for reader, language in zip(readers, LANGUAGES, strict=True):
                    data = next(line for line in reader.text.splitlines() if line.startswith("data: {"))
                    assert strict(data[6:])["language"] == language
            else:
                await asyncio.sleep(3 * caster.limits.poll_s)
                assert not task.done()
            for reader in readers:
                await reader.leave()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run_to_its_end(scene())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phone_and_the_projector_say_so(incomplete: Callable[[str], Settings], language: str) -> None:
    live, speak = Live(incomplete("nine_wards")), translator(language)
    with TestClient(Starlette(routes=live.routes())) as client:
        phone = client.get("/live", params={"lang": language}).text
        stage = client.get(f"{PREFIX}/stage", params={"lang": language}).json()
    assert phone.count(f"<small>{speak('no figures yet')}</small>") == 1
    assert speak("figures so far: {known} of {all}", known=9, all=10) in phone
    assert [row["absence"] for row in stage["ranking"]] == [""] * 9 + [speak("no figures yet")]
    assert len(stage["spotlights"]) == 9
    assert all("9" in unit["place_text"] and "10" in unit["place_text"] for unit in stage["spotlights"])


def test_nothing_is_made_of_one_ward(incomplete: Callable[[str], Settings]) -> None:
    live = Live(incomplete("one_ward"))
    stage = live.stage(live.reader.publication(), "en")
    assert "leads" not in stage["headline"]
    assert stage["headline"].endswith("points (figures so far: 1 of 10)")
    assert {winner["next"] for winner in stage["winners"]} == {"figures so far: 1 of 10"}
    assert {row["change"] for row in stage["ranking"]} == {None}
    assert stage["movers"]["rows"] == []
    (unit,) = stage["spotlights"]
    assert (unit["strong"], unit["weak"], unit["change"]) == ([], [], "")


def test_places_are_compared_among_the_same(incomplete: Callable[[str], Settings]) -> None:
    """Two of ten have figures this month: neither has gained the places of the eight that have none yet."""
    live = Live(incomplete("two_wards"))
    view = live.reader.view(live.reader.publication().snapshot_id, "en")
    before = view.frame("ranking", period="2026-09", node=ROOT, language="en").set_index("unit_code")["rank"]
    board = live.board(live.reader.publication(), "en")
    first, second = board["ranking"][:2]
    assert {before[row["unit_code"]] - row["rank"] for row in (first, second)} != {0}  # what it would have been
    swapped = int(before[first["unit_code"]] > before[second["unit_code"]])
    assert (first["change"], second["change"]) == (swapped, -swapped)
    assert {row["change"] for row in board["ranking"][2:]} == {None}
    moved = live.stage(live.reader.publication(), "en")["movers"]["rows"]
    assert all(abs(row["places"]) <= 1 for row in moved)
