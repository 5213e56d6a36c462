"""The emulation contract of one year: each pledge with its progress, who has signed, and what is behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from wardstats.boards.page_frame import cited
from wardstats.charts.html import club_components
from wardstats.charts.html.pieces import Card, Signature
from wardstats.charts.style import STATE_SIGNS
from wardstats.core.periods import parse_period
from wardstats.core.rows import dictionaries
from wardstats.view.addresses import page_address, unit_address
from wardstats.view.club_words import pace_names, state_names
from wardstats.view.contract_pace import Progress, progress
from wardstats.view.headline import status_names
from wardstats.view.indicator_card import card_address
from wardstats.view.view import View

CONTRACT_COLUMNS = [
    "unit_code", "unit_name", "indicator_code", "indicator_name", "unit", "baseline", "baseline_period",
    "current_value", "current_period", "expected", "target", "state", "share", "pace", "signed_on", "signed_by",
    "is_sample", "status",
]  # fmt: skip


@dataclass(frozen=True)
class Pledge:
    """One target of one member, with its progress.

    Attributes:
        row: As queries/contract_target.sql gives it.
    """

    unit_code: str
    indicator_code: str
    row: dict[str, Any]
    progress: Progress

    @property
    def is_demonstration(self) -> bool:
        """It is judged by made-up figures."""
        return self.row["status"] == "demonstration"


@dataclass(frozen=True)
class Contract:
    """Everything the contract's page shows of one year."""

    year: int
    is_over: bool
    headline: str
    cards: list[Card]
    pledges: list[Pledge]
    signatures: list[Signature]
    has_sample: bool

    def of(self, unit_code: str) -> list[Pledge]:
        """Return the pledges of one member."""
        return [pledge for pledge in self.pledges if pledge.unit_code == unit_code]

    def of_state(self, *states: str) -> list[Pledge]:
        """Return the pledges in these states."""
        return [pledge for pledge in self.pledges if pledge.progress.state in states]


def contract_years(view: View) -> list[int]:
    """Return the years of the block, newest first."""
    return [int(year) for year in view.frame("block_year", language=view.language)["year"]]


def default_year(view: View) -> int:
    """Return the year of the period looked at, if the block has it, else the newest one."""
    years, own = contract_years(view), parse_period(view.period).year
    return own if own in years else years[0]


@lru_cache(maxsize=64)  # the first page, the contract and the year's end ask for the same
def draw_contract(view: View, year: int) -> Contract:
    """Return the contract of a year: the pledges with their progress, and who has signed."""
    is_over = parse_period(view.period).ends_on >= date(year, 12, 31)
    rows = dictionaries(view.frame("contract_target", year=year, period=view.period))
    places = {code: place for place, code in enumerate(view.unit_names)}
    order = {code: place for place, code in enumerate(view.indicators.index)}
    pledges = [Pledge(r["unit_code"], r["indicator_code"], r, progress(r, year, is_over)) for r in rows]
    pledges.sort(key=lambda p: (places.get(p.unit_code, 0), order.get(p.indicator_code, 0)))
    signatures = _signatures(view, pledges)
    return Contract(
        year=year,
        is_over=is_over,
        headline=_headline(view, year, pledges, is_over),
        cards=_cards(view, year, pledges, signatures) if pledges else [],
        pledges=pledges,
        signatures=signatures,
        has_sample=any(pledge.row["is_sample"] for pledge in pledges),
    )


def _headline(view: View, year: int, pledges: list[Pledge], is_over: bool) -> str:
    speak = view.speak
    if not pledges:
        return speak("No targets are on file for {year}", year=year)
    states = Counter(pledge.progress.state for pledge in pledges)
    late = states["missed"] if is_over else states["behind"]
    if not late:
        return speak("Contract {year}: no target is behind", year=year)
    if is_over:
        return speak("Contract {year}: {count} of {total} targets missed", year=year, count=late, total=len(pledges))
    return speak(
        "Contract {year}: {count} of {total} targets {count:is|are} behind", year=year, count=late, total=len(pledges)
    )


def _cards(view: View, year: int, pledges: list[Pledge], signatures: list[Signature]) -> list[Card]:
    speak = view.speak
    states = Counter(pledge.progress.state for pledge in pledges)
    good = states["reached"] + states["ahead"] + states["on_course"]
    detail = " · ".join(
        f"{state_names(speak)[state]}: {states[state]}" for state in ("reached", "ahead", "on_course") if states[state]
    )
    late = [pledge for pledge in pledges if pledge.progress.state in ("behind", "missed")]
    by_unit = Counter(pledge.unit_code for pledge in late).most_common(1)
    most = speak("most in {name}: {count}", name=view.unit_name(by_unit[0][0]), count=by_unit[0][1]) if late else ""
    latest = page_address(view, "contract", unit=by_unit[0][0], year=str(year)) + "#lines" if late else ""
    signed = [item for item in signatures if item.signed_on]
    open_names = [view.unit_name(item.unit_code) for item in signatures if not item.signed_on]
    unsigned = speak("not yet: {names}", names=speak.names(open_names)) if open_names else speak("all have signed")
    unknown = states["no_data"]
    judged = speak("no figure to judge by yet") if unknown else speak("every target has a figure")

    def of(count: int, total: int) -> str:
        return speak("{count} of {total}", count=count, total=total)

    return [
        Card(speak("Reached, ahead or on course"), of(good, len(pledges)), detail),
        Card(speak("Behind or missed"), of(len(late), len(pledges)), most, href=latest),
        Card(speak("No data"), of(unknown, len(pledges)), judged),
        Card(speak("Signed"), of(len(signed), len(signatures)), unsigned),
    ]


