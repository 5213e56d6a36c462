"""Who comes back to the ranking is told what has moved since the board that their browser saw last."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.small_block import Folder, build_and_publish
from wardstats.core.settings import PROJECT
from wardstats.snapshot.publications import snapshot_path


def lead_of(app: AppTest, **address: str) -> str:
    """Return what the ranking says of the last visit; empty where it says nothing."""
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    bodies = [element.proto.body.replace("\u00a0", " ") for element in app.get("html")]
    return next((body for body in bodies if "Since the board of" in body), "")


def test_what_moved_since_the_last_visit(monkeypatch: pytest.MonkeyPatch, small: Folder, tmp_path: Path) -> None:
    var = tmp_path / "var"
    monkeypatch.setenv("WARDSTATS_VAR", str(var))
    monkeypatch.setenv("WARDSTATS_DATA", str(small.path))
    gone = build_and_publish(small.path, var)
    small.append("adjustments.csv", "w03,2026-04,1,Thử,decision")
    first = build_and_publish(small.path, var)
    small.append("adjustments.csv", "w03,2026-04,30,Thử,decision")
    second = build_and_publish(small.path, var)
    snapshot_path(var, gone.id).unlink()
    boards = {first.id: "Đông An ▲ 2", second.id: "", gone.id: "", "": "", "20990101T000000Z-0123456789ab": ""}
    for seen, told in boards.items():
        forget()
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
        app.session_state["seen_board"] = seen
        lead = lead_of(app, lang="en", period="2026-04")
        assert told in lead and bool(told) == bool(lead), seen
        assert not lead_of(app, span="year")  # another ranking than the one that was compared
    forget()
