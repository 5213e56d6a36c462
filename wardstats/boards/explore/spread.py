"""The distribution of one indicator, or of the score, in the last period."""

from __future__ import annotations

import pandas as pd

from wardstats.boards.explore.selection import (
    Filter,
    Panel,
    amount,
    chosen_colours,
    draw_selection,
    figure_title,
    last_values,
    made_up_note,
)
from wardstats.charts.distribution import distribution
from wardstats.charts.style import plotly_text
from wardstats.core.palette import BOTH
from wardstats.view import headline
from wardstats.view.view import View


def draw_spread(view: View, chosen: Filter, code: str) -> Panel:
    """Return the distribution of one indicator, or of the score, in the last period."""
    speak = view.speak
    selected = draw_selection(view, chosen)
    rows = last_values(view, selected, code)
    table = _figure_table(view, rows)
    if len(rows) < 2:
        return Panel(speak("A distribution needs at least two units with figures."), None, "", table)
    coloured = chosen_colours(view, chosen)
    hover = [
        f"<b>{plotly_text(name)}</b><br>{plotly_text(text)}"
        for name, text in zip(rows["unit_name"], rows["text"], strict=True)
    ]
    units = rows.assign(hover=hover, colour=rows["unit_code"].map(coloured).astype(object))
    middle = float(rows["value"].median())
    text = speak("median {value}", value=amount(view, code, middle))
    figure = distribution(units, (middle, text), BOTH["themes"][1], view.language, view.is_dark)
    ordered = rows.sort_values("value")
    finding = speak(
        "{indicator}: from {low} ({lowest}) to {high} ({highest})", indicator=figure_title(view, selected, code),
        low=amount(view, code, ordered["value"].iloc[0]), lowest=ordered["unit_name"].iloc[0],
        high=amount(view, code, ordered["value"].iloc[-1]), highest=ordered["unit_name"].iloc[-1],
    )  # fmt: skip
    return Panel(finding, figure, f"{finding}; {text}.", table, made_up_note(view, rows["status"]))


def _figure_table(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    ordered = rows.sort_values("value", ascending=False)
    return pd.DataFrame(
        {
            speak("Name"): ordered["unit_name"],
            speak("Value"): ordered["value"].round(4),
            speak("Status"): ordered["status"].map(headline.status_names(speak)),
        }
    )
