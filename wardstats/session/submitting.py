"""The parts of the page of handing in: the workbook out and in, and what is shown of figures before they are sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from wardstats.boards.submit import findings_table
from wardstats.charts.html import components
from wardstats.intake import handing_in, judge
from wardstats.intake.evidence import MAX_FILE_BYTES as MAX_EVIDENCE_BYTES
from wardstats.intake.form import Form
from wardstats.intake.handing_in import Upload
from wardstats.intake.limits import MAX_FILE_BYTES
from wardstats.intake.workbook import MEDIA_TYPES, file_name
from wardstats.session import hand_ins as steps
from wardstats.session.signin import at_click, plain, told, workspace
from wardstats.view.view import View


def workbook_part(view: View, form: Form) -> Upload | None:
    """Offer the workbook, and take it back, filled in."""
    speak, unit, period = view.speak, form.unit.unit_code, form.period
    st.subheader(speak("1. Download the workbook"))
    st.download_button(
        speak("Workbook of {unit}, {period}", unit=plain(workspace().unit_name(unit, view.language)),
              period=speak.period(period)),
        at_click(lambda actor: handing_in.make_template(workspace(), actor, unit, period, speak)),
        file_name=file_name(form), mime=MEDIA_TYPES["xlsx"], icon=":material/download:", on_click="ignore",
        key="template",
    )  # fmt: skip
    st.subheader(speak("2. Upload it, filled in"))
    judge.processes.warm_up()
    steps.prepare_uploader(view)
    file = st.file_uploader(
        speak("The filled-in workbook (.xlsx, .ods or .csv; at most {size} MB)", size=MAX_FILE_BYTES // 1_000_000),
        key=f"workbook_{unit}_{period}_{_version()}", max_upload_size=MAX_FILE_BYTES // 1_000_000,
    )  # fmt: skip
    return Upload(file.name, file.getvalue()) if file is not None else None


def judged_part(view: View, form: Form, upload: Upload, seen: steps.Seen, hand_in: Callable[..., None]) -> None:
    """Draw what is wrong with a file; else what it would change, with the fields for evidence and a note.

    Args:
        hand_in: What the button does: view, unit, period, file, keys of evidence and note, last entry that was known.
    """
    speak, unit, period, found = view.speak, form.unit.unit_code, form.period, seen.judged
    if found.faults or seen.shown is None:
        _faults(view, form, upload, seen)
        return
    st.success(speak("{count} {count:figure|figures}, no fault. What would change:", count=len(found.figures)))
    if found.findings:
        title = speak("{count} {count:figure|figures} worth a second look", count=len(found.findings))
        with st.expander(title, expanded=True):
            st.html(components.text_table(findings_table(found.findings, form, speak)))
    steps.preview_part(view, seen.shown)
    st.subheader(speak("3. Evidence, and submit"))
    files, note = f"evidence_{unit}_{period}_{_version()}", f"handin_note_{_version()}"
    steps.prepare_uploader(view)
    st.file_uploader(
        speak("Evidence: PDF files or pictures (at most {size} MB each)", size=MAX_EVIDENCE_BYTES // 1_000_000),
        accept_multiple_files=True, key=files, max_upload_size=MAX_EVIDENCE_BYTES // 1_000_000,
    )  # fmt: skip
    st.text_area(speak("Note to those who check"), key=note, max_chars=2000)
    st.button(
        speak("Submit"), type="primary", key="handin", icon=":material/send:", on_click=hand_in,
        args=(view, unit, period, upload, files, note, seen.shown.head),
    )  # fmt: skip
    told("handin")


def _faults(view: View, form: Form, upload: Upload, seen: steps.Seen) -> None:
    speak, faults = view.speak, seen.judged.faults
    st.error(
        speak(
            "{count} {count:fault|faults}. Nothing was submitted. Correct the file, then choose it again.",
            count=len(faults),
        )
    )
    st.html(components.text_table(findings_table(faults, form, speak)))
    if seen.judged.kind:
        st.download_button(
            speak("Copy with the faulty cells marked"),
            partial(judge.mark, seen.judged.name, upload.content, seen.judged.findings, speak),
            file_name="marked_" + seen.judged.name.rpartition(".")[0] + ".xlsx", mime=MEDIA_TYPES["xlsx"],
            icon=":material/format_color_fill:", on_click="ignore", key="marked",
        )  # fmt: skip


def _version() -> int:
    """Return how many files this session has handed in: after each one the fields are empty ones."""
    return st.session_state.get("upload_version", 0)
