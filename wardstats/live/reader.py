"""Answers of published snapshots, kept in memory by snapshot, for all requests of one process.

Owns the cache and how a request's period and language are settled; refuses to know about HTTP.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from wardstats.core.errors import WardStatsError
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.settings import Settings
from wardstats.core.weighed_cache import WeighedCache, frame_bytes, handed_out
from wardstats.snapshot.store import Store
from wardstats.view.completeness import leading_period
from wardstats.view.view import View


class UnknownChoiceError(WardStatsError):
    """A period, theme, unit, indicator or snapshot that does not exist was asked for."""


class Reader:
    """The published boards of one folder for state."""

    def __init__(self, places: Settings, frames_at_most_bytes: int = 160_000_000) -> None:
        """Remember the places; nothing is opened yet.

        Args:
            frames_at_most_bytes: What answers of the snapshots may take in memory.
        """
        self.places = places
        self.store = Store(places.var)
        self.frames: WeighedCache[tuple[Any, ...], pd.DataFrame] = WeighedCache(frames_at_most_bytes, frame_bytes)

    def publication(self) -> Published:
        """Return what is shown now. Costs one ``stat`` while nothing changes; errors as in ``Store.standing``."""
        return self.store.publication()

    def history(self) -> list[Published]:
        """Return all publications that are known of, oldest first."""
        return self.store.history()

    def published(self, key: str | None) -> Published:
        """Return a publication by its key or by the id of its snapshot; the present one for None.

        Only what was published can be read from outside: a draft stays a draft.

        Raises:
            UnknownChoiceError: Nothing was published under that name.
        """
        if key is None:
            return self.publication()
        for entry in reversed(self.history()):
            if key in (entry.key, entry.snapshot_id):
                return entry
        raise UnknownChoiceError(f"snapshot {key!r}: nothing was published under this name. See /api/v1/snapshots.")

    def view(self, snapshot_id: str, language: str, period: str | None = None, node: str = ROOT) -> View:
        """Return the view of a period and theme; of the period that leads if none is given.

        Raises:
            UnknownChoiceError: The snapshot does not rank such a period, or has no such theme.
        """
        ranked = self.fetch(snapshot_id, "ranked_period", ())
        periods = ranked["period"].tolist()
        if not periods or (period is not None and period not in periods):
            raise UnknownChoiceError(f"period {period!r}: not ranked. Ranked: {', '.join(periods) or 'none'}.")
        view = View(snapshot_id, language, period or leading_period(ranked), node, is_dark=False, fetch=self.fetch)
        if node != ROOT and node not in set(view.themes["node_code"]):
            raise UnknownChoiceError(f"theme {node!r}: no such theme. Themes: {', '.join(view.themes['node_code'])}.")
        return view

    def default_language(self) -> str:
        """Return the language of the block that is up."""
        block = self.fetch(self.publication().snapshot_id, "block", (("language", "vi"),))
        return str(block["default_language"].iloc[0])

    def fetch(self, snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
        """Return the answer of a named query on one snapshot, kept for all who ask; each gets a copy."""
        kept = self.frames.get(
            (snapshot_id, name, params), lambda: self.store.snapshot(snapshot_id).query(name, **dict(params))
        )
        return handed_out(kept)
