"""How tests run a command of the command line on folders of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from wardstats.cli.main import main
from wardstats.core.settings import Settings

Run = Callable[..., tuple[int, str, str]]


def commands_on(places: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on these folders, and gives its exit code, stdout and stderr."""
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wardstats", *map(str, arguments)])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        return code if isinstance(code, int) else 0, out, err

    return command
