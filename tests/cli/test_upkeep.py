"""``export-data`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import commands_on
from tests.small_block import SMALL
from wardstats.core.settings import Settings
from wardstats.ledger import Draft, ledger_of

ROW = {"file": "units.csv", "key": ["w01"], "before": {"name_vi": "Bắc Sơn"}, "after": {"name_vi": "Bắc Sơn mới"}}


def test_export_data_then_build_elsewhere_gives_the_same_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = Settings(SMALL, tmp_path / "var", None)
    ledger_of(places).append(Draft("upkeep", "b", "secretariat", details={"rows": [ROW]}))
    run = commands_on(places, monkeypatch, capsys)
    code, here, _ = run("build")
    assert code == 0
    code, out, err = run("export-data", tmp_path / "out")
    assert (code, len(out.strip())) == (0, 64)
    assert "Written anew: units.csv" in err
    elsewhere = commands_on(Settings(tmp_path / "out", tmp_path / "other", None), monkeypatch, capsys)
    code, there, _ = elsewhere("build")
    assert code == 0
    assert here.strip().partition("-")[2] == there.strip().partition("-")[2]
    code, _, err = run("export-data", tmp_path / "out")
    assert code == 1
    assert "something there already" in err
