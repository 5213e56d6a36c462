"""A few units side by side, or one against the median, the best or the province: gaps, theme profile, trend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape as escape_all
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go

from wardstats import findings
from wardstats.charts.compare_dots import compare_dots
from wardstats.charts.style import UNIT_SYMBOLS, palette, unit_colours
from wardstats.charts.unit_lines import unit_lines
from wardstats.components import UnitCard
from wardstats.criteria import unit_names
from wardstats.frames import records
from wardstats.view import View

escape = partial(escape_all, quote=False)  # plotly shows a quote's entity as it stands
MOST_UNITS = len(UNIT_SYMBOLS)
AGAINST = ("none", "median", "best", "area")
_LABEL_LENGTH = 62  # longer names keep their full text in the hover and in the table
_REFERENCE = "reference"


@dataclass(frozen=True)
class Comparison:
    """Everything the compare page shows.

    Attributes:
        headline: The finding in one sentence.
        cards: One a chosen unit.
        keys: (sign, colour, text) of what else is drawn.
        themes: Shares of the parts of the theme looked at.
        trend: None where there is only one period.
        gaps: Indicator by indicator, the largest gap first.
        table: What is drawn, in the reader's words.
    """

    headline: str
    cards: list[UnitCard]
    keys: list[tuple[str, str, str]]
    themes: go.Figure
    themes_alt: str
    trend: go.Figure | None
    trend_alt: str
    gaps: go.Figure
    gaps_alt: str
    table: pd.DataFrame


@dataclass(frozen=True)
class _Chosen:
    """What is compared: units with their names, colours and symbols, and the reference in words."""

    codes: tuple[str, ...]
    names: dict[str, str]
    colours: dict[str, str]
    against: str
    reference: str

    @property
    def symbols(self) -> dict[str, tuple[str, str]]:
        return dict(zip(self.codes, UNIT_SYMBOLS, strict=False))


def unit_comparison(unit_codes: Sequence[str], against: str) -> Callable[[View], Comparison]:
    """Return what draws the comparison of some units; see ``session.cached``.

    Args:
        unit_codes: One to four members.
        against: One of ``AGAINST``; one unit alone is held against the median if nothing else is chosen.
    """

    def draw(view: View) -> Comparison:
        return _comparison(view, tuple(unit_codes), against)

    draw.__qualname__ = f"unit_comparison {' '.join(unit_codes)} {against}"  # the cache knows a drawing by its name
    return draw


def references(view: View) -> dict[str, str]:
    """Return what units can be held against, by its code: the area only where benchmarks.csv has figures of one."""
    speak = view.speak
    found = {"none": speak("one another"), "median": speak("the median"), "best": speak("the best on each")}
    areas = view.frame("benchmark_points", period=view.period)["area_name"]
    return found | ({"area": areas.iloc[0]} if len(areas) else {})


def _comparison(view: View, codes: tuple[str, ...], against: str) -> Comparison:
    ranking = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    if len(codes) == 1 and against == "none":
        against = "median"
    names = dict(zip(ranking["unit_code"], ranking["unit_name"], strict=True))
    chosen = _Chosen(codes, names, unit_colours(names), against, references(view).get(against, ""))
    figures = _figures(view)
    gaps = _gaps(figures, _indicator_reference(view, figures, against), chosen)
    parts = _parts(view, ranking)
    trend, trend_alt = _trend(view, chosen)
    return Comparison(
        headline=_headline(view, ranking, gaps, chosen),
        cards=_cards(view, ranking, parts, chosen),
        keys=_keys(view, figures, chosen),
        themes=_themes(view, parts, chosen),
        themes_alt=_themes_alt(view, parts, chosen),
        trend=trend,
        trend_alt=trend_alt,
        gaps=_gap_figure(view, figures, gaps, chosen),
        gaps_alt=_gaps_alt(view, gaps, chosen),
        table=_table(view, figures, gaps, chosen),
    )


def _figures(view: View) -> pd.DataFrame:
    """Each member's figures on the scored indicators of the theme, with the share of the points they earn."""
    indicators = view.frame("indicator", year=int(view.rules["year"]), language=view.language)
    indicators = indicators[indicators["max_points"].notna() & indicators["node_code"].isin(view.below(view.node))]
    wanted = ["indicator_code", "indicator_name", "node_code", "unit", "decimals", "definition"]
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    figures = figures[figures["max_points"].notna()].merge(indicators[wanted], on="indicator_code")
    order = {code: number for number, code in enumerate(indicators["indicator_code"])}
    figures = figures.assign(share=figures["points"] / figures["max_points"])
    return figures.sort_values("indicator_code", key=lambda codes: codes.map(order), kind="stable")


