"""What all commands print: CSV for people begins with a byte-order mark, for programs it does not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from wardstats.cli.console import Format, print_frame
from wardstats.core.statuses import NO_FIGURES

FRAME = pd.DataFrame({"unit_name": ["Lào Cai"]})
TEXT = "unit_name\nLào Cai\n"


def test_csv_in_a_file_begins_with_a_mark_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rank.csv"
    for _ in range(2):  # wardstats rank --format csv >> rank.csv
        with file.open("a", encoding="utf-8", newline="") as stream, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            print_frame(FRAME, Format.csv, NO_FIGURES)
    assert file.read_text(encoding="utf-8") == "\ufeff" + TEXT + TEXT


def test_csv_in_a_pipe_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        print_frame(FRAME, Format.csv, NO_FIGURES)
    with os.fdopen(reading, encoding="utf-8") as stream:
        assert stream.read() == TEXT


def test_what_is_no_stream_of_the_system_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    print_frame(FRAME, Format.csv, NO_FIGURES)
    assert capsys.readouterr().out == TEXT
