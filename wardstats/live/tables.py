"""The tables that the API offers, and what a request may ask of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest_by_row
from wardstats.view.absence import absence
from wardstats.view.adjustments import decisions, reasons
from wardstats.view.closing import gap_columns
from wardstats.view.ranking_choice import Span, official, periods_in, span_of
from wardstats.view.view import View

PREFIX = "/api/v1"
FORMATS = ("json", "csv")


@dataclass(frozen=True)
class Wanted:
    """What a request asks for, checked.

    Attributes:
        view: Snapshot, language, period and theme.
        span: quarter or year for the mean over the one that holds the period; empty for the period itself.
        published: The publication it comes from.
        units: Unit codes to keep; empty for all.
        indicators: Indicator codes to keep; empty for all.
    """

    view: View
    published: Published
    units: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    span: str = ""

    @property
    def periods(self) -> tuple[str, ...]:
        """The ranked periods whose figures the answer rests on."""
        return tuple(periods_in(self.view, self.spanned))

    @property
    def spanned(self) -> Span | None:
        """The quarter or year asked for."""
        return span_of(self.view, self.span) if self.span else None


@dataclass(frozen=True)
class Table:
    """One address that answers with a table.

    Attributes:
        purpose: What it answers.
        params: Parameters beside lang, format and snapshot.
        rows: Makes its rows; the column has_demonstration comes last.
        cells: How many figures making it has to look at.
    """

    purpose: str
    params: tuple[str, ...]
    rows: Callable[[Wanted], pd.DataFrame]
    cells: Callable[[Wanted], int] = lambda _: 0


def _ranking(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frame = official(view, wanted.span).ranking
    units = frame["unit_code"] if not wanted.span else frame["unit_code"].iloc[:0]  # a mean of periods has no gaps
    frame = frame.assign(absence=_absences(frame, view), **gap_columns(view, units))
    decided = decisions(view, periods_in(view, wanted.spanned))
    why = {unit: reasons(rows, view.speak) for unit, rows in decided.items()}
    frame = frame.assign(adjustment_reason=[why.get(unit, "") for unit in frame["unit_code"]])
    both = weakest_by_row(frame["status"], frame["previous_status"])
    return _as_integers(frame).assign(has_demonstration=both == "demonstration")


def _absences(frame: pd.DataFrame, view: View) -> list[str]:
    """Why each row has no rank, in the reader's language; empty where it has one."""
    return [absence(row, view.speak) for row in dictionaries(frame)]


def _scores(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frames = []
    for code, name in view.names.items():
        frame = view.ranking(code)
        frame = frame.assign(theme_code=code, theme_name=name, absence=_absences(frame, view))
        frame = frame.assign(has_demonstration=frame["status"] == "demonstration")
        frames.append(frame[frame["unit_code"].isin(wanted.units)] if wanted.units else frame)
    columns = ["unit_code", "unit_name", "theme_code", "theme_name", "score", "max_score", "rank", "coverage", "status"]
    columns.append("is_finished")
    return _as_integers(pd.concat(frames, ignore_index=True)[[*columns, "absence", "has_demonstration"]])


def _values(wanted: Wanted) -> pd.DataFrame:
    frame = wanted.view.frame(
        "figure_points", period=wanted.view.period, unit=wanted.units, indicator=wanted.indicators
    )
    return _as_integers(frame).assign(has_demonstration=frame["status"] == "demonstration")


def _indicators(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frame = view.frame("indicator", year=int(view.rules["year"]), language=view.language)
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    made_up = set(figures.loc[figures["status"] == "demonstration", "indicator_code"])
    frame = frame.rename(columns={"node_code": "theme_code"})
    return frame.assign(has_demonstration=frame["indicator_code"].isin(made_up))


def _wards(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frame = view.frame("unit", language=view.language)
    ranking = view.ranking(ROOT)
    made_up = set(ranking.loc[ranking["demonstration_count"] > 0, "unit_code"])
    return _as_integers(frame).assign(has_demonstration=frame["unit_code"].isin(made_up))


def _all_cells(wanted: Wanted) -> int:
    return _cells_asked_for(replace(wanted, units=(), indicators=()))


def _cells_asked_for(wanted: Wanted) -> int:
    view = wanted.view
    units = len(wanted.units) or len(view.frame("unit", language="vi"))
    indicators = view.frame("indicator", year=int(view.rules["year"]), language="vi")
    return units * (len(wanted.indicators) or len(indicators))


TABLES: Mapping[str, Table] = {
    "ranking": Table(
        "The ranking of one period, or of the quarter or year that holds it: total, or one theme.",
        ("period", "theme", "span"),
        _ranking,
    ),
    "scores": Table(
        "Score and rank of every member in every theme, in one period.", ("period", "unit"), _scores, _all_cells
    ),
    "values": Table(
        "Every figure of a period with its points.", ("period", "unit", "indicator"), _values, _cells_asked_for
    ),
    "indicators": Table(
        "The indicators with their criteria of one period's year.", ("period",), _indicators, _all_cells
    ),
    "wards": Table("All units with place and size; is_member tells those that are ranked.", (), _wards),
}
COMMON = ("lang", "format", "bom", "snapshot")


def _as_integers(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep whole numbers whole where some are missing."""
    names = [
        name
        for name in ("rank", "previous_rank", "age_months", "population", "rank_best", "rank_worst")
        if name in frame
    ]
    return frame.astype(dict.fromkeys(names, "Int64"))
