"""What is wrong with boundaries is told in every language, each kind once."""

from __future__ import annotations

from typing import get_args

import pytest

from wardstats.charts.map.boundary_faults import BoundaryError, Kind, fault
from wardstats.core.languages import LANGUAGES, translator


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_words_of_its_own(language: str) -> None:
    kinds = get_args(Kind)
    faults = [fault(kind, "/srv/secret/wards.zip", None, "this", "that", "Mend it.") for kind in kinds]
    told = BoundaryError([*faults, *faults]).told(translator(language))
    assert len(told.split("; ")) == len(set(told.split("; "))) == len(kinds)
    assert "secret" not in told


def test_a_problem_has_place_found_expected_and_remedy() -> None:
    error = BoundaryError([fault("areas", "w.zip", "03006", "60 km2", "54.63 km2", "Mend it.")] * 2)
    assert str(error) == "w.zip, 03006: found 60 km2; expected 54.63 km2. Mend it."
