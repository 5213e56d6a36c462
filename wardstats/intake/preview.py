"""What a hand-in would change, value by value, and what that does to points and rank, before anybody decides.

Builds the board as it would be, in a folder that is thrown away: so the preview obeys every rule of the real one, the
demonstration figures that a first real figure drops included.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.catalogue.load import Catalogue
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries, number_or_none
from wardstats.intake.form import Form, value_of
from wardstats.intake.workspace import Workspace, supposed_entry
from wardstats.ledger import Change, Draft, Figure
from wardstats.scoring import what_if
from wardstats.scoring.from_queries import Queries, scoring_input
from wardstats.snapshot import build
from wardstats.snapshot.store import Store
from wardstats.view.absence import ranked_count

FIGURES_AT_MOST = 400_000  # beyond, building a board to look at takes minutes; the values are compared all the same
UNITS_AT_MOST = 500  # among more, trying each line by itself takes seconds


@dataclass(frozen=True)
class Standing:
    """Where the ward stands in the period, on one board.

    Attributes:
        of: How many are ranked.
        all: How many there are.
    """

    rank: int | None
    of: int
    all: int
    score: float | None
    coverage: float


@dataclass(frozen=True)
class ChangedLine:
    """One figure, on the published board and as it would be.

    Attributes:
        before: Value in the indicator's unit, None where there is none.
        after: Likewise.
        known: The figure that counts now, or None.
        given: The figure that is handed in.
        points: Points on the published board and on the supposed one, None where unknown.
        places: By how many places the ward would stand lower if this figure alone stayed as published; None where that
            cannot be told.
    """

    code: str
    period: str
    before: float | None
    after: float | None
    known: Figure | None
    given: Figure | None
    points: tuple[float | None, float | None]
    max_points: float
    places: int | None = None

    @property
    def status_before(self) -> str:
        """The status of the figure that counts now: official, verified, reported, demonstration, or empty."""
        return self.known.status if self.known else ""


@dataclass(frozen=True)
class Preview:
    """What a hand-in would change.

    Attributes:
        head: The last entry of the ledger that this takes into account.
        standing: Before and after, or None where the block is too large to try it.
        dropped: Indicators whose made-up figures leave the board, for all units.
    """

    lines: list[ChangedLine]
    standing: tuple[Standing | None, Standing] | None
    dropped: list[str]
    head: int


def preview(workspace: Workspace, form: Form, draft: Draft, published: Queries | None) -> Preview:
    """Compare what a draft would make count with the board that is published.

    Args:
        draft: The hand-in; its changes are supposed to be accepted.
        published: The board that is up, or None.
    """
    head = workspace.ledger.head
    accepted = tuple(
        Change(
            c.unit_code, c.indicator_code, c.period, c.before, replace(c.after, status="verified") if c.after else None
        )
        for c in draft.changes
    )
    entry = supposed_entry(workspace.ledger, replace(draft, action="accept", changes=accepted, attachments=()))
    codes = [change.indicator_code for change in accepted]
    now = workspace.catalogue()
    if len(now.figures) > FIGURES_AT_MOST:
        return Preview(_lines(form, accepted, {}, {}, {}), None, _dropped(now, codes), head)
    before = _figures(published, form) if published else {}
    dropped = _dropped(now, codes)
    with tempfile.TemporaryDirectory(prefix="wardstats-preview-") as folder:
        supposed = _board(workspace.supposed([entry]), Path(folder))
        after = _figures(supposed, form)
        standing = _standing(published, form), _standing(supposed, form) or Standing(None, 0, 0, None, 0.0)
        places = _places(supposed, form, {code: before.get(code, {}) for code in codes if code not in dropped})
    return Preview(_lines(form, accepted, before, after, places), standing, dropped, head)


@contextmanager
def with_and_without(workspace: Workspace, draft: Draft) -> Iterator[tuple[Queries, Queries] | None]:
    """Give the board of what counts now, and with a draft's entry; None where the block is too large to try it."""
    now = workspace.catalogue()
    if len(now.figures) > FIGURES_AT_MOST:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="wardstats-preview-") as folder:
        supposed = workspace.supposed([supposed_entry(workspace.ledger, draft)])
        yield _board(now, Path(folder)), _board(supposed, Path(folder))


