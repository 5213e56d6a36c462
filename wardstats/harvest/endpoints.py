"""The portal's evaluation API as observed in September and October 2026: paths, page sizes, what to ask with.

The API is public and undocumented. Everything that is known of it stands here and in ``shapes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wardstats.core.periods import Period

BASE_URL = "https://dichvucong.gov.vn"
PUBLIC_PAGE = "https://dichvucong.gov.vn/danh-gia-chat-luong-phuc-vu"
API = "/api/v1/reporting/evaluation/"
PORTAL_NAME = "Cổng Dịch vụ công quốc gia"


@dataclass(frozen=True)
class Endpoint:
    """One address of the API.

    Attributes:
        name: Last part of its path; what messages call it.
        group: Theme of Decision 766 it serves; empty for the one over all groups.
        rows: The key of its answer that lists the units.
        whole: The key that holds the unit they belong to.
        page_size: Largest page the portal's own site asks for.
        max_points: Points of the group.
        takes_dates: It is asked with a first and a last day instead of a period.
    """

    name: str
    group: str
    rows: str
    whole: str
    page_size: int
    max_points: float
    takes_dates: bool = False

    @property
    def path(self) -> str:
        """The path below the base address."""
        return API + self.name


OVERALL = Endpoint("service-results", "", "evaluation", "overview", 200, 100)
TRANSPARENCY = Endpoint("transparency", "group_transparency", "evaluation", "overview", 200, 18)
PROGRESS = Endpoint("dvc-progress-tree", "group_progress", "children", "parent", 100, 20)
ONLINE = Endpoint("provide-online-tree", "group_online_services", "children", "parent", 200, 12)
PAYMENT = Endpoint("formality-online-payment-tree", "group_online_payment", "children", "parent", 100, 10)
DIGITISATION = Endpoint("dossier-digitized", "group_digitisation", "evaluation", "overview", 200, 22)
SATISFACTION = Endpoint("handling-satisfaction", "group_satisfaction", "evaluation", "overview", 200, 18, True)
GROUPS = (TRANSPARENCY, PROGRESS, ONLINE, PAYMENT, DIGITISATION, SATISFACTION)


def body(endpoint: Endpoint, period: Period, root: str | None, page: int) -> dict[str, Any]:
    """Return what to ask an endpoint with.

    Args:
        root: departmentId of the province; None lists the provinces.
    """
    asked: dict[str, Any] = {}
    if endpoint.takes_dates:
        asked |= {"fromDate": period.starts_on.isoformat(), "toDate": period.ends_on.isoformat()}
    else:
        asked |= {"timeType": period.kind, "year": period.year}
        if period.kind == "month":
            asked["month"] = period.starts_on.month
        elif period.kind == "quarter":
            asked["quarter"] = (period.starts_on.month + 2) // 3
    if root is not None:
        asked["rootDepartmentId"] = root
    return asked | {"currentPage": page, "pageSize": endpoint.page_size}
