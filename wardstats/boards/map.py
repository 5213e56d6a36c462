"""The map board: from a view to the overview and the zoomed panels, coloured by total, theme or indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.map.geography import Geography
from wardstats.charts.map.linked_map import linked_map
from wardstats.charts.map.map_colours import LegendStep, legend_steps
from wardstats.charts.map.ward_map import cluster_map, overview_map
from wardstats.charts.style import plotly_text
from wardstats.core.languages import Translator
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.view.absence import absence
from wardstats.view.addresses import unit_address
from wardstats.view.adjustments import decisions, told
from wardstats.view.headline import figure_text, status_names
from wardstats.view.indicator_place import improvement_sign, order_of
from wardstats.view.ranking_choice import OFFICIAL, RankingChoice, official, periods_in
from wardstats.view.reader_weights import weighted
from wardstats.view.view import View


@dataclass(frozen=True)
class BlockMap:
    """Everything the map page shows.

    Attributes:
        clusters: One figure for each panel, by cluster code, in the order of block.toml.
        cluster_alts: What each of these panels says.
        note: What the shapes are and where they come from; may be empty.
        legend: Colours of the scale, lowest first.
    """

    headline: str
    overview: go.Figure
    clusters: dict[str, go.Figure]
    cluster_alts: dict[str, str]
    note: str
    legend: list[LegendStep]
    alt_text: str
    table: pd.DataFrame


def map_note(geography: Geography, speak: Translator) -> str:
    """Return what circles on the map do and do not show, or where the boundaries come from."""
    if geography.is_schematic:
        return speak(
            "Schematic: circles of the true area; in the zoomed panels they stand closer together than the units do."
        )
    return speak("Boundaries: {source}", source=geography.credit) if geography.credit else ""


@dataclass(frozen=True)
class Sizes:
    """Heights of the panels in pixels, and the narrowest width and the size of type their labels are placed for.

    An overview of height 0 is not drawn, nor are panels whose first has height 0.
    """

    overview: int = 340
    first: int = 340
    other: int = 340
    width: int = 330
    font: int = 14


def draw_block_map(
    view: View,
    geography: Geography,
    indicator_code: str | None = None,
    sizes: Sizes = Sizes(),
    choice: RankingChoice = OFFICIAL,
) -> BlockMap:
    """Return the map of a view, coloured by the ranking that is chosen or by one indicator."""
    measured = _indicator(view, indicator_code) if indicator_code else _scores(view, choice)
    colour_range = _colour_range(measured)
    names = _panel_names(view, geography)
    steps = legend_steps(colour_range, dark=view.is_dark) if measured["value"].notna().any() else []
    shared: dict[str, Any] = {"dark": view.is_dark, "font_px": sizes.font, "width_px": sizes.width}
    return BlockMap(
        headline=_headline(view, measured, indicator_code),
        overview=overview_map(
            geography, measured, colour_range, cluster_names=names, height=sizes.overview, **shared
        ) if sizes.overview else Figure({}),
        clusters={
            code: cluster_map(
                geography, code, measured, colour_range, title=title,
                height=sizes.other if number else sizes.first, **shared,
            )
            for number, (code, title) in enumerate(names.items())
        } if sizes.first else {},
        cluster_alts=_cluster_alts(view, measured, names),
        note=map_note(geography, view.speak),
        legend=steps,
        alt_text=_alt_text(view, measured, indicator_code),
        table=_table(view, measured),
    )  # fmt: skip


@dataclass(frozen=True)
class SmallMap:
    """The map beside a ranking: its panels as HTML, and what the shapes are."""

    panels: str
    note: str
    alt_text: str


def draw_small_map(view: View, geography: Geography, choice: RankingChoice = OFFICIAL) -> SmallMap:
    """Return the panels of the ranking that is chosen; each member leads to its page."""
    measured, names = _scores(view, choice), _panel_names(view, geography)
    alts = _cluster_alts(view, measured, names)
    addresses = {code: unit_address(view, code) for panel in geography.clusters.values() for code in panel.shapes}
    panels = linked_map(geography, measured, _colour_range(measured), names, alts, addresses, dark=view.is_dark)
    return SmallMap(panels, map_note(geography, view.speak), _alt_text(view, measured, None))


def _colour_range(measured: pd.DataFrame) -> tuple[float, float]:
    known = measured["value"].dropna()
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    return float(low), float(high if high > low else low + 1)


def _panel_names(view: View, geography: Geography) -> dict[str, str]:
    """Return the name of each panel by its code, in the order of block.toml; one without a name has its code."""
    names = {code: name for code, name in view.cluster_names.items() if code in geography.clusters}
    return names | {code: code for code in geography.clusters if code not in names}


def _scores(view: View, choice: RankingChoice) -> pd.DataFrame:
    speak = view.speak
    found = official(view, choice.span) if choice.is_official else weighted(view, choice)
    ranking, decided = found.ranking, decisions(view, periods_in(view, found.span))
    label = ["–" if pd.isna(rank) else str(int(rank)) for rank in ranking["rank"]]
    hover = [
        f"<b>{plotly_text(row['unit_name'])}</b><br>"
        + (absence(row, speak) or speak("rank {rank}, {score} points", rank=number, score=speak.number(row["score"])))
        + (f"<br>{plotly_text(told(row, decided[row['unit_code']], speak))}" if row["unit_code"] in decided else "")
        + (f"<br><i>{speak('demonstration figures')}</i>" if row["status"] == "demonstration" else "")
        for number, row in zip(label, dictionaries(ranking), strict=True)
    ]
    text = [absence(row, speak) or speak.number(row["score"]) for row in dictionaries(ranking)]
    # gold is for the official first place of a finished ranking
    is_first = (ranking["rank"] == 1) & choice.is_official & ranking["is_finished"]
    return ranking.assign(value=ranking["score"], label=label, hover=hover, text=text, is_first=is_first)


def _indicator(view: View, indicator_code: str) -> pd.DataFrame:
    """Colour by points, so that dark is good whichever way it counts; figures tell places and stand as labels."""
    speak = view.speak
    indicator = view.indicators.loc[indicator_code]
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=(indicator_code,))
    names = view.ranking()
    measured = names[["unit_code", "unit_name"]].merge(figures, on="unit_code", how="left")
    rows = dictionaries(measured.assign(unit=indicator["unit"], decimals=indicator["decimals"]))
    text = [figure_text(view.speak, row, view.period) for row in rows]
    short = ["–" if pd.isna(row["points"]) else speak.number(row["value"], int(row["decimals"])) for row in rows]
    hover = [
        f"<b>{plotly_text(row['unit_name'])}</b><br>{plotly_text(line)}" for row, line in zip(rows, text, strict=True)
    ]
    scored = [row | {"share": row["points"]} for row in rows if row["points"] is not None]
    order = order_of(scored, improvement_sign(view, indicator_code), view.decimals[indicator_code])
    rank = measured["unit_code"].map(order.places).astype(float)
    is_first = measured["unit_code"].isin(order.best_units)
    is_enough = measured["points"].notna().mean() >= view.block["leading_coverage"] - 1e-9
    measured["status"] = measured["status"].where(rank.isna(), weakest(measured["status"]))  # whose place it is, too
    return measured.assign(
        value=measured["points"], label=short, hover=hover, text=text, rank=rank, is_first=is_first & is_enough
    )


def _subject(view: View, indicator_code: str | None) -> str:
    return view.names[view.node] if indicator_code is None else view.indicator_name(indicator_code)


def _headline(view: View, measured: pd.DataFrame, indicator_code: str | None) -> str:
    speak = view.speak
    first = measured.loc[measured["is_first"], "unit_name"].tolist()
    subject = _subject(view, indicator_code)
    if not first and measured["value"].notna().any():
        return speak("{subject}: not enough figures yet to name a first place", subject=subject)
    if not first:
        return speak("No figures for this period yet")
    if len(first) <= 3 and indicator_code is None and view.node == ROOT:
        return speak("{names} in first place overall", names=speak.names(first))
    if len(first) > 3:
        return speak("{subject}: {count} share the first place", subject=subject, count=len(first))
    return speak("{subject}: {names} in first place", subject=subject, names=speak.names(first))


def _alt_text(view: View, measured: pd.DataFrame, indicator_code: str | None) -> str:
    ordered = measured[["rank", "unit_name", "text"]].sort_values("rank", na_position="last")
    figures = ", ".join(f"{row['unit_name']} {row['text']}" for row in dictionaries(ordered))
    return f"{_headline(view, measured, indicator_code)}. {figures}."


def _cluster_alts(view: View, measured: pd.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    """Return what each panel says, by its code."""
    units = view.frame("unit", language=view.language)
    cluster_of = dict(zip(units["unit_code"], units["cluster"], strict=True))
    places: dict[str, list[str]] = {}
    for row in dictionaries(measured[["unit_code", "label", "unit_name", "text"]]):
        places.setdefault(cluster_of[row["unit_code"]], []).append(f"{row['label']} {row['unit_name']} {row['text']}")
    part = view.speak("Zoomed part of the map")
    return {code: f"{part}: {name}. {', '.join(places.get(code, []))}." for code, name in names.items()}


def _table(view: View, measured: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    ordered = measured.sort_values("rank", na_position="last")
    return pd.DataFrame(
        {
            speak("Rank"): ordered["rank"].astype("Int64"),
            speak("Code"): ordered["unit_code"],
            speak("Name"): ordered["unit_name"],
            speak("Value"): ordered["text"],
            speak("Status"): ordered["status"].map(status_names(speak)),
        }
    )
