"""A stand-in for the national portal on loopback, written to the shapes observed, with plainly made-up figures.

Every count is a function of the unit's place in the list and of the month, so a test can say what must come out. It can
be told to misbehave, and it replays recordings of the true portal where there are some.

    python -m tests.harvest.stand_in --units 3321      # prints its address, then serves until it is killed
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wardstats.core.settings import PROJECT

LAO_CAI_ID = "019d2be3-6a88-732b-8b12-58410ba7b5df"
PATH = "/api/v1/reporting/evaluation/"
EVALUATIONS = ("service-results", "transparency", "dossier-digitized", "handling-satisfaction")
TREES = ("dvc-progress-tree", "provide-online-tree", "formality-online-payment-tree")
GROUPS = (*EVALUATIONS[1:], *TREES)
DEPARTMENTS = 15

Json = dict[str, Any]
# Given (endpoint, how often it was asked, body, the honest payload) returns what to answer instead, or None.
Mischief = Callable[[str, int, Json, Json], Any]


@dataclass(frozen=True)
class Member:
    """A row of the portal's lists: ``number`` decides its figures."""

    department_id: str
    name: str
    kind: str  # PROVINCE, COMMUNE or DEPARTMENT
    number: int


@dataclass
class World:
    """What the portal knows: provinces, each with departments and communes.

    Attributes:
        mischief: How it misbehaves.
        asked: Endpoint, body and arrival of each request.
        headers: Of the last request.
        shift: Added to the files received of every unit; a later, revised reading.
        recordings: True answers by root and endpoint, which are replayed as they are.
        edit: Changes an honest payload before it is cut into pages; for lasting peculiarities.
    """

    provinces: Sequence[Member]
    children: Mapping[str, Sequence[Member]]
    mischief: Mischief | None = None
    asked: list[tuple[str, Json, float]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    shift: int = 0
    recordings: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    edit: Callable[[str, Json], None] | None = None

    def payload(self, endpoint: str, body: Json) -> Json:
        """Return the honest answer."""
        root = body.get("rootDepartmentId")
        if (root, endpoint) in self.recordings:
            return json.loads(json.dumps(self.recordings[root, endpoint]))
        month = _month(body)
        page, size = body["currentPage"], body["pageSize"]
        whole = next((province for province in self.provinces if province.department_id == root), None)
        rows = self.provinces if root is None else self.children[root]
        names = ("evaluation", "overview") if endpoint in EVALUATIONS else ("children", "parent")
        make = _MAKERS[endpoint]
        chosen = rows[(page - 1) * size : page * size]
        data: Json = {names[0]: [make(member, month, self.shift) for member in chosen]}
        data[names[1]] = make(whole, month, self.shift) if whole else None
        if endpoint in EVALUATIONS:
            pages = max(1, ceil(len(rows) / size))
            data["pagination"] = {"total": len(rows), "currentPage": page, "pageSize": size, "totalPages": pages}
        if endpoint == "dvc-progress-tree" and whole:
            share = data["parent"]["ratio"]
            data["monthlyChart"] = [
                {"month": f"{number:02}", "onTimePct": share if number == month else 0, "overduePct": 0}
                for number in range(1, 13)
            ]
        if self.edit:
            self.edit(endpoint, data)
        return {"code": "OK", "data": data, "message": "OK"}


def received(number: int, month: int, shift: int = 0) -> int:
    """Return the made-up files received; round enough that nobody takes them for true ones."""
    return 200 + 10 * (number % 90) + month + shift


def on_time(number: int, month: int, shift: int = 0) -> int:
    """Return how many of them were on time."""
    return received(number, month, shift) * (60 + number % 37) // 100


def _month(body: Json) -> int:
    if "fromDate" in body:
        return int(body["fromDate"][5:7])
    return int(body.get("month") or body.get("quarter") or 1)


def _percent(numerator: float, denominator: float) -> float | None:
    return round(100 * numerator / denominator, 2) if denominator else None


def _points(most: float, numerator: float, denominator: float, full: float = 1.0) -> float:
    return round(min(most, most * numerator / denominator / full), 2) if denominator else 0.0


def _who(member: Member, is_tree: bool) -> Json:
    """Return whose row it is, with the portal's own inconsistencies."""
    name = member.name
    if member.kind == "COMMUNE" and is_tree:
        name = name.replace("UBND phường", "UBND Phường") + (" - Tỉnh Lào Cai" if member.number % 2 else "")
    who: Json = {"departmentId": member.department_id, "departmentName": name}
    if is_tree:
        return who | {
            "departmentCode": f"H38.{member.number}",
            "level": "COMMUNE" if member.kind == "COMMUNE" else "PROVINCE",
        }
    kinds = {"COMMUNE": "COMMUNE_PEOPLE_COMMITTEE", "DEPARTMENT": "PROVINCIAL_DEPARTMENT", "PROVINCE": "PROVINCE"}
    level = "COMMUNE" if member.kind == "COMMUNE" else "PROVINCE"
    return who | {
        "stt": member.number,
        "departmentType": kinds[member.kind],
        "departmentLevel": level,
        "agencyLevel": "level_2",
    }


def _evaluated(member: Member, most: float, metrics: list[Json]) -> Json:
    total = round(sum(metric["score"] or 0 for metric in metrics), 2)
    return _who(member, False) | {
        "totalScore": total,
        "totalMaxScore": most,
        "ratio": _percent(total, most),
        "scoreDelta": None,
        "metrics": metrics,
    }


def _metric(
    code: str, most: float, numerator: int | None, denominator: int | None, full: float = 1.0, **more: Any
) -> Json:
    score: float | None = None
    if denominator:
        score = _points(most, numerator or 0, denominator, full) if most else None
    ratio = _percent(numerator or 0, denominator or 0)
    return {
        "code": code, "name": f"Chỉ số {code}", "numerator": numerator, "denominator": denominator,
        "ratio": ratio, "score": score, "maxScore": most,
    } | more  # fmt: skip


def _transparency(member: Member, month: int, shift: int) -> Json:
    files = received(member.number, month, shift)
    flag = {"dataQualityStatus": "TEMP_NATIONAL_REPORT_DENOMINATOR", "dataQualityMessage": "Mẫu số tạm."}
    return _evaluated(member, 18, [
        _metric("PUBLISH_ON_TIME", 6, 0, 0),
        _metric("PUBLIC_UPDATE_ON_TIME", 4, 45, 52),
        _metric("PUBLIC_CONTENT_FULL", 2, 50, 50),
        _metric("DOSSIER_SYNC", 6, files, files, **flag),
    ])  # fmt: skip


def _digitised(member: Member, month: int, shift: int) -> Json:
    n, files = member.number, received(member.number, month, shift)
    copy = {"ratio": 100, "score": 2}
    return _evaluated(member, 22, [
        _metric("ORIGINAL_RESULT_AVAILABLE", 6, files * (40 + n % 50) // 100, files),
        _metric("SO_HOA_GIAY_TO_GIAI_QUYET", 4, files * (20 + n % 70) // 100, files),
        _metric("REUSED_DIGITIZED_DATA", 2, files * (n % 95) // 100, files, 0.8),
        _metric("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 4, 0, files),
        _metric("CITIZEN_DATA_CONNECTED_DOSSIER", 2, files * (30 + n % 60) // 100, files),
        _metric("CITIZEN_DATA_CONNECTED_FORMALITY", 2, 10 + n % 30, 60),
        _metric("ELECTRONIC_CERTIFIED_COPY", 2, None, None) | copy,
    ])  # fmt: skip


def _satisfaction(member: Member, month: int, shift: int) -> Json:
    n, files = member.number, received(member.number, month, shift)
    petitions = n % 4
    full = {} if petitions else {"ratio": 0, "score": 6}
    nothing = {} if petitions else {"ratio": 0}
    counts = {
        "totalPetitions": petitions,
        "classifiedPetitions": petitions,
        "totalDossiers": files,
        "averageScore": None,
    }
    return counts | _evaluated(member, 18, [
        _metric("PETITION_CLASSIFICATION_TTHC", 0, 0, petitions) | nothing,
        _metric("DOSSIER_RECEIVING_SATISFACTION", 6, files * (70 + n % 29) // 100, files, 0.9),
        _metric("PETITION_PROCESSING_ON_TIME", 6, petitions // 2, petitions) | full,
        _metric("PETITION_HANDLING_SATISFACTION", 6, petitions, petitions) | full,
        _metric("PETITION_CLASSIFICATION_STAFF", 0, petitions, petitions) | nothing,
    ])  # fmt: skip


def _progress(member: Member, month: int, shift: int) -> Json:
    files, good = received(member.number, month, shift), on_time(member.number, month, shift)
    score, share = _points(20, good, files), _percent(good, files) or 0
    who = _who(member, True) | {"totalReceived": files, "totalOnTime": good, "avgProcessingDays": 3.25, "ratio": share}
    if member.kind == "PROVINCE":
        return who | {"totalCompleted": good, "totalScore": score, "totalMaxScore": 20}
    return who | {"totalOverdue": files - good, "score": score, "maxScore": 20, "scoreDelta": None}


def _online(member: Member, month: int, shift: int) -> Json:
    score = round(4 + member.number % 70 / 10, 2)
    who = _who(member, True) | {"totalMaxScore": 12}
    if member.kind != "PROVINCE":
        return who | {"totalScore": score, "ratio": _percent(score, 12), "scoreDelta": None}
    counts = {
        "authorityCount": 60,
        "partialCount": 20,
        "fullCount": 10,
        "onlineDossierCount": 300,
        "onlineServiceTotal": 2000,
    }
    counts |= {"channelOnlineSum": 900, "channelDirectSum": 100, "channelPostalSum": 0, "channelTotalSum": 1000}
    score = round(_points(2, 30, 60, 0.8) + _points(4, 300, 2000) + _points(6, 900, 1000, 0.5), 2)
    return (
        who
        | counts
        | {"onlineOnTimeSum": 800, "onlineOverdueSum": 100, "totalScore": score, "ratio": _percent(score, 12)}
    )


def _payment(member: Member, month: int, shift: int) -> Json:
    n, due = member.number, received(member.number, month, shift) // 2
    paid, procedures, all_procedures, fee = due * (50 + n % 40) // 100, n % 20, 10 + n % 5, 35
    score = round(_points(6, paid, due) + _points(2, procedures, fee, 0.8) + _points(2, all_procedures, fee, 0.8), 2)
    who = _who(member, True) | {"totalMaxScore": 10, "ratio": _percent(score, 10), "totalScore": score}
    return who | {
        "totalDossierOnlinePaymentSuccess": paid, "totalDossierFinancialObligation": due,
        "totalDossierOnlineFormalityPaymentSuccess": procedures, "totalFeeDossierFormalityDistinct": fee,
        "totalFeeDossierFormality": all_procedures, "totalFeeFormality": fee,
    }  # fmt: skip


def _overall(member: Member, month: int, shift: int) -> Json:
    parts = [_MAKERS[name](member, month, shift) for name in GROUPS]
    total = round(sum(part["score"] if "score" in part else part["totalScore"] for part in parts), 2)
    return _who(member, False) | {"totalScore": total, "totalMaxScore": 100, "ratio": total, "rank": member.number}


_MAKERS: dict[str, Callable[[Member, int, int], Json]] = {
    "service-results": _overall,
    "transparency": _transparency,
    "dossier-digitized": _digitised,
    "handling-satisfaction": _satisfaction,
    "dvc-progress-tree": _progress,
    "provide-online-tree": _online,
    "formality-online-payment-tree": _payment,
}


def provinces() -> list[Member]:
    """Return the 34 provinces; ids are made up, but for the one that is documented."""
    kinds = {"province": "UBND tỉnh", "city": "UBND Thành phố"}
    found = []
    for number, row in enumerate(_rows(PROJECT / "data" / "provinces_766" / "units.csv"), 1):
        department_id = LAO_CAI_ID if row["unit_code"] == "H38" else f"province-{number:02}"
        found.append(Member(department_id, f"{kinds[row['kind']]} {row['name_vi']}", "PROVINCE", number))
    return found


def communes(units: Sequence[Mapping[str, str]]) -> list[Member]:
    """Return departments and people's committees named after units; some with the other way of setting tone marks."""
    departments = [
        Member(f"department-{n:02}", f"Sở số {n} - Tỉnh Lào Cai", "DEPARTMENT", n) for n in range(1, DEPARTMENTS + 1)
    ]
    kinds = {"ward": "phường", "commune": "xã"}
    return departments + [
        Member(f"commune-{n:04}", f"UBND {kinds[unit['kind']]} {unit['name_vi'].replace('Hoà', 'Hòa')}", "COMMUNE", n)
        for n, unit in enumerate(units, DEPARTMENTS + 1)
    ]


def lao_cai(count: int | None = None) -> World:
    """Return a world whose Lào Cai has the units of data/laocai, or so many communes with numbers for names."""
    units = _rows(PROJECT / "data" / "laocai" / "units.csv")
    if count is not None:
        units = [{"kind": "commune", "name_vi": f"Thử {number}"} for number in range(1, count + 1)]
    other = {"": [{"kind": "commune", "name_vi": "Mẫu Một"}, {"kind": "commune", "name_vi": "Mẫu Hai"}]}
    children = {place.department_id: communes(other[""]) for place in provinces()}
    return World(provinces(), children | {LAO_CAI_ID: communes(units)})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def application(world: World) -> Starlette:
    """Return the app."""

    async def answer(request: Request) -> Response:
        endpoint = request.path_params["endpoint"]
        if endpoint not in _MAKERS:
            return JSONResponse({"code": "NOT_FOUND"}, 404)
        body = json.loads(await request.body())
        world.headers = dict(request.headers)
        world.asked.append((endpoint, body, time.monotonic()))
        payload = world.payload(endpoint, body)
        if world.mischief:
            count = sum(name == endpoint for name, _, _ in world.asked)
            other = world.mischief(endpoint, count, body, payload)
            other = await other if asyncio.iscoroutine(other) else other
            if other is not None:
                return other if isinstance(other, Response) else JSONResponse(other, 201)
        return JSONResponse(payload, 201)

    return Starlette(routes=[Route(PATH + "{endpoint}", answer, methods=["POST"])])


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve on loopback; give the address."""
    config = uvicorn.Config(
        application(world), host="127.0.0.1", port=0, log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int)
    chosen = parser.parse_args()
    with serving(lao_cai(chosen.units)) as address:
        print(address, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
