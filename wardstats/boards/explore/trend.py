"""One indicator over the periods of the filter."""

from __future__ import annotations

import pandas as pd

from wardstats.boards.explore.selection import (
    Filter,
    Panel,
    draw_selection,
    figure_table,
    figure_title,
    made_up_note,
)
from wardstats.charts.style import UNIT_SYMBOLS, plotly_text, unit_colours
from wardstats.charts.unit_lines import unit_lines
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.criteria_words import with_unit_name
from wardstats.view.view import View

_MOST_COLOURED = 12  # lines in colour where no unit was chosen


def draw_trend(view: View, chosen: Filter, code: str) -> Panel:
    """Return one indicator over the periods of the filter."""
    speak = view.speak
    selected = draw_selection(view, chosen)
    rows = selected.frame[selected.frame["indicator_code"] == code]
    title = figure_title(view, selected, code)
    # A carried figure is no new measurement: the line has a point where something was measured.
    rows = rows.sort_values("period", kind="stable").drop_duplicates(["unit_code", "measured_period"])
    rows = rows.dropna(subset="value")
    periods = sorted(selected.frame["period"].unique())
    table = figure_table(view, rows)
    if rows["period"].nunique() < 2:
        return Panel(speak("A trend needs at least two periods with figures."), None, "", table)
    colours = unit_colours(view.ranking()["unit_code"])
    shown = chosen.units or tuple(rows["unit_code"].unique())
    is_coloured = len(shown) <= _MOST_COLOURED
    symbols = {unit: UNIT_SYMBOLS[number % len(UNIT_SYMBOLS)][0] for number, unit in enumerate(shown)}
    signs = {unit: UNIT_SYMBOLS[number % len(UNIT_SYMBOLS)][1] for number, unit in enumerate(shown)}
    lines = rows.assign(
        line=rows["unit_code"],
        name=[
            f'<span style="color:{colours.get(unit)}">{signs.get(unit)}</span> {plotly_text(name)}'
            for unit, name in zip(rows["unit_code"], rows["unit_name"], strict=True)
        ],
        name_length=rows["unit_name"].str.len() + 2,
        position=rows["period"].map({period: place for place, period in enumerate(periods)}),
        colour=rows["unit_code"].map(colours if is_coloured else {}).astype(object),
        symbol=rows["unit_code"].map(symbols),
        is_dashed=False,
        hover=[
            f"<b>{plotly_text(row['unit_name'])}</b><br>{plotly_text(headline.figure_text(speak, row, ''))}"
            for row in dictionaries(rows)
        ]
        if is_coloured
        else "",  # grey lines tell nothing
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
    return Panel(finding, figure, finding + ".", table, made_up_note(view, rows["status"]))


def _amount(view: View, rows: pd.DataFrame, value: float) -> str:
    text = view.speak.number(value, int(rows["decimals"].iloc[0]))
    return with_unit_name(text, rows["unit"].iloc[0], view.speak)
