"""The year's end: totals, where the cross-check differed from what was handed in, the titles that follow by rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from wardstats.boards.contract.board import Contract, draw_contract
from wardstats.boards.ranking.board import span_note
from wardstats.charts.html.pieces import Title
from wardstats.core.languages import Translator
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries, text_or_empty
from wardstats.core.statuses import weakest
from wardstats.view.absence import absence, so_far
from wardstats.view.adjustments import decisions, told
from wardstats.view.completeness import unfinished
from wardstats.view.headline import mark, status_names
from wardstats.view.ranking_choice import Span, periods_in, year_result
from wardstats.view.view import View


@dataclass(frozen=True)
class YearEnd:
    """How a year ended, or stands so far.

    Attributes:
        period: The last period of the year that counts in its result, or an empty text.
        note: Of which periods it is the mean.
        is_over: The last ranked period reaches the end of the year, and it counts.
        totals: One row a member: rank, name, points, out of, coverage, targets met; texts.
        adjustments: Who has bonus or penalty points in them, with reason and source, one line each.
        has_demonstration: Some of the totals rest on made-up figures.
    """

    year: int
    period: str
    is_over: bool
    headline: str
    note: str
    totals: pd.DataFrame
    differences: pd.DataFrame
    titles: list[Title]
    contract: Contract
    adjustments: list[str]
    has_demonstration: bool
    is_sample: bool


def draw_year_end(view: View, year: int) -> YearEnd:
    """Return the summary of a year; of the year so far where it is not over."""
    speak = view.speak
    result = year_result(view, year)
    periods = view.frame("ranked_period")
    own = periods[periods["year"] == year]
    contract = draw_contract(view if own.empty else replace(view, period=own["period"].iloc[0]), year)
    if result is None:
        headline = speak("{year}: nothing to sum up yet", year=year)
        nothing = pd.DataFrame()
        return YearEnd(year, "", False, headline, "", nothing, nothing, [], contract, [], False, False)
    is_sample, ranking = bool(own["is_sample"].iloc[0]), result.ranking
    period = result.span.last if result.span else str(own["period"].iloc[0])
    is_over = contract.is_over and period == own["period"].iloc[0]
    return YearEnd(
        year=year,
        period=period,
        is_over=is_over,
        headline=_headline(view, ranking, year, period, is_over),
        note=span_note(view, result.span),
        totals=_totals(view, ranking, contract),
        differences=_differences(view, year),
        titles=_titles(view, ranking, year),
        contract=contract,
        adjustments=_adjustments(replace(view, period=period, node=ROOT), ranking, result.span),
        has_demonstration=bool((ranking["demonstration_count"] > 0).any()),
        is_sample=is_sample,
    )


def _headline(view: View, ranking: pd.DataFrame, year: int, period: str, is_over: bool) -> str:
    speak = view.speak
    first = ranking.loc[ranking["rank"] == 1, "unit_name"].tolist()
    if note := unfinished(ranking, speak):
        return f"{year}. {note}"
    if not first:
        return speak("{year}: nothing to sum up yet", year=year)
    names = speak.names(first)
    if among := so_far(ranking, speak):
        names = f"{names} ({among})"
    if is_over:
        return speak("{year}: {names} in first place", year=year, names=names)
    return speak(
        "{year} so far, up to {period}: {names} in first place", year=year, period=speak.period(period), names=names
    )


def _totals(view: View, ranking: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    speak = view.speak
    kept = {}
    for code in ranking["unit_code"]:
        own = contract.of(code)
        good = sum(pledge.progress.state in ("reached", "ahead", "on_course") for pledge in own)
        kept[code] = speak("{done} of {total}", done=good, total=len(own)) if own else "–"
    return pd.DataFrame(
        {
            speak("Rank"): ["–" if pd.isna(rank) else str(int(rank)) for rank in ranking["rank"]],
            speak("Name"): ranking["unit_name"],
            speak("Points"): [absence(row, speak) or speak.number(row["score"], 2) for row in dictionaries(ranking)],
            speak("Out of"): [speak.number(score, 0) for score in ranking["max_score"]],
            speak("Data coverage"): [speak.coverage(share) for share in ranking["coverage"]],
            speak("Targets reached or on course"): ranking["unit_code"].map(kept),
            speak("Status"): _statuses(ranking, contract, speak),
        }
    )


def _adjustments(view: View, ranking: pd.DataFrame, span: Span | None) -> list[str]:
    decided = decisions(view, periods_in(view, span))
    return [
        f"{row['unit_name']}: {told(row, decided[row['unit_code']], view.speak)}"
        for row in dictionaries(ranking)
        if row["unit_code"] in decided
    ]


def _statuses(ranking: pd.DataFrame, contract: Contract, speak: Translator) -> list[str]:
    """The weakest status behind each row: of its total, and of the figures its targets are judged by."""
    names = status_names(speak)
    found = [
        weakest([row["status"], *(pledge.row["status"] for pledge in contract.of(row["unit_code"]))])
        for row in dictionaries(ranking)
    ]
    return [names.get(status or "", "") for status in found]


def _differences(view: View, year: int) -> pd.DataFrame:
    speak = view.speak
    rows = dictionaries(view.frame("hand_in_difference", year=year))
    return pd.DataFrame(
        {
            speak("Unit"): [view.unit_name(row["unit_code"]) for row in rows],
            speak("Indicator"): [view.indicator_name(row["indicator_code"]) for row in rows],
            speak("Period"): [speak.period(row["period"], is_short=True) for row in rows],
            speak("Submitted"): [view.figure(row["indicator_code"], row["handed_in"]) for row in rows],
            speak("Accepted"): [view.figure(row["indicator_code"], row["accepted"]) for row in rows],
            speak("Reason"): [text_or_empty(row["note"]) for row in rows],
        }
    )


def _titles(view: View, ranking: pd.DataFrame, year: int) -> list[Title]:
    speak = view.speak
    found = []
    ranking = ranking[ranking["is_finished"]]  # figures too few to name a first place are too few for a title
    for award in dictionaries(view.frame("award", year=year, language=view.language)):
        low, high, least = int(award["from_place"]), int(award["places"]), float(award["min_coverage"])
        placed = ranking[(ranking["rank"] >= low) & (ranking["rank"] <= high)]
        rule = speak("rank {rank}", rank=low) if low == high else speak("ranks {low} to {high}", low=low, high=high)
        if least:
            rule += ", " + speak("data coverage {share} or more", share=speak.coverage(least))
        found.append(
            Title(
                name=award["award_name"],
                rule=rule,
                names=placed.loc[placed["coverage"] >= least - 1e-9, "unit_name"].tolist(),
                left_out=placed.loc[placed["coverage"] < least - 1e-9, "unit_name"].tolist(),
                is_sample=bool(award["is_sample"]),
                mark=mark(weakest(ranking["status"]), speak),
            )
        )
    return found
