"""The command ``harvest`` as a timer runs it: exit codes, publication, and a kill in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from starlette.responses import Response
from typer.testing import CliRunner, Result

from tests.harvest.stand_in import World
from wardstats.catalogue.load import load_catalogue
from wardstats.cli.main import app
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake import checking, publishing
from wardstats.intake.basis import waiting_entries
from wardstats.intake.workspace import Workspace
from wardstats.ledger import ledger_of
from wardstats.ledger.access import local_administrator
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot
from wardstats.snapshot.store import Store

HASTY = ("--delay", "0", "--attempts", "2", "--timeout", "60", "--contact", "test@example.vn")


def command(places: Settings, address: str, *arguments: str) -> list[str]:
    folders = ("--data", str(places.data), "--var", str(places.var))
    return ["harvest", "--base-url", address, *folders, *HASTY, *arguments]


def run(places: Settings, address: str, *arguments: str) -> Result:
    """Run the command in this process, which starts faster."""
    made = CliRunner().invoke(app, command(places, address, *arguments))
    assert made.exception is None or isinstance(made.exception, SystemExit), made.exception
    return made


def start(places: Settings, address: str, *arguments: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    whole = [sys.executable, "-m", "wardstats", *command(places, address, *arguments)]
    return subprocess.Popen(whole, cwd=PROJECT, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def address(served: tuple[World, str], world: World) -> str:
    del world
    return served[1]


def test_unattended_it_harvests_and_publishes(address: str, places: Settings) -> None:
    process = start(places, address, "--period", "2026-10", "--publish", "--by", "timer")
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    entry, publication = ledger_of(places).entries()
    assert (entry.action, entry.actor, len(entry.changes)) == ("harvest", "timer", 170)
    assert (publication.action, publication.actor) == ("publish", "timer")
    (published,) = read_history(places.var)
    assert (published.by, published.note) == ("timer", "National portal figures 2026-10")
    used = Store(places.var).current().query("source_used", periods=["2026-10"], language="vi")
    assert "dvcqg_2026-10" in set(used["source_id"])


def test_an_alarm_is_told_and_nothing_is_published(address: str, places: Settings, world: World) -> None:
    def wrong(name: str, data: dict) -> None:
        for row in data.get("children", ()) if name == "dvc-progress-tree" else ():
            row["score"] += 0.5

    world.edit = wrong
    made = run(places, address, "--period", "2026-10", "--publish", "--format", "json")
    assert made.exit_code == 1
    assert {"alarm", "note"} == {finding["severity"] for finding in json.loads(made.stdout)}
    assert "NOT recorded" in made.stderr
    assert "Nothing was published" in made.stderr
    assert ledger_of(places).head == 0
    assert read_history(places.var) == []
    accepted = run(places, address, "--period", "2026-10", "--accept", "Đã đối chiếu với Cổng", "--publish")
    assert accepted.exit_code == 0
    assert len(read_history(places.var)) == 1


def test_a_final_result_is_not_replaced_unattended(address: str, places: Settings) -> None:
    publish_snapshot(places.var, build_snapshot(load_catalogue(places.data), places.var), by="Hội nghị", is_final=True)
    made = run(places, address, "--period", "2026-10", "--publish")
    assert (made.exit_code, ledger_of(places).head) == (5, 1)
    assert [entry.by for entry in read_history(places.var)] == ["Hội nghị"]


def test_a_harvest_keeps_the_note_and_what_waits_goes_on_waiting(address: str, places: Settings) -> None:
    workspace, secretariat = Workspace.of(places), local_administrator("Hội nghị")
    publishing.publish(workspace, secretariat, "Tạm tính")
    checking.adjust(workspace, secretariat, "03006", "2026-10", -2, "not to be seen yet")
    made = run(places, address, "--period", "2026-10", "--publish", "--by", "timer")
    assert made.exit_code == 0, made.stderr
    up = read_history(places.var)[-1]
    assert (up.by, up.note, up.is_final) == ("timer", "Tạm tính", False)
    waiting = waiting_entries(workspace.ledger.entries(), up.snapshot_id)
    assert [entry.action for entry in waiting] == ["adjust"]
    assert "dvcqg_2026-10" in set(Store(places.var).current().query("source", language="vi")["source_id"])
    again = run(places, address, "--period", "2026-10", "--publish", "--by", "timer")  # a later reading: up as well
    assert again.exit_code == 0, again.stderr
    assert waiting_entries(workspace.ledger.entries(), read_history(places.var)[-1].snapshot_id) == waiting


def test_an_unreachable_portal_is_told_by_the_exit_code(places: Settings) -> None:
    made = run(places, "http://127.0.0.1:9", "--period", "2026-10", "--publish")
    assert made.exit_code == 3
    assert "Missing for 2026-10" in made.stderr
    assert not (places.var / "current.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--period", "2026-13"),
        ("--period", "2026"),
        ("--period", "2031-01"),
        ("--to", "2026-10"),
        ("--from", "2026-10", "--to", "2026-08"),
        ("--period", "2026-10", "--base-url", "nowhere"),
    ],
)
def test_what_is_asked_wrongly_is_usage(arguments: tuple[str, ...], address: str, places: Settings) -> None:
    made = run(places, address, *arguments)
    assert made.exit_code == 2, made.stderr


def test_history_is_one_entry_a_period_and_a_bad_one_is_left_out(address: str, places: Settings, world: World) -> None:
    def mischief(endpoint: str, _count: int, body: dict, _payload: dict) -> Response | None:
        return Response("", 404) if endpoint == "dossier-digitized" and body.get("month") == 9 else None

    world.mischief = mischief
    made = run(places, address, "--from", "2026-08", "--to", "2026-10", "--publish")
    assert made.exit_code == 1
    assert [entry.period for entry in ledger_of(places).entries()] == ["2026-08", "2026-10"]
    assert "2026-09: REFUSED" in made.stderr
    assert read_history(places.var) == []


def test_killed_half_way_it_goes_on_from_there(address: str, places: Settings, world: World) -> None:
    stalled = "provide-online-tree"

    def stall(endpoint: str, *_: object) -> Response | None:
        if endpoint == stalled:
            time.sleep(0.5)
            return Response("", 503)
        return None

    world.mischief = stall
    process = start(places, address, "--period", "2026-10", "--attempts", "50")
    until = time.monotonic() + 300
    while not any(endpoint == stalled for endpoint, _, _ in list(world.asked)) and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert ledger_of(places).head == 0
    asked_before = {endpoint for endpoint, _, _ in world.asked} - {stalled}
    assert asked_before == {"service-results", "transparency", "dvc-progress-tree"}
    left = Path(next((places.var / "harvest" / "laocai" / "2026-10").glob("transparency-*.gz")))
    left.write_bytes(left.read_bytes()[:100])  # as if the disk had lost the end of one
    world.mischief = None
    world.asked.clear()
    made = run(places, address, "--period", "2026-10", "--publish")
    assert made.exit_code == 0, made.stderr
    asked_after = [endpoint for endpoint, _, _ in world.asked]
    assert asked_after == [
        "transparency",
        stalled,
        "formality-online-payment-tree",  # two pages
        "formality-online-payment-tree",
        "dossier-digitized",
        "handling-satisfaction",
    ]
    ledger = ledger_of(places)
    assert [(entry.action, len(entry.changes)) for entry in ledger.entries()] == [("harvest", 170), ("publish", 0)]
    assert ledger.verify() == []
    assert len(read_history(places.var)) == 1


def test_killed_after_it_was_recorded_it_is_not_recorded_twice(
    address: str, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.harvest.conftest import HASTY as MANNERS
    from wardstats.core.periods import parse_period
    from wardstats.harvest.answer_cache import Kept
    from wardstats.harvest.workflow import Options, harvest_units

    options = Options(address, manners=MANNERS)
    with monkeypatch.context() as patched:
        patched.setattr(Kept, "clear", lambda _: None)  # killed before it could clear up
        harvest_units(places, parse_period("2026-10"), options)
    again = harvest_units(places, parse_period("2026-10"), options)
    assert (again.state, again.request_count, [entry.number for entry in again.entries]) == ("recorded", 0, [1])
    assert ledger_of(places).head == 1
