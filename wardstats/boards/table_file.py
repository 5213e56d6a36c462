"""The table behind a chart as it leaves: with what it is about, what is made up, and where its figures come from."""

from __future__ import annotations

import pandas as pd

from wardstats.core.export_files import Export
from wardstats.core.statuses import NO_FIGURES
from wardstats.view.demonstration_notice import made_up
from wardstats.view.view import View

SOURCE_COLUMNS = ["source_id", "title", "producer", "url", "published", "accessed", "licence", "note"]


def table_file(view: View, frame: pd.DataFrame, name: str, has_figures: bool = True) -> Export:
    """Return a table as it leaves.

    Args:
        frame: In the reader's words, with a column for the status where it holds figures.
        name: What the file is called, without its ending.
        has_figures: It holds figures, or what came of them.
    """
    speak, block = view.speak, view.block
    notes = [
        (speak("Competition group"), block["block_name"]),
        (speak("Period"), speak.period(view.period)),
        (speak("Theme"), view.names[view.node]),
        (speak("Built"), speak.moment(block["built_at"])),
        (speak("Snapshot"), view.snapshot_id),
    ]
    if view.rules["is_sample"]:
        notes.append((speak("Criteria"), speak("sample criteria")))
    sheets = (speak("Notes"), speak("Figures"), speak("Sources"))
    mark = speak.separators[0]
    if not has_figures:
        return Export(name, frame, NO_FIGURES, notes=notes, sheet_names=sheets, decimal_mark=mark)
    warning = made_up(view)
    warnings = [(warning.title, warning.text)] if warning.text else []
    used = view.frame("source_used", periods=(view.period,), language=view.language)
    column = speak("Source")
    if column not in frame and len(used):
        frame = frame.assign(**{column: "; ".join(used["title"])})
    return Export(
        name, frame, speak("Status"), headings=source_headings(view), notes=[*warnings, *notes],
        sources=sources_of(view, set(used["source_id"])), sheet_names=sheets, warnings=len(warnings), decimal_mark=mark,
    )  # fmt: skip


def sources_of(view: View, codes: set[str]) -> pd.DataFrame:
    """Return the rows of some sources for the last sheet of a workbook."""
    known = view.frame("source", language=view.language)
    return known.loc[known["source_id"].isin(codes), SOURCE_COLUMNS].astype({"published": "str", "accessed": "str"})


def source_headings(view: View) -> dict[str, str]:
    """Return what the columns of that sheet are called."""
    speak = view.speak
    return {
        "source_id": speak("Source code"), "title": speak("Title"), "producer": speak("Producer"), "url": speak("Link"),
        "published": speak("Published"), "accessed": speak("Accessed"), "licence": speak("Licence"),
        "note": speak("Note"),
    }  # fmt: skip
