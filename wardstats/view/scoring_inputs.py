"""The published figures and rules of a period, as the scoring library wants them.

Owns the way from a snapshot's relations to ``scoring.Spec`` and ``scoring.PeriodInput``; computes no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from wardstats.scoring import PeriodInput, Spec
from wardstats.scoring.from_queries import scoring_input, scoring_spec
from wardstats.view.view import Fetch, View


def shared_input(view: View, period: str) -> PeriodInput:
    """Return the same of a view's snapshot, made once for all readers: a unit's page alone asks five times."""
    return _shared_input(_Answers(view.snapshot_id, view.fetch), period)


def shared_spec(view: View, year: int) -> Spec:
    """Return the method in force in a year, read once for all readers."""
    return _shared_spec(_Answers(view.snapshot_id, view.fetch), year)


@dataclass(frozen=True)
class _Answers:
    snapshot_id: str
    fetch: Fetch

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        return self.fetch(self.snapshot_id, name, tuple(sorted(params.items())))


@lru_cache(maxsize=32)
def _shared_spec(snapshot: _Answers, year: int) -> Spec:
    return scoring_spec(snapshot, year)


@lru_cache(maxsize=32)
def _shared_input(snapshot: _Answers, period: str) -> PeriodInput:
    return scoring_input(snapshot, period)
