"""A server below a path is refused with the remedy, before it serves a page that stays blank."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from streamlit import config

from tests.ports import free_port
from tests.serving import environment, served_by
from wardstats.core.settings import PROJECT
from wardstats.frontend.base_path import BasePathError, require_root_path


@pytest.mark.parametrize(("path", "is_refused"), [
    ("", False), ("/", False), (" / ", False), ("xephang", True), ("/xephang/", True), ("a/b", True), ("bảng", True),
])  # fmt: skip
def test_only_the_root_is_served(monkeypatch: pytest.MonkeyPatch, path: str, is_refused: bool) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: path if name == "server.baseUrlPath" else None)
    if not is_refused:
        require_root_path()
        return
    with pytest.raises(BasePathError, match="host of its own") as told:
        require_root_path()
    assert repr(path.strip("/ ")) in str(told.value)


def test_a_server_below_a_path_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    command = served_by(free_port(), "server.py", "--server.baseUrlPath=xephang")
    done = subprocess.run(
        command, cwd=PROJECT, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode != 0
    assert "server.baseUrlPath: found 'xephang'" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
