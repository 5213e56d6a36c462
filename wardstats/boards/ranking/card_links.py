"""Where the cards of the ranking lead: each to what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from wardstats.boards.compare.chosen import MOST_UNITS
from wardstats.charts.html.pieces import Card
from wardstats.view.addresses import compare_address, unit_address
from wardstats.view.view import View


def linked_cards(view: View, cards: Sequence[Card], ranking: pd.DataFrame) -> list[Card]:
    """Return the cards of a ranking with where they lead: to the unit that one names, or to those that it compares."""
    if not cards:
        return []
    speak, ranked = view.speak, ranking[ranking["rank"].notna()]
    codes = dict(zip(ranking["unit_name"], ranking["unit_code"], strict=True))
    first = ranked.loc[ranked["rank"] == 1, "unit_code"].head(MOST_UNITS).tolist()
    ends = list(dict.fromkeys([*ranked["unit_code"].head(1), *ranked["unit_code"].tail(1)]))
    lead = {speak("In the lead"): compare_address(view, first), speak("First to last"): compare_address(view, ends)}
    if ranking["missing_count"].any():
        least = ranking.sort_values(["coverage", "missing_count"], ascending=[True, False])["unit_code"].iloc[0]
        lead[speak("Data coverage")] = unit_address(view, least)
    lead |= {card.topic: unit_address(view, codes[card.finding]) for card in cards if card.finding in codes}
    return [replace(card, href=lead.get(card.topic, "")) for card in cards]
