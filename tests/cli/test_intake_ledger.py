"""A damaged ledger on the command line: no step and no build goes on, what is up stays up, and there is a way on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.running import Run, commands_on
from tests.small_block import SMALL
from wardstats.core.pointer import read_history
from wardstats.core.settings import Settings
from wardstats.ledger import Entry, Ledger, ledger_of
from wardstats.snapshot.store import Store

WHERE = ("--unit", "w01", "--period", "2026-04", "--indicator", "green_space", "--by", "Head", "--reason", "measured")


@pytest.fixture
def places(tmp_path: Path) -> Settings:
    data = Path(shutil.copytree(SMALL, tmp_path / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    return Settings(data, tmp_path / "var", None)


@pytest.fixture
def run(places: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return commands_on(places, monkeypatch, capsys)


def shown(places: Settings) -> float:
    frame = Store(places.var).current().query(
        "figure_points", period="2026-04", unit=["w01"], indicator=["green_space"]
    )  # fmt: skip
    return frame["value"].iloc[0]


def lose_one(ledger: Ledger) -> None:
    (ledger.folder / "00000002.json").unlink()


def edit_the_last(ledger: Ledger) -> None:
    path = ledger.folder / "00000004.json"
    path.write_bytes(path.read_bytes().replace(b"83.0", b"99.0"))
    assert b"99.0" in path.read_bytes()


def cut_the_last_off(ledger: Ledger) -> None:
    (ledger.folder / "00000004.json").unlink()


def forge_one(ledger: Ledger) -> None:
    last = Entry.read((ledger.folder / "00000004.json").read_bytes())
    forged = replace(last, number=5, previous_sha256=last.sha256)
    (ledger.folder / "00000005.json").write_bytes(forged.written().replace(b"83.0", b"99.0"))


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("harm", [lose_one, edit_the_last, cut_the_last_off, forge_one], ids=lambda harm: harm.__name__)
def test_nothing_goes_on_with_a_damaged_ledger(run: Run, places: Settings, harm: Callable[[Ledger], None]) -> None:
    for value in (81, 82):
        assert run("correct", *WHERE, "--value", value)[0] == 0
    assert run("publish", "--by", "Head")[0] == 0
    assert run("correct", *WHERE, "--value", 83)[0] == 0
    code, _, err = run("ledger", "verify")
    assert code == 0
    noted = err.replace("\n", "").rpartition(" ")[2]
    assert run("ledger", "verify", "--known", noted)[0] == 0
    assert run("ledger", "verify", "--known", "4:" + "0" * 64)[0] == 1
    assert run("ledger", "verify", "--known", "4")[0] == 1

    ledger, history = ledger_of(places), read_history(places.var)
    harm(ledger)
    before = {path: path.read_bytes() for path in places.var.rglob("*.json")}
    code, out, _ = run("ledger", "verify")
    assert code == 1 and "0000000" in out
    for step in (
        ("build",),
        ("check",),
        ("publish", "--by", "Head"),
        ("correct", *WHERE, "--value", 84),
        ("queue",),
        ("ledger", "show"),
    ):
        code, _, err = run(*step)
        assert code == 1, step
        assert "Take these files back from a backup" in err, step
    assert {path: path.read_bytes() for path in places.var.rglob("*.json")} == before
    assert read_history(places.var) == history
    assert shown(places) == 82

    assert run("ledger", "accept-loss", "--by", "Head", "--reason", "no backup")[0] == 0
    assert run("ledger", "verify")[0] == 0
    assert run("ledger", "accept-loss", "--by", "Head", "--reason", "again")[0] == 1
    assert run("correct", *WHERE, "--value", 85)[0] == 0
    assert run("publish", "--by", "Head")[0] == 0
    assert shown(places) == 85
    code, out, _ = run("ledger", "show", "--format", "csv")
    assert "loss" in out and "no backup" in out
