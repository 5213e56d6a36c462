"""What is compared: the chosen units, the figures of all members, and how far each indicator is apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardstats.charts.style import UNIT_SYMBOLS
from wardstats.core.rows import dictionaries
from wardstats.scoring import value_points
from wardstats.view.indicator_place import orders
from wardstats.view.scoring_inputs import shared_spec
from wardstats.view.view import View

MOST_UNITS = len(UNIT_SYMBOLS)


@dataclass(frozen=True)
class Chosen:
    """What is compared: units with their names, colours and symbols, and the reference in words."""

    codes: tuple[str, ...]
    names: dict[str, str]
    colours: dict[str, str]
    against: str
    reference: str

    @property
    def symbols(self) -> dict[str, tuple[str, str]]:
        """Plotly's name and the sign in text of each unit."""
        return dict(zip(self.codes, UNIT_SYMBOLS, strict=False))

    def sign(self, code: str) -> str:
        """Return a unit's sign in its colour as HTML."""
        return f'<span style="color:{self.colours[code]}">{self.symbols[code][1]}</span>'


def references(view: View) -> dict[str, str]:
    """Return what units can be held against, by its code: the area only where benchmarks.csv has figures of one."""
    speak = view.speak
    found = {"none": speak("one another"), "median": speak("the median"), "best": speak("the best on each")}
    areas = view.frame("benchmark_figure", period=view.period)["area_name"]
    return found | ({"area": areas.iloc[0]} if len(areas) else {})


def theme_parts(view: View, ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of the theme looked at, for each member; a theme without parts is its own."""
    parts = view.frame("theme_score", period=view.period, parent=view.node)
    if parts.empty:
        parts = ranking[["unit_code", "score", "max_score", "status"]].assign(node_code=view.node)
    return parts.assign(share=parts["score"] / parts["max_score"], theme_name=parts["node_code"].map(view.names))


def indicator_reference(view: View, figures: pd.DataFrame, against: str) -> pd.DataFrame:
    """Return what each indicator is held against, by its code: share, value, measured_period, who."""
    columns = ["indicator_code", "share", "value", "measured_period", "who"]
    if against == "median":
        found = figures.groupby("indicator_code", as_index=False)[["share", "value"]].median()
        found = found.assign(measured_period=view.period, who="")
    elif against == "best":
        # By figures: many share the most points, and only one of them may be the best.
        best = {code: order.best_units[0] for code, order in orders(view).items() if order.best_units}
        is_best = figures["unit_code"] == figures["indicator_code"].map(best)
        found = figures[is_best].rename(columns={"unit_code": "who"})
    elif against == "area":
        found = view.frame("benchmark_figure", period=view.period).drop_duplicates("indicator_code")
        spec = shared_spec(view, int(view.rules["year"]))
        points = [value_points(spec, row["indicator_code"], row["value"]) for row in dictionaries(found)]
        share = np.array(points, dtype=float) / found["max_points"]
        found = found.assign(share=share).rename(columns={"area_name": "who"})
    else:
        found = pd.DataFrame(columns=columns)
    return found[columns].set_index("indicator_code")


def indicator_gaps(figures: pd.DataFrame, reference: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """Return each indicator with its gap in points, the largest first: between units, or from one to the reference."""
    own = figures[figures["unit_code"].isin(chosen.codes)]
    shares = own.pivot_table(index="indicator_code", columns="unit_code", values="share", dropna=False)
    rows = own.drop_duplicates("indicator_code").set_index("indicator_code")
    rows = rows[["indicator_name", "node_code", "unit", "decimals", "max_points"]].join(
        reference.add_prefix("reference_")
    )
    shares = shares.reindex(rows.index)
    if len(chosen.codes) > 1:
        gap = (shares.max(axis=1) - shares.min(axis=1)).where(shares.notna().sum(axis=1) > 1)
    else:
        gap = shares.iloc[:, 0] - rows["reference_share"].astype(float)
    rows = rows.assign(gap=gap * rows["max_points"])
    rows["size"] = rows["gap"].abs().round(9)
    return rows.sort_values("size", ascending=False, na_position="last", kind="stable").reset_index()
