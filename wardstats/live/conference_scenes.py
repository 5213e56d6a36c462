"""What the projector shows of one publication: the board, the winners of each theme, the movers and why, each unit.

Owns which facts make a scene; what it looks like is in static/live_stage.*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.core.errors import SnapshotError
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.live.board import live_board, local_time
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.live.responses import local_day
from wardstats.view import headline
from wardstats.view.absence import places_gained, rank_among, so_far
from wardstats.view.adjustments import decisions, told
from wardstats.view.completeness import coverage_text, is_finished, nothing_to_compare
from wardstats.view.view import View

MOVERS_AT_MOST = 5
HISTORY = 12  # periods of a unit's rank over time
SPOTLIGHTS_AT_MOST = 40
_NOTHING = 0.05  # points; less is not seen in one decimal

Scene = dict[str, Any]


def conference_scenes(reader: Reader, published: Published, language: str) -> Scene:
    """Return the scenes of the period that leads in a publication."""
    view = reader.view(published.snapshot_id, language)
    club = view.block["club_name"]
    return {
        **live_board(reader, published, language, HISTORY),
        "club_name": "" if pd.isna(club) else club,
        "winners": _winners(view),
        "movers": _movers(reader, published, view),
        "spotlights": _spotlights(view),
    }


# --- winners ----------------------------------------------------------------------------------------------------------


def _winners(view: View) -> list[Scene]:
    speak, tree = view.speak, view.themes
    scenes = []
    for code in tree.loc[tree["depth"] == 1, "node_code"]:
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
        scenes.append(
            about
            | {
                "names": first["unit_name"].tolist()[:3],
                "more": max(0, len(first) - 3),
                "score_text": speak.number(first["score"].iloc[0]),
                "most_text": speak.number(first["max_score"].iloc[0], 0),
                "next": so_far(ranking, speak)
                if others.empty
                else speak(
                    "{points} points ahead of {name}",
                    points=speak.difference(first["score"].iloc[0], others["score"].iloc[0]),
                    name=others["unit_name"].iloc[0],
                ),
            }
        )
    return scenes


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
    board = view.ranking(ROOT)
    since = _since(reader, published, view) if is_finished(board) else None
    if since is None:
        return {"since": "", "nothing": nothing_to_compare(board, view.speak), "rows": []}
    columns = ["unit_code", "unit_name", "rank", "score"]
    now = board[columns]
    then = since.view.ranking(ROOT)[columns]
    ranked = now.merge(then, on="unit_code", how="left", suffixes=("", "_before")).dropna(subset="rank")
    both, newcomers = ranked[ranked["rank_before"].notna()], ranked[ranked["rank_before"].isna()]
    places = places_gained(both, "rank_before").fillna(0)  # of one alone there is nothing to compare
    both = both.assign(places=places, points=both["score"] - both["score_before"])
    both = both[(both["places"] != 0) | (both["points"].abs() >= _NOTHING)]
    order = both.assign(far=both["places"].abs(), much=both["points"].abs()).sort_values(
        ["far", "much"], ascending=False
    )
    rows = [_newcomer(row, view) for row in dictionaries(newcomers.head(MOVERS_AT_MOST - 1))]
    rows = [_mover(row, view, since.view) for row in dictionaries(order.head(MOVERS_AT_MOST - len(rows)))] + rows
    return {"since": since.words, "nothing": view.speak("Nothing has moved"), "rows": rows}


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
    }


def _mover(row: Scene, view: View, before: View) -> Scene:
    speak = view.speak
    sign = 1 if (row["places"] or row["points"]) > 0 else -1
    return {
        "unit_code": row["unit_code"],
        "unit_name": row["unit_name"],
        "rank": int(row["rank"]),
        "rank_before": int(row["rank_before"]),
        "places": int(row["places"]),
        "points_text": speak("{points} points", points=speak.change(row["score"], row["score_before"])),
        "why": _why(row["unit_code"], sign, view, before),
    }


def _why(unit_code: str, sign: int, view: View, before: View) -> list[str]:
    """Return the theme that moved the unit most in the direction it went, and the figure behind it."""
    speak = view.speak
    themes = _gains(_themes(view, unit_code), _themes(before, unit_code), "node_code", sign)
    if not themes:
        return [speak("others lost more") if sign > 0 else speak("others gained more")]
    reasons = [" · ".join(f"{view.names[code]} {speak.signed(gain)}" for code, gain in themes[:2])]
    now, then = _figures(view, unit_code), _figures(before, unit_code)
    below = view.below(themes[0][0])
    indicators = view.indicators[view.indicators["node_code"].isin(below)]
    inside = now[now["indicator_code"].isin(indicators.index)]
    for code, _ in _gains(inside, then, "indicator_code", sign, "points")[:1]:
        about = indicators.loc[code]
        texts = [
            headline.figure_text(
                speak,
                frame[frame["indicator_code"] == code].iloc[0].to_dict()
                | {"unit": about["unit"], "decimals": about["decimals"]},
                frame_view.period,
            )
            for frame, frame_view in ((then, before), (now, view))
        ]
        change = f"{texts[0]} → {texts[1]}".replace(" ", "\u00a0")  # never torn apart
        reasons.append(f"{about['indicator_name']}: {change}")
    return reasons


def _themes(view: View, unit_code: str) -> pd.DataFrame:
    frame = view.frame("theme_score", period=view.period, parent=ROOT)
    return frame[(frame["unit_code"] == unit_code) & frame["is_finished"]]


def _figures(view: View, unit_code: str) -> pd.DataFrame:
    frame = view.frame("figure_points", period=view.period, unit=(), indicator=())
    return frame[(frame["unit_code"] == unit_code) & frame["max_points"].notna()]


def _gains(
    now: pd.DataFrame, then: pd.DataFrame, key: str, sign: int, column: str = "score"
) -> list[tuple[str, float]]:
    """Return what changed in one direction, most first."""
    both = now.merge(then, on=key, suffixes=("", "_before"))
    gains = both.assign(gain=both[column] - both[f"{column}_before"]).dropna(subset="gain")
    gains = gains[gains["gain"] * sign >= _NOTHING].sort_values("gain", ascending=sign < 0)
    return list(zip(gains[key], gains["gain"], strict=True))


# --- one unit ---------------------------------------------------------------------------------------------------------


def _spotlights(view: View) -> list[Scene]:
    speak = view.speak
    ranking = view.ranking(ROOT)
    if not is_finished(ranking):
        return []
    parts = view.frame("theme_score", period=view.period, parent=ROOT)
    history = view.frame("score_history", period=view.period, node=ROOT)
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    indicators = view.indicators
    figures = figures[figures["max_points"].notna() & figures["points"].notna()]
    figures = figures.assign(share=figures["points"] / figures["max_points"])
    shares = figures.groupby("indicator_code")["share"]
    average = shares.mean()[shares.count() > 1]  # one alone is neither ahead of the others nor behind
    best = parts.groupby("node_code")["score"].max()
    scenes = []
    ranking = ranking.assign(gained=places_gained(ranking))
    decided = decisions(view, [view.period])
    for row in dictionaries(ranking[ranking["rank"].notna()].head(SPOTLIGHTS_AT_MOST)):
        own = figures[figures["unit_code"] == row["unit_code"]].set_index("indicator_code")
        ahead = (own["share"] - average).dropna().sort_values()
        strong, weak = ahead[ahead > 0].index[::-1], ahead[ahead < 0].index
        past = history[(history["unit_code"] == row["unit_code"]) & history["rank"].notna()]
        mark, sign = headline.delta(row["gained"])
        place = speak("rank {place}", place=rank_among(row["rank"], ranking, speak))

        def figure(code: str, own: pd.DataFrame = own) -> Scene:
            about = indicators.loc[code]
            facts = own.loc[code].to_dict() | {"unit": about["unit"], "decimals": about["decimals"]}
            return {"name": about["indicator_name"], "text": headline.figure_text(speak, facts, view.period)}

        scenes.append(
            {
                "unit_code": row["unit_code"],
                "unit_name": row["unit_name"],
                "rank": int(row["rank"]),
                "of": len(ranking),
                "place_text": f"{place[0].upper()}{place[1:]}",
                "score_text": speak.number(row["score"]),
                "remark": told(row, decided.get(row["unit_code"], []), speak),
                "change": mark,
                "direction": sign,
                "themes": [
                    {
                        "theme_code": part["node_code"],
                        "theme_name": view.names[part["node_code"]],
                        "score_text": speak.number(part["score"]),
                        "most_text": speak.number(part["max_score"], 0),
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
                "strong": [figure(str(code)) for code in strong[:2]],
                "weak": [figure(str(code)) for code in weak[:2]],
            }
        )
    return scenes


def _share(score: float | None, most: float | None) -> float:
    if score is None or most is None or pd.isna(score) or pd.isna(most) or most <= 0:
        return 0.0
    return round(max(0.0, min(1.0, score / most)), 4)
