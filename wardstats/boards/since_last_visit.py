"""What has moved since the board that a reader saw last, in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.view.absence import places_gained
from wardstats.view.completeness import is_finished
from wardstats.view.headline import MOST_NAMED, delta, mark
from wardstats.view.view import View


def draw_since(view: View, snapshot_id: str, published_at: str) -> str:
    """Return which places of the period and theme looked at have moved since an earlier board.

    Args:
        snapshot_id: The earlier board.
        published_at: When it was put up, in UTC (ISO 8601).

    Returns:
        A sentence; empty where one of the boards has too few figures to compare places.
    """
    speak, before = view.speak, replace(view, snapshot_id=snapshot_id)
    moment = speak.moment(datetime.fromisoformat(published_at).replace(tzinfo=None))
    if view.period not in set(before.frame("ranked_period")["period"]):
        return speak(
            "Since the board of {moment}, which you saw last: {period} is new.",
            moment=moment, period=speak.period(view.period),
        )  # fmt: skip
    now, seen = view.ranking(), before.ranking()
    if not (len(now) and len(seen) and is_finished(now) and is_finished(seen)):
        return ""
    names = {"rank": "rank_seen", "status": "status_seen"}
    both = now.merge(seen[["unit_code", *names]].rename(columns=names), on="unit_code", how="left")
    both = both.assign(gained=places_gained(both, "rank_seen")).dropna(subset="gained")
    moved = both[both["gained"] != 0].sort_values("gained", ascending=False, kind="stable")
    if moved.empty:
        return speak("Since the board of {moment}, which you saw last, no place has changed.", moment=moment)
    shown = [f"{row['unit_name']} {delta(row['gained'])[0]}" for row in dictionaries(moved.head(MOST_NAMED))]
    moves, more = ", ".join(shown), len(moved) - MOST_NAMED
    if more > 0:
        moves = speak("{names} and {count} more", names=moves, count=more)
    word = mark(weakest([*both["status"], *both["status_seen"]]), speak)
    return speak(
        "Since the board of {moment}, which you saw last: {moves}.",
        moment=moment, moves=f"{moves} ({word})" if word else moves,
    )  # fmt: skip
