"""Would another method give another order? Places under every normalisation and aggregation, and which moves most.

Owns the words; ``wardstats.scoring.robustness`` does the arithmetic from the snapshot's figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.reliability.board import MOST_SHOWN, marked, status_column
from wardstats.charts.factor_bars import factor_bars
from wardstats.charts.html.place_table import Cell, place_table, shift_style
from wardstats.charts.style import plotly_text
from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries
from wardstats.scoring import score_period
from wardstats.scoring.robustness import AGGREGATIONS, NORMALISATIONS, method_ranges, sobol_shares
from wardstats.view.addresses import unit_address
from wardstats.view.criteria_words import relative_rule_names
from wardstats.view.scoring_inputs import shared_input
from wardstats.view.view import View


@dataclass(frozen=True)
class MethodChoices:
    """Places under every method: a sentence, an HTML table in colour, and the same as a table to download."""

    finding: str
    html: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Factors:
    """Which choice moves the order: a sentence, a figure, and the table behind it."""

    finding: str
    figure: go.Figure
    alt_text: str
    table: pd.DataFrame


def normalisation_names(speak: Translator) -> dict[str, str]:
    """Return what each way from a figure to points is called."""
    return {"declared": speak("as declared")} | relative_rule_names(speak)


def aggregation_names(speak: Translator) -> dict[str, str]:
    """Return what each way of adding up is called."""
    return {
        "declared": speak("As declared"),
        "arithmetic": speak("Arithmetic mean"),
        "geometric": speak("Geometric mean"),
        "harmonic": speak("Harmonic mean"),
    }


def method_choices(view: View) -> MethodChoices:
    """Rank the view's period and theme under every method."""
    speak = view.speak
    ranking = view.ranking()
    ranking = ranking[ranking["rank"].notna()]
    names = dict(zip(ranking["unit_code"], ranking["unit_name"], strict=True))
    found = method_ranges(score_period(shared_input(view, view.period)), view.node)
    places = {
        (row["unit_code"], row["aggregation"], row["normalisation"]): int(row["rank"])
        for row in dictionaries(found.ranks)
    }
    return MethodChoices(
        finding=_finding(found.summary, places, names, speak),
        html=_html(places, names, view),
        table=_table(places, names, speak).assign(**status_column(view)),
    )


def _finding(
    summary: pd.DataFrame, places: dict[tuple[str, str, str], int], names: dict[str, str], speak: Translator
) -> str:
    leader = next(iter(names))
    methods = len(AGGREGATIONS) * len(NORMALISATIONS)
    first = sum(place == 1 for (unit, _, _), place in places.items() if unit == leader)
    text = speak(
        "{name}, now first, is first under {count} of {total} methods.", name=names[leader], count=first, total=methods
    )
    widest = max(dictionaries(summary), key=lambda row: row["rank_worst"] - row["rank_best"])
    if widest["rank_best"] == widest["rank_worst"]:
        return text + " " + speak("Every unit keeps its place under all of them.")
    moved = speak(
        "{name} moves furthest, between {best} and {worst}.",
        name=names[widest["unit_code"]], best=widest["rank_best"], worst=widest["rank_worst"],
    )  # fmt: skip
    return f"{text} {moved}"


def _html(places: dict[tuple[str, str, str], int], names: dict[str, str], view: View) -> str:
    speak = view.speak
    ways, sums = normalisation_names(speak), aggregation_names(speak)
    shown = dict(list(names.items())[:MOST_SHOWN])
    cells: dict[str, list[Cell | None]] = {}
    for unit, name in shown.items():
        published = places[unit, "declared", "declared"]
        cells[unit] = [
            Cell(
                str(place := places[unit, aggregation, way]),
                f"{name}: {sums[aggregation]}, {ways[way]}: {place}",
                shift_style(published - place, len(names)),
                is_marked=aggregation == way == "declared",
            )
            for aggregation in AGGREGATIONS
            for way in NORMALISATIONS
        ]
    columns = [(ways[way],) for _ in AGGREGATIONS for way in NORMALISATIONS]
    spans = [(sums[aggregation], len(NORMALISATIONS)) for aggregation in AGGREGATIONS]
    label, links = marked(view, speak("Place under each method")), {code: unit_address(view, code) for code in shown}
    return place_table(shown, columns, cells, label, speak("Name"), spans, links)


def _table(places: dict[tuple[str, str, str], int], names: dict[str, str], speak: Translator) -> pd.DataFrame:
    ways, sums = normalisation_names(speak), aggregation_names(speak)
    columns = {
        f"{sums[aggregation]}: {ways[way]}": [places[unit, aggregation, way] for unit in names]
        for aggregation in AGGREGATIONS
        for way in NORMALISATIONS
    }
    return pd.DataFrame({speak("Code"): list(names), speak("Name"): list(names.values())} | columns)


def moving_factors(view: View) -> Factors:
    """Say which choice moves the order most, by Sobol indices."""
    speak = view.speak
    factors = sobol_shares(score_period(shared_input(view, view.period)), view.node)
    factors = factors.rename(columns={"first_order": "alone", "total_order": "together"})
    choices = {
        "weights": speak("The weights"),
        "normalisation": speak("How figures become points"),
        "aggregation": speak("How points are added up"),
    }
    factors["factor_name"] = [choices[code] for code in factors["factor"]]
    factors["text"] = [
        f"{speak.percent(alone)} · {speak.percent(together)}"
        for alone, together in zip(factors["alone"], factors["together"], strict=True)
    ]
    finding = _factor_finding(factors, speak)
    hover = [
        f"<b>{plotly_text(row['factor_name'])}</b><br>"
        + speak("alone: {share}", share=speak.percent(row["alone"]))
        + "<br>"
        + speak("with the others: {share}", share=speak.percent(row["together"]))
        for row in dictionaries(factors)
    ]
    table = pd.DataFrame(
        {
            speak("Choice"): factors["factor_name"],
            speak("Alone, %"): (100 * factors["alone"]).round(1),
            speak("With the others, %"): (100 * factors["together"]).round(1),
        }
    ).assign(**status_column(view))
    return Factors(finding, factor_bars(factors.assign(hover=hover), view.language, view.is_dark), finding, table)


def _factor_finding(factors: pd.DataFrame, speak: Translator) -> str:
    most = factors.iloc[0]
    if most["together"] == 0:
        return speak("None of these choices changes the order.")
    return speak(
        "{choice} matters most for the order: {alone} of the movement alone, {together} together with the other "
        "choices. On average over all choices a unit moves by {places} places.",
        choice=most["factor_name"], alone=speak.percent(most["alone"]), together=speak.percent(most["together"]),
        places=speak.number(most["mean_shift"], 1),
    )  # fmt: skip
