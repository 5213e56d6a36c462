"""The heatmap of units and indicators as an HTML table: it scrolls on a phone, and a screen reader can read it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from wardstats.charts.html.components import linked, small_mark
from wardstats.core.rows import dictionaries

_STEPS = 7
_MOST_COLUMNS = 16  # more units than this stand in rows


def heat_table(
    cells: pd.DataFrame, rows: dict[str, str], columns: dict[str, str], label: str, corner: str, mark: str = "",
    links: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Return the table.

    Args:
        cells: row, column, share (0 to 1, NaN where missing), text, hover, is_demonstration.
        rows: Names by key, in order.
        columns: Names by key, in order.
        label: What the table shows, for screen readers.
        mark: The word beside the name of a row with demonstration figures.
        links: Where the name of a row or column leads, by its key.
    """
    found = {(cell["row"], cell["column"]): cell for cell in dictionaries(cells)}
    made_up = {cell["row"] for cell in found.values() if cell["is_demonstration"]}
    lead = links or {}
    head = "".join(
        f'<th scope="col"><span>{linked(name, lead.get(key, ""))}</span></th>' for key, name in columns.items()
    )
    body = "".join(
        f'<tr><th scope="row" title="{escape(name)}">{linked(name, lead.get(row, ""))}'
        + f"{small_mark(mark if row in made_up else '')}</th>"
        + "".join(_cell(found.get((row, column))) for column in columns)
        + "</tr>"
        for row, name in rows.items()
    )
    return (
        f'<div class="ws-heat" role="region" tabindex="0" aria-label="{escape(label)}"><table>'
        f'<thead><tr><th scope="col">{escape(corner)}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def units_in_rows(unit_count: int) -> bool:
    """Tell whether there are too many units for columns."""
    return unit_count > _MOST_COLUMNS


def _cell(cell: Mapping[Any, Any] | None) -> str:
    if cell is None or cell["share"] is None:
        return '<td class="ws-none">–</td>'
    step = min(_STEPS - 1, max(0, int(float(str(cell["share"])) * _STEPS)))
    made_up = " ws-demo" if cell["is_demonstration"] else ""
    return f'<td class="ws-h{step}{made_up}" title="{escape(str(cell["hover"]))}">{escape(str(cell["text"]))}</td>'
