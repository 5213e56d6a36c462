"""Commands for those who check and defend the scores: steps, rank ranges, why, lift, what if, statistics."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from wardstats.boards.ward import movement
from wardstats.cli.console import (
    Data,
    Format,
    FormatOption,
    Period,
    Theme,
    Var,
    known_node,
    known_period,
    open_snapshot,
    print_frame,
)
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import translator
from wardstats.core.periods import parse_period
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.core.settings import settings
from wardstats.core.statuses import weakest, weakest_by_row
from wardstats.intake.faults import Finding
from wardstats.intake.numbers import Asked, indicator_asked, read_within
from wardstats.scoring import PeriodInput, Result, explain, lift, score_period, statistics, what_if
from wardstats.scoring.from_queries import scoring_input
from wardstats.snapshot.store import Snapshot
from wardstats.view import figure_status

UnitOption = Annotated[str | None, typer.Option(help="Unit code.")]


class Step(StrEnum):
    """The steps of a score, each a relation of the snapshot too."""

    raw = "raw"
    imputed = "imputed"
    treated = "treated"
    normalised = "normalised"
    aggregated = "aggregated"
    coverage = "coverage"
    ranks = "ranks"


class Statistic(StrEnum):
    """What can be asked of a period's figures."""

    coverage_by_unit = "coverage-by-unit"
    coverage_by_indicator = "coverage-by-indicator"
    pearson = "pearson"
    spearman = "spearman"
    kendall = "kendall"
    cronbach_alpha = "cronbach-alpha"
    outlying_indicators = "outlying-indicators"
    outlying_values = "outlying-values"
    effective_weights = "effective-weights"
    strengths = "strengths"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    for command in (score, range_, explain_, lift_, whatif, statistics_):
        app.command(name=command.__name__.rstrip("_"))(command)


