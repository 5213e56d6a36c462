"""The block's printable documents: the year's contract, and the draft of the minutes that close the year.

Owns what stands in them, as texts in the reader's language; document.typ owns the layout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.boards.block.programme import entries_of, head_title
from wardstats.boards.block.year_end import YearEnd, draw_year_end
from wardstats.boards.contract.board import Contract, draw_contract
from wardstats.boards.print.paper import made_of, set_in_type
from wardstats.charts.style import STATE_SIGNS
from wardstats.core.languages import Translator
from wardstats.view.club_words import sample_words, state_names
from wardstats.view.demonstration_notice import made_up
from wardstats.view.view import View

TEMPLATE = Path(__file__).with_name("document.typ")
Part = dict[str, Any]


def contract_pdf(view: View, year: int) -> bytes:
    """Return the whole contract of a year as PDF, A4, tagged for screen readers (PDF/UA-1)."""
    return set_in_type(TEMPLATE, view, contract_facts(view, year))


def minutes_pdf(view: View, year: int) -> bytes:
    """Return the draft of the minutes of a year, likewise; what only the meeting can say is left blank."""
    return set_in_type(TEMPLATE, view, minutes_facts(view, year))


def contract_file(view: View, year: int) -> str:
    """Return what the contract's file is called."""
    return f"wardstats_contract_{year}_{view.language}.pdf"


def minutes_file(view: View, year: int) -> str:
    """Return what the minutes' file is called."""
    return f"wardstats_minutes_draft_{year}_{view.language}.pdf"


def contract_facts(view: View, year: int) -> dict[str, Any]:
    """Return everything the contract says."""
    speak = view.speak
    board = draw_contract(view, year)
    parts: list[Part] = [_paragraph(board.headline + ".")]
    for item in board.signatures:
        own = board.of(item.unit_code)
        if not own:
            continue
        parts.append(_heading(item.unit_title))
        rows = [_pledge_row(view, pledge) for pledge in own]
        head = [speak("Indicator"), speak("At the start"), speak("Now"), speak("Target"), speak("State")]
        parts.append(_table(head, rows, [40, 15, 15, 15, 20]))
    parts.append(_heading(speak("Signatures")))
    parts.append({"kind": "signatures", "people": [_signature(speak, item) for item in board.signatures]})
    subtitle = speak("Progress up to {period}", period=speak.period(view.period)) if board.pledges else ""
    return _frame(view, speak("Competition contract of {year}", year=year), subtitle, parts, _notices(view, board))


def minutes_facts(view: View, year: int) -> dict[str, Any]:
    """Return everything the draft of the minutes says."""
    speak = view.speak
    end = draw_year_end(view, year)
    parts: list[Part] = [
        _paragraph(speak("DRAFT made from the published figures. What only the meeting can say is left blank.")),
        _heading(speak("Time, place, who was present")),
        {"kind": "blank", "count": 3},
        _heading(speak("Results of the year")),
        _paragraph(" ".join(filter(None, (f"{end.headline}.", end.note)))),
    ]
    if len(end.totals):
        parts.append(_frame_table(end.totals, [8, 20, 12, 11, 14, 20, 15]))
    if end.adjustments:
        parts.append(_paragraph(speak("Bonus and penalty points in these totals:")))
        parts.append({"kind": "lines", "lines": end.adjustments})
    parts += _contract_part(view, end.contract)
    parts.append(_heading(speak("Differences found by the cross-check")))
    if len(end.differences):
        parts.append(_frame_table(end.differences, [16, 34, 12, 14, 14, 24]))
    else:
        parts.append(_paragraph(speak("No accepted figure differs from the one that was submitted.")))
    parts.append(_heading(speak("Proposed titles")))
    parts += _title_parts(speak, end)
    done = [entry for entry in entries_of(view, pd.Timestamp(view.block["built_at"]).date()) if entry.status == "done"]
    done = [entry for entry in done if entry.starts_on.year == year]
    parts.append(_heading(speak("Activities carried out")))
    lines = [f"{e.when}: {e.title}" + (f" ({speak('sample')})" if e.is_sample else "") for e in done]
    parts.append({"kind": "lines", "lines": lines} if lines else _paragraph(speak("None on file.")))
    parts += [_heading(speak("Opinions and conclusions")), {"kind": "blank", "count": 6}]
    head = head_title(view, year)
    people = [
        {"name": speak("Secretary of the meeting"), "note": ""},
        {"name": speak("Head of the block"), "note": head},
    ]
    parts.append({"kind": "signatures", "people": people})
    notices = _notices(view, end.contract)
    if end.is_sample:
        text = speak("The points follow a sample set of criteria, not one that the block has adopted.")
        notices.append({"title": speak("Sample criteria."), "text": text})
    return _frame(view, speak("Minutes of the year-end meeting {year} (draft)", year=year), "", parts, notices)


