"""Tables and files to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from wardstats.boards.print import file_names
from wardstats.boards.print.ranking_sheet import ranking_pdf
from wardstats.boards.print.sheet import sheet_pdf
from wardstats.boards.table_file import table_file
from wardstats.core.export_files import FORMATS, Export, even_decimals, needed_decimals
from wardstats.core.languages import Translator, best_language
from wardstats.core.measures import LARGEST
from wardstats.core.weighed_cache import frame_bytes
from wardstats.session.caches import cached
from wardstats.view.indicator_card import card_address
from wardstats.view.ranking_choice import RankingChoice
from wardstats.view.view import View

_STYLED_ROWS = 300  # writing costs 0.1 ms of CPU a row: where the browser writes as the page does, more is left to it
_MOST_ROWS = {
    True: 5000,
    False: 800,
}  # of a long table: where the browser writes as the page does, and where it does not
_WRITTEN_CELLS = 25_000  # in a quarter of a second, for which everybody else waits
_WRITTEN_BYTES = 2_000_000  # what is written is sent beside what it was written from
_OF_TABLES = ("CSV", "Excel")  # a table behind a chart has these; Explore offers all


def table(view: View, frame: pd.DataFrame, name: str, height: int | None = None, *, has_figures: bool = True) -> None:
    """Show a table with its files; a table with figures has a column that says which of them are made up."""
    linked_frame(view, frame, height)
    with st.container(horizontal=True, gap="small"):
        for kind in _OF_TABLES:
            _download(view, kind, partial(table_file, view, frame, name, has_figures), name)


def linked_frame(view: View, frame: pd.DataFrame, height: int | None = None) -> None:
    """Show a table; where its rows are about indicators, each links to its indicator's card."""
    speak = view.speak
    columns: dict[str, Any] = {}
    about = next((name for name in (speak("Indicator"), speak("Reason")) if name in frame), None)
    if about:
        codes = {name: str(code) for code, name in view.indicators["indicator_name"].items()}
        cards = [card_address(view, codes[name]) if name in codes else None for name in frame[about]]
        frame = frame.copy(deep=False)
        frame.insert(list(frame.columns).index(about) + 1, speak("Card"), pd.Series(cards, frame.index, dtype=object))
        columns[speak("Card")] = st.column_config.LinkColumn(
            display_text=":material/menu_book:", width="small", help=speak("Definition, rule and source")
        )
    written_frame(view, frame, height, columns)


def written_frame(
    view: View, frame: pd.DataFrame, height: int | None = None, columns: Mapping[str, Any] | None = None
) -> None:
    """Show a table whose numbers are written in the page's language, not the browser's; it sorts by the numbers."""
    shown: Any = frame
    config = dict(columns or {})
    if _is_written_here(view, frame):
        formats: dict[Any, Any] = number_formats(frame, view.speak)
        shown = frame.reset_index(drop=True).style.format(formats, na_rep="")
    else:
        localized = st.column_config.NumberColumn(format="localized")
        config |= dict.fromkeys(map(str, frame.select_dtypes("float").columns), localized)
    st.dataframe(shown, hide_index=True, width="stretch", height=height or "auto", column_config=config)


def _is_written_here(view: View, frame: pd.DataFrame) -> bool:
    """Tell whether the server writes a table's numbers, or leaves them to the browser.

    A long table is written only where the browser would write its fractions otherwise; a huge one, such as an answer of
    the SQL box may be, never.
    """
    if frame.size > _WRITTEN_CELLS or not frame.columns.is_unique or frame_bytes(frame) > _WRITTEN_BYTES:
        return False
    has_fractions = not frame.select_dtypes("float").empty
    return len(frame) <= _STYLED_ROWS or (has_fractions and not _has_browsers_language(view))


def most_rows(view: View) -> int:
    """Return how many rows of a long table are shown at once."""
    return _MOST_ROWS[_has_browsers_language(view)]


def _has_browsers_language(view: View) -> bool:
    return best_language(st.context.locale, "") == view.language


