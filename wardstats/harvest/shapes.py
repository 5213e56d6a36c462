"""The shapes of the portal's answers, as typed models: each field that was seen, and whether it may be null.

Knows the fields and nothing of what they mean. Room is left for fields nobody knows yet; ``answers`` notes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from wardstats.harvest.endpoints import ONLINE, OVERALL, PAYMENT, PROGRESS

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
