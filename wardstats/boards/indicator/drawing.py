"""The page of one indicator drawn: every member on a line with all others, how many lie where, how each moved."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from wardstats.boards.indicator.figures import IndicatorFigures, UnitFigure
from wardstats.charts.distribution import distribution
from wardstats.charts.html.dot_rows import Dot, DotRow, dot_rows
from wardstats.charts.html.small_multiples import Trend, small_multiples
from wardstats.charts.style import GOLD, GREEN, palette, plotly_text, unit_colours
from wardstats.core.palette import BOTH
from wardstats.view import headline
from wardstats.view.addresses import unit_address
from wardstats.view.view import View

MOST_ROWS = 150  # lines; the table has all
_FEW = 40  # members whose lines show all others, and whose trends are drawn


def unit_rows(view: View, found: IndicatorFigures, told: str) -> tuple[list[tuple[str, str, str]], str, str]:
    """Return the keys of the lines, the lines as HTML, and what their ends are.

    Args:
        told: The message of the lines, before the order.
    """
    speak, code, area = view.speak, found.code, next(iter(found.areas), None)
    amounts = [unit.value for unit in found.known] + [unit.target for unit in found.units if unit.target is not None]
    amounts += [float(area["value"])] if area else []
    place, low, high = _scale(found, [amount for amount in amounts if amount is not None])
    colours = unit_colours(view.members)
    is_few = len(found.units) <= _FEW
    hovers = {unit.unit_code: _hover(view, found, unit) for unit in found.known[: None if is_few else MOST_ROWS]}
    reference = None
    if area:
        value = view.figure(code, area["value"])
        reference = Dot(place(float(area["value"])), f"{area['area_name']}\n{value}")
    rows = [
        DotRow(
            label=unit.name if unit.place is None else f"{unit.place}. {unit.name}",
            note=_note(view, found, unit),
            href=unit_address(view, unit.unit_code),
            others=[
                Dot(place(other.value), hovers[other.unit_code])
                for other in found.known
                if other is not unit and other.value is not None
            ] if is_few else (),
            chosen=[
                Dot(
                    place(unit.value), hovers[unit.unit_code], colours[unit.unit_code],
                    is_hollow=found.status == "demonstration",
                )
            ] if unit.value is not None else (),
            reference=reference,
            target=None if unit.target is None else Dot(place(unit.target), _target_hover(view, found, unit)),
        )
        for unit in found.units[:MOST_ROWS]
    ]  # fmt: skip
    order = ", ".join(f"{unit.name} {view.figure(code, unit.value)}" for unit in found.known[:MOST_ROWS])
    ends = speak(
        "Left: {low}. Right: {high}. A click on a name opens its page.",
        low=view.figure(code, low), high=view.figure(code, high),
    ) if found.known else ""  # fmt: skip
    return _keys(view, found), dot_rows(rows, f"{told}. {order}.".strip()), ends


def _scale(found: IndicatorFigures, amounts: list[float]) -> tuple[Callable[[float], float], float, float]:
    """Return what places an amount on a line, the better the further right, and the amounts at the two ends."""
    low, high = min(amounts, default=0.0), max(amounts, default=1.0)
    left, right = (low, high) if found.sign > 0 else (high, low)
    return lambda amount: abs(amount - left) / (high - low) if high > low else 0.5, left, right


def _keys(view: View, found: IndicatorFigures) -> list[tuple[str, str, str]]:
    speak, colours = view.speak, palette(view.is_dark)
    keys = [("●", colours.muted, speak("other members"))] if len(found.units) <= _FEW else []
    keys += [("┃", colours.ink, area["area_name"]) for area in found.areas[:1]]
    if pledged := [unit.pledge for unit in found.units if unit.pledge and unit.target is not None]:
        is_sample = all(pledge.row["is_sample"] for pledge in pledged)
        keys.append(("▼", GOLD, speak("target (sample, nobody signed it)") if is_sample else speak("signed target")))
    if found.status == "demonstration":
        keys.append(("○", colours.ink, speak("hollow: demonstration figures")))
    return keys


def _figure(view: View, found: IndicatorFigures, unit: UnitFigure) -> str:
    shown = {**unit.row, "unit": found.row["unit"], "decimals": found.row["decimals"], "status": found.status}
    return headline.figure_text(view.speak, shown, view.period)


def _hover(view: View, found: IndicatorFigures, unit: UnitFigure) -> str:
    return f"{unit.name}\n{_figure(view, found, unit)}"


def _target_hover(view: View, found: IndicatorFigures, unit: UnitFigure) -> str:
    speak, is_sample = view.speak, bool(unit.pledge and unit.pledge.row["is_sample"])
    name = speak("target (sample, nobody signed it)") if is_sample else speak("signed target")
    return f"{name}\n{view.figure(found.code, unit.target)}"


def _note(view: View, found: IndicatorFigures, unit: UnitFigure) -> Markup:
    """The figure, how it moved, its points and its target."""
    speak, row, parts = view.speak, unit.row, []
    if unit.value is not None and unit.change is not None:
        parts.append(moved(view, found, unit.value, unit.value - unit.change))
    if row["points"] is not None:
        points, most = speak.number(row["points"], 2), speak.number(row["max_points"], 2)
        parts.append(speak("{score} of {max} points", score=points, max=most))
    if unit.target is not None:
        parts.append(speak("target {value}", value=view.figure(found.code, unit.target)))
    looks = Markup("<strong>{}</strong>") if unit.value is not None else Markup('<strong class="ws-absent">{}</strong>')
    told = Markup().join(Markup("<span>{}</span> ").format(part) for part in parts)
    return looks.format(_figure(view, found, unit)) + Markup("<small>{}</small>").format(told)


def moved(view: View, found: IndicatorFigures, after: float, before: float) -> str:
    """Write how a figure moved: ▲ where it got better, ▼ where worse; only the sign where nobody knows which is."""
    direction = _direction(found, after, before)
    sign = {1: "▲ ", -1: "▼ ", 0: ""}[direction]
    return sign + view.speak.change(after, before, int(found.row["decimals"]))


def _direction(found: IndicatorFigures, after: float, before: float) -> int:
    change = round(after - before, int(found.row["decimals"]))
    return 0 if not found.is_scored or not change else found.sign * (1 if change > 0 else -1)


def unit_spread(view: View, found: IndicatorFigures) -> go.Figure | None:
    """Return how many members lie where; None where each one's line shows all others."""
    if len(found.units) <= _FEW or len(found.known) < 2:
        return None
    units = pd.DataFrame(
        {
            "unit_code": [unit.unit_code for unit in found.known],
            "value": [unit.value for unit in found.known],
            "hover": [plotly_text(_hover(view, found, unit)).replace("\n", "<br>") for unit in found.known],
            "colour": pd.Series([None] * len(found.known), dtype=object),
        }
    )
    middle = float(units["value"].median())
    text = view.speak("median {value}", value=view.figure(found.code, middle))
    return distribution(units, (middle, text), BOTH["themes"][1], view.language, view.is_dark)


def unit_trends(view: View, found: IndicatorFigures) -> str:
    """Return how each member moved, as HTML; empty where nobody was measured twice, or of very many."""
    if len(found.units) > _FEW:
        return ""
    speak, medians, word = view.speak, found.medians, headline.mark(found.status, view.speak)
    trends = []
    for unit in found.units:
        known = [value for value in unit.history if value is not None]
        if len(known) < 2:
            continue
        now, then = known[-1], known[0]
        text = f"{view.figure(found.code, now)} {moved(view, found, now, then)}"
        trends.append(
            Trend(
                name=unit.name,
                values=unit.history,
                medians=medians,
                note=" · ".join(filter(None, (text, word))),
                direction=_direction(found, now, then),
                is_dotted=found.status == "demonstration",
                href=unit_address(view, unit.unit_code),
            )
        )
    if not trends:
        return ""
    since = speak.period(found.periods[0], is_short=True)
    label = speak("How each unit moved since {period}", period=since)
    return small_multiples(trends, GREEN, f"{view.indicator_name(found.code)}. {label}")
