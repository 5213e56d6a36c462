"""What the projector shows of one publication: the board, the winners of each theme, the movers and why, each unit.

Owns which facts make a scene; what it looks like is in static/live_stage.*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.boards.ranking.board import range_text
from wardstats.core.errors import SnapshotError
from wardstats.core.languages import fold
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.live.accounts import Accounts
from wardstats.live.board import live_board, local_time
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.live.reasons import NOTHING, Reasons
from wardstats.live.responses import local_day
from wardstats.live.scene_titles import map_title, movers_title, winners_title
from wardstats.view import headline
from wardstats.view.absence import places_gained, rank_among, so_far
from wardstats.view.adjustments import decisions, told
from wardstats.view.completeness import coverage_text, is_finished, nothing_to_compare
from wardstats.view.view import View

MOVERS_AT_MOST = 5
HISTORY = 12  # periods of a unit's rank over time
SPOTLIGHTS_AT_MOST = 40

Scene = dict[str, Any]


def in_spotlight(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a ranking that have a scene of their own."""
    return ranking[ranking["rank"].notna()].head(SPOTLIGHTS_AT_MOST)


def conference_scenes(reader: Reader, published: Published, language: str) -> Scene:
    """Return the scenes of the period that leads in a publication."""
    view = reader.view(published.snapshot_id, language)
    club = view.block["club_name"]
    winners, firsts = _winners(view)
    movers = _movers(reader, published, view)
    return {
        **live_board(reader, published, language, HISTORY),
        "club_name": "" if pd.isna(club) else club,
        "titles": {"winners": winners_title(firsts, view), "map": map_title(view), "movers": movers.pop("title")},
        "winners": winners,
        "movers": movers,
        "spotlights": _spotlights(view),
    }


# --- winners ----------------------------------------------------------------------------------------------------------


def _winners(view: View) -> tuple[list[Scene], list[list[str]]]:
    """Return a scene for each theme, and the names of those who are first in each that names a leader."""
    speak = view.speak
    scenes, firsts = [], []
    for code in view.main_themes:
        ranking = view.ranking(code)
        first = ranking[ranking["rank"] == 1]
        if first.empty:
            continue
        about = {"theme_code": code, "theme_name": view.names[code], "coverage_text": coverage_text(ranking, speak)}
        if not is_finished(ranking):
            too_few = speak("not enough figures yet")
            scenes.append(about | {"names": [], "more": 0, "score_text": "", "most_text": "", "next": too_few})
            continue
        others = ranking[ranking["rank"] > 1]
        firsts.append(first["unit_name"].tolist())
        scenes.append(
            about
            | {
                "names": first["unit_name"].tolist()[:3],
                "more": max(0, len(first) - 3),
                "score_text": speak.number(first["score"].iloc[0]),
                "most_text": speak.scale(first["max_score"].iloc[0]),
                "next": so_far(ranking, speak)
                if others.empty
                else headline.ahead_of(
                    first["score"].iloc[0], others["score"].iloc[0], others["unit_name"].iloc[0], speak
                ),
            }
        )
    return scenes, firsts


# --- movers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Since:
    """What the present standing is compared with."""

    view: View
    words: str


def _since(reader: Reader, published: Published, view: View) -> _Since | None:
    """Return the board before on the same day, where it ranked the same period as finished; else the period before."""
    day, speak = local_day(published.published_at), view.speak
    earlier = [entry for entry in reader.history() if entry.published_at < published.published_at]
    for entry in reversed(earlier):
        if local_day(entry.published_at) != day:
            break
        if entry.snapshot_id == published.snapshot_id:
            continue
        try:
            before = reader.view(entry.snapshot_id, view.language, view.period)
        except (UnknownChoiceError, SnapshotError):  # another period then, or its file was cleared away
            break
        if not before.rules["is_finished"]:
            break
        return _Since(before, speak("since the board of {time}", time=local_time(entry)))
    if before_period := view.rules["previous_period"]:
        before = reader.view(view.snapshot_id, view.language, before_period)
        return _Since(before, speak("since {period}", period=speak.period(before_period)))
    return None


