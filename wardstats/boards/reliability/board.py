"""How far an order can be trusted, in plain words first: ranges of places, open groups, missing figures.

Owns the sentences and tables; the ranges themselves were drawn when the snapshot was built. Other methods are in
``method_choices``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.compare.chosen import MOST_UNITS
from wardstats.charts.html.pieces import Card
from wardstats.charts.html.place_table import Cell, place_table, share_style
from wardstats.charts.rank_ranges import rank_ranges
from wardstats.charts.style import palette, plotly_text
from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries
from wardstats.view import figure_status
from wardstats.view.addresses import compare_address, unit_address
from wardstats.view.closing import counts_nothing
from wardstats.view.headline import in_theme, mark, status_names
from wardstats.view.view import View

MOST_SHOWN = 120  # rows of a figure; the table beside it has all
LABELLED = 0.05  # shares from here on are written into their cell
_MOST_GROUPS = 4  # named in the headline
_MOST_MISSING = 6  # units told one by one


@dataclass(frozen=True)
class Reliability:
    """Everything the upper part of the page shows; ``table`` is empty where the snapshot has no ranges.

    Attributes:
        headline: The finding in one sentence.
        keys: (sign, colour, text) of what the figure draws.
        figure: A row a unit, with its ranges.
        shares: The share of draws at each place as an HTML table; empty where it was not kept.
        missing: What missing figures could change, a sentence a line.
        table: Ranges in the reader's words.
        share_table: The same shares as numbers.
        is_cut: The figures leave out units that stand further down.
    """

    headline: str
    cards: list[Card]
    keys: list[tuple[str, str, str]]
    figure: go.Figure
    alt_text: str
    shares: str
    missing: list[str]
    table: pd.DataFrame
    share_table: pd.DataFrame
    is_cut: bool


@dataclass(frozen=True)
class _Group:
    """Units that cannot be told apart, with the places they hold together."""

    first: int
    last: int
    names: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.last > self.first

    @property
    def span(self) -> str:
        return f"{self.first}\u2060–\u2060{self.last}"  # joined, so that no line breaks inside it


def reliability_board(view: View) -> Reliability:
    """Make the board of a view's period and theme."""
    ranges = _ranges(view)
    groups = _groups(ranges)
    shown = ranges.head(MOST_SHOWN)
    headline = in_theme(_headline(ranges, groups, view.speak), view.theme_name)
    shares = view.frame("rank_share", period=view.period, node=view.node)
    told = status_column(view)
    return Reliability(
        headline=headline,
        cards=_cards(ranges, groups, view) if len(ranges) else [],
        keys=_keys(ranges, view),
        figure=_figure(shown, groups, len(ranges), view),
        alt_text=_alt_text(headline, shown, view.speak),
        shares=_share_html(shown, shares, len(ranges), view) if len(shares) else "",
        missing=_missing(ranges, view),
        table=_table(ranges, view.speak).assign(**told),
        share_table=_share_table(ranges, shares, view.speak).assign(**told),
        is_cut=len(ranges) > MOST_SHOWN,
    )


def status_column(view: View) -> dict[str, str]:
    """Return the column that says what a table of places rests on: on all figures, in each of its rows."""
    status = figure_status.of_ranking(view, view.period, view.node)
    return {view.speak("Status"): status_names(view.speak).get(status or "", "")}


def marked(view: View, label: str) -> str:
    """Return what a table of places is called, with the word for made-up figures where it rests on such."""
    word = mark(figure_status.of_ranking(view, view.period, view.node), view.speak)
    return f"{label} · {word}" if word else label


def _ranges(view: View) -> pd.DataFrame:
    """The ranges with names and counts of missing figures; units of one group stand together."""
    ranking = view.ranking()
    ranges = view.frame("rank_range", period=view.period, node=view.node)
    joined = ranking[["unit_code", "unit_name", "missing_count"]].merge(ranges, on="unit_code")  # in its order
    whole = joined.select_dtypes("number").columns.drop("rank_mean")
    joined = joined.astype(dict.fromkeys(whole, int))
    return joined.sort_values(["group_number", "rank"], kind="stable", ignore_index=True)


def _groups(ranges: pd.DataFrame) -> list[_Group]:
    found, first = [], 1
    for _, units in ranges.groupby("group_number"):
        found.append(_Group(first, first + len(units) - 1, tuple(units["unit_name"]), tuple(units["unit_code"])))
        first += len(units)
    return found


def _headline(ranges: pd.DataFrame, groups: Sequence[_Group], speak: Translator) -> str:
    if ranges.empty:
        return speak("No rank ranges for this period")
    if len(ranges) == 1:
        return speak("A single unit is ranked, so there is no order to doubt")
    if len(groups) == 1:
        return speak("All ranks are too close to call")
    first, others = groups[0], [group for group in groups[1:] if group.is_open]
    told = _open_text(others, speak)
    if first.is_open:
        start = speak("Ranks {span} are too close to call", span=first.span)
    else:
        start = _first_place(ranges.iloc[0].to_dict(), speak)
        told = told or speak("all others are clearly separated too")
    return f"{start}; {told}" if told else start


