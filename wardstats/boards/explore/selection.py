"""What the analyst chose, the figures that pass, and what all charts of them share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.style import unit_colours
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.criteria_words import unit_names
from wardstats.view.view import View

SCORE = "score"  # stands for the score of the theme among the indicators of a chart
TABS = ("table", "trend", "distribution", "scatter", "heatmap", "sql")


@dataclass(frozen=True)
class Filter:
    """What the analyst chose; empty means all."""

    since: str
    units: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    cluster: str = ""


@dataclass(frozen=True)
class Selection:
    """The figures that pass the filter.

    Attributes:
        frame: As queries/explored_figure.sql gives them, within the theme looked at.
        indicators: Names of those present, by code, in the order of the themes.
        telling: The first of them on which units differ in the last period; the first of all where none does.
        finding: How much there is, in one sentence.
    """

    frame: pd.DataFrame
    indicators: dict[str, str]
    telling: str
    finding: str
    view: View = field(repr=False)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The figures in the reader's words."""
        return figure_table(self.view, self.frame)


@dataclass(frozen=True)
class Panel:
    """One chart with its finding, its alternative text and the table behind it; no figure where there is too little."""

    finding: str
    figure: go.Figure | None
    alt: str
    table: pd.DataFrame
    detail: str = ""


def draw_selection(view: View, chosen: Filter) -> Selection:
    """Return the figures that pass a filter."""
    frame = view.frame(
        "explored_figure",
        since=chosen.since, period=view.period, unit=chosen.units, indicator=chosen.indicators,
        cluster=chosen.cluster, language=view.language,
    )  # fmt: skip
    frame = frame[frame["node_code"].isin(view.below(view.node))].reset_index(drop=True)
    known = frame.drop_duplicates("indicator_code")
    finding = view.speak(
        "{figures} {figures:figure|figures}: {units} {units:unit|units}, "
        "{indicators} {indicators:indicator|indicators}, {periods} {periods:period|periods}",
        figures=view.speak.number(int(is_there(frame).sum()), 0),
        units=view.speak.number(frame["unit_code"].nunique(), 0),
        indicators=len(known), periods=frame["period"].nunique(),
    )  # fmt: skip
    return Selection(
        frame=frame,
        indicators=dict(zip(known["indicator_code"], known["indicator_name"], strict=True)),
        telling=_telling(view, frame),
        finding=finding,
        view=view,
    )


def is_there(frame: pd.DataFrame) -> pd.Series:
    """Tell which rows hold a figure: a value, or counts that give none (0 out of 0)."""
    return frame["value"].notna() | frame["numerator"].notna()


def _telling(view: View, frame: pd.DataFrame) -> str:
    codes = frame["indicator_code"].unique().tolist()
    values = frame[frame["period"] == view.period].groupby("indicator_code")["value"]
    differing = values.max() > values.min()
    return next((code for code in codes if differing.get(code, False)), codes[0] if codes else "")


def figure_table(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return figures in the reader's words."""
    speak = view.speak
    period_names = {period: speak.period(period, is_short=True) for period in frame["period"].unique()}
    measured = {text: speak.period(text, is_short=True) for text in frame["measured_period"].dropna().unique()}
    return pd.DataFrame(
        {
            speak("Period"): frame["period"].map(period_names),
            speak("Name"): frame["unit_name"],
            speak("Indicator"): frame["indicator_name"],
            speak("Value"): frame["value"].round(4),
            speak("Unit of measure"): frame["unit"].map(unit_names(speak)).fillna(frame["unit"]),
            speak("Status"): frame["status"].map(headline.status_names(speak)),
            speak("Points"): frame["points"].round(2),
            speak("Out of"): frame["max_points"].round(2),
            speak("Measured"): frame["measured_period"].map(measured),
            speak("Theme"): frame["node_code"].map(view.names),
        }
    )


def made_up_note(view: View, status: pd.Series) -> str:
    """Return the mark below a chart that shows made-up figures; empty where none is."""
    return view.speak("Drawn from demonstration figures.") if (status == "demonstration").any() else ""


def figure_title(view: View, selected: Selection, code: str) -> str:
    """Return what a chart of an indicator, or of the score, is called."""
    return view.speak("Score: {theme}", theme=view.names[view.node]) if code == SCORE else selected.indicators[code]


def amount(view: View, code: str, value: float) -> str:
    """Write a figure of an indicator, or a score."""
    return view.speak("{score} points", score=view.speak.number(value)) if code == SCORE else view.figure(code, value)


def chosen_colours(view: View, chosen: Filter) -> dict[str, str]:
    """Return the colours of the units that were chosen by name."""
    ranking = view.ranking()
    colours = unit_colours(ranking["unit_code"])
    return {code: colours[code] for code in chosen.units if code in colours}


def last_values(view: View, selected: Selection, code: str) -> pd.DataFrame:
    """Return one row a unit of the last period: unit_code, unit_name, value, text, status."""
    speak = view.speak
    if code == SCORE:
        ranking = view.ranking()
        rows = ranking[ranking["unit_code"].isin(selected.frame["unit_code"].unique())]
        text = [speak("{score} points", score=speak.number(score)) for score in rows["score"]]
        rows = rows.assign(value=rows["score"], text=text)
    else:
        frame = selected.frame
        rows = frame[(frame["period"] == view.period) & (frame["indicator_code"] == code)]
        rows = rows.assign(text=[headline.figure_text(speak, row, view.period) for row in dictionaries(rows)])
    return rows[["unit_code", "unit_name", "value", "text", "status"]].dropna(subset="value")
