"""Judges a file that is to be handed in: every fault at once, each with sheet, cell, found, expected, remedy.

Cells become numbers here (``cells``), numbers are held against the form with pandera. Nothing is corrected and nothing
is left out: either the whole file passes, or all that is wrong with it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from wardstats.core.languages import Translator
from wardstats.intake.cells import CellReader
from wardstats.intake.columns import NUMBERS, situations
from wardstats.intake.faults import Finding, UnreadableError
from wardstats.intake.form import Form, Row, value_of
from wardstats.intake.grid import Grid, read_grid
from wardstats.intake.layout import Line, find_table
from wardstats.intake.numbers import fraction_remedy, limits_text, understood, written_number
from wardstats.ledger import Figure

_UNUSUAL_SHARE, _UNUSUAL_RATIO = 30.0, 3.0  # percentage points, or so many times more or less: worth a second look
_BEYOND_SCALE, _ALIKE = 10.0, 1.5


@dataclass(frozen=True)
class Validated:
    """What a file holds and what is wrong with it.

    Attributes:
        figures: By indicator code; only where nothing is wrong. A figure without numbers says: none is known.
        evidence: What each line names as its evidence, by indicator code.
        findings: Faults first, then notices, in reading order.
        grid: The file's cells; None where it could not be read, or was read in another process.
        kind: What it was read as: xlsx, ods or csv; empty where it could not be read.
    """

    name: str
    sha256: str
    figures: Mapping[str, Figure]
    evidence: Mapping[str, str]
    findings: list[Finding]
    grid: Grid | None = field(default=None, repr=False)
    kind: str = ""

    @property
    def faults(self) -> list[Finding]:
        """The findings that keep the file from being handed in."""
        return [finding for finding in self.findings if not finding.is_notice]


def validate(name: str, content: bytes, form: Form, source_id: str, speak: Translator) -> Validated:
    """Read a file and hold it against the form of its unit and period.

    Args:
        source_id: The source that its figures will name.
    """
    digest = sha256(content).hexdigest()
    try:
        grid = read_grid(name, content, speak)
    except UnreadableError as error:
        return Validated(name, digest, {}, {}, error.findings)
    table = find_table(grid, form, speak)
    reader = CellReader(form, speak)
    rows = [row for line in table.lines if (row := reader.row(line)) is not None]
    findings = [*(finding for finding in table.findings if not finding.is_notice), *reader.findings]
    notices = [finding for finding in table.findings if finding.is_notice]
    findings += _hold_against_form(rows, form, speak)
    if not rows and not findings:
        remedy = speak("Fill in at least one yellow cell.")
        findings.append(Finding(table.sheet, "", speak("no figure"), speak("at least one figure"), remedy))
    figures, evidence = {}, {}
    for row in rows:
        numbers = {key: None if np.isnan(row[key]) else float(row[key]) for key in NUMBERS}
        figures[row["code"]] = Figure(**numbers, status="reported", source_id=source_id, note=row["note"])
        if row["evidence"]:
            evidence[row["code"]] = row["evidence"]
    has_fault = bool(findings)
    if not has_fault:
        notices += [*_unusual(rows, form, speak), *_left_out(table.sheet, rows, form, speak)]
    findings = sorted([*findings, *notices], key=_place)
    return Validated(name, digest, {} if has_fault else figures, evidence, findings, grid, grid.kind)


def _place(finding: Finding) -> tuple[bool, str, int, str]:
    digits = "".join(letter for letter in finding.cell if letter.isdigit())
    return finding.is_notice, finding.sheet, int(digits or 0), finding.cell


def figure_findings(
    code: str, numbers: Mapping[str, float | None], form: Form, place: str, speak: Translator
) -> list[Finding]:
    """Hold one figure that was typed on a page or a command line against the form, as a line of a workbook is."""
    row: dict[str, Any] = {key: np.nan if numbers.get(key) is None else numbers[key] for key in NUMBERS}
    line = Line(place, 0, code, {}, dict.fromkeys(NUMBERS, code))
    return _hold_against_form([{"code": code, "line": line, **row}], form, speak)


def figure_notices(figures: Mapping[str, Figure], form: Form, speak: Translator) -> dict[str, str]:
    """Return what is worth a second look among figures that were handed in, in words, by indicator code."""
    rows = [
        {"code": code, "line": Line("", 0, code, {}, dict.fromkeys(NUMBERS, code))}
        | {key: np.nan if getattr(figure, key) is None else getattr(figure, key) for key in NUMBERS}
        for code, figure in figures.items()
        if code in form.rows
    ]
    told: dict[str, list[str]] = {}
    for finding in _unusual(rows, form, speak):
        told.setdefault(finding.indicator, []).append(finding.told(speak, with_place=False))
    return {code: " ".join(texts) for code, texts in told.items()}


def _hold_against_form(rows: list[dict[str, Any]], form: Form, speak: Translator) -> list[Finding]:
    """Check all numbers of all lines at once."""
    if not rows:
        return []
    import pandera.pandas as pa  # here, because it takes long to load and most commands need none

    frame = _frame(rows, form)
    tests, places = _tests(form, speak), {}
    checks = []
    for name, (column, test, *_) in tests.items():
        checks.append(pa.Check(test, error=name, ignore_na=False))
        places[name] = column
    columns = {key: pa.Column(float, nullable=True) for key in NUMBERS}
    schema = pa.DataFrameSchema(columns, checks=checks)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases[["check", "index"]].dropna().drop_duplicates()
        wrong = sorted({(int(i), str(c)) for c, i in cases.itertuples(index=False)})
    else:
        return []
    findings = []
    for index, name in wrong:
        column, _, found, expected, remedy = tests[name]
        row = rows[index]
        line: Line = row["line"]
        at = line.places.get(column) or next(iter(line.places.values()))
        told = remedy if isinstance(remedy, str) else remedy(row)
        findings.append(Finding(line.sheet, at, found(row), expected(row), told, indicator=row["code"]))
    return findings


def _frame(rows: list[dict[str, Any]], form: Form) -> pd.DataFrame:
    asked = [form.rows[row["code"]] for row in rows]
    return pd.DataFrame(
        {key: np.array([row[key] for row in rows], dtype=float) for key in NUMBERS}
        | {
            "low": np.array([row.low for row in asked], dtype=float),
            "high": np.array([row.high for row in asked], dtype=float),
            "is_ratio": [row.is_ratio for row in asked],
            "is_whole": [row.asked("value").is_whole for row in asked],
            "is_share": [row.indicator.unit == "%" for row in asked],
            "half_step": [0.5001 * 10.0**-row.indicator.decimals for row in asked],
        }
    )


Told = Callable[[Any], str]
Test = tuple[str, Callable[[pd.DataFrame], pd.Series], Told, Told, str | Told]


def _tests(form: Form, speak: Translator) -> dict[str, Test]:
    """Return each test by name: the column it blames, true where all is well, found, expected, remedy.

    The remedy is one for all lines, or one made for the line.
    """

    def number(key: str) -> Callable[[Any], str]:
        return lambda row: speak("nothing") if np.isnan(row[key]) else written_number(row[key], speak)

    def asked(row: Any) -> Any:
        return form.rows[row["code"]]

    def share(frame: pd.DataFrame) -> pd.Series:
        factor = np.where(frame["is_share"], 100.0, 1.0)
        return frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0) * factor

    def whole(key: str) -> Told:
        def remedy(row: Any) -> str:
            total = row["denominator"]
            is_part = key == "numerator" and asked(row).unit == "%" and total % 1 == 0  # false where there is none
            return fraction_remedy(row[key], speak, total if is_part else asked(row).asked(key).high)

        return remedy

    both = speak("numerator and denominator together")
    return {
        "range": (
            "value",
            lambda f: f["value"].isna() | f["value"].between(f["low"], f["high"]),
            number("value"),
            lambda row: limits_text(asked(row).asked("value"), speak),
            speak("Correct the value."),
        ),
        "whole": (
            "value", lambda f: ~(f["is_whole"] & _has_fraction(f["value"])), number("value"),
            lambda _: speak("a whole number"), whole("value"),
        ),
        "numerator_whole": (
            "numerator", lambda f: ~_has_fraction(f["numerator"]), number("numerator"),
            lambda _: speak("a whole number"), whole("numerator"),
        ),
        "denominator_whole": (
            "denominator", lambda f: ~_has_fraction(f["denominator"]), number("denominator"),
            lambda _: speak("a whole number"), whole("denominator"),
        ),
        "numerator_sign": (
            "numerator", lambda f: ~(f["numerator"] < 0), number("numerator"),
            lambda _: speak("a count of at least 0"), speak("Correct the count."),
        ),
        "denominator_sign": (
            "denominator", lambda f: ~(f["denominator"] < 0), number("denominator"),
            lambda _: speak("a count of at least 0"), speak("Correct the count."),
        ),
        "numerator_missing": (
            "numerator", lambda f: ~(f["numerator"].isna() & f["denominator"].notna()), number("numerator"),
            lambda _: both, speak("Fill in both counts."),
        ),
        "denominator_missing": (
            "denominator", lambda f: ~(f["denominator"].isna() & f["numerator"].notna()), number("denominator"),
            lambda _: both, speak("Fill in both counts."),
        ),
        "part": (
            "numerator",
            lambda f: ~(f["is_share"] & (f["numerator"] > f["denominator"]) & (f["denominator"] > 0)),
            lambda row: " / ".join(written_number(row[name], speak) for name in ("numerator", "denominator")),
            lambda _: speak("no more than the denominator"), speak("Correct one of the two counts."),
        ),
        "none_of_none": (
            "denominator", lambda f: ~((f["denominator"] == 0) & (f["numerator"] > 0)), number("denominator"),
            lambda _: speak("more than 0, because the numerator is"), speak("Correct one of the two counts."),
        ),
        "counts_wanted": (
            "numerator",
            lambda f: ~(f["is_ratio"] & f["value"].notna() & f["numerator"].isna() & f["denominator"].isna()),
            number("numerator"), lambda _: both, speak("Fill in both counts; the share follows from them."),
        ),
        "counts_unwanted": (
            "numerator",
            lambda f: f["is_ratio"] | (f["numerator"].isna() & f["denominator"].isna()),
            number("numerator"), lambda _: speak("the value alone"), speak("Leave the counts empty."),
        ),
        "value_beside_none": (
            "value", lambda f: ~((f["denominator"] == 0) & f["value"].notna()), number("value"),
            lambda _: speak("no value beside counts of 0 out of 0"), speak("Leave the value empty."),
        ),
        "ratio": (
            "value",
            lambda f: f["value"].isna() | share(f).isna() | ((f["value"] - share(f)).abs() <= f["half_step"]),
            lambda row: speak("{value}, while the counts give {share}", value=f"{row['value']:.15g}",
                              share=f"{row['numerator'] / row['denominator'] * 100:.6g}"),
            lambda _: speak("numerator / denominator"),
            speak("Correct the value or the counts, or leave the value empty."),
        ),
    }  # fmt: skip


def _has_fraction(numbers: pd.Series) -> pd.Series:
    return numbers.notna() & (numbers % 1 != 0)


def _unusual(rows: list[dict[str, Any]], form: Form, speak: Translator) -> Iterator[Finding]:
    """Point out figures and denominators far from those of the period before: a slip, or a comma that was lost.

    Where no real figure of an earlier period is known: figures far above the criterion's scale, shares of at most 1.
    """
    for row in rows:
        asked = form.rows[row["code"]]
        numbers = {key: None if np.isnan(row[key]) else row[key] for key in NUMBERS}
        value = value_of(Figure(numbers["value"], numbers["numerator"], numbers["denominator"], "", ""), asked.unit)
        known = asked.last if asked.last is not None and asked.last.status != "demonstration" else None
        column = "numerator" if asked.is_ratio else "value"
        if value is not None:
            if told := _small_share(value, value_of(known, asked.unit), asked, row["line"], speak):
                found = understood(value, asked.asked("value"), speak)
                yield _second_look(row, column, found, *told, speak)
            elif told := _unusual_value(value, value_of(known, asked.unit), asked, speak):
                yield _second_look(row, column, speak.number(value, asked.indicator.decimals), *told, speak)
        if known is not None and known.denominator and numbers["denominator"]:
            if _is_times(numbers["denominator"], known.denominator):
                before = speak("{value} in the period before", value=speak.number(known.denominator, 0))
                found = f"{speak('Denominator')}: {speak.number(numbers['denominator'], 0)}"
                yield _second_look(row, "denominator", found, before, "", speak)


def _second_look(row: dict[str, Any], column: str, found: str, expected: str, hint: str, speak: Translator) -> Finding:
    line: Line = row["line"]
    remedy = f"{hint} {speak('Check it once more; it is taken as it is.')}".strip()
    place = line.places.get(column, "")
    return Finding(line.sheet, place, found, expected, remedy, is_notice=True, indicator=row["code"])


def _unusual_value(value: float, last: float | None, asked: Row, speak: Translator) -> tuple[str, str] | None:
    """Return what was expected instead of a value that is far from it, and a hint where the slip can be guessed."""
    decimals = asked.indicator.decimals
    if last is None:
        ends = [abs(end) for end in (asked.criterion.zero_at, asked.criterion.full_at) if end is not None]
        if len(ends) == 2 and abs(value) > _BEYOND_SCALE * max(ends):
            scale = " – ".join(written_number(end, speak) for end in sorted(ends))
            return speak("a value near the scale of the criterion, {scale}", scale=scale), ""
        return None
    if not (abs(value - last) > _UNUSUAL_SHARE if asked.unit == "%" else _is_times(value, last)):
        return None
    before = speak("{value} in the period before", value=speak.number(last, decimals))
    nearer = [value / times for times in (10, 100, 1000) if not _is_times(value / times, last, _ALIKE)]
    hint = speak("Is a comma missing: {value}?", value=written_number(nearer[0], speak)) if nearer else ""
    return before, hint


def _small_share(value: float, last: float | None, asked: Row, line: Line, speak: Translator) -> tuple[str, str] | None:
    """Return both readings of a share of at most 1, such as 0.85: 0.85% or 85%; None where one alone can be meant."""
    if asked.unit != "%" or asked.is_ratio or not 0 < value <= 1 or line.has_percent_sign("value"):
        return None
    if last is not None and not _is_times(value, last):
        return None
    small, large = (understood(round(number, 9), asked.asked("value"), speak) for number in (value, value * 100))
    number = written_number(round(value * 100, 9), speak)
    return speak("{small} or {large}", small=small, large=large), speak("If {large} is meant, type {number}.",
                 large=large, number=number)  # fmt: skip


def _is_times(value: float, last: float, ratio: float = _UNUSUAL_RATIO) -> bool:
    low, high = sorted((abs(value), abs(last)))
    return high > ratio * low and high > 0


def _left_out(sheet: str, rows: list[dict[str, Any]], form: Form, speak: Translator) -> Iterator[Finding]:
    missing = len(form.rows) - len(rows)
    if missing:
        found = speak("{count} of {total} {total:line|lines} without a figure", count=missing, total=len(form.rows))
        word = situations(speak)["missing"]
        remedy = speak("They are not submitted. Choose “{missing}” where no figure is known.", missing=word)
        yield Finding(sheet, "", found, speak("a figure in each line"), remedy, is_notice=True)