def _indicator_reference(view: View, figures: pd.DataFrame, against: str) -> pd.DataFrame:
    """What each indicator is held against, by its code: share, value, measured_period, who."""
    columns = ["indicator_code", "share", "value", "measured_period", "who"]
    if against == "median":
        found = figures.groupby("indicator_code", as_index=False)[["share", "value"]].median()
        found = found.assign(measured_period=view.period, who="")
    elif against == "best":
        known = figures.dropna(subset="share").sort_values("share", ascending=False, kind="stable")
        found = known.drop_duplicates("indicator_code").rename(columns={"unit_code": "who"})
    elif against == "area":
        found = view.frame("benchmark_points", period=view.period).drop_duplicates("indicator_code")
        found = found.assign(share=found["points"] / found["max_points"]).rename(columns={"area_name": "who"})
    else:
        found = pd.DataFrame(columns=columns)
    return found[columns].set_index("indicator_code")


def _gaps(figures: pd.DataFrame, reference: pd.DataFrame, chosen: _Chosen) -> pd.DataFrame:
    """Each indicator with its gap in points, the largest first: between the units, or from one to the reference."""
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


def _headline(view: View, ranking: pd.DataFrame, gaps: pd.DataFrame, chosen: _Chosen) -> str:
    speak = view.speak
    own = ranking[ranking["unit_code"].isin(chosen.codes) & ranking["score"].notna()]
    known = gaps.dropna(subset="gap")
    if own.empty or known.empty:
        return speak("No figures to compare for this period yet")
    if len(chosen.codes) == 1:
        reached = int((known["gap"].round(9) >= 0).sum())
        if chosen.against == "best":
            return speak(
                "{name} is the best on {count} of {total} indicators",
                name=own.iloc[0]["unit_name"], count=reached, total=len(known),
            )  # fmt: skip
        if chosen.against == "area":
            return speak(
                "{name} does as well as {area}, or better, on {count} of {total} indicators",
                name=own.iloc[0]["unit_name"], area=chosen.reference, count=reached, total=len(known),
            )  # fmt: skip
        return speak(
            "{name} reaches {reference} on {count} of {total} indicators",
            name=own.iloc[0]["unit_name"], reference=chosen.reference, count=reached, total=len(known),
        )  # fmt: skip
    first, last = own.iloc[0], own.iloc[-1]
    widest = known.iloc[0]["indicator_name"]
    lead = first["score"] - last["score"]
    if round(lead, 1) == 0:
        names = speak.names([chosen.names[code] for code in chosen.codes])
        return speak("{names} stand level; they differ most in: {indicator}", names=names, indicator=widest)
    return speak(
        "{first} is {points} points ahead of {last}; they differ most in: {indicator}",
        first=first["unit_name"], last=last["unit_name"], points=speak.number(lead), indicator=widest,
    )  # fmt: skip


def _cards(view: View, ranking: pd.DataFrame, parts: pd.DataFrame, chosen: _Chosen) -> list[UnitCard]:
    speak = view.speak
    cards = []
    for code in chosen.codes:
        own = ranking[ranking["unit_code"] == code].iloc[0]
        mark, sign = findings.delta(own["rank"], own["previous_rank"])
        lines = []
        if pd.notna(own["rank"]):
            lines.append(speak("rank {rank} of {count}", rank=int(own["rank"]), count=len(ranking)))
        best = parts[(parts["unit_code"] == code) & parts["share"].notna()].sort_values("share")
        if len(best) > 1:
            lines.append(speak("strongest: {theme}", theme=best.iloc[-1]["theme_name"]))
        if own["status"] == "demonstration":
            lines.append(speak("demonstration figures"))
        score = speak("{score} points", score=speak.number(own["score"]))
        colour, glyph = chosen.colours[code], chosen.symbols[code][1]
        cards.append(UnitCard(own["unit_name"], glyph, colour, score, " · ".join(lines), mark, sign))
    return cards


