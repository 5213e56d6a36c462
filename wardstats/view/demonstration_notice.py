"""How many of the indicators shown are demonstration figures, and the notice that says so: page, print and API."""

from __future__ import annotations

from dataclasses import dataclass

from wardstats.view.view import View


@dataclass(frozen=True)
class MadeUp:
    """What is made up of the indicators of some periods.

    Attributes:
        count: Indicators with at least one demonstration figure.
        total: Scored indicators.
        title: What the notice begins with.
        text: What it says; empty where nothing is made up.
    """

    count: int
    total: int
    title: str
    text: str


def made_up(view: View, periods: tuple[str, ...] = ()) -> MadeUp:
    """Return what is made up in these periods; in the view's own if none are given."""
    share = view.frame("demonstration_share", periods=periods or (view.period,)).iloc[0]
    count, total = int(share["demonstration_count"]), int(share["indicator_count"])
    text = view.speak(
        "{count} of the {total} indicators shown are made up to show how the board works. "
        "They say nothing about any real unit.",
        count=count,
        total=total,
    )
    return MadeUp(count, total, view.speak("Demonstration figures."), text if count else "")
