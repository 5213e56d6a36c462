"""Explore: the figures an analyst filtered, as a table, a trend, a distribution, a scatter, a heatmap and a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape as escape_all
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wardstats import findings
from wardstats.charts.distribution import distribution
from wardstats.charts.heat_table import heat_table, units_in_rows
from wardstats.charts.style import UNIT_SYMBOLS, unit_colours
from wardstats.charts.unit_lines import unit_lines
from wardstats.charts.unit_scatter import unit_scatter
from wardstats.criteria import unit_name, unit_names
from wardstats.exports import Export
from wardstats.frames import records
from wardstats.view import View

T = TypeVar("T")
escape = partial(escape_all, quote=False)  # plotly shows a quote's entity as it stands
SCORE = "score"  # stands for the score of the theme among the indicators of a chart
TABS = ("table", "trend", "distribution", "scatter", "heatmap", "sql")
_MOST_COLOURED = 12  # lines in colour where no unit was chosen
_MOST_CELLS = 6000
_FEW = 4  # points below which a correlation says nothing


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
        table: The same in the reader's words.
        indicators: Names of those present, by code, in the order of the themes.
        telling: The first of them on which units differ in the last period; the first of all where none does.
        finding: How much there is, in one sentence.
    """

    frame: pd.DataFrame
    table: pd.DataFrame
    indicators: dict[str, str]
    telling: str
    finding: str


@dataclass(frozen=True)
class Panel:
    """One chart with its finding, its alternative text and the table behind it; no figure where there is too little."""

    finding: str
    figure: go.Figure | None
    alt: str
    table: pd.DataFrame
    detail: str = ""


def _made_up(view: View, status: pd.Series) -> str:
    """The mark below a chart that shows made-up figures; empty where none is."""
    return view.speak("Drawn from demonstration figures.") if (status == "demonstration").any() else ""


def named(name: str, draw: Callable[[View], T], *arguments: object) -> Callable[[View], T]:
    """Return what draws, under the name that ``session.cached`` tells it from others by."""

    def drawn(view: View) -> T:
        return draw(view)

    drawn.__qualname__ = f"{name} {arguments!r}"
    return drawn


def selection(chosen: Filter) -> Callable[[View], Selection]:
    """Return what finds the figures that pass a filter."""
    return named("selection", lambda view: _selection(view, chosen), chosen)


def _selection(view: View, chosen: Filter) -> Selection:
    frame = view.frame(
        "explored_figure",
        since=chosen.since, period=view.period, unit=chosen.units, indicator=chosen.indicators,
        cluster=chosen.cluster, language=view.language,
    )  # fmt: skip
    frame = frame[frame["node_code"].isin(view.below(view.node))].reset_index(drop=True)
    known = frame.drop_duplicates("indicator_code")
    finding = view.speak(
        "{figures} figures: {units} units, {indicators} indicators, {periods} periods",
        figures=view.speak.number(len(frame), 0), units=view.speak.number(frame["unit_code"].nunique(), 0),
        indicators=len(known), periods=frame["period"].nunique(),
    )  # fmt: skip
    return Selection(
        frame=frame,
        table=_table(view, frame),
        indicators=dict(zip(known["indicator_code"], known["indicator_name"], strict=True)),
        telling=_telling(view, frame),
        finding=finding,
    )


def _telling(view: View, frame: pd.DataFrame) -> str:
    codes = frame["indicator_code"].unique().tolist()
    values = frame[frame["period"] == view.period].groupby("indicator_code")["value"]
    differing = values.max() > values.min()
    return next((code for code in codes if differing.get(code, False)), codes[0] if codes else "")


