"""Rank ranges of a published snapshot, in a process of their own: ``python -m tests.bench.ranges_of VAR PERIODS``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from wardstats.scoring import score_period
from wardstats.scoring.from_queries import scoring_inputs
from wardstats.scoring.robustness import rank_ranges
from wardstats.snapshot.store import Store

snapshot = Store(Path(sys.argv[1])).current()
periods = snapshot.query("ranked_period")["period"].tolist()[: int(sys.argv[2])]
results = [score_period(item) for item in scoring_inputs(snapshot, periods)]
started = time.perf_counter()
ranges = rank_ranges(results, draws=10_000)
print(time.perf_counter() - started, len(results), len(results[0].unit_codes), len(results[0].spec.node_codes))
