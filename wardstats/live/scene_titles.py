"""The finding that each scene of the projector begins with; where there is none to tell, the board's own headline."""

from __future__ import annotations

from collections import Counter
from typing import Any

from wardstats.core.languages import Translator, as_written
from wardstats.core.records import ROOT
from wardstats.view.absence import is_complete, ranked_count
from wardstats.view.completeness import is_finished
from wardstats.view.headline import headline
from wardstats.view.view import View

MOST_NAMED = 3  # units that a title names; more are counted


def winners_title(firsts: list[list[str]], view: View) -> str:
    """Say who is first in how many themes.

    Args:
        firsts: The names of those who are first, for each theme that names a leader.
        view: The board.
    """
    speak = view.speak
    wins = Counter(name for names in firsts for name in names)
    if not wins:
        return _standing(view)
    most = max(wins.values())
    if most == 1 < len(firsts):
        return speak("Nobody is first in more than one theme")
    names = named([name for name, count in wins.items() if count == most], speak)
    return speak("{names}: first in {count} of {total} themes", names=names, count=most, total=len(firsts))


def map_title(view: View) -> str:
    """Say which group of neighbouring units has the highest mean; without groups, from what to what scores reach."""
    speak, ranking = view.speak, view.ranking(ROOT)
    if not is_finished(ranking) or ranked_count(ranking) < 2:
        return _standing(view)
    units = view.frame("unit", language=view.language).set_index("unit_code")
    area = ranking["unit_code"].map(units["cluster"])
    means = ranking.groupby(area)["score"].mean().map(as_written)
    if is_complete(ranking) and area.notna().all() and len(means) > 1:
        best = means[means == means.max()]
        names = named([view.cluster_names.get(str(code), str(code)) for code in best.index], speak)
        return speak("Highest average by area: {area}, {score} points", area=names, score=speak.number(best.iloc[0]))
    ranked = ranking[ranking["rank"].notna()]
    first, last = ranked.iloc[0], ranked.iloc[-1]
    return speak(
        "From {low} points ({lowest}) to {high} ({highest})",
        low=speak.number(last["score"]), lowest=last["unit_name"],
        high=speak.number(first["score"]), highest=first["unit_name"],
    )  # fmt: skip


def movers_title(rows: list[dict[str, Any]], nothing: str, speak: Translator) -> str:
    """Say who moved furthest, and the first reason.

    Args:
        rows: The movers, furthest first, with the reason as ``because``.
        nothing: What is said where nobody moved.
        speak: The reader's language.
    """
    if not rows:
        return nothing
    row = rows[0]
    name, places = row["unit_name"], row["places"]
    if not places:
        told = f"{name}: {row['points_text']}"
        return told if places is None else speak("No place has changed. {change}", change=told)
    if places > 0:
        told = speak("{name} climbed {count} {count:place|places}", name=name, count=places)
    else:
        told = speak("{name} fell {count} {count:place|places}", name=name, count=-places)
    return f"{told}: {row['because']}" if row["because"] else told


def named(names: list[str], speak: Translator) -> str:
    """Write some names, and how many more there are."""
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    return speak("{names} and {count} more", names=", ".join(shown), count=more) if more > 0 else speak.names(shown)


def _standing(view: View) -> str:
    return headline(view.ranking(ROOT), view.speak)
