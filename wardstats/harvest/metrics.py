"""The metrics of Decision 766/QĐ-TTg: which indicator each is, and how many points it earns on the portal.

The rules were found from the portal's own scores (34 provinces on 10 October 2026, and recorded answers of one
province). They serve to check the portal; what a figure earns on a block's board is for the block's criteria to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wardstats.harvest.endpoints import DIGITISATION, SATISFACTION, TRANSPARENCY, Endpoint
from wardstats.harvest.shapes import Count, OnlineWhole, PaymentRow


@dataclass(frozen=True)
class Metric766:
    """A metric that the portal gives with its counts.

    Attributes:
        code: What the portal calls it.
        endpoint: Where it is.
        max_points: The portal's points; 0 is context.
        full_pct: The percentage that earns them all.
        is_full_if_empty: 0 of 0 earns them all, not nothing.
        is_rounded: The percentage is rounded to two decimals first.
        is_of_province: A commune's figure is a copy of its province's.
    """

    code: str
    endpoint: Endpoint
    max_points: float
    full_pct: float = 100.0
    is_full_if_empty: bool = False
    is_rounded: bool = False
    is_of_province: bool = False

    @property
    def indicator_code(self) -> str:
        """The code in indicators.csv."""
        return self.code.lower()

    def points(self, numerator: Count, denominator: Count) -> float:
        """Return the points that counts earn; counts that are not there earn what 0 of 0 does."""
        if self.code == CERTIFIED_COPY:  # no counts are ever given, and everybody gets all
            return self.max_points
        if not denominator or numerator is None:
            return self.max_points if self.is_full_if_empty else 0.0
        percent = 100 * numerator / denominator
        return share_points(self.max_points, round(percent, 2) if self.is_rounded else percent, self.full_pct)


CERTIFIED_COPY = "ELECTRONIC_CERTIFIED_COPY"
METRICS: Mapping[str, Metric766] = {
    metric.code: metric
    for metric in (
        Metric766("PUBLISH_ON_TIME", TRANSPARENCY, 6, is_rounded=True, is_of_province=True),
        Metric766("PUBLIC_UPDATE_ON_TIME", TRANSPARENCY, 4, is_rounded=True, is_of_province=True),
        Metric766("PUBLIC_CONTENT_FULL", TRANSPARENCY, 2, is_rounded=True, is_of_province=True),
        Metric766("DOSSIER_SYNC", TRANSPARENCY, 6, is_rounded=True),
        Metric766("ORIGINAL_RESULT_AVAILABLE", DIGITISATION, 6),
        Metric766("SO_HOA_GIAY_TO_GIAI_QUYET", DIGITISATION, 4),
        Metric766("REUSED_DIGITIZED_DATA", DIGITISATION, 2, full_pct=80),
        Metric766("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", DIGITISATION, 4),
        Metric766("CITIZEN_DATA_CONNECTED_DOSSIER", DIGITISATION, 2),
        Metric766("CITIZEN_DATA_CONNECTED_FORMALITY", DIGITISATION, 2),
        Metric766(CERTIFIED_COPY, DIGITISATION, 2),
        Metric766("DOSSIER_RECEIVING_SATISFACTION", SATISFACTION, 6, full_pct=90),
        Metric766("PETITION_PROCESSING_ON_TIME", SATISFACTION, 6, is_full_if_empty=True),
        Metric766("PETITION_HANDLING_SATISFACTION", SATISFACTION, 6, is_full_if_empty=True),
        Metric766("PETITION_CLASSIFICATION_TTHC", SATISFACTION, 0),
        Metric766("PETITION_CLASSIFICATION_STAFF", SATISFACTION, 0),
    )
}
PROGRESS_POINTS = 20.0
ONLINE, PAYMENT, ON_TIME = "qd766_online", "qd766_payment", "dossiers_on_time"


def share_points(max_points: float, percent: float, full_pct: float) -> float:
    """Return points in proportion up to ``full_pct``, as the portal prints them: two decimals of the binary number.

    Multiplied before it is divided; the other way round one province in 34 differs by 0.01.
    """
    return round(min(max_points, max(0.0, max_points * percent / full_pct)), 2)


def ratio_points(max_points: float, numerator: Count, denominator: Count, full_pct: float = 100.0) -> float:
    """Return the points of counts; nothing of nothing earns nothing."""
    if not denominator or numerator is None:
        return 0.0
    return share_points(max_points, 100 * numerator / denominator, full_pct)


def payment_points(row: PaymentRow) -> float:
    """Return the points of online payment: files paid online, procedures paid for online, procedures with files."""
    return round(
        ratio_points(6, row.total_dossier_online_payment_success, row.total_dossier_financial_obligation)
        + ratio_points(2, row.total_dossier_online_formality_payment_success, row.total_fee_formality, 80)
        + ratio_points(2, row.total_fee_dossier_formality, row.total_fee_formality, 80),
        2,
    )


def online_points(row: OnlineWhole) -> float:
    """Return the points of online services; only a province's can be computed, a commune's inputs are not given."""
    offered = None if row.partial_count is None or row.full_count is None else row.partial_count + row.full_count
    return round(
        ratio_points(2, offered, row.authority_count, 80)
        + ratio_points(4, row.online_dossier_count, row.online_service_total)
        + ratio_points(6, row.channel_online_sum, row.channel_total_sum, 50),
        2,
    )
