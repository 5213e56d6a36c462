"""Every unit on every indicator of the last period, as a coloured table."""

from __future__ import annotations

from wardstats.boards.explore.selection import Filter, draw_selection, made_up_note
from wardstats.charts.html.heat_table import heat_table, units_in_rows
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.addresses import unit_address
from wardstats.view.indicator_card import card_address
from wardstats.view.view import View

_MOST_CELLS = 6000


def draw_heat(view: View, chosen: Filter) -> tuple[str, str]:
    """Return the finding, and units and indicators of the last period as HTML, empty where nothing is scored."""
    speak = view.speak
    frame = draw_selection(view, chosen).frame
    rows = frame[(frame["period"] == view.period) & frame["max_points"].notna()]
    if rows["points"].notna().sum() == 0:
        return speak("No scored figures in this selection."), ""
    rows = rows.assign(share=rows["points"] / rows["max_points"])
    order = view.ranking()
    present = set(rows["unit_code"])
    units = {u: n for u, n in zip(order["unit_code"], order["unit_name"], strict=True) if u in present}
    known = rows.drop_duplicates("indicator_code")
    indicators = dict(zip(known["indicator_code"], known["indicator_name"], strict=True))
    most = max(1, _MOST_CELLS // len(indicators))
    note = speak("first {count} by rank", count=most) if len(units) > most else ""
    units = dict(list(units.items())[:most])
    cells = rows[rows["unit_code"].isin(units)]
    in_rows = units_in_rows(len(units))
    first, second = ("unit_code", "indicator_code") if in_rows else ("indicator_code", "unit_code")
    cells = cells.assign(
        row=cells[first],
        column=cells[second],
        text=[speak.number(100 * share, 0) for share in cells["share"]],
        hover=[
            f"{row['unit_name']} – {row['indicator_name']}: {headline.figure_text(speak, row, view.period)}"
            for row in dictionaries(cells)
        ],
        is_demonstration=cells["status"] == "demonstration",
    )
    weakest = rows.groupby("indicator_name")["share"].mean().idxmin()
    finding = speak("Fewest points are earned on: {indicator}", indicator=weakest)
    made_up = made_up_note(view, order["status"])
    label = f"{speak('Share of the points earned, percent, by unit and indicator')} {made_up}".strip()
    links = {code: unit_address(view, code) for code in units} | {c: card_address(view, c) for c in indicators}
    table = heat_table(
        cells, units if in_rows else indicators, indicators if in_rows else units, label,
        speak("Unit") if in_rows else speak("Indicator"), speak("demonstration"), links,
    )  # fmt: skip
    return f"{finding} ({note})" if note else finding, table
