"""The block checks what was handed in, corrects, gives bonus and penalty, harvests, publishes and rolls back."""

import streamlit as st

from wardstats import session
from wardstats.boards.check.hand_ins import hand_in_label, lines_table, offered_steps, step_line
from wardstats.charts.html import components
from wardstats.core.errors import WardStatsError
from wardstats.intake import checking
from wardstats.intake.health import refusal
from wardstats.intake.queue import OPEN, hand_ins
from wardstats.ledger.access import may
from wardstats.session import hand_ins as steps
from wardstats.session.corrections import adjust_part, correct_part
from wardstats.session.harvest import harvest_part
from wardstats.session.publish import publish_part

view = session.view()
speak = view.speak
session.page_head(view, speak("Check and publish"))
actor = session.require_actor(view, "cross_check", "accept")
with session.explained(view):
    session.told("check")
    settling = {speak("Correct"): correct_part, speak("Bonus and penalty"): adjust_part}
    settling |= {speak("National portal"): harvest_part, speak("Publish"): publish_part}
    names = [speak("Submissions"), *(settling if may(actor, "correct", "") else ())]
    part = st.segmented_control(
        speak("What to do"), names, default=names[0], key="check_part", label_visibility="collapsed", required=True
    )
    if part in names[1:]:
        settling[part](view, actor)
    else:
        workspace = session.workspace()
        catalogue = workspace.catalogue()
        found = [item for item in hand_ins(workspace.ledger.entries()) if may(actor, "read_queue", item.unit_code)]
        is_all = st.toggle(speak("Settled and returned ones too"), key="check_all")
        listed = {item.subject: item for item in found if is_all or item.state in OPEN}
        if not listed:
            st.info(speak("Nothing waits to be checked."), icon=":material/done_all:")
            st.stop()
        labels = {subject: hand_in_label(item, workspace, speak) for subject, item in listed.items()}
        if st.session_state.get("check_subject") not in labels:
            st.session_state.pop("check_subject", None)
        subject = st.selectbox(
            speak("Submission"), list(labels), format_func=lambda key: labels.get(str(key), ""), key="check_subject"
        )
        item = listed[str(subject)]
        for entry in item.story:
            st.text(step_line(entry, speak))
        steps.file_buttons(item)
        changes = item.latest.changes
        try:
            changes = checking.acceptance(workspace, item) if item.state in OPEN else changes
        except WardStatsError as error:
            st.error(session.plain(refusal(error, speak)))
        st.html(components.text_table(lines_table(item, changes, catalogue, speak)))
        if item.state in OPEN:
            with st.expander(speak("What acceptance would do to points and rank"), icon=":material/leaderboard:"):
                steps.preview_part(view, steps.preview_of(view, item))
            steps.step_form(view, item, offered_steps(item, actor, speak))
