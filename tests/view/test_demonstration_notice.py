"""What the notice says of figures made up now, and of those made up only in the periods that are compared with."""

from __future__ import annotations

from pathlib import Path

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.snapshot.store import Snapshot
from wardstats.view.demonstration_notice import made_up

LATER = "made up to show how the board works"
EARLIER = "Made up in earlier periods: 1 of the indicators."


def test_what_is_shown_is_made_up(small_snapshot: Snapshot) -> None:
    found = made_up(view_of(small_snapshot, "en", "2026-04"))
    assert (found.count, found.total, found.earlier, found.word) == (1, 4, 0, "demonstration figures")
    assert LATER in found.notice and EARLIER not in found.notice


def test_only_what_it_is_compared_with_is_made_up(small: Folder, tmp_path: Path) -> None:
    """Real criteria replace the sample with the new year: January's changes are still against a made-up December."""
    path = small.path / "values" / "demonstration.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",2026-04," not in line), encoding="utf-8")
    view = view_of(build_and_publish(small.path, tmp_path / "var"), "en", "2026-04")
    found = made_up(view, back=1)
    assert (found.count, found.earlier, found.word) == (0, 1, "demonstration figures")
    assert found.notice.startswith(f"Demonstration figures. {EARLIER}") and LATER not in found.notice
    assert not made_up(view, back=0).notice


def test_nothing_is_made_up(small_snapshot: Snapshot) -> None:
    found = made_up(view_of(small_snapshot, "en", "2025-12"))
    assert (found.count, found.earlier, found.notice, found.word) == (0, 0, "", "")
