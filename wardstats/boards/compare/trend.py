"""A comparison over time: the chosen units' scores as lines, all others thin and grey."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.compare.chosen import Chosen
from wardstats.charts.style import palette, plotly_text
from wardstats.charts.unit_lines import unit_lines
from wardstats.core.rows import dictionaries
from wardstats.view.view import View

_HEIGHT = 290


def trend(view: View, chosen: Chosen) -> tuple[go.Figure | None, str, str]:
    """Return the scores over time, their alternative text and what they are measured in; no figure of one period."""
    speak = view.speak
    history = view.frame("score_history", period=view.period, node=view.node)
    periods = history["period"].unique().tolist()
    if len(periods) < 2:
        return None, "", ""
    # A member may have left the block since, and periods may differ in what can be had: shares stay comparable.
    history = history[history["unit_code"].isin(chosen.names)]
    is_share = history["max_score"].max() - history["max_score"].min() > 1e-6
    rows = _lines(history, periods, is_share, chosen)
    if chosen.against in ("median", "best"):
        rows = pd.concat([rows, _reference(rows, view, chosen)])
    labels = [speak.period(period, is_short=True) for period in periods]
    percent = speak.percent_sign if is_share else ""
    rows["hover"] = [
        f"<b>{row['unit_name']}</b><br>{labels[row['position']]}: {speak.number(row['value'])}{percent}"
        + (f"<br><i>{speak('demonstration figures')}</i>" if row["status"] == "demonstration" else "")
        if isinstance(row["colour"], str)
        else ""  # the grey ones tell nothing
        for row in dictionaries(rows[["unit_name", "position", "value", "status", "colour"]])
    ]
    figure = unit_lines(rows, labels, view.language, view.is_dark, height=_HEIGHT)
    figure.update_yaxes(ticksuffix=percent)
    measured_in = speak("Percent of the points that can be had.") if is_share else speak("Points")
    return figure, f"{measured_in.rstrip('.')}. {_alt(view, rows, len(periods), chosen, percent)}", measured_in


def _lines(history: pd.DataFrame, periods: list[str], is_share: bool, chosen: Chosen) -> pd.DataFrame:
    """One row a unit and period, as ``unit_lines`` wants them; the chosen units in their order."""
    names = {code: plotly_text(name) for code, name in chosen.names.items()}
    order = {code: number for number, code in enumerate(chosen.codes)}
    units = history["unit_code"]
    rows = history.assign(
        line=units,
        unit_name=units.map(names),
        name=[f"{chosen.sign(code)} {names[code]}" if code in order else "" for code in units],
        name_length=units.map(chosen.names).str.len() + 2,
        value=100 * history["score"] / history["max_score"] if is_share else history["score"],
        position=history["period"].map({period: place for place, period in enumerate(periods)}),
        colour=units.map({code: chosen.colours[code] for code in order}).astype(object),
        symbol=units.map({code: symbol for code, (symbol, _) in chosen.symbols.items()}),
        is_dashed=False,
    )
    return rows.sort_values("line", key=lambda line: line.map(order), kind="stable")


def _reference(rows: pd.DataFrame, view: View, chosen: Chosen) -> pd.DataFrame:
    levels = rows.groupby("position", as_index=False)["value"].agg("median" if chosen.against == "median" else "max")
    name = plotly_text(chosen.reference)
    return levels.assign(
        line="reference", name=name, unit_name=name, colour=palette(view.is_dark).ink, symbol="circle", is_dashed=True,
        name_length=len(chosen.reference),
    )  # fmt: skip


def _alt(view: View, rows: pd.DataFrame, count: int, chosen: Chosen, percent: str) -> str:
    ends = rows[rows["line"].isin(chosen.codes)].sort_values("position").groupby("line", sort=False)["value"]
    moves = [
        f"{chosen.names[code]} {view.speak.number(ends.get_group(code).iloc[0])}{percent} → "
        f"{view.speak.number(ends.get_group(code).iloc[-1])}{percent}"
        for code in chosen.codes
        if code in ends.groups
    ]
    return view.speak("{count} {count:period|periods}:", count=count) + " " + "; ".join(moves) + "."
