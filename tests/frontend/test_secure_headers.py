"""Our own routes tell browsers what not to do, and a stricter policy of a page stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.small_block import SMALL, build_and_publish
from wardstats.frontend.secure_headers import HEADERS
from wardstats.live.application import standalone


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/openapi.json", "/live", "/conference", "/nowhere"])
def test_every_answer_has_the_headers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("WARDSTATS_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("WARDSTATS_DATA", str(SMALL))
    build_and_publish(SMALL, tmp_path / "var")
    with TestClient(standalone()) as client:
        headers = client.get(path).headers
    assert set(HEADERS) <= set(headers)
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    if path in ("/live", "/conference"):
        assert "script-src" in headers["content-security-policy"]
