"""An unknown rule, unit of measure or aggregation is an error in the check of files, in the library and in a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from tests.small_block import Folder
from wardstats.catalogue.load import Catalogue, load_catalogue
from wardstats.core.errors import MethodError, SnapshotError, SpecError
from wardstats.core.measures import MEASURES
from wardstats.core.vocabulary import Rule
from wardstats.scoring import Indicator, Spec, Theme, score, spec
from wardstats.scoring.rules import ABSOLUTE_FORMULAS, RELATIVE_SHARES
from wardstats.snapshot.build import build_snapshot


@pytest.mark.parametrize(
    ("file", "key", "column", "expected"),
    [
        ("criteria/2026.csv", "green_space", "rule", "one of 'linear', 'target'"),
        ("themes.csv", "living", "aggregation", "one of 'sum', 'arithmetic'"),
        ("indicators.csv", "green_space", "unit", "one of %, points"),
    ],
)
def test_check_names_the_line_what_was_found_and_what_is_expected(
    small: Folder, file: str, key: str, column: str, expected: str
) -> None:
    small.set_cell(file, key, column, "made_up")
    [problem] = small.problems()
    assert (problem.file, problem.line, problem.column) == (file, small.line(file, key), column)
    assert problem.found == "'made_up'"
    assert problem.expected.startswith(expected)
    assert problem.remedy.startswith("Correct it")


def test_an_indicator_has_no_more_decimals_than_its_unit(small: Folder) -> None:
    small.set_cell("indicators.csv", "green_space", "unit", "count")
    [problem] = small.problems()
    assert (problem.column, problem.found, problem.expected) == ("decimals", "'2'", "at most 0, as of count")


def _with_rule(catalogue: Catalogue) -> Catalogue:
    """Let a rule pass the check of files, as one would that is in the list of names and nowhere else."""
    wrong = [criterion.model_copy(update={"rule": "made_up"}) for criterion in catalogue.criteria[2026]]
    return replace(catalogue, criteria={**catalogue.criteria, 2026: wrong})


def _with_aggregation(catalogue: Catalogue) -> Catalogue:
    return replace(
        catalogue, themes=[theme.model_copy(update={"aggregation": "made_up"}) for theme in catalogue.themes]
    )


def _with_unit(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, indicators=[item.model_copy(update={"unit": "made_up"}) for item in catalogue.indicators])


@pytest.mark.parametrize("change", [_with_rule, _with_aggregation, _with_unit])
def test_it_is_never_built(small: Folder, tmp_path: Path, change: Callable[[Catalogue], Catalogue]) -> None:
    var = tmp_path / "var"
    with pytest.raises(SnapshotError, match="made_up"):
        build_snapshot(change(load_catalogue(small.path)), var)
    assert not list((var / "snapshots").glob("2*.duckdb"))


def test_a_rule_that_is_added_to_the_list_alone_is_not_built(
    small: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spec, "ABSOLUTE_RULES", (*spec.ABSOLUTE_RULES, "made_up"))
    with pytest.raises(MethodError, match="found the rule 'made_up', expected one that has a formula"):
        score(np.ones((2, 1)), None, Spec((Indicator("a", rule="made_up"),)))
    with pytest.raises(SnapshotError, match="made_up"):
        build_snapshot(_with_rule(load_catalogue(small.path)), tmp_path / "var")


def test_the_library_refuses_them() -> None:
    with pytest.raises(SpecError, match="rule 'made_up' is not one of linear, target"):
        Spec((Indicator("a", rule="made_up"),))
    with pytest.raises(SpecError, match="aggregation 'made_up' is not one of sum"):
        Spec((Indicator("a", "t"),), (Theme("t", aggregation="made_up"),))


def test_every_rule_has_a_formula_and_every_unit_a_name() -> None:
    assert set(get_args(Rule)) == {*ABSOLUTE_FORMULAS, "zscore", *RELATIVE_SHARES}
    assert all(measure.name(str) for measure in MEASURES.values())