def _signatures(view: View, pledges: list[Pledge]) -> list[Signature]:
    found = []
    for code in view.members_now:
        own = [pledge.row for pledge in pledges if pledge.unit_code == code]
        days = [row["signed_on"] for row in own]
        is_signed = bool(days) and all(pd.notna(day) for day in days)
        found.append(
            Signature(
                unit_code=code,
                unit_title=view.unit_title(code),
                signed_on=max(pd.Timestamp(day).date() for day in days) if is_signed else None,
                signed_by=next((row["signed_by"] for row in own if isinstance(row["signed_by"], str)), ""),
                target_count=len(own),
                is_sample=any(row["is_sample"] for row in own),
                href=unit_address(view, code),
            )
        )
    return found


def contract_figures(view: View, year: int) -> pd.DataFrame:
    """Return a year's contract for programs: codes and plain numbers beside the names, one row a pledge."""
    units = view.indicators["unit"]
    rows = [
        {
            "unit_code": pledge.unit_code,
            "unit_name": view.unit_name(pledge.unit_code),
            "indicator_code": pledge.indicator_code,
            "indicator_name": view.indicator_name(pledge.indicator_code),
            "unit": units[pledge.indicator_code],
            **{name: pledge.row[name] for name in ("baseline", "baseline_period", "current_value", "current_period")},
            "expected": pledge.progress.expected,
            "target": pledge.row["target"],
            "state": pledge.progress.state,
            "share": pledge.progress.share,
            **{name: pledge.row[name] for name in ("pace", "signed_on", "signed_by", "is_sample", "status")},
        }
        for pledge in draw_contract(view, year).pledges
    ]
    return pd.DataFrame(rows, columns=CONTRACT_COLUMNS)


def draw_contract_table(view: View, year: int) -> pd.DataFrame:
    """Return the table behind a year's contract in the reader's words, one row a pledge."""
    speak, pledges = view.speak, draw_contract(view, year).pledges
    states, paces, statuses = state_names(speak), pace_names(speak), status_names(speak)
    columns: dict[str, list[Any]] = {
        speak("Unit"): [view.unit_name(p.unit_code) for p in pledges],
        speak("Indicator"): [view.indicator_name(p.indicator_code) for p in pledges],
        speak("At the start"): [view.figure(p.indicator_code, p.row["baseline"]) for p in pledges],
        speak("Now"): [view.figure(p.indicator_code, p.row["current_value"], p.row["target"]) for p in pledges],
        speak("Expected by now"): [view.figure(p.indicator_code, p.progress.expected) for p in pledges],
        speak("Target"): [view.figure(p.indicator_code, p.row["target"]) for p in pledges],
        speak("State"): [f"{STATE_SIGNS[p.progress.state]} {states[p.progress.state]}" for p in pledges],
        speak("Measured"): [p.row["current_period"] for p in pledges],
        speak("Pace"): [paces[p.row["pace"]] for p in pledges],
        speak("Status"): [statuses.get(p.row["status"], "") for p in pledges],
        speak("Sample"): [speak("sample") if p.row["is_sample"] else "" for p in pledges],
    }
    return pd.DataFrame(columns)


def contract_matrix(view: View, board: Contract) -> str:
    """Return the table of members and indicators as HTML: each cell a pledge with its state, figure and target."""
    codes = list(dict.fromkeys(pledge.indicator_code for pledge in board.pledges))
    codes.sort(key=list(view.indicators.index).index)
    units = list(dict.fromkeys(pledge.unit_code for pledge in board.pledges))
    found = {(pledge.unit_code, pledge.indicator_code): pledge for pledge in board.pledges}
    has_signed = not all(pledge.row["is_sample"] for pledge in board.pledges)  # else the page says it once, for all
    rows = [
        (
            view.unit_name(unit),
            unit_address(view, unit),
            [_cell(view, found.get((unit, code)), has_signed) for code in codes],
        )
        for unit in units
    ]
    columns = [(view.indicator_name(code), card_address(view, code)) for code in codes]
    return club_components.matrix("ws-pledges", board.headline, view.speak("Unit"), columns, rows)


def _cell(view: View, pledge: Pledge | None, marks_samples: bool) -> str:
    if pledge is None:
        return club_components.NO_CELL
    now = view.figure(pledge.indicator_code, pledge.row["current_value"], pledge.row["target"])
    target = view.figure(pledge.indicator_code, pledge.row["target"])
    state = pledge.progress.state
    target = f"{view.speak('target')} {target}"
    marks = [view.speak("demonstration")] if pledge.is_demonstration else []
    marks += [view.speak("sample")] if marks_samples and pledge.row["is_sample"] else []
    return club_components.pledge_cell(state, state_names(view.speak)[state], now, target, marks)


def pledge_head(view: View, pledge: Pledge) -> str:
    """Return the heading of a pace line as HTML: the indicator, and where it stands."""
    speak, progress, code = view.speak, pledge.progress, pledge.indicator_code
    now = view.figure(code, pledge.row["current_value"], pledge.row["target"])
    parts = [f"{state_names(speak)[progress.state]}: {now}"]
    if progress.expected is not None and progress.state in ("ahead", "on_course", "behind"):
        parts.append(speak("expected by now {value}", value=view.figure(code, progress.expected)))
    if pledge.is_demonstration:
        parts.append(speak("demonstration"))
    mark = club_components.sample_tag(pledge.row["is_sample"], speak)
    return club_components.pledge_head(
        view.indicator_name(code), card_address(view, code), mark, progress.state, " · ".join(parts)
    )


def draw_contract_sources(view: View, year: int) -> str:
    """Return, as HTML, the sources of a year's pledges and of the figures they are judged by."""
    pledges = view.frame("contract_target", year=year, period=view.period)
    return cited(view, {source for sources in pledges["source_ids"] for source in sources})