def _keys(view: View, figures: pd.DataFrame, chosen: _Chosen) -> list[tuple[str, str, str]]:
    speak = view.speak
    colours = palette(view.is_dark)
    keys = [("●", colours.muted, speak("other members"))]
    if chosen.reference and chosen.against != "none":
        keys.append(("┃", colours.ink, chosen.reference))
    if (figures["status"] == "demonstration").any():
        keys.append(("○", colours.ink, speak("hollow: demonstration figures")))
    return keys


def _parts(view: View, ranking: pd.DataFrame) -> pd.DataFrame:
    """The parts of the theme looked at, for each member; a theme without parts is its own."""
    parts = view.frame("theme_score", period=view.period, parent=view.node)
    if parts.empty:
        parts = ranking[["unit_code", "score", "max_score", "status"]].assign(node_code=view.node)
    return parts.assign(share=parts["score"] / parts["max_score"], theme_name=parts["node_code"].map(view.names))


def _themes(view: View, parts: pd.DataFrame, chosen: _Chosen) -> go.Figure:
    speak = view.speak
    places = {code: row for row, code in enumerate(parts["node_code"].unique())}
    hover = [
        f"<b>{escape(chosen.names[row['unit_code']])}</b><br>{escape(row['theme_name'])}: "
        + speak("{score} of {max} points", score=speak.number(row["score"]), max=speak.number(row["max_score"]))
        + (f"<br><i>{speak('demonstration figures')}</i>" if row["status"] == "demonstration" else "")
        for row in records(parts)
    ]
    dots = parts.assign(row=parts["node_code"].map(places), hover=hover)
    by_theme = dots.groupby("row")["share"]
    reference = dots.drop_duplicates("row").assign(hover=escape(chosen.reference))
    if chosen.against in ("median", "best"):
        levels = by_theme.median() if chosen.against == "median" else by_theme.max()
        reference["share"] = reference["row"].map(levels)
    else:
        reference = reference.iloc[:0]
    notes = [_theme_note(view, dots[dots["row"] == row], chosen) for row in places.values()]
    rows = pd.DataFrame({"label": [escape(view.names[code]) for code in places], "note": notes})
    is_own = dots["unit_code"].isin(chosen.codes)
    return compare_dots(rows, dots[~is_own], _signs(dots[is_own], chosen), reference, view.language, view.is_dark)


def _theme_note(view: View, dots: pd.DataFrame, chosen: _Chosen) -> str:
    """The chosen units' points in the theme, in the order they were chosen, out of what can be had."""
    scores = dots.set_index("unit_code")["score"]
    own = "  ".join(f"{_sign(code, chosen)} {view.speak.number(scores.get(code))}" for code in chosen.codes)
    return own + " / " + view.speak.number(dots["max_score"].iloc[0])


def _sign(code: str, chosen: _Chosen) -> str:
    return f'<span style="color:{chosen.colours[code]}">{chosen.symbols[code][1]}</span>'


def _themes_alt(view: View, parts: pd.DataFrame, chosen: _Chosen) -> str:
    lines = [
        f"{name}: "
        + ", ".join(
            f"{chosen.names[row['unit_code']]} {view.speak.number(row['score'])}"
            for row in records(own)
            if row["unit_code"] in chosen.codes
        )
        for name, own in parts.groupby("theme_name", sort=False)
    ]
    return view.speak("Points by theme.") + " " + "; ".join(lines) + "."


