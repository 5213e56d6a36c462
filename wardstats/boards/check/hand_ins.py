"""Hand-ins as those who check them see them: a label, the story, and every line with its evidence and notes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.intake import checking
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form, value_of
from wardstats.intake.preview import Preview
from wardstats.intake.queue import OPEN, HandIn, state_names
from wardstats.intake.validation import figure_notices
from wardstats.intake.words import action_names, actor_name, figure_text, marked, moment
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.ledger.access import Action, Actor, may

Step = Callable[..., Entry]


def hand_in_label(item: HandIn, workspace: Workspace, speak: Translator) -> str:
    """Return a hand-in in one line."""
    parts = [workspace.unit_name(item.unit_code, speak.language), speak.period(item.period, is_short=True)]
    parts.append(state_names(speak)[item.state])
    if item.is_late:
        parts.append(speak("late"))
    return " · ".join(parts) + f" ({item.subject.rpartition('-')[2]})"


def step_line(entry: Entry, speak: Translator) -> str:
    """Return one step of a hand-in: when, who and what, and what they said about it."""
    line = f"{moment(entry.at, speak)} · {actor_name(entry, speak)}: {action_names(speak)[entry.action]}"
    return f"{line}\n{entry.note}" if entry.note else line


def offered_steps(item: HandIn, actor: Actor, speak: Translator) -> list[tuple[Action, str, str, Step]]:
    """Return the steps that somebody may take next with a hand-in, as (action, label, icon, step)."""
    offers: list[tuple[Action, str, str, Step]] = []
    if item.state == "self_scored":
        offers.append(("cross_check", speak("Cross-checked"), ":material/rule:", checking.cross_check))
    if item.state in ("self_scored", "cross_checked"):
        offers.append(("appraise", speak("Appraised"), ":material/fact_check:", checking.appraise))
    if item.state in OPEN:
        offers.append(("return", speak("Return to the ward"), ":material/undo:", checking.give_back))
        offers.append(("accept", speak("Accept"), ":material/verified:", checking.accept))
    if item.state == "accepted":
        offers.append(("unaccept", speak("Take the acceptance back"), ":material/undo:", checking.undo_acceptance))
    return [offer for offer in offers if may(actor, offer[0], item.unit_code)]


def review_table(item: HandIn, form: Form, shown: Preview | None, speak: Translator) -> pd.DataFrame:
    """Return the lines of a hand-in for those who check it, the largest change first.

    Args:
        item: The hand-in.
        form: What its ward is asked, with the figures of the period before and those that count.
        shown: What acceptance would do; None where the hand-in is settled.
        speak: The reader's language.
    """
    notes, evidence = item.line_notes(), item.latest.details.get("evidence", {})
    figures = {code: figure for code, (_, figure) in item.figures.items() if code in form.rows}
    warnings = figure_notices(figures, form, speak)
    points = {line.code: line.points for line in shown.lines} if shown else {}
    last = item.story[-1]
    replaced = {change.indicator_code: change.before for change in last.changes} if last.action == "accept" else {}
    rows: list[tuple[tuple[float, float], dict[str, str]]] = []
    for code, figure in figures.items():
        row = form.rows[code]
        unit, decimals = row.indicator.unit, row.indicator.decimals
        now = replaced.get(code, row.now)
        before = now if value_of(now, unit) is not None else row.last
        was = value_of(before, unit)
        value, (points_before, points_after) = value_of(figure, unit), points.get(code, (None, None))
        told = {
            speak("Indicator"): row.indicator.text(speak.language),
            speak("Period before"): marked(figure_text(row.last, unit, decimals, speak), row.last, speak),
            speak("So far"): marked(figure_text(now, unit, decimals, speak), now, speak),
            speak("Submitted"): figure_text(figure, unit, decimals, speak),
            speak("Difference"): "–"
            if value is None or was is None
            else marked(speak.change(value, was, decimals), before, speak),
            speak("Points so far"): marked(speak.number(points_before, 2), now, speak),
            speak("Points then"): speak.number(points_after, 2),
            speak("Out of"): speak.number(row.criterion.max_points, 2),
            speak("Second look"): warnings.get(code, ""),
            speak("Evidence"): str(evidence.get(code, "")),
            speak("Note of the ward"): figure.note,
            speak("Notes of the check"): " | ".join(f"{e.actor}: {note}" for e, note in notes.get(code, [])),
        }
        rows.append((_size(value, was, (points_after or 0) - (points_before or 0)), told))
    return pd.DataFrame([told for _, told in sorted(rows, key=lambda found: found[0], reverse=True)])


def _size(value: float | None, was: float | None, points: float) -> tuple[float, float]:
    """Return how large a change is: in points, then as a share of what the figure was."""
    if value is None or was is None:
        return abs(points), float(value is not was)
    return abs(points), abs(value - was) / max(abs(was), abs(value), 1e-9)


def review_notes(item: HandIn, form: Form, speak: Translator) -> list[str]:
    """Return what is to be known about a hand-in as a whole: figures worth a second look, lines without a figure."""
    figures = {code: figure for code, (_, figure) in item.figures.items() if code in form.rows}
    known = {code for code, figure in figures.items() if value_of(figure, form.rows[code].indicator.unit) is not None}
    found = figure_notices(figures, form, speak)
    missing = [row.indicator.text(speak.language) for code, row in form.rows.items() if code not in known]
    told = []
    if found:
        told.append(speak("Figures worth a second look, marked in the list: {count}.", count=len(found)))
    if missing:
        told.append(
            speak("{count} of {total} lines are without a figure: {names}.", count=len(missing), total=len(form.rows),
                  names=speak.names(missing))
        )  # fmt: skip
    return told


def told_to_ward(item: HandIn, form: Form, speak: Translator) -> pd.DataFrame:
    """Return what the ward was told when it submitted, a line each, in the words that it read; empty for nothing."""
    notices = [Finding(**notice) for notice in item.latest.details.get("notices", ())]
    rows = {code: row.indicator.text(speak.language) for code, row in form.rows.items()}
    return pd.DataFrame(
        {
            speak("Cell"): [" ".join(part for part in (notice.sheet, notice.cell) if part) for notice in notices],
            speak("Indicator"): [rows.get(notice.indicator, notice.indicator) for notice in notices],
            speak("Found"): [notice.found for notice in notices],
            speak("Expected"): [notice.expected for notice in notices],
            speak("What to do"): [notice.remedy for notice in notices],
        }
    )
