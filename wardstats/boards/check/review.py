"""A hand-in line by line as those who check it see it: before and after, what it does, evidence, warnings and notes.

Owns the choice, the order and the words; the effects are those of ``intake.preview``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from wardstats.boards.table_file import table_file
from wardstats.charts.html.components import text_table
from wardstats.core.export_files import Export
from wardstats.core.languages import Translator
from wardstats.core.records import ROOT
from wardstats.core.statuses import weakest
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form, Row, value_of
from wardstats.intake.handing_in import source_of
from wardstats.intake.preview import Preview
from wardstats.intake.queue import HandIn
from wardstats.intake.validation import figure_notices
from wardstats.intake.words import actor_name, figure_text, marked
from wardstats.ledger import Figure
from wardstats.view.headline import status_names
from wardstats.view.view import View

FILES = "files"  # where the page has the files of a hand-in: its heading's anchor
_NO_POINTS = (None, None)


@dataclass(frozen=True)
class ReviewLine:
    """One figure of a hand-in.

    Attributes:
        row: What was asked.
        given: What was handed in.
        appraised: What the block puts in its place, the reason as its note; None for nothing.
        now: What counts now, or did before the hand-in was accepted; None for nothing.
        points: On the board that is up, and with the whole hand-in; None where unknown.
        places: How many places of the ward's rest on this line alone; None where that cannot be told.
        warning: What is worth a second look, in the reader's words; empty for nothing.
        was_told: The ward was warned about it when it submitted.
        evidence: What the line names as its evidence.
        notes: Of those who checked it.
    """

    row: Row
    given: Figure
    appraised: Figure | None
    now: Figure | None
    points: tuple[float | None, float | None]
    places: int | None
    warning: str
    was_told: bool
    evidence: str
    notes: tuple[str, ...]

    @property
    def counted(self) -> Figure:
        """What counts once it is accepted."""
        return self.appraised or self.given

    @property
    def before(self) -> Figure | None:
        """What it is compared with: what counts now, else the figure of the period before."""
        return self.now if value_of(self.now, self.row.unit) is not None else self.row.last

    @property
    def difference(self) -> float | None:
        """How much more the new value is, in the indicator's unit; None where one of the two is missing."""
        value, was = value_of(self.counted, self.row.unit), value_of(self.before, self.row.unit)
        return None if value is None or was is None else value - was

    @property
    def size(self) -> tuple[float, float]:
        """How large the change is: in points, then as a share of what the figure was."""
        value, was = value_of(self.counted, self.row.unit), value_of(self.before, self.row.unit)
        points = abs((self.points[1] or 0) - (self.points[0] or 0))
        if value is None or was is None:
            return points, float(value is not was)
        return points, abs(value - was) / max(abs(was), abs(value), 1e-9)

    @property
    def status(self) -> str | None:
        """The weakest status that the line rests on, what it is compared with included."""
        return weakest([self.given.status, self.before.status if self.before else None])


def review_lines(item: HandIn, form: Form, shown: Preview | None, speak: Translator) -> list[ReviewLine]:
    """Return the lines of a hand-in for those who check it, the largest change first.

    Args:
        item: The hand-in.
        form: What its ward is asked, with the figures of the period before and those that count.
        shown: What acceptance would do; None where the hand-in is settled.
        speak: The reader's language.
    """
    notes, evidence = item.line_notes(), item.latest.details.get("evidence", {})
    figures = {code: figure for code, (_, figure) in item.figures.items() if code in form.rows}
    own = item.appraised
    warnings = figure_notices(figures, form, speak)
    told = {notice["indicator"] for notice in item.latest.details.get("notices", ())}
    effects = {line.code: line for line in shown.lines} if shown else {}
    last = item.story[-1]
    replaced = {change.indicator_code: change.before for change in last.changes} if last.action == "accept" else {}
    lines = [
        ReviewLine(
            form.rows[code], figure, own[code][0] if code in own else None, replaced.get(code, form.rows[code].now),
            effects[code].points if code in effects else _NO_POINTS,
            effects[code].places if code in effects else None,
            warnings.get(code, ""), code in told, str(evidence.get(code, "")),
            tuple(f"{actor_name(entry, speak)}: {note}" for entry, note in notes.get(code, [])),
        )
        for code, figure in figures.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.size, reverse=True)


