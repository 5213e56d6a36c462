from __future__ import annotations

from wardstats.snapshot.store import Snapshot


def test_figures_answer_the_lines_that_name_an_indicator(small_snapshot: Snapshot) -> None:
    """Green space in 2026-04: 6, 3, 15 against 5 or more; poverty of Q1: 5, 2.5, 20 against 5 or less."""
    frame = small_snapshot.query("model_criterion", period="2026-04", language="en")
    found = {
        (row["model_code"], row["item"]): (row["criterion"], row["known_count"], list(row["met_units"]))
        for row in frame.to_dict("records")
    }
    assert found == {
        ("friendly", 1): ("Hộ nghèo không quá 5 %", 3, ["w01", "w02"]),
        ("green", 1): ("5 m² of green or more", 3, ["w01", "w03"]),
        ("green", 2): ("Có ngày trồng cây", 0, []),
    }
