"""The figures that pass the filter as they leave: with unit, status and source, and a notice beside what is made up."""

from __future__ import annotations

import numpy as np

from wardstats.boards.explore.selection import Selection, is_there
from wardstats.boards.table_file import source_headings, sources_of
from wardstats.core.export_files import Export
from wardstats.view import headline
from wardstats.view.criteria_words import unit_names
from wardstats.view.view import View

_POINTS_DECIMALS = 2


def file_of(view: View, selected: Selection, link: str) -> Export:
    """Return the figures as they leave: with units, status, source, and a notice beside whatever is made up."""
    speak = view.speak
    frame = selected.frame
    sources = sources_of(view, set(frame["source_id"].dropna()))
    titles = dict(zip(sources["source_id"], sources["title"], strict=True))
    is_made_up, known = frame["status"] == "demonstration", is_there(frame)
    notice = speak("Demonstration figure: made up, says nothing about any real unit")
    out = frame.assign(
        theme_name=frame["node_code"].map(view.names),
        source_title=frame["source_id"].map(titles),
        notice=np.where(is_made_up, notice, ""),
    ).drop(columns=["decimals"])
    made_up = int((is_made_up & known).sum())
    return Export(
        name=f"wardstats_{view.block['folder']}_{view.period}",
        frame=out.rename(columns={"node_code": "theme_code", "unit": "unit_of_measure"}),
        status="status",
        headings=headings(view),
        notes=_notes(view, int(known.sum()), made_up, link),
        warnings=1 if made_up else 0,
        sources=sources,
        sheet_names=(speak("Notes"), speak("Figures"), speak("Sources")),
        words={
            "unit_of_measure": unit_names(speak), "cluster": view.cluster_names, "status": headline.status_names(speak)
        },
        decimals={
            "value": frame["decimals"].astype(int).tolist(), "points": _POINTS_DECIMALS, "max_points": _POINTS_DECIMALS
        },
        decimal_mark=speak.separators[0],
    )  # fmt: skip


def headings(view: View) -> dict[str, str]:
    """Return what the columns of a file are called in a workbook."""
    speak = view.speak
    return {
        "period": speak("Period"), "unit_code": speak("Code"), "unit_name": speak("Name"), "cluster": speak("Group"),
        "theme_code": speak("Theme code"), "theme_name": speak("Theme"), "indicator_code": speak("Indicator code"),
        "indicator_name": speak("Indicator"), "value": speak("Value"), "unit_of_measure": speak("Unit of measure"),
        "numerator": speak("Numerator"), "denominator": speak("Denominator"), "points": speak("Points"),
        "max_points": speak("Out of"), "measured_period": speak("Measured"), "status": speak("Status"),
        "source_title": speak("Source"), "notice": speak("Notice"), **source_headings(view),
    }  # fmt: skip


def _notes(view: View, count: int, made_up: int, link: str) -> list[tuple[str, str]]:
    speak = view.speak
    notes = []
    if made_up:
        text = speak(
            "{made_up} of {count} figures in this file are made up to show how the board works. They say nothing about "
            "any real unit; see the column for notices.",
            made_up=speak.number(made_up, 0), count=speak.number(count, 0),
        )  # fmt: skip
        notes.append((speak("Demonstration figures."), text))
    notes += [
        (speak("Competition group"), view.block["block_name"]),
        (speak("Period"), speak.period(view.period)),
        (speak("Built"), speak.moment(view.block["built_at"])),
        (speak("Snapshot"), view.snapshot_id),
        (speak("Figures"), speak.number(count, 0)),
    ]
    if view.rules["is_sample"]:
        notes.append((speak("Criteria"), speak("sample criteria")))
    notes.append((speak("Status"), ", ".join(f"{code}: {name}" for code, name in headline.status_names(speak).items())))
    return [*notes, (speak("This view"), link)] if link else notes