def _title_parts(speak: Translator, end: YearEnd) -> list[Part]:
    if not end.titles:
        return [_paragraph(speak("No rule for titles is configured for this year."))]
    lines = []
    for title in end.titles:
        names = speak.names(title.names) if title.names else speak("nobody")
        line = f"{title.name} ({title.rule}): {names}"
        if title.left_out:
            line += ". " + speak("Too few figures: {names}", names=speak.names(title.left_out))
        marks = [speak("sample")] * title.is_sample + [title.mark] * bool(title.mark)
        lines.append(f"{line} ({', '.join(marks)})" if marks else line)
    return [{"kind": "lines", "lines": lines}]


def _contract_part(view: View, contract: Contract) -> list[Part]:
    speak = view.speak
    parts = [_heading(speak("Competition contract of {year}", year=contract.year)), _paragraph(contract.headline + ".")]
    late: dict[str, list[str]] = {}
    for pledge in contract.of_state("behind", "missed"):
        late.setdefault(pledge.unit_code, []).append(view.indicator_name(pledge.indicator_code))
    lines = [
        f"{view.unit_title(code)} ({len(names)}/{len(contract.of(code))}): {'; '.join(names)}"
        for code, names in late.items()
    ]
    return [*parts, {"kind": "lines", "lines": lines}] if lines else parts


def _pledge_row(view: View, pledge: Any) -> list[str]:
    speak, code, row = view.speak, pledge.indicator_code, pledge.row
    marks = [speak("sample")] if row["is_sample"] else []
    marks += [speak("demonstration")] if pledge.is_demonstration else []
    state = f"{STATE_SIGNS[pledge.progress.state]} {state_names(speak)[pledge.progress.state]}"
    now = view.figure(code, row["current_value"], row["target"])
    if isinstance(row["current_period"], str):
        now += f" ({speak.period(row['current_period'], is_short=True)})"
    name = view.indicator_name(code) + (f" ({', '.join(marks)})" if marks else "")
    return [name, view.figure(code, row["baseline"]), now, view.figure(code, row["target"]), state]


def _signature(speak: Translator, item: Any) -> dict[str, str]:
    if not item.target_count:
        note = speak("no targets on file")
    elif item.signed_on:
        note = speak("signed on {day} by {office}", day=speak.day(item.signed_on), office=item.signed_by or "–")
    else:
        note = speak("not signed yet")
    return {"name": item.unit_title, "note": f"{note} ({speak('sample')})" if item.is_sample else note}


def _notices(view: View, contract: Contract) -> list[dict[str, str]]:
    found = []
    if contract.has_sample:
        title, text = sample_words(view)
        found.append({"title": title, "text": text})
    ranked = view.frame("ranked_period")
    own = tuple(ranked.loc[ranked["year"] == contract.year, "period"])[::-1]
    if (figures := made_up(view, own)).text:
        found.append({"title": figures.title, "text": figures.text})
    return found


def _frame(view: View, title: str, subtitle: str, parts: list[Part], notices: list[dict[str, str]]) -> dict[str, Any]:
    speak, block = view.speak, view.block
    return {
        "language": view.language,
        "title": title,
        "subtitle": subtitle,
        "block": block["block_name"],
        "notices": notices,
        "parts": parts,
        "made_of": made_of(view),
        "page": speak("Page {page} of {pages}"),
    }


def _heading(text: str) -> Part:
    return {"kind": "heading", "text": text}


def _paragraph(text: str) -> Part:
    return {"kind": "paragraph", "text": text}


def _table(head: list[str], rows: list[list[str]], widths: list[int]) -> Part:
    return {"kind": "table", "head": head, "rows": rows, "widths": widths}


def _frame_table(frame: pd.DataFrame, widths: list[int]) -> Part:
    return _table(list(frame.columns), frame.astype(str).to_numpy().tolist(), widths)
