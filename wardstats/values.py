"""Reads values/*.csv and *.parquet into one frame and checks it column by column, so that millions of rows pass fast.

Owns what a single figure must satisfy. What the figures mean together (scores) is SQL's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import file_digest

import numpy as np
import pandas as pd

from wardstats.periods import parse_period
from wardstats.records import STATUSES, Indicator
from wardstats.tables import REFERENCES, Reader

COLUMNS = (
    "unit_code", "indicator_code", "period", "value", "numerator", "denominator", "status", "source_id", "note",
)  # fmt: skip
NUMBERS = ("value", "numerator", "denominator")
KEY = ["unit_code", "indicator_code", "period"]

_IN_RANGE = "a value within its unit's range"
_AT_MOST = 100  # problems of one kind in one report; more of them help nobody

# Limits of a value by its indicator's unit; a unit that is not listed has none.
LIMITS: Mapping[str, tuple[float, float]] = {
    "%": (0, 100),
    "points": (0, np.inf),
    "days": (0, np.inf),
    "count": (0, np.inf),
    "yes_no": (0, 1),
    "m2_per_person": (0, np.inf),
}


def read_values(reader: Reader, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Read and check every file of values/.

    Args:
        reader: Knows the codes of the other files, and takes the problems.
        indicators: By code; for units and decimals.

    Returns:
        One row per unit, indicator, period and kind of status, with the columns ``COLUMNS``; numbers are floats in
        the indicator's own unit, NaN where empty. Rows with a problem are in it too: the reader knows of them.
    """
    folder = reader.folder / "values"
    files = sorted(path.name for path in folder.glob("*") if path.suffix in (".csv", ".parquet"))
    if not files:
        reader.report("values", None, None, "no file", "at least one CSV file", "Add the values to this folder.")
    frames = []
    for name in files:
        file = f"values/{name}"
        frame = _read_parquet(reader, file) if name.endswith(".parquet") else _read_csv(reader, file)
        if len(frame):
            frames.append(frame)
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=float if name in NUMBERS else str) for name in COLUMNS})
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    _check_codes(reader, frame)
    _check_numbers(reader, frame, indicators)
    _check_duplicates(reader, frame)
    return frame[list(COLUMNS)]


def _read_csv(reader: Reader, file: str) -> pd.DataFrame:
    rows = reader.rows(file, COLUMNS[:-1], ("note",))
    frame = pd.DataFrame.from_records([row for _, row in rows], columns=list(COLUMNS)).fillna("")
    frame["line"] = [line for line, _ in rows]
    frame["file"] = file
    for column in NUMBERS:
        text = frame[column]
        number = pd.to_numeric(text.where(text != ""), errors="coerce")
        wrong = (number.isna() & (text != "")) | np.isinf(number)
        remedy = "Write digits and a decimal point only, or leave the cell empty where there is no figure."
        _report(reader, frame[wrong], column, text[wrong], "a finite number such as 87.5", remedy)
        frame[column] = number.where(~wrong)
        frame["is_unreadable"] = frame.get("is_unreadable", False) | wrong
    return frame


def _read_parquet(reader: Reader, file: str) -> pd.DataFrame:
    path = reader.folder / file
    with path.open("rb") as stream:
        reader.digests[file] = file_digest(stream, "sha256").hexdigest()
    frame = pd.read_parquet(path)
    missing = [name for name in COLUMNS[:-1] if name not in frame.columns]
    if missing:
        expected = "the columns " + ",".join(COLUMNS)
        reader.report(file, None, ",".join(missing), "no such column", expected, "Write the file again.")
        return frame.iloc[:0]
    if "note" not in frame.columns:
        frame["note"] = ""
    frame["line"] = np.arange(1, len(frame) + 1)
    frame["file"] = file
    frame["is_unreadable"] = False
    return frame


def _check_codes(reader: Reader, frame: pd.DataFrame) -> None:
    def check(column: str, is_known: Mapping[str, bool], expected: str, remedy: str) -> None:
        wrong = ~frame[column].map(is_known).fillna(False).astype(bool)
        _report(reader, frame[wrong], column, frame.loc[wrong, column], expected, remedy)

    for column, file in REFERENCES.items():
        found = {code: not reader.is_unknown(code, file) for code in frame[column].unique()}
        check(column, found, f"a code of {file}", "Add it there, or correct it here.")
    found = {text: text in STATUSES for text in frame["status"].unique()}
    check("status", found, "one of " + ", ".join(reversed(STATUSES)), "Correct it.")
    found = {text: _is_period(text) for text in frame["period"].unique()}
    check("period", found, "a year (2026), quarter (2026-Q3) or month (2026-10)", "Correct it.")
    notes = {text: unicodedata.is_normalized("NFC", text) for text in frame["note"].dropna().unique()}
    if not all(notes.values()):
        check("note", notes, "text in composed form (Unicode NFC)", "Save the file with NFC normalisation.")


