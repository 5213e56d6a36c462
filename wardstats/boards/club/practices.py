"""The club's practices: each with its result in figures, found by a search that does not mind accents.

Owns what a practice's card says. Which practice suits which ward is ``learning``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import PracticeCard
from wardstats.core.languages import fold
from wardstats.core.rows import dictionaries, number_or_none, text_or_empty
from wardstats.view.indicator_card import card_address
from wardstats.view.indicator_place import improvement_sign
from wardstats.view.view import View


@dataclass(frozen=True)
class Practices:
    """Published practices; ``found`` are those that the search keeps."""

    everything: list[PracticeCard]
    found: list[PracticeCard]
    headline: str
    table: pd.DataFrame
    has_sample: bool


def draw_practices(view: View, search: str = "") -> Practices:
    """Return the practices that hold all words of a search and lie in the theme looked at, newest first."""
    speak, words = view.speak, fold(search).split()
    everything = practice_cards(view)
    below = view.below(view.node)
    themes = view.indicators["node_code"]
    found = [
        card
        for card in everything
        if themes[card.indicator_code] in below and all(word in card.words for word in words)
    ]
    if not everything:
        headline = speak("No practice has been shared yet")
    elif len(found) == len(everything):
        headline = speak("{count} {count:practice|practices} to learn from", count=len(everything))
    else:
        headline = speak("{count} of {total} {total:practice|practices} found", count=len(found), total=len(everything))
    table = pd.DataFrame(
        {
            speak("Practice"): [card.title for card in found],
            speak("Unit"): [card.unit_name for card in found],
            speak("Indicator"): [card.indicator_name for card in found],
            speak("Result"): [card.result for card in found],
            speak("Problem"): [card.problem for card in found],
            speak("What was done"): [card.action for card in found],
            speak("By whom"): [card.by_whom for card in found],
            speak("Cost"): [card.cost for card in found],
            speak("Contact"): [card.contact for card in found],
            speak("Status"): [speak("demonstration") if card.is_demonstration else "" for card in found],
            speak("Sample"): [speak("sample") if card.is_sample else "" for card in found],
        }
    )
    return Practices(everything, found, headline, table, any(card.is_sample for card in everything))


def practice_cards(view: View) -> list[PracticeCard]:
    """Return all published practices, newest first."""
    models = dict(
        view.frame("block_model", language=view.language)[["model_code", "model_name"]].itertuples(index=False)
    )
    rows = dictionaries(view.frame("practice", language=view.language))
    return [_card(view, row, models) for row in rows if row["indicator_code"] in view.indicators.index]


def _card(view: View, row: dict[str, Any], models: dict[str, str]) -> PracticeCard:
    code = row["indicator_code"]
    before, after = number_or_none(row["value_before"]), number_or_none(row["value_after"])
    gain = None if before is None or after is None else (after - before) * improvement_sign(view, code)
    is_made_up = "demonstration" in (row["status_before"], row["status_after"])
    name = view.unit_name(row["unit_code"])
    model = str(models.get(row["model_code"], "")) if isinstance(row["model_code"], str) else ""
    indicator = view.indicator_name(code)
    return PracticeCard(
        practice_id=row["practice_id"],
        unit_code=row["unit_code"],
        unit_name=name,
        unit_title=view.unit_title(row["unit_code"]),
        title=row["title"],
        problem=row["problem"],
        action=row["action"],
        by_whom=text_or_empty(row["by_whom"]),
        contact=text_or_empty(row["contact"]),
        cost=_cost(view, row["cost_vnd"]),
        indicator_code=code,
        indicator_name=indicator,
        before=before,
        after=after,
        gain=gain,
        result=_result(view, row, before, after),
        model_name=model,
        link=text_or_empty(row["link"]),
        path=text_or_empty(row["path"]),
        published=view.day(row["published_on"]),
        is_sample=bool(row["is_sample"]),
        is_demonstration=is_made_up,
        words=fold(" ".join((row["search_text"], name, model, indicator))),
        indicator_href=card_address(view, code),
    )


def _result(view: View, row: dict[str, Any], before: float | None, after: float | None) -> str:
    """Before and after, as the figures have it: never what the practice itself may claim."""
    speak, code = view.speak, row["indicator_code"]
    if before is None or after is None:
        return speak("No figures for both periods yet")
    text = speak(
        "from {before} ({first}) to {after} ({last})",
        before=view.figure(code, before), first=speak.period(row["period_before"], is_short=True),
        after=view.figure(code, after), last=speak.period(row["period_after"], is_short=True),
    )  # fmt: skip
    return text


def _cost(view: View, cost: Any) -> str:
    speak = view.speak
    if cost is None or pd.isna(cost):
        return ""
    return speak("no cost") if not cost else speak("{amount} dong", amount=speak.number(float(cost), 0))
