"""Reads values/*.csv and *.parquet into one frame and checks it column by column, so that millions of rows pass fast.

Owns what a single figure must satisfy. What the figures mean together (scores) is SQL's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from hashlib import file_digest
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from wardstats.core.data_files import REFERENCES, Reader
from wardstats.core.errors import Problem
from wardstats.core.measures import LARGEST, measure_of
from wardstats.core.periods import KINDS, parse_period
from wardstats.core.records import STATUSES, Indicator, with_point

if TYPE_CHECKING:
    import pyarrow

COLUMNS = (
    "unit_code", "indicator_code", "period", "value", "numerator", "denominator", "status", "source_id", "note",
)  # fmt: skip
NUMBERS = ("value", "numerator", "denominator")
TEXTS = tuple(name for name in COLUMNS if name not in NUMBERS)
KEY = ["unit_code", "indicator_code", "period"]
Remedy = Callable[[object], str]  # what to do about a text that was found

_IN_RANGE = "a value within its unit's range"
_FINITE = "a finite number such as 87.5"
_AT_MOST = 100  # problems of one kind in one report; more of them help nobody


def limits_of(unit: str, rule: str | None, max_points: float, zero_at: float, full_at: float) -> tuple[float, float]:
    """Return between which numbers a value may lie: by its unit, and by the scale that its criterion scores it on.

    Args:
        rule: The criterion's rule; None where the indicator is not scored.
        max_points: The criterion's; NaN where there is none, as the two below.
        zero_at: The value worth nothing.
        full_at: The value worth everything. What is given in points and scored in proportion ends there: 0 to 12.
    """
    measure = measure_of(unit)
    low, high = measure.low, measure.high
    if rule == "as_scored":
        high = min(high, max_points)
    elif rule == "linear" and unit == "points":
        high = min(high, max(zero_at, full_at))
    return low, high


def read_values(
    reader: Reader,
    indicators: Mapping[str, Indicator],
    ledger: pd.DataFrame | None = None,
    ranked_by: str | None = None,
) -> pd.DataFrame:
    """Read and check every file of values/, and what the ledger puts in their place.

    Args:
        reader: Knows the codes of the other files, and takes the problems.
        indicators: By code; for units and decimals.
        ledger: Figures in force, see ``ledger.ledger_figures``. Each replaces the folder's figure of its unit,
            indicator and period; a demonstration one stays, and the snapshot drops it.
        ranked_by: How often the block ranks: month, quarter or year.

    Returns:
        One row per unit, indicator, period and kind of status, with the columns ``COLUMNS``; numbers are floats in
        the indicator's own unit, NaN where empty; texts are categorical, so that a check looks at each text once.
        Rows with a problem are in it too: the reader knows of them.
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
    if ledger is not None and len(ledger):
        frames = [_without(frame, ledger) for frame in frames]
        frames.append(_of_ledger(ledger))
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=float if name in NUMBERS else "category") for name in COLUMNS})
    frame = frames[0] if len(frames) == 1 else _together(frames)
    _check_codes(reader, frame)
    _check_numbers(reader, frame, indicators)
    _check_duplicates(reader, frame)
    _note_other_frequencies(reader, frame, indicators, ranked_by)
    return frame[list(COLUMNS)]


