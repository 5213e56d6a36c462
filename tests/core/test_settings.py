"""Settings of the environment that are numbers."""

from __future__ import annotations

from typing import Any

import pytest

from wardstats.core.errors import WardStatsError
from wardstats.core.settings import claims_minutes, sign_in_hours


@pytest.mark.parametrize(
    ("name", "read", "default"),
    [("WARDSTATS_SIGN_IN_HOURS", sign_in_hours, 12.0), ("WARDSTATS_CLAIMS_MINUTES", claims_minutes, 5.0)],
)
def test_settings(monkeypatch: pytest.MonkeyPatch, name: str, read: Any, default: float) -> None:
    monkeypatch.delenv(name, raising=False)
    assert read() == default
    monkeypatch.setenv(name, "0.5")
    assert read() == 0.5
    for wrong in ("0", "-1", "x", "nan", "inf", "1e9", "5 minutes"):
        monkeypatch.setenv(name, wrong)
        with pytest.raises(WardStatsError, match=f"{name}: found '{wrong}'"):
            read()
