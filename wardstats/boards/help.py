"""Help: where to find what, the ways beside the pages, and what the words of the interface mean.

Owns the words; the links among them stand at the foot of every page too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from urllib.parse import urlencode

from wardstats.charts.html.page_foot import LOOKS, page_foot
from wardstats.charts.html.pieces import Link
from wardstats.core.languages import TIME_ZONE
from wardstats.core.rows import dictionaries
from wardstats.view.addresses import RANKING, page_address
from wardstats.view.view import View


@dataclass(frozen=True)
class Help:
    """What the help page shows.

    Attributes:
        pages: A link to each page, with what it answers.
        ways: Links to what is no page, likewise.
        words: Each term with its meaning; those that belong together stand together.
        contact: Whom to ask.
    """

    headline: str
    pages: list[tuple[Link, str]]
    ways: list[tuple[Link, str]]
    words: list[tuple[str, str]]
    contact: str


def draw_help(view: View, day: str) -> Help:
    """Return the help page; ``day`` is the one to replay, or empty."""
    speak = view.speak
    return Help(
        speak("Help: where to find what, and what the words mean"), _pages(view), _ways(view, day), _words(view),
        contact(view),
    )  # fmt: skip


def draw_foot(view: View, day: str, script: str) -> str:
    """Return the foot of every page as HTML.

    Args:
        day: The one to replay, or empty.
        script: Address of static/page.js.
    """
    speak = view.speak
    links = [Link(speak("Help"), page_address(view, "help"), is_page=True), *(link for link, _ in _ways(view, day))]
    looks = dict(zip(LOOKS, (speak("as the device"), speak("light"), speak("dark")), strict=True))
    return page_foot(speak("Other ways to the boards"), links, speak("Appearance"), looks, view.snapshot_id, script)


def replay_day(moments: Sequence[str]) -> str:
    """Return the last day in Vietnam on which there were several publications, as 2026-11-14; empty without one.

    Args:
        moments: When each was made, oldest first (ISO 8601).
    """
    days = (datetime.fromisoformat(moment).astimezone(TIME_ZONE).date() for moment in reversed(moments))
    return next((day.isoformat() for day, before in pairwise(days) if day == before), "")


def _pages(view: View) -> list[tuple[Link, str]]:
    speak = view.speak
    told = {
        RANKING: (speak("Ranking"), speak("Who leads, who moved, how far apart they are")),
        "map": (speak("Map"), speak("Where they are, and the score or an indicator as a colour")),
        "ward": (speak("Unit profile"), speak("How one stands on each indicator, why it moved and what would lift it")),
        "indicator": (
            speak("Indicator"),
            speak("Who is best, how each unit stands and moved, the rule and the source"),
        ),
        "compare": (speak("Compare"), speak("Two or more side by side")),
        "contract": (speak("Contract"), speak("What was pledged, what is reached, what is behind")),
        "block": (speak("Competition group"), speak("Programme, documents, members")),
        "year_end": (speak("Year-end"), speak("The result of the year, proposed titles, the draft of the minutes")),
        "models": (speak("Models"), speak("Who has adopted what, and how it went")),
        "club": (speak("Club"), speak("Practices to learn from, and topics under discussion")),
        "explore": (speak("Explore"), speak("Every figure: filter, draw, download, ask with SQL")),
        "reliability": (speak("Reliability"), speak("How far the order can be trusted")),
        "method": (speak("Method and sources"), speak("How a figure becomes points, where it is from, what changed")),
        "submit": (speak("Submit"), speak("For officers: submit figures with evidence")),
    }
    return [(Link(title, page_address(view, name), is_page=True), text) for name, (title, text) in told.items()]


def _ways(view: View, day: str) -> list[tuple[Link, str]]:
    speak, language = view.speak, {"lang": view.language}
    chosen = language | ({"theme": view.node} if view.node in view.main_themes else {})  # those that these two have
    table = language | {"format": "csv", "bom": "1", "period": view.period, "theme": view.node}
    ways = [
        (Link(speak("On a phone"), f"/live?{urlencode(chosen)}"),
         speak("The ranking on a small screen. It follows every publication by itself.")),
        (Link(speak("On the projector"), f"/conference?{urlencode(chosen)}"),
         speak("The scenes of the conference: arrow keys change them, F fills the screen, R replays the day.")),
        (Link(speak("Calendar"), f"/api/v1/activities.ics?{urlencode(language)}"),
         speak("The programme for the calendar of a phone or an office PC.")),
        (Link(speak("Table for Excel"), f"/api/v1/ranking?{urlencode(table)}"),
         speak("The ranking of the chosen period and theme as a CSV file.")),
        (Link(speak("Data for programs"), "/api/v1"),
         speak("The addresses of the programming interface (API); /api/v1/openapi.json describes each.")),
    ]  # fmt: skip
    if day:
        replayed = speak("The boards of {day}, one after the other.", day=speak.day(date.fromisoformat(day)))
        ways.insert(2, (Link(speak("Replay of a day"), f"/conference?{urlencode(language | {'day': day})}"), replayed))
    return ways


def _words(view: View) -> list[tuple[str, str]]:
    speak = view.speak
    statuses = speak.names([speak("official"), speak("verified"), speak("reported")])
    return [
        (speak("Indicator"), speak("What is measured, such as the share of dossiers solved on time.")),
        (speak("Theme"), speak("A group of indicators.")),
        (speak("Points"), speak("What a figure is worth by the rule of its criterion. Points make up themes, and "
                                "themes the total; bonus and penalty points come last.")),
        (speak("Place"), speak("Taken before anything is rounded. Who has the same score shares the better place: "
                               "1, 2, 2, 4.")),
        ("▲ ▼", speak("Places gained or lost since the period before.")),
        (speak("Rank range"), speak("The best and the worst place if weights were somewhat different, or if what is "
                                    "missing turned out best or worst. Where ranges overlap, the order is too "
                                    "close to call.")),
        (speak("Data coverage"), speak("Share of the points for which there is a figure.")),
        (speak("Period"), speak("A month, a quarter or a year with a ranking of its own. A quarter's or a year's is "
                                "the mean of the rankings inside.")),
        (speak("unfinished"), speak("Said of a period with so few figures that no leader is named.")),
        (speak("Demonstration figures"), speak("Made up by the program, so that there is something to look at; no "
                                               "unit's own. One real figure of an indicator drops all of them.")),
        (statuses, speak("Where a figure is from: published by an authority or the national portal; reported and "
                         "cross-checked; reported by the unit.")),
        (speak("provisional"), speak("A board that may still change.")),
        (speak("final"), speak("A board that has been declared the result.")),
        (speak("Target"), speak("The figure that a unit has signed for the end of the year.")),
        (speak("Bonus points"), speak("Points decided on beside the indicators; penalty points likewise. Each has its "
                                      "reason and its source.")),
        (speak("Official bands"), speak("How high a score is by an official scale. It changes no score.")),
        (speak("Try other weights"), speak("An order that you try out for yourself. It is never the official one.")),
        (speak("Snapshot"), speak("All figures and scores as they stood at one moment. It never changes; earlier ones "
                                  "can be read again.")),
        (speak("Ledger"), speak("Who submitted, checked, accepted and published what, and when. Nothing in it can be "
                                "altered without being noticed.")),
    ]  # fmt: skip


def contact(view: View) -> str:
    """Say whom to ask."""
    speak, year = view.speak, int(view.rules["year"])
    heads = {row["year"]: row["head_name"] for row in dictionaries(view.frame("block_year", language=view.language))}
    if name := heads.get(year):
        return speak("Questions go to the head of the block in {year}: {name}.", year=year, name=name)
    return speak("Questions go to the head of the block.")
