"""The receipt of a hand-in, to print: which entry of the ledger it is, with its digest, when, by whom, and what.

Owns what stands in it; document.typ owns the layout.
"""

from __future__ import annotations

from typing import Any

from wardstats.boards.print.block_documents import TEMPLATE
from wardstats.boards.print.paper import set_in_type
from wardstats.intake.form import Form
from wardstats.intake.queue import HandIn
from wardstats.intake.words import actor_name, figure_text, moment
from wardstats.intake.workspace import Workspace
from wardstats.view.criteria_words import unit_name
from wardstats.view.view import View


def receipt_pdf(view: View, workspace: Workspace, item: HandIn) -> bytes:
    """Return the receipt of the latest version of a hand-in as PDF, A4, tagged for screen readers (PDF/UA-1)."""
    form = workspace.form(item.unit_code, item.period)
    return set_in_type(TEMPLATE, view, receipt_facts(view, workspace, item, form))


def receipt_file(view: View, item: HandIn) -> str:
    """Return what the receipt's file is called."""
    return f"wardstats_receipt_{item.unit_code}_{item.period}_{item.latest.number}_{view.language}.pdf"


def receipt_facts(view: View, workspace: Workspace, item: HandIn, form: Form) -> dict[str, Any]:
    """Return everything the receipt says."""
    speak, entry = view.speak, item.latest
    evidence = entry.details.get("evidence", {})
    late = f" ({speak('late')})" if entry.details.get("is_late") else ""
    who = " · ".join(dict.fromkeys((actor_name(entry, speak), entry.actor)))
    about = {
        speak("Unit"): workspace.unit_name(item.unit_code, view.language),
        speak("Period"): speak.period(item.period),
        speak("Time"): moment(entry.at, speak) + late,
        speak("Submitted by"): who,
        speak("Entry of the ledger"): f"{entry.number}, SHA-256 {_in_groups(entry.sha256)}",
        speak("Note"): entry.note,
    }
    files = [f"{file.name}: SHA-256 {_in_groups(file.sha256)}" for file in entry.attachments]
    rows, known = [], {indicator.indicator_code: indicator for indicator in workspace.catalogue().indicators}
    for code, (period, figure) in item.figures.items():
        if (indicator := known.get(code)) is not None:
            name = f"{indicator.text(view.language)} ({unit_name(indicator.unit, speak)})"
            text = figure_text(figure, indicator.unit, indicator.decimals, speak)
        else:  # the block has it no more; what was submitted stands all the same
            name, text = code, " / ".join(map(str, filter(None, (figure.value, figure.numerator, figure.denominator))))
        rows.append([name, speak.period(period, is_short=True), text, str(evidence.get(code, ""))])
    heads = [speak("Indicator"), speak("Period"), speak("Value"), speak("Evidence")]
    return {
        "language": view.language,
        "title": speak("Receipt of a submission"),
        "subtitle": speak("These figures count once the block has accepted them."),
        "block": view.block["block_name"],
        "notices": [],
        "parts": [
            {"kind": "lines", "lines": [f"{topic}: {text}" for topic, text in about.items() if text]},
            {"kind": "heading", "text": speak("Figures")},
            {"kind": "table", "head": heads, "rows": rows, "widths": [50, 14, 18, 18]},
            {"kind": "heading", "text": speak("Files")},
            {"kind": "lines", "lines": files},
        ],
        "made_of": speak("Entry {number} of the ledger", number=entry.number),
        "page": speak("Page {page} of {pages}"),
    }


def _in_groups(digest: str) -> str:
    """Return a digest in groups of eight, to be read and compared; a line breaks between them."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