def number_formats(frame: pd.DataFrame, speak: Translator) -> dict[Any, Callable[[float], str]]:
    """Return how the fractions of each column are written: a column of points with one number of decimals."""
    return {
        name: partial(_number, speak, decimals=even_decimals(column))
        for name, column in frame.select_dtypes("float").items()
    }


def _number(speak: Translator, value: float, decimals: int | None) -> str:
    """Write a number as the page's language does, with the decimals it has, at most four, where no others are given."""
    if not np.isfinite(value) or abs(value) > LARGEST:
        return str(value)
    return speak.number(value, needed_decimals(value) if decimals is None else decimals)


def table_behind(
    view: View, frame: pd.DataFrame, key: str, name: str, label: str = "", *, has_figures: bool = True
) -> None:
    """Offer the table behind a chart in an expander; it is sent when it is opened, as it weighs more than the chart.

    Args:
        key: Tells it from the other tables of the page, whatever period or unit is looked at, so that it stays open.
        has_figures: It holds figures, or what came of them, and a column for their status.
    """
    label = label or view.speak("Show as table")
    behind = st.expander(label, icon=":material/table:", key=f"behind_{key}", on_change="rerun")
    if behind.open:
        with behind:
            table(view, frame, name, has_figures=has_figures)


def downloads(view: View, make: Callable[[], Export], key: str) -> None:
    """Offer a table as CSV, Excel and Parquet; a file is made when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        for kind in FORMATS:
            _download(view, kind, make, f"wardstats_{key}_{view.period}")


def _download(view: View, kind: str, make: Callable[[], Export], name: str) -> None:
    """Offer a table in one of ``FORMATS``."""
    write, ending, mime = FORMATS[kind]
    label = view.speak("Download {format}", format=kind)
    _button(label, lambda: write(make()), f"{name}.{ending}", mime, ":material/download:", f"download_{name}_{ending}")


def sheet_button(view: View, unit_code: str) -> None:
    """Offer the printable sheet of a unit, as PDF and for Word."""
    speak = view.speak
    with st.container(horizontal=True, gap="small"):
        _button(
            speak("Printable sheet (PDF)"), partial(sheet_pdf, view, unit_code),
            file_names.sheet_name(view, unit_code), file_names.PDF, ":material/print:", "sheet",
        )  # fmt: skip
        _button(
            speak("Sheet for Word"), partial(_sheet_docx, view, unit_code),
            file_names.sheet_name(view, unit_code, "docx"), file_names.WORD, ":material/download:", "sheet_word",
        )  # fmt: skip


def ranking_files(view: View, choice: RankingChoice) -> None:
    """Offer the ranking on paper and as slides; an order that is not the official one leaves in its table only."""
    if not choice.is_official:
        return
    speak = view.speak
    with st.container(horizontal=True, gap="small"):
        _button(
            speak("Ranking on paper (PDF)"), partial(ranking_pdf, view, choice.span),
            file_names.ranking_name(view, choice.span), file_names.PDF, ":material/print:", "ranking_pdf",
        )  # fmt: skip
        _button(
            speak("Slides for PowerPoint"), partial(_deck_pptx, view),
            cached(file_names.deck_name, view), file_names.SLIDES, ":material/download:", "deck",
        )  # fmt: skip


# What writes for an office program is loaded by whoever asks for a file of it first: it takes 0.2 s, and memory.
def _sheet_docx(view: View, unit_code: str) -> bytes:
    from wardstats.boards.print.sheet_word import sheet_docx

    return sheet_docx(view, unit_code)


def _deck_pptx(view: View) -> bytes:
    from wardstats.boards.print.deck import deck_pptx

    return deck_pptx(view)


def _button(label: str, make: Callable[[], bytes], file: str, mime: str, icon: str, key: str) -> None:
    """Offer a file, which is made when it is asked for."""
    st.download_button(label, make, file_name=file, mime=mime, icon=icon, on_click="ignore", key=key)
