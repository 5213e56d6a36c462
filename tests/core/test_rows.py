"""Tables become plain Python as pandas itself would make it, and what is missing is told in one way."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from wardstats.core.rows import dictionaries, number_or_none, text_or_empty

SQL = """
select 1::int as a, null::bigint as b, 'x' as s, null::varchar as n, date '2026-01-01' as d, null::timestamp as t,
    true as y, null::boolean as m, [1, 2] as l, 1.5::decimal(5, 2) as x, {'k': 1} as r
union all
select null, 2, null, 'y', null, timestamp '2026-01-01 08:00', null, false, null, null, null
"""


def test_records_are_those_of_pandas_and_none_where_something_is_missing() -> None:
    frame = duckdb.sql(SQL).df().drop(columns="l")
    frame["mixed"] = pd.Series([np.int64(1), None], dtype=object)
    frame["text"] = pd.Series(["a", None], dtype="string")
    for rows in (frame, frame.head(1), frame.iloc[::-1]):
        wanted = [
            {key: None if pd.api.types.is_scalar(value) and pd.isna(value) else value for key, value in row.items()}
            for row in rows.to_dict("records")
        ]
        assert repr(dictionaries(rows)) == repr(wanted)
        assert [[type(value) for value in row.values()] for row in dictionaries(rows)] == [
            [type(value) for value in row.values()] for row in wanted
        ]


def test_no_kind_of_missing_value_gets_past() -> None:
    kinds = ["Int64", "float64", "Float64", "string", "boolean", "datetime64[ns]", "object"]
    frame = pd.DataFrame({kind: pd.Series([None], dtype=kind) for kind in kinds})
    assert dictionaries(frame) == [dict.fromkeys(kinds)]
    json.dumps(dictionaries(frame), allow_nan=False)


def test_lists_stay_lists_and_a_missing_one_is_none() -> None:
    first, second = dictionaries(duckdb.sql(SQL).df()[["l"]])
    assert list(first["l"]) == [1, 2]
    assert second["l"] is None


def test_a_frame_without_rows_or_columns_has_no_records() -> None:
    assert dictionaries(pd.DataFrame()) == []
    assert dictionaries(pd.DataFrame({"a": []})) == []


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_what_is_missing_is_no_number_and_an_empty_text(missing: object) -> None:
    assert number_or_none(missing) is None
    assert text_or_empty(missing) == ""


def test_values_of_a_row_are_kept() -> None:
    assert (number_or_none(np.int64(0)), number_or_none(1.5)) == (0.0, 1.5)
    assert isinstance(number_or_none(np.int64(0)), float)
    assert text_or_empty("a") == "a"