def score(
    period: Period = None,
    step: Annotated[Step, typer.Option(help="Which step to print, units x indicators or themes.")] = Step.aggregated,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Print one step of the calculation for every member."""
    opened = open_snapshot(settings(data, var))
    result = score_period(_input(opened, period))
    table = result.tables[step].reset_index()
    print_frame(table.assign(status=_of_units(opened, result.period, ROOT, table["unit_code"])), output)


def range_(
    period: Period = None, theme: Theme = None, output: FormatOption = Format.table, data: Data = None, var: Var = None
) -> None:
    """Print how far each rank can be trusted."""
    opened = open_snapshot(settings(data, var))
    period, node = known_period(opened, period), known_node(opened, theme)
    frame = opened.query("rank_range", period=period, node=node)
    if frame.empty:
        raise WardStatsError(f"{period}: no rank ranges in this snapshot. See [robustness] in block.toml.")
    print_frame(frame.assign(status=figure_status.of_ranking(opened, period, node)), output)


def explain_(
    period: Period = None,
    before: Annotated[str | None, typer.Option(help="Earlier period; the one before if not given.")] = None,
    unit: UnitOption = None,
    theme: Theme = None,
    summary: Annotated[bool, typer.Option(help="One line a unit instead of one line a part.")] = False,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Split each member's change of score and rank between two periods into its parts; the parts add up."""
    opened = open_snapshot(settings(data, var))
    after, node = _input(opened, period), known_node(opened, theme)
    earlier = _input(opened, before or _previous(opened, after.period))
    found = explain(earlier, after, node, units=[_known_unit(after, unit)] if unit else None)
    whole = movement.move_status(opened, earlier.period, after.period, node)
    if summary:
        print_frame(found.summary.assign(status=whole), output)
        return
    parts = found.parts.assign(status=None, places_status=whole)
    for code, own in parts.groupby("unit_code"):
        parts.loc[own.index, "status"] = movement.part_statuses(opened, own, str(code), earlier.period, after, node)
    print_frame(parts, output)


def lift_(
    unit: Annotated[str, typer.Option(help="Unit code.")],
    period: Period = None,
    theme: Theme = None,
    places: Annotated[int, typer.Option(min=1, help="Gain up to so many places.")] = 3,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Print the smallest improvements of one indicator that gain a member a place, the easiest first."""
    opened = open_snapshot(settings(data, var))
    now, node = _input(opened, period), known_node(opened, theme)
    ago = year_ago(opened, now.period)
    found = lift(
        now, _known_unit(now, unit), node=node, year_ago=ago.figures if ago else None, places=places,
        decimals={row["indicator_code"]: row["decimals"] for row in dictionaries(_indicators(opened, now.period))},
    )  # fmt: skip
    status = movement.advice_status(opened, now.period, node, has_year_ago=ago is not None)
    print_frame(found.assign(unit_code=unit, status=status), output)


def whatif(
    change: Annotated[list[str], typer.Option("--set", help="UNIT:INDICATOR=VALUE, or = alone to take it away.")],
    period: Period = None,
    theme: Theme = None,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Print the ranking as it would be with other values. Nothing is stored."""
    opened = open_snapshot(settings(data, var))
    now, node = _input(opened, period), known_node(opened, theme)
    asked = {row["indicator_code"]: indicator_asked(row) for row in dictionaries(_indicators(opened, now.period))}
    _, table = what_if(now, dict(_parse_change(now, text, asked) for text in change), node=node)
    print_frame(table.assign(is_hypothetical=True, status=figure_status.of_ranking(opened, now.period, node)), output)


def statistics_(
    show: Annotated[
        Statistic, typer.Option(help="Which statistic; correlations are of points, not of figures.")
    ] = Statistic.coverage_by_unit,
    period: Period = None,
    unit: UnitOption = None,
    theme: Theme = None,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Print statistics on the figures of a period."""
    opened = open_snapshot(settings(data, var))
    result, node = score_period(_input(opened, period)), known_node(opened, theme)
    table = _statistic(result, show, node, unit)
    print_frame(table.assign(status=_statistic_status(opened, result, node, table)), output)


def year_ago(opened: Snapshot, period: str) -> PeriodInput | None:
    """Return the same period of the year before, where it is ranked."""
    wanted = movement.same_period_before(period)
    periods = opened.query("ranked_period")["period"].tolist()
    return scoring_input(opened, wanted) if wanted in periods else None


def _statistic(result: Result, show: Statistic, node: str, unit: str | None) -> pd.DataFrame:
    match show:
        case Statistic.coverage_by_unit:
            return statistics.coverage_by_unit(result, node)
        case Statistic.coverage_by_indicator:
            return statistics.coverage_by_indicator(result)
        case Statistic.cronbach_alpha:
            return statistics.consistency_by_theme(result)
        case Statistic.outlying_indicators:
            return statistics.outlying_indicators(result)
        case Statistic.outlying_values:
            return statistics.outlying_values(result)
        case Statistic.effective_weights:
            return statistics.effective_weights(result, node)
        case Statistic.strengths:
            if unit not in result.unit_codes:
                raise WardStatsError(f"--unit {unit!r}: give one of {', '.join(result.unit_codes)}.")
            return statistics.strengths_and_weaknesses(result, str(unit), node)
        case _:
            square = statistics.correlations(result, method=show.value).rename_axis("indicator_code")
            return square.reset_index().melt("indicator_code", var_name="with_code", value_name=show.value)


def _of_units(opened: Snapshot, period: str, node: str, units: pd.Series) -> pd.Series:
    """Return the weakest status behind each unit's score and place."""
    ranking = opened.query("ranking", period=period, node=node, language="vi").set_index("unit_code")
    return units.map(ranking["status"])


def _statistic_status(opened: Snapshot, result: Result, node: str, table: pd.DataFrame) -> pd.Series | str | None:
    """Return the weakest status of the figures behind each line of a statistic."""
    known = figure_status.by_indicator(opened, result.period)
    whole = figure_status.of_ranking(opened, result.period, node)
    if "explained" in table:  # how much of the whole an indicator moves
        return whole
    if "indicator_code" in table:
        columns = [table[name].map(known) for name in ("indicator_code", "with_code") if name in table]
        return weakest_by_row(*columns)
    if "node_code" in table:
        codes = np.array(result.spec.codes, dtype=object)
        return table["node_code"].map(
            lambda code: weakest(known.get(name) for name in codes[result.spec.columns_below(str(code))])
        )
    return _of_units(opened, result.period, node, table["unit_code"])


def _input(opened: Snapshot, period: str | None) -> PeriodInput:
    return scoring_input(opened, known_period(opened, period))


def _indicators(opened: Snapshot, period: str) -> pd.DataFrame:
    return opened.query("indicator", year=parse_period(period).year, language="en")


def _previous(opened: Snapshot, period: str) -> str:
    rules = next(row for row in dictionaries(opened.query("ranked_period")) if row["period"] == period)
    if not rules["is_finished"]:
        raise WardStatsError(f"{period}: too few figures yet to compare it. Name an earlier period with --before.")
    if pd.isna(rules["previous_period"]):
        raise WardStatsError(f"{period} is the first ranked period, so there is nothing to compare it with.")
    return str(rules["previous_period"])


def _known_unit(period: PeriodInput, unit: str) -> str:
    if unit not in period.unit_codes:
        raise WardStatsError(f"--unit {unit!r}: not a member. The members are: {', '.join(period.unit_codes)}.")
    return unit


def _parse_change(period: PeriodInput, text: str, asked: Mapping[Any, Asked]) -> tuple[tuple[str, str], float | None]:
    """Read UNIT:INDICATOR=VALUE, the value as a field of a page is read."""
    target, _, value = text.partition("=")
    unit, _, indicator = target.partition(":")
    if "=" not in text or indicator not in period.spec.codes:
        raise WardStatsError(f"--set {text!r}: expected UNIT:INDICATOR=VALUE with a scored indicator.")
    number = read_within(value, asked[indicator], translator("en"), f"--set {text}")
    if isinstance(number, Finding):
        raise WardStatsError(str(number))
    return (_known_unit(period, unit), indicator), number
