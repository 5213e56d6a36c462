"""Units on a line, row by row: a grey dot for each other one, a sign in its colour for each chosen one.

HTML and not a Plotly figure: names wrap instead of covering numbers on a phone, links are links, a screen reader reads
the rows, and a page of 32 rows is drawn in a few milliseconds. The looks are in static/style.css.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

_CLOSE = 0.035  # signs nearer than this would hide each other, so they share the line's height
_SIGN_STEP_PX = 14
_MOST_ON_A_SPOT = 3  # half-transparent, more of them look the same
_MOST_HOVERS = 800  # beyond, the greys keep their dots and lose their texts: the page would weigh megabytes


@dataclass(frozen=True)
class Dot:
    """A place on a row's line.

    Attributes:
        share: 0 at the left end, 1 at the right end.
        hover: What a pointer resting on it tells; lines are divided by line breaks.
        colour: Of a chosen unit; the greys have none.
        symbol: Of a chosen unit; see ``style.UNIT_SYMBOLS``.
        is_hollow: Its figure is a demonstration one.
    """

    share: float
    hover: str = ""
    colour: str = ""
    symbol: str = "circle"
    is_hollow: bool = False


@dataclass(frozen=True)
class DotRow:
    """One row.

    Attributes:
        label: At the left.
        note: At the right.
        href: Where the label leads, or empty.
        heading: Above the first row of those that have the same; empty for none.
        others: Grey dots.
        chosen: Signs, drawn above all else.
        reference: A stroke across the line.
        target: A flag on the line.
        has_span: Join the chosen ones by a line.
    """

    label: str | Markup
    note: str | Markup = ""
    href: str = ""
    heading: str | Markup = ""
    others: Sequence[Dot] = ()
    chosen: Sequence[Dot] = ()
    reference: Dot | None = None
    target: Dot | None = None
    has_span: bool = False


def dot_rows(rows: Sequence[DotRow], alt: str, is_brief: bool = False) -> str:
    """Return the rows as HTML.

    Args:
        alt: Their message in a sentence or two.
        is_brief: The notes are short, so that the lines may have more room.
    """
    has_hovers = is_told_one_by_one(sum(len(row.others) for row in rows))
    groups = [
        (f"<h3>{escape(heading)}</h3>" if heading else "")
        + f"<ul>{''.join(_row(row, has_hovers) for row in members)}</ul>"
        for heading, members in groupby(rows, key=lambda row: row.heading)
    ]
    brief = " ws-brief" if is_brief else ""
    return f'<figure class="ws-dots{brief}" aria-label="{escape(alt)}">{"".join(groups)}</figure>'


def scale_of(shares: Iterable[float]) -> Callable[[float], float]:
    """Return what places a share on a line from none to all points; relative rules may give less or more."""
    known = list(shares)
    low, high = min([0.0, *known]), max([1.0, *known])
    return lambda share: (share - low) / (high - low)


def is_told_one_by_one(count: int) -> bool:
    """Tell whether so many grey dots keep their texts; where they do not, none need be written."""
    return count <= _MOST_HOVERS


def _row(row: DotRow, has_hovers: bool) -> str:
    label = escape(row.label)
    if row.href:
        label = Markup('<a href="{}" target="_self">{}</a>').format(row.href, label)
    signs = _spread(row.chosen)
    lowest = max((level for _, level in signs), default=0)
    others = row.others if has_hovers else _thinned(row.others)
    marks = "".join(_mark("i", dot) for dot in others)
    if row.has_span and len(row.chosen) > 1:
        shares = [dot.share for dot in row.chosen]
        marks = f'<em style="--x:{_percent(min(shares))};--w:{_percent(max(shares) - min(shares))}"></em>{marks}'
    marks += _mark("u", row.reference) + _mark("s", row.target)
    marks += "".join(_sign(dot, level) for dot, level in signs)
    height = f' style="--more:{lowest * _SIGN_STEP_PX}px"' if lowest else ""
    return (
        f'<li><span class="ws-label">{label}</span><span class="ws-line" aria-hidden="true"{height}>{marks}</span>'
        f'<span class="ws-note">{escape(row.note)}</span></li>'
    )


def _thinned(others: Sequence[Dot]) -> list[Dot]:
    """Return dots without their texts, and of those on one spot as many as can be told from fewer."""
    spots = Counter(round(dot.share, 2) for dot in others)
    return [Dot(share) for share, count in sorted(spots.items()) for _ in range(min(count, _MOST_ON_A_SPOT))]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")


def _mark(tag: str, dot: Dot | None) -> str:
    if dot is None:
        return ""
    hover = f' data-tip="{escape(dot.hover)}"' if dot.hover else ""
    return f'<{tag} style="--x:{_percent(dot.share)}"{hover}></{tag}>'


def _sign(dot: Dot, level: int) -> str:
    below = f";--y:{level * _SIGN_STEP_PX}px" if level else ""
    looks = f"ws-{dot.symbol}" + (" ws-hollow" if dot.is_hollow else "")
    style = f"--x:{_percent(dot.share)};color:{escape(dot.colour)}{below}"
    return f'<b class="{looks}" style="{style}" data-tip="{escape(dot.hover)}"></b>'


def _spread(chosen: Sequence[Dot]) -> list[tuple[Dot, int]]:
    """Give signs that would hide each other a level of their own, downwards; in the order they were chosen."""
    levels: dict[int, int] = {}
    group: list[int] = []
    for place in sorted(range(len(chosen)), key=lambda place: chosen[place].share):
        if group and chosen[place].share - chosen[group[-1]].share > _CLOSE:
            group = []
        levels[place] = len(group)
        group.append(place)
    return [(dot, levels[place]) for place, dot in enumerate(chosen)]
