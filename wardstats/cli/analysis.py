"""Commands for those who check and defend the scores: steps, rank ranges, why, lift, what if, statistics."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import pandas as pd
import typer

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
from wardstats.core.records import ROOT, STATUSES
from wardstats.core.rows import dictionaries
from wardstats.core.settings import settings
from wardstats.intake.faults import Finding
from wardstats.intake.numbers import Asked, indicator_asked, read_within
from wardstats.scoring import PeriodInput, Result, explain, lift, score_period, statistics, what_if
from wardstats.scoring.from_queries import scoring_input
from wardstats.snapshot.store import Snapshot

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
    print_frame(_marked(opened, result.period, ROOT, result.tables[step].reset_index()), output)


def range_(
    period: Period = None, theme: Theme = None, output: FormatOption = Format.table, data: Data = None, var: Var = None
) -> None:
    """Print how far each rank can be trusted."""
    opened = open_snapshot(settings(data, var))
    period, node = known_period(opened, period), known_node(opened, theme)
    frame = opened.query("rank_range", period=period, node=node)
    if frame.empty:
        raise WardStatsError(f"{period}: no rank ranges in this snapshot. See [robustness] in block.toml.")
    print_frame(_marked(opened, period, node, frame), output)


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
    print_frame(_marked(opened, after.period, node, found.summary if summary else found.parts), output)


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
    print_frame(_marked(opened, now.period, node, found.assign(unit_code=unit)), output)


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
    print_frame(table.assign(status="hypothetical"), output)


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
    print_frame(_marked(opened, result.period, node, _statistic(result, show, node, unit)), output)


def year_ago(opened: Snapshot, period: str) -> PeriodInput | None:
    """Return the same period of the year before, where it is ranked."""
    this = parse_period(period)
    wanted = period.replace(str(this.year), str(this.year - 1), 1)
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
            return statistics.correlations(result, method=show.value).reset_index()


def _marked(opened: Snapshot, period: str, node: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the weakest status of the figures behind each line: made-up figures are marked wherever they are printed."""
    status = opened.query("ranking", period=period, node=node, language="vi").set_index("unit_code")["status"]
    if "unit_code" in frame.columns:
        return frame.assign(status=frame["unit_code"].map(status))
    weakest = [name for name in STATUSES if name in set(status)]
    return frame.assign(status=weakest[0] if weakest else None)


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
