"""Tables and files to take away."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from wardstats.exports import FORMATS, Export, csv_file
from wardstats.sheet import file_name, sheet_pdf
from wardstats.view import View


def table(view: View, frame: pd.DataFrame, name: str, height: int | None = None) -> None:
    """Show a table with its download; the file says which of its figures are demonstration ones."""
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in frame.select_dtypes("float").columns}
    st.dataframe(frame, hide_index=True, width="stretch", height=height or "auto", column_config=numbers)
    st.download_button(
        view.speak("Download as CSV"),
        lambda: csv_file(Export(name, frame)),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def table_behind(view: View, frame: pd.DataFrame, key: str, name: str, label: str = "") -> None:
    """Offer the table behind a chart in an expander; it is sent when it is opened, as it weighs more than the chart.

    Args:
        view: The reader's view.
        frame: The table.
        key: Tells it from the other tables of the page, whatever period or unit is looked at, so that it stays open.
        name: Of its file.
        label: Of the expander.
    """
    label = label or view.speak("The same as a table")
    behind = st.expander(label, icon=":material/table:", key=f"behind_{key}", on_change="rerun")
    if behind.open:
        with behind:
            table(view, frame, name)


def downloads(view: View, make: Callable[[], Export], key: str) -> None:
    """Offer a table as CSV, Excel and Parquet; a file is made when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        for name, (write, ending, mime) in FORMATS.items():
            st.download_button(
                view.speak("Download {format}", format=name),
                lambda write=write: write(make()),
                file_name=f"wardstats_{key}_{view.period}.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"download_{key}_{ending}",
            )


def sheet_button(view: View, unit_code: str) -> None:
    """Offer the printable sheet of a unit; it is made when it is asked for."""
    st.download_button(
        view.speak("Printable sheet (PDF)"),
        lambda: sheet_pdf(view, unit_code),
        file_name=file_name(view, unit_code),
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key="sheet",
    )
