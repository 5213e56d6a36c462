"""The command ``notify``: what it prints, and when it fails."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tests.mail_server import block_with_people, mail_server, owe
from wardstats.cli.main import app

OFFICER = [("officer@one.test", "ward_officer", "w01")]


def test_it_says_what_it_did_and_what_went_wrong(tmp_path: Path) -> None:
    with mail_server() as server:
        workspace = block_with_people(tmp_path, OFFICER, server.port)
        places = ["--data", str(workspace.places.data), "--var", str(workspace.places.var)]
        owe(workspace, 2)
        done = CliRunner().invoke(app, ["notify", *places])
        assert done.exit_code == 0, done.output
        assert done.output == "0 written, 2 sent, 0 waiting, 0 dropped, 0 given up\n"
        assert len(server.messages) == 2
    away = CliRunner().invoke(app, ["notify", *places])
    assert away.exit_code == 0  # nothing is to be sent, so nobody asks the server
    owe(workspace, 3)
    away = CliRunner().invoke(app, ["notify", *places])
    assert away.exit_code == 1
    assert "1 waiting" in away.output and "The mail server cannot be reached" in away.output
