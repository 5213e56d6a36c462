"""The portal misbehaving in turn: each time a whole harvest or a clear refusal, never a wrong or partial entry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.harvest.conftest import HASTY, Harvested
from tests.harvest.stand_in import Json, World
from wardstats.core.settings import Settings
from wardstats.harvest.faults import PortalError
from wardstats.harvest.workflow import Outcome
from wardstats.ledger import ledger_of

ALL_FIGURES = 10 * 17
DIGITISED, PROGRESS = "dossier-digitized", "dvc-progress-tree"


def html() -> Response:
    return Response("<!DOCTYPE html><html><body>Hệ thống đang bảo trì</body></html>", 200, media_type="text/html")


async def silence() -> Response:
    await asyncio.sleep(8)
    return JSONResponse({"code": "OK", "data": {}})


def cut_short() -> Response:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"code":"OK","data":{"evaluation":['
        raise ConnectionResetError

    return StreamingResponse(half(), 201, media_type="application/json")


def half_json() -> Response:
    return Response(b'{"code":"OK","data":{"evaluation":[{"departmentId"', 201, media_type="application/json")


def not_ok() -> Response:
    return JSONResponse({"code": "INTERNAL_ERROR", "data": None, "message": "Lỗi hệ thống"}, 201)


PASSING: dict[str, Callable[[], Any]] = {
    "500": lambda: Response("error", 500),
    "503": lambda: Response("busy", 503),
    "429": lambda: Response("slow down", 429, headers={"retry-after": "0"}),
    "time-out": silence,
    "cut connection": cut_short,
    "half an answer": half_json,
    "HTML": html,
    "error in an answer": not_ok,
}


def assert_whole(outcome: Outcome) -> None:
    assert outcome.state == "recorded", [str(finding) for finding in outcome.harvest.findings]
    assert len(outcome.entries[0].changes) == ALL_FIGURES


def assert_refused(outcome: Outcome, places: Settings, *words: str) -> None:
    assert (outcome.state, outcome.entries) == ("refused", ())
    told = "\n".join(str(finding) for finding in outcome.harvest.findings if finding.severity == "refusal")
    for word in words:
        assert word in told
    assert_nothing_recorded(places)
    assert outcome.aside is not None  # the answers are kept for a look, and not taken again
    assert list(outcome.aside.glob("*.gz"))


def assert_nothing_recorded(places: Settings) -> None:
    assert ledger_of(places).head == 0
    assert not (places.var / "current.json").exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_asked_again_after(fault: str, world: World, harvested: Harvested) -> None:
    world.mischief = lambda endpoint, count, *_: PASSING[fault]() if (endpoint, count) == (DIGITISED, 1) else None
    outcome = harvested(manners=replace(HASTY, silence_s=2) if fault == "time-out" else HASTY)
    assert_whole(outcome)
    assert sum(endpoint == DIGITISED for endpoint, _, _ in world.asked) == 2


@pytest.mark.parametrize("fault", ["500", "HTML", "error in an answer", "half an answer"])
def test_a_lasting_fault_ends_it_and_says_what_is_missing(
    fault: str, world: World, harvested: Harvested, places: Settings
) -> None:
    world.mischief = lambda endpoint, *_: PASSING[fault]() if endpoint == DIGITISED else None
    with pytest.raises(PortalError) as caught:
        harvested()
    told = str(caught.value)
    assert "dossier-digitized, page 1" in told
    assert "3 times in a row" in told
    assert "Missing for 2026-10: dossier-digitized, handling-satisfaction" in told
    assert_nothing_recorded(places)


def test_it_goes_on_where_a_lasting_fault_ended_it(world: World, harvested: Harvested) -> None:
    world.mischief = lambda endpoint, *_: Response("", 500) if endpoint == DIGITISED else None
    with pytest.raises(PortalError):
        harvested()
    world.mischief = None
    world.asked.clear()
    assert_whole(harvested())
    assert [endpoint for endpoint, _, _ in world.asked] == [DIGITISED, "handling-satisfaction"]


def test_retry_after_is_honoured(world: World, harvested: Harvested) -> None:
    def mischief(endpoint: str, count: int, *_: Any) -> Response | None:
        return Response("", 429, headers={"retry-after": "1"}) if (endpoint, count) == (DIGITISED, 1) else None

    world.mischief = mischief
    assert_whole(harvested())
    first, second = (at for endpoint, _, at in world.asked if endpoint == DIGITISED)
    assert second - first >= 1


def test_a_portal_that_wants_to_be_left_alone_for_long_is(world: World, harvested: Harvested, places: Settings) -> None:
    world.mischief = lambda *_: Response("", 429, headers={"retry-after": "7200"})
    with pytest.raises(PortalError, match="7200 s"):
        harvested()
    assert len(world.asked) == 1
    assert_nothing_recorded(places)


def test_requests_keep_their_distance_and_say_who_asks(world: World, harvested: Harvested) -> None:
    harvested(manners=replace(HASTY, delay_s=0.1, contact="https://example.vn/contact"))
    times = [at for _, _, at in world.asked]
    assert times[-1] - times[0] >= 0.09 * (len(times) - 1)  # a busy machine makes it longer, never shorter
    assert world.headers["user-agent"].startswith("wardstats/")
    assert "https://example.vn/contact" in world.headers["user-agent"]


def test_an_empty_page_is_asked_for_again(world: World, harvested: Harvested) -> None:
    def mischief(endpoint: str, count: int, _body: Json, payload: Json) -> Json | None:
        if (endpoint, count) == (DIGITISED, 1):
            payload["data"]["evaluation"] = []
            return payload
        return None

    world.mischief = mischief
    assert_whole(harvested())


@pytest.mark.parametrize("endpoint", [DIGITISED, PROGRESS])
def test_a_page_that_stays_empty_ends_it(endpoint: str, world: World, harvested: Harvested, places: Settings) -> None:
    def edit(name: str, data: Json) -> None:
        if name == endpoint:
            data["evaluation" if name == DIGITISED else "children"] = []

    world.edit = edit
    with pytest.raises(PortalError, match="an empty page"):
        harvested()
    assert_nothing_recorded(places)


def edited(world: World, endpoint: str, change: Callable[[Json], None]) -> None:
    world.edit = lambda name, data: change(data) if name == endpoint else None


def test_a_unit_twice_is_refused(world: World, harvested: Harvested, places: Settings) -> None:
    edited(world, DIGITISED, lambda data: data["evaluation"].__setitem__(40, data["evaluation"][20]))
    assert_refused(harvested(), places, "dossier-digitized", "twice", "expected each unit once")


def test_two_departments_of_one_name_are_refused(world: World, harvested: Harvested, places: Settings) -> None:
    def edit(_name: str, data: Json) -> None:
        for row in data.get("evaluation") or data.get("children") or ():
            if row["departmentId"] == "commune-0030":
                row["departmentName"] = "UBND phường Sa Pa"

    world.edit = edit
    assert_refused(harvested(), places, "03006 Sa Pa", "found 2 departments of this name")


@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        (PROGRESS, "totalReceived"),
        ("formality-online-payment-tree", "totalFeeFormality"),
        ("provide-online-tree", "totalScore"),
        (DIGITISED, "departmentId"),
    ],
)
def test_a_renamed_field_is_refused_by_name(
    endpoint: str, field: str, world: World, harvested: Harvested, places: Settings
) -> None:
    def rename(data: Json) -> None:
        for row in data.get("evaluation") or data.get("children") or ():
            row["brandNew"] = row.pop(field)

    edited(world, endpoint, rename)
    assert_refused(harvested(), places, endpoint, f"{field}: missing, while 'brandNew' is new there: renamed?")


def test_a_renamed_field_of_a_metric_is_refused_by_name(world: World, harvested: Harvested, places: Settings) -> None:
    def rename(data: Json) -> None:
        data["evaluation"][3]["metrics"][2]["count"] = data["evaluation"][3]["metrics"][2].pop("numerator")

    edited(world, DIGITISED, rename)
    assert_refused(harvested(), places, "evaluation[3].metrics[2].numerator: missing, while 'count' is new there")


@pytest.mark.parametrize("found", ["1", None, [], True])
def test_a_field_of_another_type_is_refused(found: Any, world: World, harvested: Harvested, places: Settings) -> None:
    edited(world, DIGITISED, lambda data: data["evaluation"][0].__setitem__("departmentName", found))
    edited(world, PROGRESS, lambda data: data["children"][0].__setitem__("totalReceived", found or "no"))
    assert_refused(harvested(), places, PROGRESS, "children[0].totalReceived")


def test_every_refused_endpoint_is_told_at_once(world: World, harvested: Harvested, places: Settings) -> None:
    def edit(name: str, data: Json) -> None:
        if name in (DIGITISED, "transparency"):
            del data["pagination"]

    world.edit = edit
    assert_refused(harvested(), places, "dossier-digitized: pagination", "transparency: pagination")


def test_a_metric_that_is_gone_is_refused(world: World, harvested: Harvested, places: Settings) -> None:
    edited(world, DIGITISED, lambda data: data["evaluation"][20]["metrics"].pop(1))
    assert_refused(harvested(), places, "SO_HOA_GIAY_TO_GIAI_QUYET", "The portal has changed")


def test_a_unit_with_other_accents_is_refused(world: World, harvested: Harvested, places: Settings) -> None:
    def edit(_name: str, data: Json) -> None:
        for row in data.get("evaluation") or data.get("children") or ():
            row["departmentName"] = row["departmentName"].replace("Sa Pa", "Sa Pả")

    world.edit = edit
    assert_refused(harvested(), places, "03006 Sa Pa", "'UBND phường Sa Pả'", "with other accents")


def test_a_unit_missing_from_one_group_is_refused(world: World, harvested: Harvested, places: Settings) -> None:
    def drop(data: Json) -> None:
        data["children"] = [row for row in data["children"] if "Sa Pa" not in row["departmentName"]]

    edited(world, "formality-online-payment-tree", drop)
    assert_refused(harvested(), places, "formality-online-payment-tree", "03006 Sa Pa", "found no row")


def test_pages_that_grow_in_number_are_refused(world: World, harvested: Harvested, places: Settings) -> None:
    honest = world.payload

    def grow(endpoint: str, _count: int, body: Json, _payload: Json) -> Json | None:
        if endpoint == DIGITISED:
            payload = honest(endpoint, body | {"currentPage": 1})
            for row in payload["data"]["evaluation"]:
                row["departmentId"] += f"-{body['currentPage']}"
            payload["data"]["pagination"] |= {
                "totalPages": body["currentPage"] + 1,
                "total": 200 * body["currentPage"] + 1,
            }
            payload["data"]["pagination"]["currentPage"] = body["currentPage"]
            return payload
        return None

    world.mischief = grow
    assert_refused(harvested(), places, "dossier-digitized, page 2", "does not end")
    assert sum(endpoint == DIGITISED for endpoint, _, _ in world.asked) == 2


def test_pages_that_never_end_are_given_up(world: World, harvested: Harvested, places: Settings) -> None:
    def endless(endpoint: str, _count: int, body: Json, payload: Json) -> Json | None:
        if endpoint != PROGRESS:
            return None
        row = payload["data"]["parent"] | {"totalOverdue": 0, "score": 0, "maxScore": 20}
        payload["data"]["children"] = [row | {"departmentId": f"{body['currentPage']}-{n}"} for n in range(100)]
        return payload

    world.mischief = endless
    assert_refused(harvested(), places, PROGRESS, "goes on after page 4")


def test_a_portal_without_pages_repeats_itself_and_is_understood(world: World, harvested: Harvested) -> None:
    """Where an endpoint ignores the page asked for, it gives its whole list each time."""
    honest = world.payload

    def mischief(endpoint: str, _count: int, body: Json, _payload: Json) -> Json | None:
        if endpoint == PROGRESS:
            return honest(endpoint, body | {"currentPage": 1, "pageSize": 1000})
        return None

    world.mischief = mischief
    assert_whole(harvested())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_answer_that_never_ends_is_cut_off(world: World, harvested: Harvested, places: Settings) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(50):  # more than anybody reads
            yield b" " * 65536

    world.mischief = lambda endpoint, *_: StreamingResponse(endless(), 201) if endpoint == DIGITISED else None
    outcome = harvested(manners=replace(HASTY, most_bytes=1_000_000))
    assert_refused(outcome, places, "more than 1,000,000 bytes")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_answer_that_drips_is_cut_off(world: World, harvested: Harvested, places: Settings) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(6000):  # five minutes: longer than anybody waits
            yield b" "
            await asyncio.sleep(0.05)

    world.mischief = lambda endpoint, *_: StreamingResponse(dripping(), 201) if endpoint == DIGITISED else None
    with pytest.raises(PortalError, match="not complete after 0.5 s"):
        harvested(manners=replace(HASTY, answer_s=0.5, attempts=2))
    assert_nothing_recorded(places)


@pytest.mark.parametrize("status", [301, 403, 404])
def test_an_address_that_is_gone_is_refused_at_once(
    status: int, world: World, harvested: Harvested, places: Settings
) -> None:
    world.mischief = lambda endpoint, *_: Response("", status) if endpoint == DIGITISED else None
    outcome = harvested()
    assert_refused(outcome, places, f"found HTTP {status}")
    assert sum(endpoint == DIGITISED for endpoint, _, _ in world.asked) == 1


def test_an_answer_about_another_province_is_refused(world: World, harvested: Harvested, places: Settings) -> None:
    edited(world, PROGRESS, lambda data: data["parent"].__setitem__("departmentId", "province-01"))
    assert_refused(harvested(), places, PROGRESS, "expected those of department")


def test_an_unknown_field_is_noted_and_left_alone(world: World, harvested: Harvested) -> None:
    edited(world, DIGITISED, lambda data: data["evaluation"][0]["metrics"][0].__setitem__("brandNew", 1))
    outcome = harvested()
    assert_whole(outcome)
    assert "evaluation[].metrics[].brandNew" in "\n".join(map(str, outcome.harvest.findings))


def test_the_answer_over_all_groups_may_look_otherwise(world: World, harvested: Harvested) -> None:
    """No true one was at hand, so no more is asked of it than whose row it is."""

    def other(data: Json) -> None:
        if data["overview"]:
            data["overview"] = {"name": "Lào Cai"}
            data["pagination"] = {"page": 1}
            for row in data["evaluation"]:
                row.pop("totalScore")
                row |= {"ratio": "61,72", "stt": "1", "groups": []}

    edited(world, "service-results", other)
    outcome = harvested()
    assert_whole(outcome)
    assert "no_total" in {finding.code for finding in outcome.harvest.findings}


def test_nulls_stay_nulls(world: World, harvested: Harvested) -> None:
    def edit(name: str, data: Json) -> None:
        for row in data.get("evaluation") or ():
            if row["departmentName"] == "UBND phường Sa Pa":
                if name == "service-results":
                    row["totalScore"] = None
                if name == DIGITISED:
                    metric = row["metrics"][0]
                    row["totalScore"] -= metric["score"]
                    metric |= {"numerator": None, "denominator": None, "ratio": None, "score": None}

    world.edit = edit
    outcome = harvested()
    assert_whole(outcome)
    figures = {change.key[:2]: change.after for change in outcome.entries[0].changes}
    figure = figures["03006", "original_result_available"]
    assert figure is not None
    assert (figure.value, figure.numerator, figure.denominator) == (None, None, None)


def test_half_a_count_is_an_alarm_and_never_a_zero(world: World, harvested: Harvested) -> None:
    def edit(name: str, data: Json) -> None:
        for row in data.get("evaluation") or ():
            if name == DIGITISED and row["departmentName"] == "UBND phường Sa Pa":
                row["metrics"][0]["numerator"] = None

    world.edit = edit
    outcome = harvested()
    assert outcome.state == "alarmed"
    assert "found null / 390" in "\n".join(map(str, outcome.harvest.findings))
    accepted = harvested(accepted="Cổng thiếu tử số, đã hỏi lại")
    figures = {change.key[:2]: change.after for change in accepted.entries[0].changes}
    figure = figures["03006", "original_result_available"]
    assert figure is not None
    assert (figure.value, figure.denominator, figure.note) == (None, None, "IMPOSSIBLE_COUNTS")
