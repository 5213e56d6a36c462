"""What one reader looks at: a snapshot, a language, a period, a theme. Everything drawn is a function of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from wardstats.core.languages import Translator, decimals_apart, translator
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries

Fetch = Callable[[str, str, tuple[tuple[str, Any], ...]], pd.DataFrame]


@dataclass(frozen=True)
class View:
    """One reader's view in one moment; equal views look the same.

    What it looks up it keeps: a view lives for one run of a script, and nobody changes what it hands out.

    Attributes:
        snapshot_id: The snapshot everything on the page comes from.
        language: A code of ``LANGUAGES``.
        period: A ranked period.
        node: Theme code, or total.
        is_dark: The browser shows the dark appearance.
        fetch: Answers (snapshot id, query name, sorted parameters).
    """

    snapshot_id: str
    language: str
    period: str
    node: str
    is_dark: bool
    fetch: Fetch = field(repr=False, compare=False)

    @property
    def speak(self) -> Translator:
        """The translator of this view's language."""
        return translator(self.language)

    def frame(self, name: str, **params: Any) -> pd.DataFrame:
        """Return the cached answer of a named query; parameters must be hashable."""
        return self.fetch(self.snapshot_id, name, tuple(sorted(params.items())))

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Return the same as ``frame``: a view can stand where a snapshot is asked for."""
        return self.frame(name, **params)

    def day(self, value: Any) -> str:
        """Write a date of a table; empty where it is missing."""
        return "" if pd.isna(value) else self.speak.day(pd.Timestamp(value).date())

    def ranking(self, node: str = "") -> pd.DataFrame:
        """Return queries/ranking.sql for this period: of the theme looked at, or of another node."""
        return self.frame("ranking", period=self.period, node=node or self.node, language=self.language)

    @property
    def block(self) -> dict[str, Any]:
        """The block's row of queries/block.sql."""
        return _block(self.fetch, self.snapshot_id, self.language)

    @cached_property
    def rules(self) -> dict[str, Any]:
        """The row of queries/ranked_period.sql for this period."""
        periods = self.frame("ranked_period")
        return dictionaries(periods[periods["period"] == self.period])[0]

    @cached_property
    def members(self) -> dict[str, str]:
        """Names of those who are members in this period, by code, in the order of queries/unit.sql."""
        there = set(self.ranking(ROOT)["unit_code"])
        return {code: name for code, name in self.unit_names.items() if code in there}

    @cached_property
    def members_now(self) -> dict[str, str]:
        """Names of those who are members today, by code, whatever the period."""
        units = self.frame("unit", language=self.language)
        own = units[units["is_member"]]
        return dict(zip(own["unit_code"], own["unit_name"], strict=True))

    @cached_property
    def names(self) -> dict[str, str]:
        """Theme names by code, the total included."""
        tree = self.themes
        return {ROOT: self.speak("All themes")} | dict(zip(tree["node_code"], tree["theme_name"], strict=True))

    @property
    def theme_name(self) -> str:
        """The name of the theme looked at; empty for the total."""
        return "" if self.node == ROOT else self.names[self.node]

    @property
    def themes(self) -> pd.DataFrame:
        """The theme tree in this language."""
        return self.frame("theme_tree", language=self.language)

    @cached_property
    def main_themes(self) -> list[str]:
        """Codes of the themes right below the total, in the order of the tree."""
        tree = self.themes
        return tree.loc[tree["depth"] == 1, "node_code"].tolist()

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Unit names by code."""
        units = self.frame("unit", language=self.language)
        return dict(zip(units["unit_code"], units["unit_name"], strict=True))

    @cached_property
    def cluster_names(self) -> dict[str, str]:
        """Names of the groups of neighbouring members, by code."""
        clusters = self.frame("cluster", language=self.language)
        return dict(zip(clusters["cluster"], clusters["cluster_name"], strict=True))

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The indicators by code, with their criterion in this period's year."""
        return self.frame("indicator", year=int(self.rules["year"]), language=self.language).set_index("indicator_code")

    @cached_property
    def scored(self) -> pd.DataFrame:
        """Those of them that are scored and lie in the theme looked at."""
        table = self.indicators
        return table[table["max_points"].notna() & table["node_code"].isin(self.below(self.node))]

    @cached_property
    def _written(self) -> dict[str, tuple[str, str, int]]:
        """How each indicator is written: its name, unit of measure and decimals."""
        table = self.indicators
        written = zip(table["indicator_name"], table["unit"], table["decimals"], strict=True)
        return dict(
            zip(table.index, ((str(name), str(unit), int(places)) for name, unit, places in written), strict=True)
        )

    @property
    def decimals(self) -> dict[str, int]:
        """With how many decimals each indicator's figures are written."""
        return {code: decimals for code, (_, _, decimals) in self._written.items()}

    def indicator_name(self, code: str) -> str:
        """Return an indicator's name."""
        return self._written[code][0]

    def unit_name(self, code: str) -> str:
        """Return a unit's name; its code where no such unit is known."""
        return self.unit_names.get(code, code)

    def unit_title(self, code: str) -> str:
        """Return a unit's name with what it is, where the language puts that first: Phường Sa Pa."""
        kind, name = self.block["unit_kind"] or "", self.unit_name(code)
        return f"{kind[:1].upper()}{kind[1:]} {name}" if kind and self.speak.written.kind_first else name

    def figure(self, code: str, value: Any, beside: float | None = None) -> str:
        """Write a value of an indicator with its decimals and unit; an en dash where there is none.

        Args:
            code: The indicator's.
            value: In its unit.
            beside: A value that stands beside it, such as a target: as many decimals are written as tell the two apart.
        """
        _, unit, decimals = self._written[code]
        if pd.isna(value):
            return "–"
        if not pd.isna(beside):
            decimals = decimals_apart(value, beside, decimals)
        return self.speak.measure(value, unit, decimals)

    @cached_property
    def _parents(self) -> list[tuple[str, str]]:
        """(Theme, the theme it belongs to), parents first."""
        tree = self.themes
        return list(zip(tree["node_code"], tree["parent_code"], strict=True))

    def below(self, node: str) -> set[str]:
        """Return the codes of a node and of all themes below it."""
        found = {node}
        for code, parent in self._parents:
            if parent in found:
                found.add(code)
        return found

    def key(self) -> tuple[str, ...]:
        """Return what a cached drawing of this view depends on."""
        return (self.snapshot_id, self.language, self.period, self.node, str(self.is_dark))


@lru_cache(maxsize=64)  # every run of every page asks
def _block(fetch: Fetch, snapshot_id: str, language: str) -> dict[str, Any]:
    return dictionaries(fetch(snapshot_id, "block", (("language", language),)))[0]