def _signs(dots: pd.DataFrame, chosen: _Chosen) -> pd.DataFrame:
    """Dress the chosen units' dots in their colours and symbols, in the order they were chosen."""
    order = {code: number for number, code in enumerate(chosen.codes)}
    dressed = dots.assign(
        colour=dots["unit_code"].map(chosen.colours),
        symbol=dots["unit_code"].map({code: symbol for code, (symbol, _) in chosen.symbols.items()}),
        is_demonstration=dots["status"] == "demonstration",
        order=dots["unit_code"].map(order),
    )
    return dressed.sort_values(["order", "row"], kind="stable").reset_index(drop=True)


def _trend(view: View, chosen: _Chosen) -> tuple[go.Figure | None, str]:
    speak = view.speak
    history = view.frame("score_history", period=view.period, node=view.node)
    periods = history["period"].unique().tolist()
    if len(periods) < 2:
        return None, ""
    colours = palette(view.is_dark)
    names = {code: escape(name) for code, name in chosen.names.items()}
    # A member may have left the block since, and periods may differ in what can be had: shares stay comparable.
    history = history[history["unit_code"].isin(names)]
    is_share = history["max_score"].max() - history["max_score"].min() > 1e-6
    value = 100 * history["score"] / history["max_score"] if is_share else history["score"]
    symbols = {code: symbol for code, (symbol, _) in chosen.symbols.items()}
    rows = history.assign(
        line=history["unit_code"],
        unit_name=history["unit_code"].map(names),
        name=[f"{_sign(code, chosen)} {names[code]}" if code in chosen.codes else "" for code in history["unit_code"]],
        name_length=history["unit_code"].map(chosen.names).str.len() + 2,
        value=value,
        position=history["period"].map({period: place for place, period in enumerate(periods)}),
        colour=history["unit_code"].map({code: chosen.colours[code] for code in chosen.codes}).astype(object),
        symbol=history["unit_code"].map(symbols),
        is_dashed=False,
    )
    order = {code: number for number, code in enumerate(chosen.codes)}
    rows = rows.sort_values("line", key=lambda line: line.map(order), kind="stable")
    if chosen.against in ("median", "best"):
        levels = rows.groupby("position", as_index=False)["value"].agg(
            "median" if chosen.against == "median" else "max"
        )
        name = escape(chosen.reference)
        looks = {"colour": colours.ink, "symbol": "circle", "is_dashed": True, "name_length": len(chosen.reference)}
        rows = pd.concat([rows, levels.assign(line=_REFERENCE, name=name, unit_name=name, **looks)])
    labels = [speak.period(period, is_short=True) for period in periods]
    percent = " %" if is_share else ""
    rows["hover"] = [
        f"<b>{row['unit_name']}</b><br>{labels[row['position']]}: {speak.number(row['value'])}{percent}"
        + (f"<br><i>{speak('demonstration figures')}</i>" if row["status"] == "demonstration" else "")
        for row in records(rows[["unit_name", "position", "value", "status"]])
    ]
    height = 52 * max(len(view.themes[view.themes["parent_code"] == view.node]), 1) + 12
    figure = unit_lines(rows, labels, view.language, view.is_dark, height=max(height, 260))
    ends = rows[rows["line"].isin(chosen.codes)].sort_values("position").groupby("line", sort=False)["value"]
    moves = [
        f"{chosen.names[code]} {speak.number(ends.get_group(code).iloc[0])} → "
        f"{speak.number(ends.get_group(code).iloc[-1])}"
        for code in chosen.codes
        if code in ends.groups
    ]
    return figure, speak("Points over {count} periods.", count=len(periods)) + " " + "; ".join(moves) + "."


def _gap_figure(view: View, figures: pd.DataFrame, gaps: pd.DataFrame, chosen: _Chosen) -> go.Figure:
    places = {code: row for row, code in enumerate(gaps["indicator_code"])}
    known = figures[figures["points"].notna()]
    hover = [
        f"<b>{escape(chosen.names[row['unit_code']])}</b><br>"
        + escape(findings.figure_text(view.speak, row, view.period))
        for row in records(known)
    ]
    dots = known.assign(row=known["indicator_code"].map(places), hover=hover)
    is_own = dots["unit_code"].isin(chosen.codes)
    rows = gaps.assign(
        label=[_label(view, row["indicator_code"], row["indicator_name"]) for row in records(gaps)],
        note=_gap_notes(view, figures, gaps, chosen),
    )
    strokes = gaps[gaps["reference_share"].notna()]
    strokes = strokes.assign(
        row=strokes.index,
        share=strokes["reference_share"].astype(float),
        hover=[_reference_text(view, row, chosen) for row in records(strokes)],
    )
    return compare_dots(rows, dots[~is_own], _signs(dots[is_own], chosen), strokes, view.language, view.is_dark)