def _without(frame: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Leave out the rows that the ledger replaces."""
    keys = pd.MultiIndex.from_frame(ledger[KEY])
    is_replaced = pd.MultiIndex.from_frame(frame[KEY].astype(str)).isin(keys) & (frame["status"] != "demonstration")
    return frame[~is_replaced]


def read_settled(reader: Reader, file: str) -> pd.DataFrame:
    """Return the figures of a file that stands for a ledger: its columns, and where each row stands (file, line)."""
    frame = _read_csv(reader, file)
    return frame[[*COLUMNS, "file", "line"]].astype(dict.fromkeys((*TEXTS, "file"), object))


def _of_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return what is settled in the form of a file's figures, so that the same checks apply."""
    frame = ledger[[*COLUMNS, "line", "file"]].copy()
    frame["is_unreadable"] = False
    return frame.astype(dict.fromkeys((*TEXTS, "file"), "category"))


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put files under one another; plain concatenation would make texts of categories again."""
    columns = {
        name: union_categoricals([frame[name] for frame in frames])
        if isinstance(frames[0][name].dtype, pd.CategoricalDtype)
        else np.concatenate([frame[name].to_numpy() for frame in frames])
        for name in frames[0].columns
    }
    return pd.DataFrame(columns)


def _read_csv(reader: Reader, file: str) -> pd.DataFrame:
    rows = reader.rows(file, COLUMNS[:-1], ("note",))
    frame = pd.DataFrame({name: [row.get(name, "") for _, row in rows] for name in COLUMNS}, dtype=str)
    frame["line"] = [line for line, _ in rows]
    frame["file"] = file
    frame["is_unreadable"] = False
    for column in NUMBERS:
        text = frame[column]
        number = pd.to_numeric(text.where(text != ""), errors="coerce")
        has_commas = file in reader.with_commas
        again = text[(number.isna() | has_commas) & (text != "")]  # nearly all are read at once
        read = [with_point(cell, has_commas) for cell in again]
        number.loc[again.index] = pd.to_numeric(pd.Series(read, again.index, dtype=object), errors="coerce")
        wrong = (number.isna() & (text != "")) | np.isinf(number)
        remedy = "Write digits and a decimal point only, or leave the cell empty where there is no figure."
        remedy += " Three decimals want one nought more." * has_commas
        _report(reader, frame[wrong], column, text[wrong], _FINITE, remedy)
        frame[column] = number.where(~wrong).astype(float)
        frame["is_unreadable"] |= wrong
    return frame.astype(dict.fromkeys((*TEXTS, "file"), "category"))


def _read_parquet(reader: Reader, file: str) -> pd.DataFrame:
    import pyarrow as pa  # here, because most folders hold no Parquet and need not wait for it
    import pyarrow.parquet as pq

    path = reader.folder / file
    with path.open("rb") as stream:
        reader.keep_digest(file, file_digest(stream, "sha256").hexdigest())
    try:
        names = pq.read_schema(path).names
        table = pq.read_table(path, columns=[name for name in COLUMNS if name in names], read_dictionary=list(TEXTS))
    except (pa.ArrowInvalid, OSError) as error:
        reader.report(file, None, None, str(error).splitlines()[0], "a Parquet file", "Write the file again.")
        return pd.DataFrame()
    if missing := [name for name in COLUMNS[:-1] if name not in names]:
        expected = "the columns " + ",".join(COLUMNS)
        reader.report(file, None, ",".join(missing), "no such column", expected, "Write the file again.")
        return pd.DataFrame()
    frame = pd.DataFrame({name: _parquet_column(reader, file, table, name) for name in COLUMNS})
    frame["line"] = np.arange(1, len(frame) + 1)
    frame["file"] = pd.Categorical.from_codes(
        np.zeros(len(frame), dtype="int8"), categories=pd.Index([file], dtype=str)
    )
    frame["is_unreadable"] = False
    for column in NUMBERS:
        wrong = np.isinf(frame[column].to_numpy())
        if wrong.any():
            _report(reader, frame[wrong], column, frame.loc[wrong, column].astype(str), _FINITE, "Leave it empty.")
            frame.loc[wrong, column], frame.loc[wrong, "is_unreadable"] = np.nan, True
    return frame


def _parquet_column(reader: Reader, file: str, table: pyarrow.Table, name: str) -> np.ndarray | pd.Categorical[str]:
    import pyarrow as pa

    if name not in table.column_names:  # note, which may be left out
        return pd.Categorical.from_codes(np.zeros(len(table), dtype="int8"), categories=pd.Index([""], dtype=str))
    column = table.column(name)
    if name in NUMBERS:
        if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_null(column.type)):
            reader.report(
                file, None, name, f"a column of {column.type}", "a column of numbers", "Write the file again."
            )
            return np.full(len(table), np.nan)
        return column.cast(pa.float64(), safe=False).to_numpy()
    if not (pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)):
        plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        column = plain.cast(pa.string()).dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    found = whole if isinstance(whole, pa.DictionaryArray) else whole.chunk(0)
    codes = found.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, categories=pd.Index(found.dictionary.to_pylist(), dtype=str))


def _check_codes(reader: Reader, frame: pd.DataFrame) -> None:
    def check(column: str, is_known: Callable[[str], bool], expected: str, remedy: str | Remedy) -> None:
        wrong = ~_by_category(frame[column], is_known, if_empty=False)
        if wrong.any():
            found = frame.loc[wrong, column].astype(object)
            _report(reader, frame[wrong], column, found.where(found.notna(), None), expected, remedy)

    for column, file in REFERENCES.items():
        check(
            column, lambda code, file=file: not reader.is_unknown(code, file), f"a code of {file}",
            lambda code, file=file: reader.advice(str(code or ""), file),
        )  # fmt: skip
    check("status", lambda text: text in STATUSES, "one of " + ", ".join(reversed(STATUSES)), "Correct it.")
    check("period", _is_period, "a year (2026), quarter (2026-Q3) or month (2026-10)", "Correct it.")
    wrong = ~_by_category(frame["note"], lambda text: unicodedata.is_normalized("NFC", text), if_empty=True)
    if wrong.any():
        expected, remedy = "text in composed form (Unicode NFC)", "Save the file with NFC normalisation."
        _report(reader, frame[wrong], "note", frame.loc[wrong, "note"], expected, remedy)


def _note_other_frequencies(
    reader: Reader, frame: pd.DataFrame, indicators: Mapping[str, Indicator], ranked_by: str | None
) -> None:
    """Tell of figures that measure another kind of period than their indicator: most of them count nowhere."""
    # Compared as small numbers: texts of millions of rows take long.
    often = _by_category(
        frame["indicator_code"], lambda code: KINDS.index(indicators[code].frequency) if code in indicators else -1, -1
    )
    measured = _by_category(
        frame["period"], lambda text: KINDS.index(parse_period(text).kind) if _is_period(text) else -1, -1
    )
    is_other = (often != measured) & (often >= 0) & (measured >= 0)
    if not is_other.any():
        return
    other = frame.loc[is_other, ["file", "line", "indicator_code", "period"]]
    other["kind"] = [KINDS[number] for number in measured[is_other]]
    for (code, kind), rows in other.groupby(["indicator_code", "kind"], sort=False, observed=True):
        frequency, first = indicators[str(code)].frequency, rows.iloc[0]
        line = int(first["line"]) or None
        more = f" and {len(rows) - 1} more figures of a {kind}" if len(rows) > 1 else ""
        is_left_out = kind != ranked_by and frequency == ranked_by
        counts = "It counts in no ranking" if is_left_out else "It counts as it stands"
        reader.notices.append(
            Problem(
                str(first["file"]), line, "period", f"{first['period']}{more}",
                f"a {frequency}, as {code} is measured (indicators.csv)",
                f"{counts}: correct the period, or the frequency, if that was not meant.",
            )
        )  # fmt: skip


def _by_category(column: pd.Series, answer: Callable[[str], Any], if_empty: object) -> np.ndarray:
    """Ask once for each text of a categorical column, and hand the answers out to the rows."""
    answers = np.array([*(answer(text) for text in column.cat.categories), if_empty])
    return answers[column.cat.codes.to_numpy()]  # an empty cell has the code -1: the last answer


def _check_numbers(reader: Reader, frame: pd.DataFrame, indicators: Mapping[str, Indicator]) -> None:
    value, numerator, denominator = (frame[name].to_numpy() for name in NUMBERS)
    unit_of = {code: indicator.unit for code, indicator in indicators.items()}
    ranges = {code: (measure.low, measure.high) for code, unit in unit_of.items() if (measure := measure_of(unit))}
    no_limits = (-np.inf, np.inf)
    limits = _by_category(frame["indicator_code"], lambda code: ranges.get(code, no_limits), if_empty=no_limits)
    low, high = limits.T
    is_share = _by_category(frame["indicator_code"], lambda code: unit_of.get(code) == "%", if_empty=False)
    one_is_empty = np.isnan(numerator) != np.isnan(denominator)
    is_share_typed = is_share & (numerator > 0) & (numerator < 1)
    of_them = denominator[is_share_typed]  # few: the remainders of millions take long
    is_share_typed[is_share_typed] = (of_them > 1) & (of_them % 1 == 0)
    for wrong, column, expected, remedy in (
        *(
            (np.abs(numbers) > LARGEST, column, f"a number of at most {LARGEST:g}", "Correct it.")
            for numbers, column in zip((value, numerator, denominator), NUMBERS, strict=True)
        ),
        ((value < low) | (value > high), "value", _IN_RANGE, "Correct the value."),
        (numerator < 0, "numerator", "a count of at least 0", "Correct the count."),
        (denominator < 0, "denominator", "a count of at least 0", "Correct the count."),
        (
            is_share & (numerator > denominator) & (denominator > 0),
            "numerator", "no more than the denominator", "Correct one of the two counts.",
        ),
        (
            is_share_typed, "numerator", "how many there are, not the share",
            "Write the count; what is measured, give in a smaller unit of measure, the denominator too.",
        ),
        ((denominator == 0) & (numerator > 0), "denominator", "more than 0", "Correct one of the two counts."),
        (
            (denominator == 0) & ~np.isnan(value),
            "value", "no value beside counts of 0 out of 0", "Leave the value empty, or correct the counts.",
        ),
        (
            one_is_empty & ~frame["is_unreadable"].to_numpy(),
            "denominator", "numerator and denominator together", "Fill in both, or neither.",
        ),
    ):  # fmt: skip
        if wrong.any():
            rows = frame[wrong]
            found = rows[column].map(lambda number: "nothing" if pd.isna(number) else f"{number:.15g}")
            if expected == _IN_RANGE:
                bounds = zip(rows["indicator_code"].map(unit_of), low[wrong], high[wrong], strict=True)
                found = [f"{text} ({name}, {a:g} to {b:g})" for text, (name, a, b) in zip(found, bounds, strict=True)]
            _report(reader, rows, column, found, expected, remedy)
    _check_ratio(reader, frame, indicators, is_share)


def _check_ratio(
    reader: Reader, frame: pd.DataFrame, indicators: Mapping[str, Indicator], is_share: np.ndarray
) -> None:
    """A value given beside its counts must be their ratio, to the decimals the indicator is written with."""
    stated = ~np.isnan(frame["value"].to_numpy()) & (frame["denominator"].to_numpy() > 0)
    if not stated.any():
        return
    rows = frame[stated]
    decimals_of = {code: indicator.decimals for code, indicator in indicators.items()}
    decimals = _by_category(rows["indicator_code"], lambda code: decimals_of.get(code, 0), if_empty=0)
    ratio = rows["numerator"] / rows["denominator"] * np.where(is_share[stated], 100, 1)
    wrong = (rows["value"] - ratio).abs() > 0.5001 * 10.0**-decimals
    found = [
        f"{v:.15g}, while the counts give {r:.6g}" for v, r in zip(rows["value"][wrong], ratio[wrong], strict=True)
    ]
    remedy = "Correct the value or the counts, or leave the value empty."
    _report(reader, rows[wrong], "value", found, "numerator / denominator", remedy)


def _check_duplicates(reader: Reader, frame: pd.DataFrame) -> None:
    """One figure for a key; a demonstration one may stand beside a real one, which then replaces it."""
    key = _by_category(frame["status"], lambda status: status == "demonstration", if_empty=False).astype(np.int64)
    for column in KEY:
        key *= len(frame[column].cat.categories) + 1
        key += frame[column].cat.codes.to_numpy()
    ordered = np.sort(key)
    if not (ordered[1:] == ordered[:-1]).any():
        return
    repeated = pd.Series(key).duplicated().to_numpy()
    found = frame.loc[repeated, KEY].astype(str).agg(" ".join, axis=1)
    remedy = "Remove one of the rows; a correction replaces the earlier row."
    _report(reader, frame[repeated], "unit_code, indicator_code, period", found, "each figure once", remedy)


def _report(
    reader: Reader, rows: pd.DataFrame, column: str, found: Iterable[object], expected: str, remedy: str | Remedy
) -> None:
    """Report faulty rows; the same text in many lines is one problem at its first line, with the other lines named."""
    advice: Remedy = (lambda _: remedy) if isinstance(remedy, str) else remedy
    lines_of: dict[tuple[str, object], list[int]] = {}
    for file, line, text in zip(rows["file"], rows["line"], found, strict=True):
        lines_of.setdefault((file, text), []).append(int(line))
    for number, ((file, text), lines) in enumerate(lines_of.items()):
        if number == _AT_MOST:
            text = f"{len(lines_of) - number} more such faults"
            reader.report(file, lines[0], column, text, expected, "Correct those above, then check again.")
            return
        told = advice(text)
        what = "nothing" if text == "" or text is None else repr(text)
        if others := lines[1:]:
            what += ", also in line " + ", ".join(map(str, others[:5]))
            what += f" and {len(others) - 5} more" if len(others) > 5 else ""
        reader.report(file, lines[0], column, what, expected, told)


def _is_period(text: object) -> bool:
    try:
        parse_period(str(text))
    except ValueError:
        return False
    return True
