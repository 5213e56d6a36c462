"""What of the figures shown is made up, now and in the periods they are compared with: page, print, files and API."""

from __future__ import annotations

from dataclasses import dataclass

from wardstats.core.rows import dictionaries
from wardstats.view.view import View

LOOKED_BACK = 24  # ranked periods before, from which trends, changes and advice are taken


@dataclass(frozen=True)
class MadeUp:
    """What is made up of the indicators of some periods.

    Attributes:
        count: Indicators with at least one demonstration figure.
        total: Scored indicators.
        earlier: Indicators that are made up in earlier periods only.
        title: What the notice begins with.
        text: What it says; empty where nothing is made up.
        word: The same as one word for a title; likewise.
    """

    count: int
    total: int
    earlier: int
    title: str
    text: str
    word: str

    @property
    def notice(self) -> str:
        """The whole notice; empty where nothing is made up."""
        return f"{self.title} {self.text}" if self.text else ""


def made_up(view: View, periods: tuple[str, ...] = (), back: int = LOOKED_BACK) -> MadeUp:
    """Return what is made up of what is shown.

    Args:
        view: Whose snapshot and language it is.
        periods: Ranked periods, oldest first; the view's own if none are given.
        back: How many ranked periods before them are shown, or compared with, too.
    """
    speak, periods = view.speak, periods or (view.period,)
    order = view.frame("ranked_period")["period"].tolist()  # newest first
    at = order.index(periods[0]) + 1
    (share,) = dictionaries(view.frame("demonstration_share", periods=periods, earlier=tuple(order[at : at + back])))
    count, total, earlier = (int(share[f"{name}_count"]) for name in ("demonstration", "indicator", "earlier"))
    texts = []
    if count:
        texts.append(
            speak(
                "{count} of the {total} indicators shown are made up to show how the board works. "
                "They say nothing about any real unit.",
                count=count,
                total=total,
            )
        )
    if earlier:
        texts.append(
            speak(
                "Made up in earlier periods: {count} of the indicators. Changes, trends and places gained that are "
                "measured against them say nothing about any real unit.",
                count=earlier,
            )
        )
    word = speak("demonstration figures") if texts else ""
    return MadeUp(count, total, earlier, speak("Demonstration figures."), " ".join(texts), word)
