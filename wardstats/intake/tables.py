"""What the pages of handing in and checking show, as frames and texts in the reader's language. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import Translator
from wardstats.intake import marking
from wardstats.intake.faults import Finding
from wardstats.intake.form import value_of
from wardstats.intake.preview import Preview, Standing
from wardstats.intake.publishing import Waits
from wardstats.intake.queue import HandIn, state_names
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Change, Entry, Figure
from wardstats.view.headline import status_names


def findings_table(findings: Sequence[Finding], speak: Translator) -> pd.DataFrame:
    """Return faults or notices, one a row."""
    return pd.DataFrame([marking.finding_row(finding) for finding in findings], columns=marking.headings(speak))


def preview_table(shown: Preview, catalogue: Catalogue, speak: Translator) -> pd.DataFrame:
    """Return what a hand-in would change, one figure a row."""
    indicators = {item.indicator_code: item for item in catalogue.indicators}
    statuses = status_names(speak)
    rows = []
    for line in shown.lines:
        indicator = indicators[line.code]
        number = _number(indicator.decimals, speak)
        rows.append(
            {
                speak("Indicator"): indicator.text(speak.language),
                speak("Period"): speak.period(line.period, is_short=True),
                speak("So far"): _with_counts(number(line.before), line.known, speak),
                speak("Status"): statuses.get(line.status_before, "–"),
                speak("Handed in"): _with_counts(number(line.after), line.given, speak),
                speak("Points so far"): speak.number(line.points[0], 2),
                speak("Points then"): speak.number(line.points[1], 2),
                speak("Out of"): speak.number(line.max_points, 2),
            }
        )
    return pd.DataFrame(rows)


def standing_cards(shown: Preview, speak: Translator) -> list[tuple[str, str, str]]:
    """Return rank, points and coverage as (topic, as it would be, as it is)."""
    if shown.standing is None:
        return []
    before, after = shown.standing

    def rank(found: Standing | None) -> str:
        if found is None or found.rank is None:
            return "–"
        if found.of == found.all:
            return speak("{rank} of {count}", rank=found.rank, count=found.of)
        return speak("{rank} of {known} ranked so far, {all} in all", rank=found.rank, known=found.of, all=found.all)

    def now(text: str) -> str:
        return speak("published: {value}", value=text)

    return [
        (speak("Rank"), rank(after), now(rank(before))),
        (speak("Points"), speak.number(after.score, 2), now(speak.number(before.score if before else None, 2))),
        (speak("Data coverage"), speak.percent(after.coverage), now(speak.percent(before.coverage) if before else "–")),
    ]


def dropped_note(shown: Preview, speak: Translator) -> str:
    """Return the warning that made-up figures will leave the board, or an empty text."""
    if not shown.dropped:
        return ""
    return speak(
        "First real figures of {count} indicators: the made-up ones of all units leave the board with them.",
        count=len(shown.dropped),
    )


def hand_in_label(item: HandIn, workspace: Workspace, speak: Translator) -> str:
    """Return a hand-in in one line."""
    parts = [workspace.unit_name(item.unit_code, speak.language), speak.period(item.period, is_short=True)]
    parts.append(state_names(speak)[item.state])
    if item.is_late:
        parts.append(speak("late"))
    return " · ".join(parts) + f" ({item.subject.rpartition('-')[2]})"


def lines_table(item: HandIn, changes: Sequence[Change], catalogue: Catalogue, speak: Translator) -> pd.DataFrame:
    """Return the lines of a hand-in with evidence and every note on them."""
    indicators = {found.indicator_code: found for found in catalogue.indicators}
    notes, evidence = item.line_notes(), item.latest.details.get("evidence", {})
    rows = []
    for change in changes:
        indicator = indicators.get(change.indicator_code)
        if indicator is None:
            continue
        number = _number(indicator.decimals, speak)
        said = [f"{entry.actor}: {note}" for entry, note in notes.get(change.indicator_code, [])]
        rows.append(
            {
                speak("Indicator"): indicator.text(speak.language),
                speak("So far"): _with_counts(number(value_of(change.before, indicator.unit)), change.before, speak),
                speak("Handed in"): _with_counts(number(value_of(change.after, indicator.unit)), change.after, speak),
                speak("Evidence"): str(evidence.get(change.indicator_code, "")),
                speak("Note of the ward"): change.after.note if change.after else "",
                speak("Notes of the check"): " | ".join(said),
            }
        )
    return pd.DataFrame(rows)


def log_table(entries: Sequence[Entry], workspace: Workspace, speak: Translator) -> pd.DataFrame:
    """Return entries of the ledger, the newest first."""
    actions, roles = action_names(speak), role_names(speak)
    rows = [
        {
            speak("No."): entry.number,
            speak("When"): moment(entry.at, speak),
            speak("Who"): str(entry.details.get("actor_name") or entry.actor),
            speak("As"): roles.get(entry.role, entry.role),
            speak("What"): actions.get(entry.action, entry.action),
            speak("Unit"): workspace.unit_name(entry.unit_code, speak.language) if entry.unit_code else "",
            speak("Period"): speak.period(entry.period, is_short=True) if entry.period else "",
            speak("Figures"): len(entry.changes),
            speak("Note"): entry.note or str(entry.details.get("reason", "")),
        }
        for entry in reversed(entries)
    ]
    return pd.DataFrame(rows)


def change_table(entry: Entry, catalogue: Catalogue, speak: Translator) -> pd.DataFrame:
    """Return what one entry did to each figure: before and after."""
    indicators = {item.indicator_code: item for item in catalogue.indicators}
    statuses, rows = status_names(speak), []
    for change in entry.changes:
        indicator = indicators.get(change.indicator_code)
        decimals, unit = (indicator.decimals, indicator.unit) if indicator else (2, "")
        number = _number(decimals, speak)
        before, after = value_of(change.before, unit), value_of(change.after, unit)
        name = indicator.text(speak.language) if indicator else change.indicator_code
        rows.append(
            {
                speak("Indicator"): name,
                speak("Period"): speak.period(change.period, is_short=True),
                speak("Before"): _with_counts(number(before), change.before, speak),
                speak("Status before"): statuses.get(change.before.status, "") if change.before else "–",
                speak("After"): _with_counts(number(after), change.after, speak),
                speak("Status after"): statuses.get(change.after.status, "") if change.after else "–",
            }
        )
    return pd.DataFrame(rows)


def stale_story(entries: Sequence[Entry], speak: Translator) -> str:
    """Return what others did in the meantime, in one sentence."""
    actions = action_names(speak)
    told = "; ".join(
        f"{moment(entry.at, speak)} {entry.details.get('actor_name') or entry.actor}: {actions.get(entry.action)}"
        for entry in entries
    )
    return (
        speak("Not done, because in the meantime somebody else acted: {story}.", story=told)
        + " "
        + speak("The page shows the present state now. Look at it, then decide again.")
    )


def action_names(speak: Translator) -> Mapping[str, str]:
    """Return what each action is called."""
    return {
        "handin": speak("handed in"),
        "cross_check": speak("cross-checked"),
        "appraise": speak("appraised"),
        "return": speak("returned"),
        "accept": speak("accepted"),
        "withdraw": speak("withdrawn"),
        "correct": speak("corrected"),
        "adjust": speak("bonus or penalty"),
        "harvest": speak("harvested"),
        "publish": speak("published"),
        "rollback": speak("rolled back"),
        "adopt": speak("earlier entries sealed"),
        "loss": speak("loss of entries recorded"),
        "note": speak("noted"),
        "practice_draft": speak("practice written"),
        "practice_check": speak("practice checked"),
        "practice_publish": speak("practice published"),
        "practice_withdraw": speak("practice taken back"),
    }


def waiting_words(waits: Waits, speak: Translator) -> str:
    """Return why what was recorded is not on the board that is up."""
    return {
        "final": speak("The board that is up is a final result. A person decides what follows, and publishes."),
        "changed": speak(
            "It appears with the next publication: the files of the data folder, or the rules of the program, have "
            "changed since the board that is up was built, so it cannot be put there by itself."
        ),
        "entangled": speak(
            "It appears with the next publication: it changes figures of which others were accepted and wait to be "
            "published."
        ),
        "absent": speak("The practice was not on the board that is up, so nothing had to be published."),
    }[waits]


def role_names(speak: Translator) -> Mapping[str, str]:
    """Return what each role is called."""
    return {
        "viewer": speak("viewer"),
        "ward_officer": speak("ward officer"),
        "checker": speak("checker"),
        "secretariat": speak("secretariat"),
        "administrator": speak("administrator"),
    }


def moment(text: str, speak: Translator) -> str:
    """Write a moment of the ledger as local time and date."""
    return speak.moment(datetime.fromisoformat(text).replace(tzinfo=None))


def _number(decimals: int, speak: Translator) -> Any:
    return lambda value: speak.number(value, decimals)


def _with_counts(value: str, figure: Figure | None, speak: Translator) -> str:
    if figure is None or figure.numerator is None or figure.denominator is None:
        return value
    counts = [speak.number(count, _decimals(count)) for count in (figure.numerator, figure.denominator)]
    return f"{value} ({' / '.join(counts)})"


def _decimals(count: float) -> int:
    return 0 if float(count).is_integer() else 2
