"""Bands by which a score can be read (block.toml, ``[[bands]]``): which unit lies in which, and where their limits are.

An optional reading: a band changes no score and no rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from wardstats.charts.html.pieces import Card
from wardstats.core.rows import dictionaries
from wardstats.view.view import View

_MOST_NAMES = 12


@dataclass(frozen=True)
class Band:
    """One band.

    Attributes:
        name: In the reader's language.
        above: Lower limit in percent of the points that can be had, itself not in the band.
        source_id: Who set it.
    """

    name: str
    above: float
    source_id: str


def read_bands(view: View) -> list[Band]:
    """Return the bands of the block, highest first; empty where it has none."""
    rows = dictionaries(view.frame("band", language=view.language))
    return [Band(row["band_name"], row["above_percent"], row["source_id"]) for row in rows]


def band_name(score: float, max_score: float, bands: Sequence[Band]) -> str:
    """Return the name of the band a score lies in; empty without a score. The lowest takes all the rest."""
    if pd.isna(score) or not max_score:
        return ""
    percent = round(100 * score / max_score, 9)  # the noise of binary arithmetic must not lift anybody over a limit
    return next((band.name for band in bands if percent > band.above), bands[-1].name)


def band_names(ranking: pd.DataFrame, bands: Sequence[Band]) -> list[str]:
    """Return the band of each row of a ranking."""
    return [band_name(*row, bands) for row in zip(ranking["score"], ranking["max_score"], strict=True)]


def band_cards(view: View, ranking: pd.DataFrame, bands: Sequence[Band]) -> list[Card]:
    """Return a card for each band: its limit, how many units lie in it, and which."""
    speak, names = view.speak, pd.Series(band_names(ranking, bands), index=ranking.index)
    cards = []
    for number, band in enumerate(bands):
        inside = ranking.loc[names == band.name, "unit_name"].tolist()
        if len(bands) == 1:
            topic = band.name
        elif number < len(bands) - 1:
            topic = speak("{band}: above {limit}", band=band.name, limit=_limit(view, band.above))
        else:
            topic = speak("{band}: up to {limit}", band=band.name, limit=_limit(view, bands[number - 1].above))
        shown = ", ".join(inside[:_MOST_NAMES])
        if len(inside) > _MOST_NAMES:
            shown = speak("{names} and {count} more", names=shown, count=len(inside) - _MOST_NAMES)
        cards.append(Card(topic, str(len(inside)), shown or speak("no unit")))
    return cards


def band_note(view: View, bands: Sequence[Band]) -> str:
    """Say what the bands are and who set them."""
    sources = view.frame("source", language=view.language).set_index("source_id")["title"]
    titles = dict.fromkeys(str(sources.get(band.source_id, band.source_id)) for band in bands)
    return view.speak(
        "Share of the points that can be had, read by: {source}. The bands change no score and no rank.",
        source="; ".join(titles),
    )


def _limit(view: View, percent: float) -> str:
    return view.speak.percent(percent / 100, 0 if float(percent).is_integer() else 1)
