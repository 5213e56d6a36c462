"""The form of every refusal to a program: problem+json (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.responses import Response

PROBLEM = "application/problem+json"


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as RFC 9457 has it."""
    text = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}, ensure_ascii=False)
    return Response(text, status, {"cache-control": "no-store"} | dict(headers or {}), PROBLEM)
