"""Reads an answer of the portal into the shapes it must have.

A field that is missing or of another type is an error that names endpoint and field; a field nobody knows is noted and
otherwise left alone; a null stays None. Nothing here knows what a figure means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Never

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from wardstats.harvest.endpoints import OVERALL, PROGRESS, Endpoint
from wardstats.harvest.faults import AnswerError
from wardstats.harvest.shapes import ROW_SHAPES, Department, EvaluationRow, Metric, Pagination, Shape

Faults = dict[str, list[str]]  # by field; what is wrong with it, for each place
_BESIDE = {"pagination", "monthlyChart", "source"}  # keys beside the rows; ``source`` is the portal's own remark


@dataclass(frozen=True)
class Page:
    """One page of an answer.

    Attributes:
        whole: The unit the rows belong to; None where the portal lists the provinces.
        pagination: None where the endpoint gives none.
        chart: Percent on time by month ("08"), where the endpoint gives it.
        unknown: Names of fields nobody knows, as paths.
    """

    whole: Department | None
    rows: tuple[Department, ...]
    pagination: Pagination | None
    chart: Mapping[str, float | None]
    unknown: frozenset[str]


def read_envelope(raw: bytes, media_type: str) -> Mapping[str, Any]:
    """Return what an answer carries.

    Raises:
        ValueError: It is no complete answer of the API: a page for people, half an answer, an error message.
    """
    start = raw[:200].lstrip().lower()
    if "html" in media_type.lower() or start.startswith((b"<!doctype", b"<html")):
        raise ValueError("a page of HTML instead of JSON")
    try:
        found = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"no readable JSON ({error})") from error
    if not isinstance(found, dict) or "code" not in found:
        raise ValueError("JSON without the key 'code'")
    if found["code"] != "OK":
        raise ValueError(f"the code {found['code']!r} ({str(found.get('message'))[:120]})")
    if not isinstance(found.get("data"), dict):
        raise ValueError("the code 'OK', and no data")
    return found["data"]


def read_page(endpoint: Endpoint, data: Mapping[str, Any], has_root: bool = True) -> Page:
    """Check one page of an answer.

    Raises:
        AnswerError: Fields are missing, renamed or of another type; each is named.
    """
    row_shape, whole_shape = ROW_SHAPES.get(endpoint.name, (EvaluationRow, EvaluationRow))
    faults: Faults = {}
    found = data.get(endpoint.rows)
    if not isinstance(found, list):
        _note(faults, [endpoint.rows], "missing" if endpoint.rows not in data else f"{_shown(found)}; no list", data)
        found = []
    rows = [_read(row_shape, item, [endpoint.rows, number], faults) for number, item in enumerate(found)]
    # No true answer over all groups was at hand: what else it holds beside its rows may look otherwise.
    strictly: Faults = {} if endpoint is OVERALL else faults
    whole = _read(whole_shape, data.get(endpoint.whole), [endpoint.whole], strictly) if has_root else None
    given = data.get("pagination")
    pagination = None if given is None else _read(Pagination, given, ["pagination"], strictly)
    if faults:
        _refuse(endpoint, faults)
    if endpoint is OVERALL:
        return Page(whole, tuple(rows), pagination, {}, frozenset())
    unknown = {key for key in data if key not in _BESIDE | {endpoint.rows, endpoint.whole}}
    for name, shapes in ((endpoint.rows + "[]", rows), (endpoint.whole, [whole]), ("pagination", [pagination])):
        for shape in shapes:
            unknown.update(_unknown(shape, name))
    return Page(whole, tuple(rows), pagination, _chart(data), frozenset(unknown))


def _read(shape: type[Any], found: Any, place: Sequence[Any], faults: Faults) -> Any:
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            kind = "missing" if fault["type"] == "missing" else f"{_shown(fault['input'])}; {fault['msg'].lower()}"
            _note(faults, [*place, *fault["loc"]], kind, _inside(found, fault["loc"][:-1]))
        return None


def _note(faults: Faults, place: Sequence[Any], kind: str, beside: Any) -> None:
    """Note a fault under its field, because a renamed field is wrong in every row alike."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    strange = sorted(set(beside) - _known_names()) if kind == "missing" and isinstance(beside, dict) else []
    renamed = f", while {', '.join(map(repr, strange))} is new there: renamed?" if strange else ""
    faults.setdefault(re.sub(r"\[\d+\]", "[]", text), []).append(f"{text}: {kind}{renamed}")


def _refuse(endpoint: Endpoint, faults: Faults) -> Never:
    told = [group[0] + (f" (and {len(group) - 1} more like it)" if len(group) > 1 else "") for group in faults.values()]
    more = f"; and {len(told) - 8} more fields" if len(told) > 8 else ""
    raise AnswerError(
        f"{endpoint.name}: the answer is not of the known shape: {'; '.join(told[:8])}{more}. The portal has "
        "changed, or answers wrongly: look at the kept answer, and see docs/harvest.md, When the portal changes."
    )


def _inside(found: Any, place: Sequence[Any]) -> Any:
    for part in place:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _unknown(shape: Shape | None, place: str) -> Iterator[str]:
    if shape is None:
        return
    yield from (f"{place}.{name}" for name in shape.model_extra or ())
    if isinstance(shape, EvaluationRow):
        for metric in shape.metrics:
            yield from (f"{place}.metrics[].{name}" for name in metric.model_extra or ())


@cache
def _known_names() -> frozenset[str]:
    shapes = {Metric, EvaluationRow, Pagination, *(shape for pair in ROW_SHAPES.values() for shape in pair)}
    known = {to_camel(name) for shape in shapes for name in shape.model_fields}
    return frozenset(
        known | _BESIDE | {name for endpoint in (OVERALL, PROGRESS) for name in (endpoint.rows, endpoint.whole)}
    )


def _chart(data: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the monthly chart of the progress group; it is a picture on the portal, so a strange one is no error."""
    chart = data.get("monthlyChart")
    items = [item for item in chart if isinstance(item, dict)] if isinstance(chart, list) else []
    return {str(item["month"]): item["onTimePct"] for item in items if {"month", "onTimePct"} <= item.keys()}


def _shown(found: Any) -> str:
    return "null" if found is None else f"{str(found)[:40]!r}" if isinstance(found, str) else str(found)[:40]


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number")