def _first_place(leader: Mapping[Any, Any], speak: Translator) -> str:
    if leader["missing_worst"] > 1:
        return speak("The first place hangs on figures that are missing")
    if leader["method_worst"] > 1:
        return speak("The first place holds when the weights move, but not under every method")
    return speak("The first place is safe")


def _open_text(groups: Sequence[_Group], speak: Translator) -> str:
    if not groups:
        return ""
    if len(groups) == 1:
        return speak("ranks {span} are too close to call", span=groups[0].span)
    if len(groups) <= _MOST_GROUPS:
        return speak("ranks {spans} are too close to call", spans=speak.names([group.span for group in groups]))
    largest = max(groups, key=lambda group: len(group.names))
    return speak(
        "ranks {span} and {count} smaller {count:group|groups} are too close to call",
        span=largest.span,
        count=len(groups) - 1,
    )


def _cards(ranges: pd.DataFrame, groups: Sequence[_Group], view: View) -> list[Card]:
    speak, total = view.speak, len(ranges)
    alone = [group for group in groups if not group.is_open]
    names = speak.names([group.names[0] for group in alone[:3]]) + (" …" if len(alone) > 3 else "")
    counted = speak("{count} of {total}", count=len(alone), total=total)
    first = unit_address(view, alone[0].codes[0]) if alone else ""
    cards = [Card(speak("Clearly separated from all others"), counted, names if alone else speak("nobody"), href=first)]
    largest = max(groups, key=lambda group: len(group.names))
    if largest.is_open:
        names = speak.names(largest.names[:4]) + (" …" if len(largest.names) > 4 else "")
        together = compare_address(view, largest.codes[:MOST_UNITS])
        ranks = speak("ranks {span}", span=largest.span)
        cards.append(Card(speak("Largest group too close to call"), ranks, names, href=together))
    return [*cards, *(_range_card(ranges, kind, view) for kind in ("missing", "method"))]


def _range_card(ranges: pd.DataFrame, kind: str, view: View) -> Card:
    speak, rows = view.speak, _widest_first(ranges, kind)
    topics = {
        "missing": speak("Could move through missing figures"),
        "method": speak("Could move under other methods"),
    }
    finding = speak("{count} of {total}", count=len(rows), total=len(ranges))
    if rows:
        name, best, worst = rows[0]["unit_name"], rows[0][f"{kind}_best"], rows[0][f"{kind}_worst"]
        furthest = speak("furthest: {name}, {best} to {worst}", name=name, best=best, worst=worst)
        return Card(topics[kind], finding, furthest, href=unit_address(view, rows[0]["unit_code"]))
    is_complete = kind == "missing" and sum(ranges["missing_count"]) == 0
    return Card(topics[kind], finding, speak("No figure is missing") if is_complete else speak("every place stays"))


def _widest_first(ranges: pd.DataFrame, kind: str) -> list[dict[Any, Any]]:
    """Return the units whose place is not certain, the least certain first."""
    rows = [row for row in dictionaries(ranges) if row[f"{kind}_best"] < row[f"{kind}_worst"]]
    return sorted(rows, key=lambda row: row[f"{kind}_best"] - row[f"{kind}_worst"])


def _keys(ranges: pd.DataFrame, view: View) -> list[tuple[str, str, str]]:
    speak, colours = view.speak, palette(view.is_dark)
    keys = [
        ("◉", colours.ink, speak("published place")),
        ("■", colours.range, speak("where it stands in 90% of the simulations with other weights")),
    ]
    if _widest_first(ranges, "missing"):
        keys.append(("├┤", colours.ink, speak("if missing figures turned out best or worst")))
    if _widest_first(ranges, "method"):
        keys.append(("├┤", colours.method, speak("under other methods")))
    if max(ranges["group_size"], default=1) > 1:
        keys.append(("]", colours.muted, speak("too close to call")))
    return keys


def _figure(shown: pd.DataFrame, groups: Sequence[_Group], places: int, view: View) -> go.Figure:
    names = [plotly_text(name) for name in shown["unit_name"]]
    rows = zip(names, dictionaries(shown), strict=True)
    hover = [f"<b>{name}</b><br>{_range_text(row, view.speak)}" for name, row in rows]
    open_groups = [
        {
            "first_row": group.first - 1,
            "last_row": min(group.last, len(shown)) - 1,
            "label": f"{group.first}–{group.last}",
        }
        for group in groups
        if group.is_open and group.first <= len(shown)
    ]
    frame = pd.DataFrame(open_groups, columns=["first_row", "last_row", "label"])
    drawn = shown.assign(unit_name=names, hover=hover, href=[unit_address(view, code) for code in shown["unit_code"]])
    return rank_ranges(drawn, frame, places, view.language, view.is_dark)