def _table(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    period_names = {period: speak.period(period, is_short=True) for period in frame["period"].unique()}
    measured = {text: speak.period(text, is_short=True) for text in frame["measured_period"].dropna().unique()}
    return pd.DataFrame(
        {
            speak("Period"): frame["period"].map(period_names),
            speak("Name"): frame["unit_name"],
            speak("Theme"): frame["node_code"].map(view.names),
            speak("Indicator"): frame["indicator_name"],
            speak("Value"): frame["value"].round(4),
            speak("Unit of measure"): frame["unit"].map(unit_names(speak)).fillna(frame["unit"]),
            speak("Points"): frame["points"].round(2),
            speak("Out of"): frame["max_points"].round(2),
            speak("Measured"): frame["measured_period"].map(measured),
            speak("Status"): frame["status"].map(findings.status_names(speak)),
        }
    )


def file_of(view: View, selected: Selection, link: str) -> Export:
    """Return the figures as they leave: with units, status, source, and a notice beside whatever is made up."""
    speak = view.speak
    frame = selected.frame
    sources = view.frame("source", language=view.language)
    sources = sources[sources["source_id"].isin(frame["source_id"].dropna().unique())]
    titles = dict(zip(sources["source_id"], sources["title"], strict=True))
    is_made_up = frame["status"] == "demonstration"
    notice = speak("Demonstration figure: made up, says nothing about any real unit")
    out = frame.assign(
        theme_name=frame["node_code"].map(view.names),
        source_title=frame["source_id"].map(titles),
        notice=np.where(is_made_up, notice, ""),
    ).drop(columns=["decimals"])
    return Export(
        name=f"wardstats_{view.block['folder']}_{view.period}",
        frame=out.rename(columns={"node_code": "theme_code", "unit": "unit_of_measure"}),
        headings=headings(view),
        notes=_notes(view, len(frame), int(is_made_up.sum()), link),
        sources=sources[["source_id", "title", "producer", "url", "published", "accessed", "licence", "note"]].astype(
            {"published": "str", "accessed": "str"}
        ),
        sheet_names=(speak("Notes"), speak("Figures"), speak("Sources")),
    )


def headings(view: View) -> dict[str, str]:
    """Return what the columns of a file are called in a workbook."""
    speak = view.speak
    return {
        "period": speak("Period"), "unit_code": speak("Code"), "unit_name": speak("Name"), "cluster": speak("Group"),
        "theme_code": speak("Theme code"), "theme_name": speak("Theme"), "indicator_code": speak("Indicator code"),
        "indicator_name": speak("Indicator"), "value": speak("Value"), "unit_of_measure": speak("Unit of measure"),
        "numerator": speak("Numerator"), "denominator": speak("Denominator"), "points": speak("Points"),
        "max_points": speak("Out of"), "measured_period": speak("Measured"), "status": speak("Status"),
        "source_id": speak("Source code"), "source_title": speak("Source"), "notice": speak("Notice"),
        "title": speak("Title"), "producer": speak("Producer"), "url": speak("Link"),
        "published": speak("Published"), "accessed": speak("Accessed"), "licence": speak("Licence"),
        "note": speak("Note"),
    }  # fmt: skip


def _notes(view: View, count: int, made_up: int, link: str) -> list[tuple[str, str]]:
    speak = view.speak
    notes = []
    if made_up:
        text = speak(
            "{made_up} of {count} figures in this file are made up to show how the board works. They say nothing about "
            "any real unit; see the column for notices.",
            made_up=speak.number(made_up, 0), count=speak.number(count, 0),
        )  # fmt: skip
        notes.append((speak("Demonstration figures."), text))
    notes += [
        (speak("Block"), view.block["block_name"]),
        (speak("Period"), speak.period(view.period)),
        (speak("Built"), speak.moment(view.block["built_at"])),
        (speak("Snapshot"), view.snapshot_id),
        (speak("Figures"), speak.number(count, 0)),
    ]
    if view.rules["is_sample"]:
        notes.append((speak("Criteria"), speak("sample criteria")))
    notes.append((speak("Status"), ", ".join(f"{code}: {name}" for code, name in findings.status_names(speak).items())))
    return [*notes, (speak("This view"), link)] if link else notes


def _title(view: View, selected: Selection, code: str) -> str:
    return view.speak("Score: {theme}", theme=view.names[view.node]) if code == SCORE else selected.indicators[code]


def _coloured(view: View, chosen: Filter) -> dict[str, str]:
    """The colours of the units that were chosen by name."""
    ranking = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    colours = unit_colours(ranking["unit_code"])
    return {code: colours[code] for code in chosen.units if code in colours}


def _values(view: View, selected: Selection, code: str) -> pd.DataFrame:
    """One row a unit of the last period: unit_code, unit_name, value, text, status."""
    speak = view.speak
    if code == SCORE:
        ranking = view.frame("ranking", period=view.period, node=view.node, language=view.language)
        rows = ranking[ranking["unit_code"].isin(selected.frame["unit_code"].unique())]
        text = [speak("{score} points", score=speak.number(score)) for score in rows["score"]]
        rows = rows.assign(value=rows["score"], text=text)
    else:
        frame = selected.frame
        rows = frame[(frame["period"] == view.period) & (frame["indicator_code"] == code)]
        rows = rows.assign(text=[findings.figure_text(speak, row, view.period) for row in records(rows)])
    return rows[["unit_code", "unit_name", "value", "text", "status"]].dropna(subset="value")


def trend(chosen: Filter, code: str) -> Callable[[View], Panel]:
    """Return what draws one indicator over the periods of the filter."""
    return named("trend", lambda view: _trend(view, chosen, code), chosen, code)


def _trend(view: View, chosen: Filter, code: str) -> Panel:
    speak = view.speak
    selected = _selection(view, chosen)
    rows = selected.frame[selected.frame["indicator_code"] == code]
    title = _title(view, selected, code)
    # A carried figure is no new measurement: the line has a point where something was measured.
    rows = rows.sort_values("period", kind="stable").drop_duplicates(["unit_code", "measured_period"])
    rows = rows.dropna(subset="value")
    periods = sorted(selected.frame["period"].unique())
    table = _table(view, rows)
    if rows["period"].nunique() < 2:
        return Panel(speak("A trend needs at least two periods with figures."), None, "", table)
    colours = unit_colours(
        view.frame("ranking", period=view.period, node=view.node, language=view.language)["unit_code"]
    )
    shown = chosen.units or tuple(rows["unit_code"].unique())
    is_coloured = len(shown) <= _MOST_COLOURED
    symbols = {unit: UNIT_SYMBOLS[number % len(UNIT_SYMBOLS)][0] for number, unit in enumerate(shown)}
    signs = {unit: UNIT_SYMBOLS[number % len(UNIT_SYMBOLS)][1] for number, unit in enumerate(shown)}
    lines = rows.assign(
        line=rows["unit_code"],
        name=[
            f'<span style="color:{colours.get(unit)}">{signs.get(unit)}</span> {escape(name)}'
            for unit, name in zip(rows["unit_code"], rows["unit_name"], strict=True)
        ],
        name_length=rows["unit_name"].str.len() + 2,
        position=rows["period"].map({period: place for place, period in enumerate(periods)}),
        colour=rows["unit_code"].map(colours if is_coloured else {}).astype(object),
        symbol=rows["unit_code"].map(symbols),
        is_dashed=False,
        hover=[
            f"<b>{escape(row['unit_name'])}</b><br>{escape(findings.figure_text(speak, row, ''))}"
            for row in records(rows)
        ],
    )
    labels = [speak.period(period, is_short=True) for period in periods]
    figure = unit_lines(lines, labels, view.language, view.is_dark, height=440)
    medians = rows.groupby("period")["value"].median()
    finding = speak(
        "{indicator}: median {first} in {since}, {last} in {until}", indicator=title,
        first=_amount(view, rows, medians.iloc[0]), last=_amount(view, rows, medians.iloc[-1]),
        since=speak.period(str(medians.index[0]), is_short=True),
        until=speak.period(str(medians.index[-1]), is_short=True),
    )  # fmt: skip
    return Panel(finding, figure, finding + ".", table, _made_up(view, rows["status"]))


def _amount(view: View, rows: pd.DataFrame, value: float) -> str:
    unit = rows["unit"].iloc[0]
    text = view.speak.number(value, int(rows["decimals"].iloc[0]))
    return f"{text}\u00a0%" if unit == "%" else f"{text}\u00a0{unit_name(unit, view.speak)}"


def spread(chosen: Filter, code: str) -> Callable[[View], Panel]:
    """Return what draws the distribution of one indicator, or of the score, in the last period."""
    return named("spread", lambda view: _spread(view, chosen, code), chosen, code)


def _spread(view: View, chosen: Filter, code: str) -> Panel:
    speak = view.speak
    selected = _selection(view, chosen)
    rows = _values(view, selected, code)
    table = _plain_table(view, rows)
    if len(rows) < 2:
        return Panel(speak("A distribution needs at least two units with figures."), None, "", table)
    coloured = _coloured(view, chosen)
    hover = [
        f"<b>{escape(name)}</b><br>{escape(text)}" for name, text in zip(rows["unit_name"], rows["text"], strict=True)
    ]
    units = rows.assign(hover=hover, colour=rows["unit_code"].map(coloured).astype(object))
    middle = float(rows["value"].median())
    text = speak("median {value}", value=speak.number(middle))
    figure = distribution(units, (middle, text), "#3d8f6d", view.language, view.is_dark)
    ordered = rows.sort_values("value")
    finding = speak(
        "{indicator}: from {low} ({lowest}) to {high} ({highest})", indicator=_title(view, selected, code),
        low=speak.number(ordered["value"].iloc[0]), lowest=ordered["unit_name"].iloc[0],
        high=speak.number(ordered["value"].iloc[-1]), highest=ordered["unit_name"].iloc[-1],
    )  # fmt: skip
    return Panel(finding, figure, f"{finding}; {text}.", table, _made_up(view, rows["status"]))


def _plain_table(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    ordered = rows.sort_values("value", ascending=False)
    return pd.DataFrame(
        {
            speak("Name"): ordered["unit_name"],
            speak("Value"): ordered["value"].round(4),
            speak("Status"): ordered["status"].map(findings.status_names(speak)),
        }
    )


def scatter(chosen: Filter, across: str, up: str) -> Callable[[View], Panel]:
    """Return what draws two indicators against each other, in the last period."""
    return named("scatter", lambda view: _scatter(view, chosen, across, up), chosen, across, up)


def _scatter(view: View, chosen: Filter, across: str, up: str) -> Panel:
    speak = view.speak
    selected = _selection(view, chosen)
    both = _values(view, selected, across).merge(
        _values(view, selected, up)[["unit_code", "value", "text", "status"]], on="unit_code", suffixes=("_x", "_y")
    )
    titles = (_title(view, selected, across), _title(view, selected, up))
    status = findings.status_names(speak)
    table = pd.DataFrame(
        {
            speak("Name"): both["unit_name"],
            titles[0]: both["value_x"].round(4),
            titles[1] if titles[1] != titles[0] else f"{titles[1]} (2)": both["value_y"].round(4),
            speak("Status"): both["status_x"].map(status),
        }
    )
    if len(both) < _FEW:
        return Panel(speak("A scatter needs at least four units with both figures."), None, "", table)
    units = both.rename(columns={"value_x": "x", "value_y": "y"}).assign(
        name=both["unit_name"].map(escape),
        hover=[
            f"<b>{escape(row['unit_name'])}</b><br>{escape(titles[0])}: {escape(row['text_x'])}<br>"
            f"{escape(titles[1])}: {escape(row['text_y'])}"
            for row in records(both)
        ],
        colour=both["unit_code"].map(_coloured(view, chosen)).astype(object),
    )
    figure = unit_scatter(units, (escape(titles[0]), escape(titles[1])), view.language, view.is_dark)
    finding, detail = correlation_text(both["value_x"], both["value_y"], view)
    alt = f"{titles[0]}; {titles[1]}. {finding}. {detail}"
    made_up = _made_up(view, pd.concat([both["status_x"], both["status_y"]]))
    return Panel(finding, figure, alt, table, f"{detail} {made_up}".strip())


def correlation(across: pd.Series, up: pd.Series) -> tuple[float, float, float, float] | None:
    """Return Pearson's r with its 95 percent interval (Fisher's z), and Spearman's rho; None where one is constant."""
    if across.nunique() < 2 or up.nunique() < 2:
        return None
    pearson = float(np.corrcoef(across, up)[0, 1])
    spearman = float(np.corrcoef(across.rank(), up.rank())[0, 1])
    centre = np.arctanh(np.clip(pearson, -0.999999, 0.999999))
    half = 1.959964 / np.sqrt(max(len(across) - 3, 1))
    return pearson, float(np.tanh(centre - half)), float(np.tanh(centre + half)), spearman


def correlation_text(across: pd.Series, up: pd.Series, view: View) -> tuple[str, str]:
    """Say how strongly two figures go together and whether so few units can tell, then the numbers."""
    speak = view.speak
    found = correlation(across, up)
    if found is None:
        return speak("All units have the same figure: nothing to correlate"), ""
    pearson, low, high, spearman = found
    if low <= 0 <= high:
        reading = speak("No clear connection: with {count} units this may be chance", count=len(across))
    elif pearson > 0:
        reading = speak("The two rise together (correlation {pearson})", pearson=speak.number(pearson, 2))
    else:
        reading = speak("One falls as the other rises (correlation {pearson})", pearson=speak.number(pearson, 2))
    numbers = speak(
        "Correlation {pearson} (95% interval {low} to {high}); by ranks {spearman}; {count} units. "
        "A correlation does not say that one causes the other.",
        pearson=speak.number(pearson, 2), low=speak.number(low, 2), high=speak.number(high, 2),
        spearman=speak.number(spearman, 2), count=len(across),
    )  # fmt: skip
    return reading, numbers


def heat(chosen: Filter) -> Callable[[View], tuple[str, str]]:
    """Return what draws every unit on every indicator of the last period: (finding, HTML); no HTML where empty."""
    return named("heat", lambda view: _heat(view, chosen), chosen)


def _heat(view: View, chosen: Filter) -> tuple[str, str]:
    speak = view.speak
    frame = _selection(view, chosen).frame
    rows = frame[(frame["period"] == view.period) & frame["max_points"].notna()]
    if rows["points"].notna().sum() == 0:
        return speak("No scored figures in this selection."), ""
    rows = rows.assign(share=rows["points"] / rows["max_points"])
    order = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    present = set(rows["unit_code"])
    units = {u: n for u, n in zip(order["unit_code"], order["unit_name"], strict=True) if u in present}
    known = rows.drop_duplicates("indicator_code")
    indicators = dict(zip(known["indicator_code"], known["indicator_name"], strict=True))
    most = max(1, _MOST_CELLS // len(indicators))
    note = speak("first {count} by rank", count=most) if len(units) > most else ""
    units = dict(list(units.items())[:most])
    cells = rows[rows["unit_code"].isin(units)]
    in_rows = units_in_rows(len(units))
    first, second = ("unit_code", "indicator_code") if in_rows else ("indicator_code", "unit_code")
    cells = cells.assign(
        row=cells[first],
        column=cells[second],
        text=[speak.number(100 * share, 0) for share in cells["share"]],
        hover=[_heat_hover(view, row) for row in records(cells)],
        is_demonstration=cells["status"] == "demonstration",
    )
    weakest = rows.groupby("indicator_name")["share"].mean().idxmin()
    finding = speak("Fewest points are earned on: {indicator}", indicator=weakest)
    label = speak("Share of the points earned, percent, by unit and indicator")
    table = heat_table(
        cells, units if in_rows else indicators, indicators if in_rows else units, label,
        speak("Unit") if in_rows else speak("Indicator"),
    )  # fmt: skip
    return f"{finding} ({note})" if note else finding, table


def _heat_hover(view: View, row: Mapping[Any, Any]) -> str:
    return f"{row['unit_name']} – {row['indicator_name']}: {findings.figure_text(view.speak, row, view.period)}"
