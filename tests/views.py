"""A reader's view of a snapshot, without a session."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wardstats.snapshot.store import Snapshot
from wardstats.view.view import View


def view_of(
    snapshot: Snapshot, language: str = "en", period: str = "", node: str = "total", is_dark: bool = False
) -> View:
    """Return a view of the newest period, or of another one."""

    def fetch(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
        assert snapshot_id == snapshot.id
        return snapshot.query(name, **dict(params))

    newest = snapshot.query("ranked_period")["period"].iloc[0]
    return View(snapshot.id, language, period or newest, node, is_dark, fetch)
