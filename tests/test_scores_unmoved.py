"""Scores of the project's own folders and of two published indices, against those stored in tests/scores.csv.gz.

A change of the program must not move a score. A change of the data may: look at what moved, then write the file anew:

    python -m tests.test_scores_unmoved

``laocai_renormalised`` is data/laocai with missing_after_deadline = "renormalise": the scores before periods closed.
"""

from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from tests.small_block import Folder, build_and_publish
from tests.test_index_folders import ASEM, asem_folder, hdi_folder
from wardstats.core.settings import PROJECT

STORED = Path(__file__).parent / "scores.csv.gz"
KEY = ["folder", "period", "node_code", "unit_code"]
FIGURES = ["score", "coverage", "rank"]
REMEDY = f"If the data have changed, look at what moved, then write {STORED.name} anew: python -m {Path(__file__).stem}"


def _renormalised(place: Path) -> Path:
    """Return data/laocai with the other rule for what is missing after a deadline, and without rank ranges."""
    folder = Folder(Path(shutil.copytree(PROJECT / "data" / "laocai", place)))
    for year in ("2025", "2026"):
        folder.replace("block.toml", f"[years.{year}]", f'[years.{year}]\nmissing_after_deadline = "renormalise"')
    return folder.append("block.toml", "[robustness]", "draws = 0").path


FOLDERS: dict[str, Callable[[Path], Path]] = {
    "laocai": lambda _: PROJECT / "data" / "laocai",
    "laocai_renormalised": _renormalised,
    "provinces_766": lambda _: PROJECT / "data" / "provinces_766",
    "hdi": hdi_folder,
    "asem_arithmetic": lambda folder: asem_folder(folder, "arithmetic")[0],
    "asem_geometric": lambda folder: asem_folder(folder, "geometric")[0],
}


def present_scores(name: str, place: Path) -> pd.DataFrame:
    """Build a folder and return every score with its coverage and rank, for all periods and nodes."""
    snapshot = build_and_publish(FOLDERS[name](place / name), place / "var")
    themes = snapshot.query("scoring_theme")["theme_code"]
    found = [
        snapshot.query("ranking", period=period, node=node, language="en").assign(period=period, node_code=node)
        for period in snapshot.query("ranked_period")["period"]
        for node in ("total", *themes)
    ]
    return pd.concat(found).assign(folder=name)[[*KEY, *FIGURES]].sort_values(KEY, ignore_index=True)


@pytest.mark.parametrize("name", FOLDERS)
def test_no_score_moves(tmp_path: Path, name: str) -> None:
    if name.startswith("asem") and not ASEM.is_dir():
        pytest.skip("reference material that stays outside the repository")
    stored = pd.read_csv(STORED, dtype=dict.fromkeys(KEY, str))
    stored = stored[stored["folder"] == name].reset_index(drop=True)
    present = present_scores(name, tmp_path)
    assert present[KEY].to_numpy().tolist() == stored[KEY].to_numpy().tolist(), REMEDY
    for column in FIGURES:
        expected, found = (frame[column].to_numpy(dtype=float, na_value=np.nan) for frame in (stored, present))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9, err_msg=f"{name}, {column}. {REMEDY}")


def write_scores() -> None:
    """Write the present scores to the file; the same scores give the same bytes."""
    with TemporaryDirectory() as place:
        frame = pd.concat([present_scores(name, Path(place) / f"of_{name}") for name in FOLDERS])
    text = io.StringIO()
    frame.round(11).to_csv(text, index=False, lineterminator="\n")
    STORED.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    print(f"{STORED}: {len(frame)} scores, {STORED.stat().st_size} bytes")


if __name__ == "__main__":
    write_scores()
