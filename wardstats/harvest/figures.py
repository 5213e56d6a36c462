"""Makes figures of rows: which indicator, which counts, the portal's own ratio and score, and what it flags.

A null stays None and never becomes a zero. What the figures have to satisfy is ``guards``' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wardstats.harvest import metrics
from wardstats.harvest.endpoints import Endpoint
from wardstats.harvest.shapes import (
    Count,
    Department,
    EvaluationRow,
    Metric,
    OnlineRow,
    OnlineWhole,
    PaymentRow,
    ProgressRow,
    ProgressWhole,
)
from wardstats.ledger import Figure

# What is noted beside a figure, besides the portal's own flags (TEMP_NATIONAL_REPORT_DENOMINATOR, ...).
OF_PROVINCE = "PROVINCE_FIGURE"  # a copy of the province's, the same for all its units
IMPOSSIBLE = "IMPOSSIBLE_COUNTS"  # what the portal gave cannot be; left empty
NOT_OVER = "PERIOD_NOT_OVER"  # the period had not ended when it was read


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as the portal gives it.

    Attributes:
        value: In the indicator's unit; from the counts where there are any.
        flags: Codes, see above.
        portal_ratio: The portal's percentage, rounded by it.
        portal_points: The portal's points, or None where it gives none.
        our_points: The points by the known rules; None where they cannot be computed.
        max_points: The portal's points at most; 0 is context.
        portal_max: What the portal says they are; None where it does not.
    """

    indicator_code: str
    endpoint: str
    value: float | None
    numerator: Count
    denominator: Count
    flags: tuple[str, ...] = ()
    portal_ratio: float | None = None
    portal_points: float | None = None
    our_points: float | None = None
    max_points: float = 0.0
    portal_max: float | None = None

    @property
    def is_impossible(self) -> bool:
        """The counts cannot be."""
        return IMPOSSIBLE in self.flags

    def figure(self, source_id: str, more_flags: tuple[str, ...] = ()) -> Figure:
        """Return it as the ledger's figure; impossible counts become a figure that is not there."""
        note = "; ".join((*self.flags, *more_flags))
        if self.is_impossible:
            return Figure(None, None, None, "official", source_id, note)
        return Figure(self.value, self.numerator, self.denominator, "official", source_id, note)


def read_figures(endpoint: Endpoint, row: Department, is_commune: bool) -> Iterator[Reading]:
    """Return the figures in one row of a group.

    Args:
        is_commune: Some of a commune's figures are copies of its province's.
    """
    match row:
        case EvaluationRow():
            for metric in row.metrics:
                if (known := metrics.METRICS.get(metric.code)) is not None:
                    yield _metric(known, metric, is_commune)
        case ProgressRow() | ProgressWhole():
            yield from _progress(endpoint.name, row)
        case OnlineRow():
            ours = metrics.online_points(row) if isinstance(row, OnlineWhole) else None
            yield _points(metrics.ONLINE, endpoint, row, ours)
        case PaymentRow():
            yield _points(metrics.PAYMENT, endpoint, row, metrics.payment_points(row))
            yield _counted(
                "tttt_dossier_online_payment_success", endpoint.name,
                row.total_dossier_online_payment_success, row.total_dossier_financial_obligation,
            )  # fmt: skip
            yield _counted(
                "tttt_formality_online_payment_success", endpoint.name,
                row.total_dossier_online_formality_payment_success, row.total_fee_formality,
            )  # fmt: skip
        case _:
            return


def _metric(known: metrics.Metric766, given: Metric, is_commune: bool) -> Reading:
    copied = OF_PROVINCE if known.is_of_province and is_commune else None
    flags = tuple(flag for flag in (given.data_quality_status, copied) if flag)
    return _counted(
        known.indicator_code, known.endpoint.name, given.numerator, given.denominator,
        flags=flags,
        portal_ratio=given.ratio,
        portal_points=given.score,
        our_points=known.points(given.numerator, given.denominator),
        max_points=known.max_points,
        portal_max=given.max_score,
    )  # fmt: skip


def _progress(endpoint: str, row: ProgressRow | ProgressWhole) -> Iterator[Reading]:
    received, on_time = row.total_received, row.total_on_time
    yield _counted(
        metrics.ON_TIME, endpoint, on_time, received,
        portal_ratio=row.ratio,
        portal_points=row.points,
        our_points=metrics.ratio_points(metrics.PROGRESS_POINTS, on_time, received),
        max_points=metrics.PROGRESS_POINTS,
        portal_max=row.max_score if isinstance(row, ProgressRow) else row.total_max_score,
    )  # fmt: skip
    if isinstance(row, ProgressRow):
        overdue = row.total_overdue
    else:  # of the whole province only what is not overdue is given
        overdue = None if received is None or on_time is None else received - on_time
    yield _counted("tdgq_overdue", endpoint, overdue, None if overdue is None else received)
    days = row.avg_processing_days if received else None  # of no file the portal writes 0 days
    yield Reading("tdgq_avg_processing_days", endpoint, days, None, None)


def _points(code: str, endpoint: Endpoint, row: OnlineRow | PaymentRow, ours: float | None) -> Reading:
    is_possible = row.total_score is None or 0 <= row.total_score <= endpoint.max_points
    return Reading(
        code, endpoint.name, row.total_score, None, None, () if is_possible else (IMPOSSIBLE,),
        portal_points=row.total_score,
        our_points=ours,
        max_points=endpoint.max_points,
        portal_max=row.total_max_score,
    )  # fmt: skip


def _counted(
    code: str,
    endpoint: str,
    numerator: Count,
    denominator: Count,
    *,
    flags: tuple[str, ...] = (),
    portal_ratio: float | None = None,
    portal_points: float | None = None,
    our_points: float | None = None,
    max_points: float = 0.0,
    portal_max: float | None = None,
) -> Reading:
    if numerator is None and denominator is None:
        value = portal_ratio  # the portal gives a percentage and no counts, or nothing at all
        flags = flags if value is None or 0 <= value <= 100 else (*flags, IMPOSSIBLE)
    elif numerator is None or denominator is None or not 0 <= numerator <= denominator:
        value, flags = None, (*flags, IMPOSSIBLE)
    else:
        value = 100 * numerator / denominator if denominator else None
    return Reading(
        code, endpoint, value, numerator, denominator, flags,
        portal_ratio, portal_points, our_points, max_points, portal_max,
    )  # fmt: skip
