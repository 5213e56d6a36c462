"""True answers of the portal (Phú Thọ, August 2026, cut to six units), where the machine has them, as a world."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.harvest.stand_in import PATH, Json, Member, World, provinces
from wardstats.core.settings import PROJECT
from wardstats.harvest.endpoints import GROUPS

FOLDER = Path(
    os.environ.get("WARDSTATS_RECORDINGS") or PROJECT.parent / "shared" / "data" / "dvcqg" / "phu_tho_2026-08"
)
ARE_THERE = all((FOLDER / f"{endpoint.name}.json").is_file() for endpoint in GROUPS)


def recorded(endpoint: str) -> Json:
    """Return an answer as recorded."""
    return json.loads((FOLDER / f"{endpoint}.json").read_text(encoding="utf-8"))


def phu_tho(is_cut: bool = True) -> World:
    """Return a world with the recorded province.

    Args:
        is_cut: Announce as many rows as the recording was cut to; else what the portal announced, which is more.
    """
    answers = {endpoint.name: recorded(endpoint.name) for endpoint in GROUPS}
    root = answers["transparency"]["data"]["overview"]["departmentId"]
    if is_cut:
        for answer in answers.values():
            if "pagination" in answer["data"]:
                answer["data"]["pagination"]["total"] = len(answer["data"]["evaluation"])
    own = [
        Member(root, place.name, place.kind, place.number) if place.name.endswith(" Phú Thọ") else place
        for place in provinces()
    ]
    overall = {"overview": _sum(answers, root), "evaluation": []}
    for row in answers["transparency"]["data"]["evaluation"]:
        overall["evaluation"].append(_sum(answers, row["departmentId"]))
    replayed = {(root, name): answer for name, answer in answers.items()}
    replayed[root, "service-results"] = {"code": "OK", "data": overall, "message": "OK"}
    return World(own, {}, recordings=replayed)


def _sum(answers: dict[str, Json], department_id: str) -> Json:
    """Return a unit's row over all groups, which is the one answer that was not recorded."""
    total, name = 0.0, ""
    for answer in answers.values():
        data = answer["data"]
        rows = [data.get("overview") or data["parent"], *(data.get("evaluation") or data["children"])]
        row = next(row for row in rows if row["departmentId"] == department_id)
        total += row["score"] if "score" in row else row["totalScore"]
        name = row["departmentName"]
    return {"departmentId": department_id, "departmentName": name, "totalScore": round(total, 2)}


__all__ = ["ARE_THERE", "FOLDER", "PATH", "phu_tho", "recorded"]
