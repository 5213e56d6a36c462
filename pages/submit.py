"""A ward hands its figures in: workbook out, workbook in, every fault by cell, preview, evidence."""

from functools import partial

import streamlit as st

from wardstats import session
from wardstats.boards.check.hand_ins import hand_in_label, step_line
from wardstats.boards.submit import findings_table
from wardstats.charts.html import components
from wardstats.intake import handing_in, judge
from wardstats.intake.evidence import MAX_FILE_BYTES as MAX_EVIDENCE_BYTES
from wardstats.intake.handing_in import Upload
from wardstats.intake.limits import MAX_FILE_BYTES
from wardstats.intake.queue import hand_ins, state_names
from wardstats.intake.workbook import MEDIA_TYPES, file_name
from wardstats.session import hand_ins as steps

SHOWN = 12

view = session.view()
speak = view.speak
session.page_head(view, speak("Submit data"))
actor = session.require_actor(view, "handin")
with session.explained(view):
    workspace = session.workspace()
    units = steps.units_of(actor, "handin")
    if not units:
        st.warning(speak("Your ward is not a member of this block. Ask the administrator to correct your role."))
        session.end_page()
    steps.hand_in_overview(view, "handin")
    unit, period = steps.choose_ward(view, units, "submit")
    form = workspace.form(unit, period)
    st.subheader(speak("1. Download the workbook"))
    if form.deadline:
        st.caption(speak("Submit by {day}.", day=speak.day(form.deadline)))
    title = session.plain(workspace.unit_name(unit, view.language))
    st.download_button(
        speak("Workbook of {unit}, {period}", unit=title, period=speak.period(period)),
        session.at_click(lambda actor: handing_in.make_template(workspace, actor, unit, period, speak)),
        file_name=file_name(form), mime=MEDIA_TYPES["xlsx"], icon=":material/download:", on_click="ignore",
        key="template",
    )  # fmt: skip
    st.subheader(speak("2. Upload it, filled in"))
    judge.processes.warm_up()
    head = st.container()
    steps.prepare_uploader(view)
    version = st.session_state.get("upload_version", 0)
    file = st.file_uploader(
        speak("The filled-in workbook (.xlsx, .ods or .csv; at most {size} MB)", size=MAX_FILE_BYTES // 1_000_000),
        key=f"workbook_{unit}_{period}_{version}", max_upload_size=MAX_FILE_BYTES // 1_000_000,
    )  # fmt: skip
    upload = Upload(file.name, file.getvalue()) if file is not None else None
    seen = steps.judged(view, actor, unit, period, upload) if upload else None
    if upload and seen and (seen.judged.faults or seen.shown is None):
        faults = seen.judged.faults
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
    elif upload and seen and seen.shown:
        found = seen.judged
        st.success(speak("{count} {count:figure|figures}, no fault. What would change:", count=len(found.figures)))
        if found.findings:
            title = speak("{count} {count:figure|figures} worth a second look", count=len(found.findings))
            with st.expander(title, expanded=True):
                st.html(components.text_table(findings_table(found.findings, form, speak)))
        steps.preview_part(view, seen.shown)
        st.subheader(speak("3. Evidence, and submit"))
        files, note = f"evidence_{unit}_{period}_{version}", f"handin_note_{version}"
        st.file_uploader(
            speak("Evidence: PDF files or pictures (at most {size} MB each)", size=MAX_EVIDENCE_BYTES // 1_000_000),
            accept_multiple_files=True, key=files, max_upload_size=MAX_EVIDENCE_BYTES // 1_000_000,
        )  # fmt: skip
        st.text_area(speak("Note to those who check"), key=note, max_chars=2000)
        st.button(
            speak("Submit"), type="primary", key="handin", icon=":material/send:", on_click=steps.hand_in,
            args=(view, unit, period, upload, files, note, seen.shown.head),
        )  # fmt: skip
        session.told("handin")
    st.subheader(speak("Earlier submissions"))
    own = [item for item in hand_ins(workspace.ledger.entries()) if item.unit_code == unit][:SHOWN]
    if not own:
        st.caption(speak("Nothing yet."))
    names = {item.indicator_code: item.text(view.language) for item in workspace.catalogue().indicators}
    for item in own:
        title = session.plain(hand_in_label(item, workspace, speak))
        with st.expander(title, expanded=item.state == "returned"):
            for entry in item.story:
                st.text(step_line(entry, speak))
                for code, said in entry.details.get("lines", {}).items():
                    st.text(f"    {names.get(code, code)}: {said}")
            if item.state not in ("accepted", "withdrawn"):
                st.button(
                    speak("Withdraw"), key=f"withdraw_{item.subject}", icon=":material/undo:",
                    on_click=steps.withdraw, args=(view, item.subject, item.last_number),
                )  # fmt: skip
                session.told(f"withdraw_{item.subject}")
            else:
                st.caption(state_names(speak)[item.state])
    with head:  # what has no button of its own any more
        session.told()
