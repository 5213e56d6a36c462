"""The shapes of the portal's answers as typed models, and the reading of an answer into them.

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

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from wardstats.harvest.endpoints import ONLINE, OVERALL, PAYMENT, PROGRESS, Endpoint
from wardstats.harvest.faults import AnswerError

Faults = dict[str, list[str]]  # by field; what is wrong with it, for each place
Count = float | None  # the portal writes whole numbers; a null is not a zero


class Shape(BaseModel):
    """Base of all shapes: no conversion of texts to numbers, and room for fields nobody knows yet."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="allow", frozen=True)


class Metric(Shape):
    """One metric of a unit: counts, the portal's ratio in percent and its score; where it doubts them, why."""

    code: str
    name: str
    numerator: Count
    denominator: Count
    ratio: float | None
    score: float | None
    max_score: float | None
    data_quality_status: str | None = None
    data_quality_message: str | None = None


class Department(Shape):
    """Whose row it is. Codes, types and levels are given by some endpoints only; the id by all."""

    department_id: str
    department_name: str
    department_code: str | None = None
    department_type: str | None = None
    department_level: str | None = None
    agency_level: str | None = None
    level: str | None = None
    stt: int | None = None
    ratio: float | None = None
    score_delta: float | None = None

    @property
    def points(self) -> float | None:
        """The portal's points of the group."""
        return getattr(self, "total_score", None)


class EvaluationRow(Department):
    """A unit in the groups that are lists of metrics."""

    total_score: float | None
    total_max_score: float | None
    metrics: list[Metric]
    average_score: float | None = None
    total_petitions: Count = None
    classified_petitions: Count = None
    total_dossiers: Count = None


class OverallRow(Department):
    """A unit over all groups. No true answer of this endpoint is recorded, so only whose row it is must be there."""

    department_code: Any = None
    department_type: Any = None
    department_level: Any = None
    agency_level: Any = None
    level: Any = None
    stt: Any = None
    ratio: Any = None
    score_delta: Any = None
    total_score: Any = None

    @property
    def points(self) -> float | None:
        """The portal's points, where it gives them as a number."""
        is_number = isinstance(self.total_score, int | float) and not isinstance(self.total_score, bool)
        return float(self.total_score) if is_number else None


class ProgressRow(Department):
    """A unit's files received and resolved on time."""

    total_received: Count
    total_on_time: Count
    total_overdue: Count
    avg_processing_days: float | None
    score: float | None
    max_score: float | None

    @property
    def points(self) -> float | None:
        """The portal's points of the group."""
        return self.score


class ProgressWhole(Department):
    """The same of the whole province, which is written with other names."""

    total_received: Count
    total_on_time: Count
    total_completed: Count
    avg_processing_days: float | None
    total_score: float | None
    total_max_score: float | None


class OnlineRow(Department):
    """A unit's score of the online services; its inputs are given for the province only."""

    total_score: float | None
    total_max_score: float | None


class OnlineWhole(OnlineRow):
    """The province's inputs of that score."""

    authority_count: Count
    partial_count: Count
    full_count: Count
    online_dossier_count: Count
    online_service_total: Count
    channel_online_sum: Count
    channel_direct_sum: Count = None
    channel_postal_sum: Count = None
    channel_total_sum: Count
    online_on_time_sum: Count = None
    online_overdue_sum: Count = None


class PaymentRow(Department):
    """A unit's, or the province's, files and procedures with a payment."""

    total_score: float | None
    total_max_score: float | None
    total_dossier_online_payment_success: Count
    total_dossier_financial_obligation: Count
    total_dossier_online_formality_payment_success: Count
    total_fee_dossier_formality_distinct: Count = None
    total_fee_dossier_formality: Count
    total_fee_formality: Count


class Pagination(Shape):
    """Where in the list a page stands."""

    total: int
    current_page: int
    page_size: int
    total_pages: int


ROW_SHAPES: Mapping[str, tuple[type[Department], type[Department]]] = {
    OVERALL.name: (OverallRow, OverallRow),
    PROGRESS.name: (ProgressRow, ProgressWhole),
    ONLINE.name: (OnlineRow, OnlineWhole),
    PAYMENT.name: (PaymentRow, PaymentRow),
}
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
