"""Reads the published board over and over until a file appears, and checks each one."""

import itertools
import json
import time
from pathlib import Path

from wardstats.core.pointer import pointer_path
from wardstats.snapshot.store import Snapshot, Store


def check_board(snapshot: Snapshot) -> None:
    """Raise AssertionError where parts of a snapshot do not fit together."""
    assert snapshot.query("block", language="vi")["snapshot_id"].item() == snapshot.id
    assert snapshot.query("ranked_period")["period"].tolist() == ["2026-04", "2026-03", "2025-12"]
    board = snapshot.query("ranking", period="2026-04", node="total", language="vi").set_index("unit_code")
    figures = snapshot.query("figure_points", period="2026-04", unit=["w01"], indicator=["files_on_time"])
    files = 40 * figures["numerator"].item() / figures["denominator"].item()
    expected = {"w01": files + 2 * 10 + 20, "w02": 72, "w03": 54.5}
    for code, score in expected.items():
        assert abs(board.loc[code, "score"] - score) < 1e-9, (code, board)
        assert board.loc[code, "rank"] == 1 + sum(other > score + 1e-9 for other in expected.values()), board
    parts = snapshot.query("theme_score", period="2026-04", parent="total").groupby("unit_code")["score"].sum()
    assert ((parts + board["adjustment"] - board["score"]).abs() < 1e-9).all()


def read_until(stop: Path, var: Path, report: Path) -> None:
    """Look until told to stop: mostly through one store, now and then as a reader who has just arrived.

    Writes how often it looked and how many snapshots it saw; any fault ends the process with an error.
    """
    store, seen = Store(var), set()
    for look in itertools.count(1):
        snapshot = (store if look % 3 else Store(var)).current()
        check_board(snapshot)
        seen.add(snapshot.id)
        pointer = json.loads(pointer_path(var).read_text(encoding="utf-8"))
        assert pointer["snapshot_id"] == pointer["history"][-1]["snapshot_id"]
        if stop.exists():
            break
        time.sleep(0.02)
    report.write_text(json.dumps([look, len(seen)]), encoding="utf-8")
