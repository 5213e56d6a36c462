"""On a disk that is really full, or may only be read: what is told is what happened, and nothing half is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import full_disk
from tests.full_disk import ROOMS_KB, run_on_full_disk


@pytest.mark.hostile("disk full, read-only")
@pytest.mark.skipif(not full_disk.can_make_disks(), reason="this system makes no file system for a program of its own")
def test_what_is_told_is_what_happened(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    outcomes = run_on_full_disk(tmp_path / "disk")
    record_property("tried", len(outcomes))
    assert len(outcomes) == 4 * (len(ROOMS_KB) + 1)
    for outcome in outcomes:
        if outcome.recorded is None:
            assert (outcome.told, len(outcome.written)) == ("", 1), outcome
        else:  # refused in words, and the words are true
            assert ("may only read" if outcome.room_kb is None else "the disk is full") in outcome.told, outcome
            assert outcome.recorded == outcome.written, outcome
            assert ("Nothing was recorded." in outcome.told) is (not outcome.written), outcome
        is_publication = outcome.step in ("publish", "roll back")
        assert outcome.is_up is (is_publication and bool(outcome.written) and not outcome.is_waiting), outcome
        assert (outcome.left, outcome.problems) == ((), ()), outcome
    refused = {outcome.room_kb for outcome in outcomes if outcome.recorded == ()}
    assert refused > {None, 0}
    assert any(outcome.recorded for outcome in outcomes)  # told as failed, and recorded: it says so
    assert all(outcome.recorded is None for outcome in outcomes if outcome.room_kb == ROOMS_KB[-1])
