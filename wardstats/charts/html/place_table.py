"""Units and places as a coloured HTML table: it scrolls on a phone, prints, and a screen reader can read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from wardstats.charts.html.components import linked

_SHARE_STEPS = 7
_SHIFT_STEPS = 3
_FAINTEST = 0.005


@dataclass(frozen=True)
class Cell:
    """One cell: its text (may be empty), what a pointer resting on it tells, and its colour as a class of style.css."""

    text: str
    hover: str
    style: str
    is_marked: bool = False


def share_style(share: float) -> str:
    """Return the class of a share from 0 to 1; nothing for what hardly ever happened."""
    return "" if share < _FAINTEST else f"ws-h{min(_SHARE_STEPS - 1, int(share * _SHARE_STEPS))}"


def shift_style(places: int, count: int) -> str:
    """Return the class of so many places up (+) or down (-) among ``count`` units; stronger the further."""
    if places == 0:
        return ""
    step = 1 + min(_SHIFT_STEPS - 1, int(_SHIFT_STEPS * (abs(places) - 1) / max(3, count // 2)))
    return f"ws-{'up' if places > 0 else 'down'}{step}"


def place_table(
    rows: Mapping[str, str],
    columns: Sequence[Sequence[str]],
    cells: Mapping[str, Sequence[Cell | None]],
    label: str,
    corner: str,
    spans: Sequence[tuple[str, int]] = (),
    links: Mapping[str, str] | None = None,
) -> str:
    """Return the table.

    Args:
        rows: Names by key, in order.
        columns: Heading of each column as lines of text, in order.
        cells: The cells of each row, by its key; None stays blank.
        label: What the table shows, for screen readers.
        spans: Headings above the headings, each with how many columns it covers.
        links: Where the name of a row leads, by its key.
    """
    above = "".join(f'<th scope="colgroup" colspan="{width}">{escape(text)}</th>' for text, width in spans)
    head = "".join(f'<th scope="col">{"<br>".join(escape(line) for line in lines)}</th>' for lines in columns)
    first = f'<th scope="col"{" rowspan=2" if spans else ""}>{escape(corner)}</th>'
    lines = f"<tr>{first}{above}</tr><tr>{head}</tr>" if spans else f"<tr>{first}{head}</tr>"
    lead = links or {}
    body = "".join(
        f'<tr><th scope="row">{linked(name, lead.get(key, ""))}</th>{"".join(map(_cell, cells[key]))}</tr>'
        for key, name in rows.items()
    )
    dense = " ws-dense" if len(columns) > 24 else ""
    return (
        f'<div class="ws-heat ws-places{dense}" role="region" tabindex="0" aria-label="{escape(label)}"><table>'
        f"<thead>{lines}</thead><tbody>{body}</tbody></table></div>"
    )


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    style = " ".join(part for part in (cell.style, "ws-marked" if cell.is_marked else "") if part)
    return f'<td class="{style}" title="{escape(cell.hover)}">{escape(cell.text)}</td>'
