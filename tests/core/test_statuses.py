"""The weakest status of what something is made of, and tables that may not leave without one."""

from __future__ import annotations

import pandas as pd
import pytest

from wardstats.core.export_files import Export
from wardstats.core.statuses import NO_FIGURES, UnmarkedError, weakest, weakest_by_row


def test_the_weakest_counts_and_a_missing_one_does_not() -> None:
    assert weakest(["official", None, "reported", float("nan")]) == "reported"
    assert weakest([None, "official", "demonstration"]) == "demonstration"
    assert weakest([None]) is None
    two = pd.DataFrame({"a": ["official", None, "verified"], "b": ["demonstration", None, None]}, index=[3, 4, 5])
    assert weakest_by_row(two["a"], two["b"]).to_dict() == {3: "demonstration", 4: None, 5: "verified"}


def test_no_table_of_figures_leaves_without_a_status() -> None:
    frame = pd.DataFrame({"unit_code": ["w01"], "score": [72.0]})
    with pytest.raises(UnmarkedError, match="ranking: found no column 'status'"):
        Export("ranking", frame, "status")
    assert Export("ranking", frame.assign(status="official"), "status")
    assert Export("names", frame[["unit_code"]], NO_FIGURES)