def _check_numbers(reader: Reader, frame: pd.DataFrame, indicators: Mapping[str, Indicator]) -> None:
    value, numerator, denominator = (frame[name] for name in NUMBERS)
    unit = frame["indicator_code"].map({code: indicator.unit for code, indicator in indicators.items()})
    low = unit.map({name: limits[0] for name, limits in LIMITS.items()}).fillna(-np.inf).astype(float)
    high = unit.map({name: limits[1] for name, limits in LIMITS.items()}).fillna(np.inf).astype(float)
    for wrong, column, expected, remedy in (
        ((value < low) | (value > high), "value", _IN_RANGE, "Correct the value."),
        (numerator < 0, "numerator", "a count of at least 0", "Correct the count."),
        (denominator < 0, "denominator", "a count of at least 0", "Correct the count."),
        (
            (unit == "%") & (numerator > denominator) & (denominator > 0),
            "numerator", "no more than the denominator", "Correct one of the two counts.",
        ),
        ((denominator == 0) & (numerator > 0), "denominator", "more than 0", "Correct one of the two counts."),
        (
            (denominator == 0) & value.notna(),
            "value", "no value beside counts of 0 out of 0", "Leave the value empty, or correct the counts.",
        ),
        (
            (numerator.isna() != denominator.isna()) & ~frame["is_unreadable"],
            "denominator", "numerator and denominator together", "Fill in both, or neither.",
        ),
    ):  # fmt: skip
        if wrong.any():
            found = frame.loc[wrong, column].map(lambda number: "nothing" if pd.isna(number) else f"{number:.15g}")
            if expected == _IN_RANGE:
                bounds = zip(unit[wrong], low[wrong], high[wrong], strict=True)
                found = [f"{text} ({name}, {a:g} to {b:g})" for text, (name, a, b) in zip(found, bounds, strict=True)]
            _report(reader, frame[wrong], column, found, expected, remedy)
    _check_ratio(reader, frame, indicators, unit)


def _check_ratio(reader: Reader, frame: pd.DataFrame, indicators: Mapping[str, Indicator], unit: pd.Series) -> None:
    """A value given beside its counts must be their ratio, to the decimals the indicator is written with."""
    stated = frame["value"].notna() & (frame["denominator"] > 0)
    if not stated.any():
        return
    rows = frame[stated]
    decimals = rows["indicator_code"].map({code: i.decimals for code, i in indicators.items()}).fillna(0).astype(int)
    ratio = rows["numerator"] / rows["denominator"] * np.where(unit[stated] == "%", 100, 1)
    wrong = (rows["value"] - ratio).abs() > 0.5001 * 10.0**-decimals
    found = [
        f"{v:.15g}, while the counts give {r:.6g}" for v, r in zip(rows["value"][wrong], ratio[wrong], strict=True)
    ]
    remedy = "Correct the value or the counts, or leave the value empty."
    _report(reader, rows[wrong], "value", found, "numerator / denominator", remedy)


def _check_duplicates(reader: Reader, frame: pd.DataFrame) -> None:
    """One figure for a key; a demonstration one may stand beside a real one, which then replaces it."""
    is_demonstration = (frame["status"] == "demonstration").rename("is_demonstration")
    repeated = frame[KEY].assign(is_demonstration=is_demonstration).duplicated()
    found = frame.loc[repeated, KEY].astype(str).agg(" ".join, axis=1) if repeated.any() else []
    remedy = "Remove one of the rows; a correction replaces the earlier row."
    _report(reader, frame[repeated], "unit_code, indicator_code, period", found, "each figure once", remedy)


def _report(
    reader: Reader, rows: pd.DataFrame, column: str, found: Iterable[object], expected: str, remedy: str
) -> None:
    """Report faulty rows; the same text in many lines is one problem at its first line, with the other lines named."""
    lines_of: dict[tuple[str, object], list[int]] = {}
    for file, line, text in zip(rows["file"], rows["line"], found, strict=True):
        lines_of.setdefault((file, text), []).append(int(line))
    for number, ((file, text), lines) in enumerate(lines_of.items()):
        if number == _AT_MOST:
            text = f"{len(lines_of) - number} more such faults"
            reader.report(file, lines[0], column, text, expected, "Correct those above, then check again.")
            return
        what = "nothing" if text == "" or text is None else repr(text)
        if others := lines[1:]:
            what += ", also in line " + ", ".join(map(str, others[:5]))
            what += f" and {len(others) - 5} more" if len(others) > 5 else ""
        reader.report(file, lines[0], column, what, expected, remedy)


def _is_period(text: object) -> bool:
    try:
        parse_period(str(text))
    except ValueError:
        return False
    return True