def _range_text(row: Mapping[Any, Any], speak: Translator) -> str:
    parts = (
        speak("published place: {rank}", rank=row["rank"]),
        speak("other weights: {low} to {high}", low=row["rank_low"], high=row["rank_high"]),
        speak("missing figures: {best} to {worst}", best=row["missing_best"], worst=row["missing_worst"]),
        speak("other methods: {best} to {worst}", best=row["method_best"], worst=row["method_worst"]),
    )
    return "<br>".join(parts)


def _alt_text(headline: str, shown: pd.DataFrame, speak: Translator) -> str:
    spans = [f"{row['unit_name']} {row['rank']} ({row['rank_low']}–{row['rank_high']})" for row in dictionaries(shown)]
    return f"{headline}. " + speak("Published place, and the range when weights move:") + f" {', '.join(spans)}."


def _share_html(shown: pd.DataFrame, shares: pd.DataFrame, places: int, view: View) -> str:
    speak = view.speak
    found = {(row["unit_code"], row["rank"]): row["share"] for row in dictionaries(shares)}
    cells: dict[str, list[Cell | None]] = {}
    for row in dictionaries(shown):
        line: list[Cell | None] = []
        for place in range(1, places + 1):
            share = found.get((row["unit_code"], place), 0.0)
            text = speak.coverage(share).removesuffix(speak.percent_sign) if share >= LABELLED else ""
            hover = f"{row['unit_name']}, {place}: {speak.percent(share, 1)}"
            is_published = place == row["rank"]
            line.append(Cell(text, hover, share_style(share), is_published) if share or is_published else None)
        cells[row["unit_code"]] = line
    names = dict(zip(shown["unit_code"], shown["unit_name"], strict=True))
    columns = [(str(place),) for place in range(1, places + 1)]
    label = marked(view, speak("Percent of the simulations at each place"))
    links = {code: unit_address(view, code) for code in names}
    return place_table(names, columns, cells, label, speak("Name"), links=links)


def _missing(ranges: pd.DataFrame, view: View) -> list[str]:
    speak = view.speak
    total, moving = sum(ranges["missing_count"]), _widest_first(ranges, "missing")
    if total == 0:
        return [speak("No figure is missing in this period, so no place hangs on one.")]
    if view.rules["is_closed"] and counts_nothing(view):
        return [
            speak(
                "{count} {count:figure is|figures are} missing. The period has closed, "
                "so {count:it counts|they count} no points.",
                count=total,
            )
        ]
    if not moving:
        return [
            speak("{count} {count:figure is|figures are} missing. Whatever turns out, no place changes.", count=total)
        ]
    lines = [
        speak(
            "{count} {count:figure is|figures are} missing. If a unit's own turned out best and all others' worst, "
            "or the reverse:",
            count=total,
        )
    ]  # fmt: skip
    for row in moving[:_MOST_MISSING]:
        lines.append(
            speak(
                "{name}: place {best} at best, {worst} at worst, {rank} now; figures missing: {count}",
                name=row["unit_name"], best=row["missing_best"], worst=row["missing_worst"], rank=row["rank"],
                count=row["missing_count"],
            )
        )  # fmt: skip
    if len(moving) > _MOST_MISSING:
        lines.append(speak("and {count} more, in the table", count=len(moving) - _MOST_MISSING))
    return lines


def _table(ranges: pd.DataFrame, speak: Translator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            speak("Rank"): ranges["rank"],
            speak("Code"): ranges["unit_code"],
            speak("Name"): ranges["unit_name"],
            speak("Other weights, 5th percentile"): ranges["rank_low"],
            speak("Other weights, 95th percentile"): ranges["rank_high"],
            speak("Mean place"): ranges["rank_mean"].round(2),
            speak("Missing figures, best"): ranges["missing_best"],
            speak("Missing figures, worst"): ranges["missing_worst"],
            speak("Figures missing"): ranges["missing_count"],
            speak("Other methods, best"): ranges["method_best"],
            speak("Other methods, worst"): ranges["method_worst"],
            speak("Group too close to call"): ranges["group_number"],
        }
    )


def _share_table(ranges: pd.DataFrame, shares: pd.DataFrame, speak: Translator) -> pd.DataFrame:
    """Percent of the draws, a row a unit and a column a place."""
    wide = shares.pivot(index="unit_code", columns="rank", values="share")  # noqa: PD010 - one value a cell
    wide = (100 * wide.reindex(ranges["unit_code"])).fillna(0).round(2).reset_index(drop=True)
    wide.columns = [str(place) for place in wide.columns]
    wide.insert(0, speak("Name"), ranges["unit_name"])
    return wide