def _label(view: View, code: str, name: str) -> str:
    """The indicator's name as a link to its card."""
    address = urlencode({"indicator": code, "lang": view.language, "period": view.period})
    text = escape(shorten(name, _LABEL_LENGTH, placeholder="…"))
    return f'<a href="method?{address}" target="_self" style="fill:{palette(view.is_dark).ink}">{text}</a>'


def _gap_notes(view: View, figures: pd.DataFrame, gaps: pd.DataFrame, chosen: _Chosen) -> list[str]:
    speak = view.speak
    own = figures[figures["unit_code"].isin(chosen.codes) & figures["points"].isna()]
    missing = own.groupby("indicator_code")["unit_code"].agg(list).to_dict()
    notes = []
    for row in records(gaps):
        text = ""
        if pd.notna(row["gap"]):
            points = speak.number(row["gap"]) if len(chosen.codes) > 1 else speak.signed(round(row["gap"], 1))
            text = f"<b>{speak('{points} points', points=points)}</b>"
        elif len(chosen.codes) == 1 and pd.isna(row["reference_share"]):
            text = speak("nothing to compare with")
        if row["indicator_code"] in missing:
            names = speak.names([chosen.names[code] for code in missing[row["indicator_code"]]])
            text = " · ".join(part for part in (text, speak("missing: {names}", names=escape(names))) if part)
        notes.append(text)
    return notes


def _reference_text(view: View, row: Mapping[Any, Any], chosen: _Chosen) -> str:
    speak = view.speak
    shown = {key.removeprefix("reference_"): value for key, value in row.items()} | {
        "unit": row["unit"], "decimals": row["decimals"], "points": row["reference_share"], "status": "",
    }  # fmt: skip
    who = chosen.names.get(str(row["reference_who"]), str(row["reference_who"] or ""))
    title = chosen.reference if not who or who == chosen.reference else f"{chosen.reference}: {who}"
    return f"<b>{escape(title)}</b><br>{escape(findings.figure_text(speak, shown, view.period))}"


def _gaps_alt(view: View, gaps: pd.DataFrame, chosen: _Chosen) -> str:
    speak = view.speak
    lines = [
        f"{row['indicator_name']} {speak.number(row['gap'])}" for row in records(gaps.dropna(subset="gap").head(5))
    ]
    if not lines:
        return speak("No figures to compare for this period yet")
    return speak("Largest gaps in points: {gaps}.", gaps="; ".join(lines))


def _table(view: View, figures: pd.DataFrame, gaps: pd.DataFrame, chosen: _Chosen) -> pd.DataFrame:
    speak = view.speak
    by_unit = figures.set_index(["unit_code", "indicator_code"])
    columns: dict[str, object] = {
        speak("Indicator"): gaps["indicator_name"],
        speak("Theme"): gaps["node_code"].map(view.names),
        speak("Gap, points"): gaps["gap"].round(2),
        speak("Out of"): gaps["max_points"].round(2),
    }
    status = findings.status_names(speak)
    for code in chosen.codes:
        own = by_unit.loc[code].reindex(gaps["indicator_code"])
        name = chosen.names[code]
        columns[name] = own["value"].round(4).to_numpy()
        columns[f"{name}, {speak('points')}"] = own["points"].round(2).to_numpy()
        columns[f"{name}, {speak('status')}"] = own["status"].map(status).to_numpy()
    if gaps["reference_share"].notna().any():
        columns[chosen.reference] = gaps["reference_value"].astype(float).round(4)
    columns[speak("Unit of measure")] = gaps["unit"].map(unit_names(speak))
    return pd.DataFrame(columns)