def _board(catalogue: Catalogue, var: Path) -> Queries:
    """Build a board without rank ranges, which take longest and are not shown."""
    robustness = catalogue.block.robustness.model_copy(update={"draws": 0})
    block = catalogue.block.model_copy(update={"robustness": robustness})
    return Store(var).snapshot(build.build_snapshot(replace(catalogue, block=block), var))


def _figures(board: Queries, form: Form) -> dict[str, dict[str, Any]]:
    if form.period not in set(board.query("ranked_period")["period"]):
        return {}
    frame = board.query("figure_points", period=form.period, unit=[form.unit.unit_code], indicator=[])
    return {row["indicator_code"]: row for row in dictionaries(frame)}


def _standing(board: Queries | None, form: Form) -> Standing | None:
    if board is None or form.period not in set(board.query("ranked_period")["period"]):
        return None
    frame = board.query("ranking", period=form.period, node=ROOT, language="vi")
    own = frame[frame["unit_code"] == form.unit.unit_code]
    if own.empty:
        return None
    row = own.iloc[0]
    is_ranked = pd.notna(row["rank"])
    score = float(row["score"]) if pd.notna(row["score"]) else None
    coverage = 0.0 if pd.isna(row["coverage"]) else float(row["coverage"])
    rank = int(row["rank"]) if is_ranked else None
    return Standing(rank, ranked_count(frame), len(frame), score, coverage)


def _lines(
    form: Form,
    changes: Sequence[Change],
    before: dict[str, dict[str, Any]],
    after: dict[str, dict[str, Any]],
    places: dict[str, int],
) -> list[ChangedLine]:
    lines = []
    for change in changes:
        if (row := form.rows.get(change.indicator_code)) is None:
            continue  # no longer asked for; accepting it is refused in words
        unit = row.indicator.unit
        points = tuple(_points(board, change.indicator_code) for board in (before, after))
        lines.append(
            ChangedLine(
                code=change.indicator_code,
                period=change.period,
                before=value_of(change.before, unit),
                after=value_of(change.after, unit),
                known=change.before,
                given=change.after,
                points=(points[0], points[1]),
                max_points=row.criterion.max_points,
                places=places.get(change.indicator_code),
            )
        )
    return lines


def _places(supposed: Queries, form: Form, before: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Return by how many places the ward would stand lower if one figure alone stayed as it is published.

    Args:
        before: Rows of queries/figure_points.sql by indicator; one whose made-up figures leave the board with the first
            real one has no such place, and neither has a figure that is 0 out of 0.
    """
    unit = form.unit.unit_code
    if form.period not in set(supposed.query("ranked_period")["period"]):
        return {}
    period = scoring_input(supposed, form.period)
    if unit not in period.unit_codes or len(period.unit_codes) > UNITS_AT_MOST:
        return {}
    found = {}
    for code, row in before.items():
        if code not in period.spec.codes or number_or_none(row.get("denominator")) == 0:
            continue
        _, table = what_if(period, {(unit, code): number_or_none(row.get("value"))})
        (own,) = dictionaries(table[table["unit_code"] == unit])
        if own["rank"] is not None and own["rank_before"] is not None:
            found[code] = int(own["rank"] - own["rank_before"])
    return found


def _points(board: dict[str, dict[str, Any]], code: str) -> float | None:
    return number_or_none(board.get(code, {}).get("points"))


def _dropped(catalogue: Catalogue, codes: Sequence[str]) -> list[str]:
    """Return which of the indicators have nothing but made-up figures so far."""
    frame = catalogue.figures
    real = set(frame.loc[frame["status"] != "demonstration", "indicator_code"].astype(str).unique())
    made_up = set(frame.loc[frame["status"] == "demonstration", "indicator_code"].astype(str).unique())
    return [code for code in dict.fromkeys(codes) if code in made_up and code not in real]
