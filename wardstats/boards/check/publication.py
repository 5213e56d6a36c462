"""What those who publish see: what waits and from whom, what a board would change, and what was published before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.catalogue.upkeep import ACTION as UPKEEP
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT, column_of
from wardstats.core.rows import dictionaries, number_or_none
from wardstats.intake.form import value_of
from wardstats.intake.validation import figure_notices
from wardstats.intake.words import action_names, actor_name, figure_text, marked, moment
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.scoring.from_queries import Queries
from wardstats.view.club_words import stance_names

_FIGURES_AT_MOST = 200
_UNITS_AT_MOST = 50
_PERIODS_AT_MOST = 12
_SAME = 1e-9


@dataclass(frozen=True)
class BoardChanges:
    """What one board would change of another.

    Attributes:
        finding: The same in one sentence.
        table: A row for each unit whose place or points change in the newest period in which any do.
        more: Other periods in which places or points change, and rows that are left out; empty where there are none.
    """

    finding: str
    table: pd.DataFrame
    more: str


def board_changes(before: Queries | None, after: Queries, speak: Translator) -> BoardChanges:
    """Compare the board that is up with one that was built, the newest periods of both."""
    known = set(before.query("ranked_period")["period"]) if before else set()
    found = {}
    for period in after.query("ranked_period")["period"].tolist()[:_PERIODS_AT_MOST]:
        was = _places(before, period, speak) if before and period in known else {}
        if rows := _moved(was, _places(after, period, speak)):
            found[period] = rows
    if not found:
        return BoardChanges(speak("No place and no score changes."), pd.DataFrame(), "")
    period, rows = next(iter(found.items()))
    moved = sum(was["rank"] != then["rank"] for _, was, then in rows)
    finding = speak("{period}: places that change: {count}; points that change: {scores}.", period=speak.period(period),
                    count=moved, scores=len(rows))  # fmt: skip
    others = [speak.period(other, is_short=True) for other in list(found)[1:]]
    more = [speak("Places or points change in {periods} too.", periods=speak.names(others))] if others else []
    if len(rows) > _UNITS_AT_MOST:
        more.append(speak("The first {most} are shown.", most=_UNITS_AT_MOST))
    return BoardChanges(finding, _moved_table(rows[:_UNITS_AT_MOST], speak), " ".join(more))


Place = dict[str, Any]  # name, rank and score of a unit on a board; None where it has none


def _places(board: Queries, period: str, speak: Translator) -> dict[str, Place]:
    frame = board.query("ranking", period=period, node=ROOT, language=speak.language)
    return {
        row["unit_code"]: {name: number_or_none(row[name]) for name in ("rank", "score")} | {"name": row["unit_name"]}
        for row in dictionaries(frame)
    }


def _moved(before: dict[str, Place], after: dict[str, Place]) -> list[tuple[str, Place, Place]]:
    """Return the units whose place or points differ, with both; the largest move first."""
    nowhere: Place = {"rank": None, "score": None}
    pairs = [
        (place["name"], before.get(code, nowhere), after.get(code, nowhere)) for code, place in (before | after).items()
    ]
    return sorted(
        (pair for pair in pairs if pair[1]["rank"] != pair[2]["rank"] or abs(_gain(pair[1], pair[2])) > _SAME),
        key=lambda pair: (-abs((pair[1]["rank"] or 0) - (pair[2]["rank"] or 0)), -abs(_gain(pair[1], pair[2]))),
    )


def _gain(before: Place, after: Place) -> float:
    return (after["score"] or 0) - (before["score"] or 0)


def _moved_table(rows: Sequence[tuple[str, Place, Place]], speak: Translator) -> pd.DataFrame:
    def place(found: Place) -> str:
        return "–" if found["rank"] is None else str(int(found["rank"]))

    return pd.DataFrame(
        {
            speak("Unit"): [name for name, _, _ in rows],
            speak("Rank so far"): [place(was) for _, was, _ in rows],
            speak("Rank then"): [place(then) for _, _, then in rows],
            speak("Points so far"): [speak.number(was["score"], 2) for _, was, _ in rows],
            speak("Points then"): [speak.number(then["score"], 2) for _, _, then in rows],
            speak("Difference"): [speak.change(then["score"] or 0, was["score"] or 0, 2) for _, was, then in rows],
        }
    )


def waiting_table(entries: Sequence[Entry], workspace: Workspace, speak: Translator) -> tuple[pd.DataFrame, int]:
    """Return what waits to be published, figure by figure with who it is from, and how many rows are left out.

    Args:
        entries: Those that count and are not on the board that is up.
        workspace: Where.
        speak: The reader's language.
    """
    handed_in = {e.subject: e for e in workspace.ledger.entries() if e.action == "handin"}
    rows: list[dict[str, str]] = []
    for entry in entries:
        ward = handed_in.get(entry.subject)
        by = f"{action_names(speak).get(entry.action, entry.action)}: {actor_name(entry, speak)}"
        if ward:
            by = f"{action_names(speak)['handin']}: {actor_name(ward, speak)}; {by}"
        rows += (_figures if entry.changes else _without_figure)(entry, workspace, by, speak)
    return pd.DataFrame(rows[:_FIGURES_AT_MOST]), max(len(rows) - _FIGURES_AT_MOST, 0)


def _figures(entry: Entry, workspace: Workspace, by: str, speak: Translator) -> list[dict[str, str]]:
    indicators = {item.indicator_code: item for item in workspace.catalogue().indicators}
    figures = {change.indicator_code: change.after for change in entry.changes if change.after}
    warnings = {}
    if entry.unit_code and entry.period:
        try:
            warnings = figure_notices(figures, workspace.form(entry.unit_code, entry.period), speak)
        except WardStatsError:  # a ward or a year that the block no longer asks
            warnings = {}
    rows = []
    for change in entry.changes:
        indicator = indicators.get(change.indicator_code)
        unit, decimals = (indicator.unit, indicator.decimals) if indicator else ("", 2)
        was, then = value_of(change.before, unit), value_of(change.after, unit)
        rows.append(
            {
                speak("Unit"): workspace.unit_name(change.unit_code, speak.language),
                speak("Indicator"): indicator.text(speak.language) if indicator else change.indicator_code,
                speak("Period"): speak.period(change.period, is_short=True),
                speak("So far"): marked(figure_text(change.before, unit, decimals, speak), change.before, speak),
                speak("Then"): figure_text(change.after, unit, decimals, speak),
                speak("Difference"): "–"
                if was is None or then is None
                else marked(speak.change(then, was, decimals), change.before, speak),
                speak("Second look"): warnings.get(change.indicator_code, ""),
                speak("Who"): by,
            }
        )
    return rows


def _without_figure(entry: Entry, workspace: Workspace, by: str, speak: Translator) -> list[dict[str, str]]:
    points = entry.details.get("points")
    then = _written(entry, workspace, speak) if points is None else f"{speak.signed(points, 2)} · {entry.note}"
    row = {
        speak("Unit"): workspace.unit_name(entry.unit_code, speak.language) if entry.unit_code else "",
        speak("Indicator"): action_names(speak).get(entry.action, entry.action),
        speak("Period"): speak.period(entry.period, is_short=True) if entry.period else "",
        speak("So far"): "",
        speak("Then"): then,
        speak("Difference"): "",
        speak("Second look"): "",
        speak("Who"): by,
    }
    return [row]


def _written(entry: Entry, workspace: Workspace, speak: Translator) -> str:
    """Return what an entry of consultation or upkeep puts on the board: who publishes reads it before."""
    if entry.action == UPKEEP:
        return entry.note
    own = workspace.catalogue().block.default_language
    position, decision = entry.details.get("position", {}), entry.details.get("decision", {})
    stance = stance_names(speak).get(position.get("stance"), "")
    texts = (position.get(column_of("text", own)), decision.get(column_of("decision", own)))
    return " · ".join(filter(None, (stance, *texts)))


def what_is_up(up: Published, speak: Translator) -> str:
    """Return what is up now, as what, by whom, with which note."""
    return f"{speak('up now')}: {publication_line(up, speak)}"


def publication_line(published: Published, speak: Translator) -> str:
    """Return one publication in a line: as what it was put up, when, by whom, with which note."""
    state = speak("final") if published.is_final else speak("provisional")
    by = published.by or speak("the program")
    return " · ".join(filter(None, (state, moment(published.published_at, speak), by, published.note)))
