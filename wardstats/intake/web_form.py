"""The form on the web as the file it is: what was typed becomes a table with the columns of the workbook.

So it is judged, handed in and kept exactly as a workbook is; nothing else reads what was typed.
"""

from __future__ import annotations

import csv
import io

from wardstats.core.languages import Translator
from wardstats.intake.columns import INPUTS, answers, headings, situations
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form, Row
from wardstats.intake.form_draft import FormDraft, Place
from wardstats.intake.handing_in import Upload, source_id
from wardstats.intake.numbers import written_number
from wardstats.intake.queue import HandIn
from wardstats.intake.validation import Validated, validate

COLUMNS = ("indicator_code", "indicator", "period", *INPUTS)


def asked_columns(row: Row) -> tuple[str, ...]:
    """Return in which columns the number of a line is typed."""
    return ("numerator", "denominator") if row.is_ratio else ("value",)


def asked_situations(row: Row) -> tuple[str, ...]:
    """Return what can be said of a line instead of a figure, by its key; see ``columns.situations``."""
    return ("nothing", "missing") if row.is_ratio else ("missing",)


def typed_file(form: Form, draft: FormDraft, speak: Translator) -> Upload:
    """Return what was typed as a CSV file, a line for each indicator; the same draft gives the same file."""
    names, said = headings(speak), situations(speak) | answers(speak)
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer, delimiter=";")
    lines.writerow([names[column] for column in COLUMNS])
    for code, row in form.rows.items():
        typed = [said.get(text, text) for text in draft.line(code).values()]
        lines.writerow([code, row.indicator.text(speak.language), row.period, *typed])
    content = buffer.getvalue().encode("utf-8-sig")
    return Upload(f"wardstats_{form.unit.unit_code}_{form.period}_web.csv", content)


def judge_typed(form: Form, draft: FormDraft, speak: Translator) -> Validated:
    """Hold what is typed so far against the form, as a workbook is held: some 20 ms, at each change."""
    file = typed_file(form, draft, speak)
    return validate(file.name, file.content, form, source_id(form.unit.unit_code, form.period), speak)


def column_of(finding: Finding) -> str:
    """Return in which column of the form a finding is; empty where it is about no single field."""
    letter = finding.cell.rstrip("0123456789")
    return COLUMNS[ord(letter) - ord("A")] if len(letter) == 1 and "A" <= letter < chr(65 + len(COLUMNS)) else ""


def field_name(finding: Finding, speak: Translator) -> str:
    """Return what the field of a finding is called."""
    return headings(speak).get(column_of(finding), "")


def texts_of(item: HandIn, form: Form, speak: Translator) -> dict[Place, str]:
    """Return what one would have typed to hand in what was handed in, for the lines that the form asks."""
    evidence = item.latest.details.get("evidence", {})
    texts: dict[Place, str] = {}
    for code, (_, figure) in item.figures.items():
        if code not in form.rows:
            continue
        row, has_number = form.rows[code], False
        for column in asked_columns(row):
            number = getattr(figure, column)
            has_number |= number is not None
            texts[code, column] = written_number(number, speak)
            if row.unit == "yes_no" and number is not None:
                texts[code, column] = "yes" if number else "no"
        texts[code, "situation"] = "" if has_number else "missing"
        texts[code, "note"], texts[code, "evidence"] = figure.note, str(evidence.get(code, ""))
    return texts
