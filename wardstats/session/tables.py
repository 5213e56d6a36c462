"""Tables and files to take away."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from wardstats.exports import FORMATS, Export
from wardstats.sheet import file_name, sheet_pdf
from wardstats.view import View


def table(view: View, frame: pd.DataFrame, name: str, height: int | None = None) -> None:
    """Show a table with its download; the file says which of its figures are demonstration ones."""
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in frame.select_dtypes("float").columns}
    st.dataframe(frame, hide_index=True, width="stretch", height=height or "auto", column_config=numbers)
    st.download_button(
        view.speak("Download as CSV"),
        lambda: frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


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
