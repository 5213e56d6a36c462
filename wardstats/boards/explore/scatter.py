"""Two indicators against each other, and whether they go together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardstats.boards.explore.selection import (
    Filter,
    Panel,
    chosen_colours,
    draw_selection,
    figure_title,
    last_values,
    made_up_note,
)
from wardstats.charts.style import plotly_text
from wardstats.charts.unit_scatter import unit_scatter
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest_by_row
from wardstats.view import headline
from wardstats.view.view import View

_FEW = 4  # points below which a correlation says nothing


def draw_scatter(view: View, chosen: Filter, across: str, up: str) -> Panel:
    """Return two indicators against each other, in the last period."""
    speak = view.speak
    selected = draw_selection(view, chosen)
    both = last_values(view, selected, across).merge(
        last_values(view, selected, up)[["unit_code", "value", "text", "status"]], on="unit_code", suffixes=("_x", "_y")
    )
    titles = (figure_title(view, selected, across), figure_title(view, selected, up))
    status = headline.status_names(speak)
    table = pd.DataFrame(
        {
            speak("Name"): both["unit_name"],
            titles[0]: both["value_x"].round(4),
            titles[1] if titles[1] != titles[0] else f"{titles[1]} (2)": both["value_y"].round(4),
            speak("Status"): weakest_by_row(both["status_x"], both["status_y"]).map(status),
        }
    )
    if len(both) < _FEW:
        return Panel(speak("A scatter needs at least four units with both figures."), None, "", table)
    units = both.rename(columns={"value_x": "x", "value_y": "y"}).assign(
        name=both["unit_name"].map(plotly_text),
        hover=[
            f"<b>{plotly_text(row['unit_name'])}</b><br>{plotly_text(titles[0])}: {plotly_text(row['text_x'])}<br>"
            f"{plotly_text(titles[1])}: {plotly_text(row['text_y'])}"
            for row in dictionaries(both)
        ],
        colour=both["unit_code"].map(chosen_colours(view, chosen)).astype(object),
    )
    figure = unit_scatter(units, (plotly_text(titles[0]), plotly_text(titles[1])), view.language, view.is_dark)
    reading, detail = correlation_text(both["value_x"], both["value_y"], view)
    finding = speak("{one} and {other}: {finding}", one=titles[0], other=titles[1], finding=reading)
    alt = f"{finding}. {detail}"
    made_up = made_up_note(view, pd.concat([both["status_x"], both["status_y"]]))
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
