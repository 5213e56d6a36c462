"""What the page of handing in shows: what is wrong with a workbook, and what its figures would change."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wardstats.catalogue.load import Catalogue
from wardstats.charts.html.pieces import Card
from wardstats.core.languages import Translator
from wardstats.intake import marking
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form, Row
from wardstats.intake.preview import Preview, Standing
from wardstats.intake.web_form import field_name
from wardstats.intake.words import figure_text, marked
from wardstats.view.criteria_words import unit_name
from wardstats.view.headline import status_names


def findings_table(findings: Sequence[Finding], form: Form, speak: Translator) -> pd.DataFrame:
    """Return faults or notices, one a row, each with the name of its indicator."""
    names = {code: row.indicator.text(speak.language) for code, row in form.rows.items()}
    rows = [[names.get(finding.indicator, ""), *marking.finding_row(finding)] for finding in findings]
    return pd.DataFrame(rows, columns=[speak("Indicator"), *marking.headings(speak)])


def typed_findings_table(findings: Sequence[Finding], form: Form, speak: Translator) -> pd.DataFrame:
    """Return the faults of the form on the web, one a row, each with indicator and field."""
    names = {code: row.indicator.text(speak.language) for code, row in form.rows.items()}
    rows = [
        [names.get(found.indicator, ""), field_name(found, speak), found.found, found.expected, found.remedy]
        for found in findings
    ]
    columns = [speak("Indicator"), speak("Field of the form"), *marking.headings(speak)[2:]]
    return pd.DataFrame(rows, columns=columns)


def last_figure(row: Row, speak: Translator) -> str:
    """Return what an indicator had in the period before, with what is asked and the signed target."""
    unit, decimals = row.unit, row.indicator.decimals
    known = marked(figure_text(row.last, unit, decimals, speak), row.last, speak)
    of = f", {speak.period(row.last_period)}" if row.last_period else ""
    parts = [f"{speak('Period before')}: {known}{of}"]
    if row.target is not None:
        sample = f" · {speak('sample')}" if row.is_sample_target else ""
        parts.append(f"{speak('Signed target')}: {speak.number(row.target, decimals)}{sample}")
    return " · ".join([f"{speak.period(row.period)}, {unit_name(unit, speak)}", *parts])


def preview_table(shown: Preview, catalogue: Catalogue, speak: Translator) -> pd.DataFrame:
    """Return what a hand-in would change, one figure a row."""
    indicators = {item.indicator_code: item for item in catalogue.indicators}
    statuses = status_names(speak)
    rows = []
    for line in shown.lines:
        indicator = indicators[line.code]
        unit, decimals = indicator.unit, indicator.decimals
        rows.append(
            {
                speak("Indicator"): indicator.text(speak.language),
                speak("Period"): speak.period(line.period, is_short=True),
                speak("So far"): figure_text(line.known, unit, decimals, speak),
                speak("Status"): statuses.get(line.status_before, "–"),
                speak("Submitted"): figure_text(line.given, unit, decimals, speak),
                speak("Points so far"): speak.number(line.points[0], 2),
                speak("Points then"): speak.number(line.points[1], 2),
                speak("Out of"): speak.number(line.max_points, 2),
            }
        )
    return pd.DataFrame(rows)


def standing_cards(shown: Preview, speak: Translator) -> list[Card]:
    """Return rank, points and coverage: as it would be, and as it is."""
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
        Card(speak("Rank"), rank(after), now(rank(before))),
        Card(speak("Points"), speak.number(after.score, 2), now(speak.number(before.score if before else None, 2))),
        Card(
            speak("Data coverage"),
            speak.coverage(after.coverage),
            now(speak.coverage(before.coverage) if before else "–"),
        ),
    ]


def dropped_note(shown: Preview, speak: Translator) -> str:
    """Return the warning that made-up figures will leave the board, or an empty text."""
    if not shown.dropped:
        return ""
    return speak(
        "First real figures of {count} {count:indicator|indicators}: the made-up ones of all units leave the board "
        "with them.",
        count=len(shown.dropped),
    )