def review_table(lines: Sequence[ReviewLine], speak: Translator) -> pd.DataFrame:
    """Return these lines in words, one a row."""
    return pd.DataFrame([_told(line, speak) for line in lines])


def review_html(lines: Sequence[ReviewLine], speak: Translator) -> str:
    """Return the same as HTML: what a line names as evidence leads to the hand-in's files."""
    return text_table(review_table(lines, speak), {speak("Evidence"): f"#{FILES}"})


def _told(line: ReviewLine, speak: Translator) -> dict[str, str]:
    row, now = line.row, line.now
    unit, decimals = row.indicator.unit, row.indicator.decimals
    value, was = value_of(line.counted, unit), value_of(line.before, unit)
    appraised = "" if line.appraised is None else figure_text(line.appraised, unit, decimals, speak)
    moved = "–" if value is None or was is None else marked(speak.change(value, was, decimals), line.before, speak)
    warned = speak("the ward was told") if line.was_told else speak("the ward was not told")
    return {
        speak("Indicator"): row.indicator.text(speak.language),
        speak("Period before"): marked(figure_text(row.last, unit, decimals, speak), row.last, speak),
        speak("So far"): marked(figure_text(now, unit, decimals, speak), now, speak),
        speak("Submitted"): figure_text(line.given, unit, decimals, speak),
        speak("Appraised figure"): f"{appraised}: {line.appraised.note}" if line.appraised else "",
        speak("Difference"): moved,
        speak("Points so far"): marked(speak.number(line.points[0], 2), now, speak),
        speak("Points then"): speak.number(line.points[1], 2),
        speak("Out of"): speak.number(row.criterion.max_points, 2),
        speak("Places"): "–" if line.places is None else speak.signed(line.places, 0),
        speak("Second look"): f"{line.warning} ({warned})" if line.warning else "",
        speak("Evidence"): line.evidence,
        speak("Note of the ward"): line.given.note,
        speak("Notes of the check"): " | ".join(line.notes),
    }


def review_file(view: View, item: HandIn, form: Form, lines: Sequence[ReviewLine]) -> Export:
    """Return these lines as they leave: with numbers to go on with, the status of each, and what it is about."""
    speak = view.speak
    is_ranked = item.period in set(view.frame("ranked_period")["period"])
    about = replace(view, node=ROOT, period=item.period if is_ranked else view.period)
    frame = pd.DataFrame([_numbers(line, form, speak) for line in lines])
    export = table_file(about, frame, f"review_{item.subject}")
    name = form.unit.text(view.language)
    known = [note for note in export.notes if note[0] != speak("Period")]
    return replace(
        export, notes=[*known, (speak("Unit"), name), (speak("Period"), speak.period(item.period)),
                       (speak("Submission"), item.subject)],
    )  # fmt: skip


def _numbers(line: ReviewLine, form: Form, speak: Translator) -> dict[str, object]:
    row, names = line.row, status_names(speak)
    figures = {speak("Before"): line.before, speak("Submitted"): line.given, speak("Appraised figure"): line.appraised}
    told: dict[str, object] = {
        speak("Indicator"): row.indicator.text(speak.language),
        speak("Theme"): form.theme_name(row.theme_code, speak.language),
        speak("Period"): speak.period(row.period),
        speak("Unit of measure"): row.unit,
    }
    for title, figure in figures.items():
        counts = (None, None) if figure is None else (figure.numerator, figure.denominator)
        told |= {
            title: value_of(figure, row.unit),
            f"{title}: {speak('Numerator')}": counts[0],
            f"{title}: {speak('Denominator')}": counts[1],
            f"{title}: {speak('Status')}": names.get(figure.status, "") if figure else "",
        }
    return told | {
        speak("Reason"): line.appraised.note if line.appraised else "",
        speak("Difference"): line.difference,
        speak("Points so far"): line.points[0],
        speak("Points then"): line.points[1],
        speak("Out of"): row.criterion.max_points,
        speak("Places"): line.places,
        speak("Second look"): line.warning,
        speak("Evidence"): line.evidence,
        speak("Note of the ward"): line.given.note,
        speak("Notes of the check"): " | ".join(line.notes),
        speak("Status"): names.get(line.status or "", ""),
        speak("Source"): source_of(form)[f"title_{speak.language}"],
    }


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