def _movers(reader: Reader, published: Published, view: View) -> Scene:
    """Return the scene of those who moved: since when, who, why, how many more, and its title."""
    board, speak = view.ranking(ROOT), view.speak
    since = _since(reader, published, view) if is_finished(board) else None
    if since is None:
        nothing = nothing_to_compare(board, speak)
        return {"since": "", "nothing": nothing, "more_text": "", "rows": [], "title": nothing}
    columns = ["unit_code", "unit_name", "rank", "score"]
    now = board[columns]
    then = since.view.ranking(ROOT)[columns]
    ranked = now.merge(then, on="unit_code", how="left", suffixes=("", "_before")).dropna(subset="rank")
    both, newcomers = ranked[ranked["rank_before"].notna()], ranked[ranked["rank_before"].isna()]
    places = places_gained(both, "rank_before").fillna(0)  # of one alone there is nothing to compare
    both = both.assign(places=places, points=both["score"] - both["score_before"])
    both = both[(both["places"] != 0) | (both["points"].abs() >= NOTHING)]
    order = both.assign(far=both["places"].abs(), much=both["points"].abs()).sort_values(
        ["far", "much"], ascending=False
    )
    reasons = Reasons(view, since.view)
    rows = [_newcomer(row, view) for row in dictionaries(newcomers.head(MOVERS_AT_MOST - 1))]
    rows = [_mover(row, view, reasons) for row in dictionaries(order.head(MOVERS_AT_MOST - len(rows)))] + rows
    more, nothing = len(order) + len(newcomers) - len(rows), speak("Nothing has moved")
    title = movers_title(rows, nothing, speak)
    for row in rows:
        del row["because"]
    more_text = speak("and {count} more moved", count=more) if more else ""
    return {"since": since.words, "nothing": nothing, "more_text": more_text, "rows": rows, "title": title}


def _newcomer(row: Scene, view: View) -> Scene:
    """Return the scene of one that was not ranked before: it has gained no place."""
    speak = view.speak
    return {
        "unit_code": row["unit_code"],
        "unit_name": row["unit_name"],
        "rank": int(row["rank"]),
        "rank_before": None,
        "places": None,
        "points_text": speak("{score} points", score=speak.number(row["score"])),
        "why": [speak("not ranked then")],
        "because": "",
    }


def _mover(row: Scene, view: View, reasons: Reasons) -> Scene:
    speak = view.speak
    sign = 1 if (row["places"] or row["points"]) > 0 else -1
    why = reasons.of(row["unit_code"], sign)
    return {
        "unit_code": row["unit_code"],
        "unit_name": row["unit_name"],
        "rank": int(row["rank"]),
        "rank_before": int(row["rank_before"]),
        "places": int(row["places"]),
        "points_text": speak("{points} points", points=speak.change(row["score"], row["score_before"])),
        "why": why,
        "because": (reasons.themes(row["unit_code"], sign) or why)[0],
    }


# --- one unit ---------------------------------------------------------------------------------------------------------


def _spotlights(view: View) -> list[Scene]:
    speak = view.speak
    ranking = view.ranking(ROOT)
    if not is_finished(ranking):
        return []
    parts = view.frame("theme_score", period=view.period, parent=ROOT)
    history = view.frame("score_history", period=view.period, node=ROOT)
    vietnamese = view.frame("unit", language="vi").set_index("unit_code")["unit_name"]
    best = parts.groupby("node_code")["score"].max()
    accounts, scenes = Accounts(view), []
    ranking = ranking.assign(gained=places_gained(ranking))
    decided = decisions(view, [view.period])
    for row in dictionaries(in_spotlight(ranking)):
        past = history[(history["unit_code"] == row["unit_code"]) & history["rank"].notna()]
        mark, sign = headline.delta(row["gained"])
        place = speak("rank {place}", place=rank_among(row["rank"], ranking, speak))
        moved, why = accounts.movement(row)
        ahead, behind = accounts.standing_out(row["unit_code"])
        scenes.append(
            {
                "unit_code": row["unit_code"],
                "unit_name": row["unit_name"],
                # As people type it: a keyboard in the hall may have no Vietnamese or Hindi letters.
                "typed": sorted({fold(name) for name in (row["unit_name"], vietnamese[row["unit_code"]])}),
                "rank": int(row["rank"]),
                "of": len(ranking),
                "place_text": f"{place[0].upper()}{place[1:]}",
                "range_text": range_text(view, row["unit_code"]),
                "score_text": speak.number(row["score"]),
                "remark": told(row, decided.get(row["unit_code"], []), speak),
                "change": mark,
                "direction": sign,
                "moved": moved,
                "why": why,
                "themes": [
                    {
                        "theme_code": part["node_code"],
                        "theme_name": view.names[part["node_code"]],
                        "score_text": speak.number(part["score"]),
                        "most_text": speak.scale(part["max_score"]),
                        "share": _share(part["score"], part["max_score"]),
                        "best_share": _share(best.get(part["node_code"]), part["max_score"]),
                        "rank": part["rank"],
                    }
                    for part in dictionaries(parts[parts["unit_code"] == row["unit_code"]])
                ],
                "history": [
                    {"period": speak.period(str(period), is_short=True), "rank": int(rank)}
                    for period, rank in zip(past["period"].tail(HISTORY), past["rank"].tail(HISTORY), strict=True)
                ],
                "strong": [{"name": name, "text": text} for name, text in ahead],
                "weak": [{"name": name, "text": text} for name, text in behind],
            }
        )
    return scenes


def _share(score: float | None, most: float | None) -> float:
    if score is None or most is None or pd.isna(score) or pd.isna(most) or most <= 0:
        return 0.0
    return round(max(0.0, min(1.0, score / most)), 4)
