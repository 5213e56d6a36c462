"""Tables on pages: their numbers are written as the page's language does, not the browser's, and sort as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from wardstats.core.languages import translator
from wardstats.session.tables import number_formats

NAN = float("nan")


@pytest.mark.parametrize(
    ("numbers", "vietnamese", "hindi"),
    [
        ([9.4, 4.0, NAN], ["9,4", "4,0"], ["9.4", "4.0"]),  # points of one column have one number of decimals
        ([9.59, 12.0], ["9,59", "12,00"], ["9.59", "12.00"]),
        ([2.1442, 4.0, 57.5], ["2,1442", "4", "57,5"], ["2.1442", "4", "57.5"]),  # values of several indicators
        ([280591.0, 0.0], ["280.591", "0"], ["2,80,591", "0"]),
        ([1e300, np.inf, 0.5], ["1e+300", "inf", "0,5"], ["1e+300", "inf", "0.5"]),  # of an answer of the SQL box
        ([0.1 + 0.2, 0.3], ["0,3", "0,3"], ["0.3", "0.3"]),
    ],
)
def test_numbers_are_written_in_the_pages_language(
    numbers: list[float], vietnamese: list[str], hindi: list[str]
) -> None:
    frame = pd.DataFrame({"n": numbers, "text": "x", "count": 2026})
    for language, texts in (("vi", vietnamese), ("hi", hindi)):
        formats = number_formats(frame, translator(language))
        assert list(formats) == ["n"]  # a year is no number to group
        assert [formats["n"](value) for value in numbers if value == value] == texts


def test_a_table_sends_the_numbers_beside_what_is_written() -> None:
    """The browser sorts by the first and shows the second."""

    def page() -> None:
        from types import SimpleNamespace
        from typing import Any

        import pandas as pd

        from wardstats.core.languages import translator
        from wardstats.session.tables import written_frame

        view: Any = SimpleNamespace(speak=translator("vi"), language="vi")
        written_frame(view, pd.DataFrame({"Điểm": [9.5, 10.25, None]}))

    sent = AppTest.from_function(page).run().dataframe[0].proto.arrow_data
    shown = pa.ipc.open_stream(sent.styler.display_values).read_pandas()
    assert pa.ipc.open_stream(sent.data).read_pandas()["Điểm"].tolist()[:2] == [9.5, 10.25]
    assert shown["Điểm"].tolist() == ["9,50", "10,25", ""]


@pytest.mark.hostile("SQL answers on the page")
@pytest.mark.parametrize("kind", ["cells", "letters", "rows of text"])
def test_a_huge_answer_is_sent_once_and_written_by_the_browser(kind: str) -> None:
    def page(kind: str) -> None:
        from types import SimpleNamespace
        from typing import Any

        import pandas as pd

        from wardstats.core.languages import translator
        from wardstats.session.tables import written_frame

        frames = {
            "cells": pd.DataFrame({f"n{number}": [0.5] * 5_000 for number in range(6)}),
            "letters": pd.DataFrame({"text": ["x" * 100_000] * 40, "n": 0.5}),
            "rows of text": pd.DataFrame({"text": ["x"] * 5_000}),
        }
        view: Any = SimpleNamespace(speak=translator("vi"), language="vi")
        written_frame(view, frames[kind])

    sent = AppTest.from_function(page, args=(kind,)).run()
    assert not sent.exception
    shown = sent.dataframe[0].proto.arrow_data
    assert shown.data
    assert not shown.styler.display_values


def test_a_long_table_with_fractions_is_written_as_the_page_does_where_the_browser_would_not() -> None:
    def page() -> None:
        from types import SimpleNamespace
        from typing import Any

        import pandas as pd

        from wardstats.core.languages import translator
        from wardstats.session.tables import written_frame

        view: Any = SimpleNamespace(speak=translator("vi"), language="vi")
        written_frame(view, pd.DataFrame({"Điểm": [9.5] * 5_000, "Xã": "x"}))

    sent = AppTest.from_function(page).run().dataframe[0].proto.arrow_data
    shown = pa.ipc.open_stream(sent.styler.display_values).read_pandas()
    assert shown["Điểm"].tolist() == ["9,5"] * 5_000
