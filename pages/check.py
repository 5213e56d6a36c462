"""The block checks what was handed in, corrects, gives bonus and penalty, harvests, publishes and rolls back."""

import streamlit as st

from wardstats import session
from wardstats.boards.check.hand_ins import hand_in_label, line_remarks, offered_steps, step_line
from wardstats.boards.check.review import review_html, review_lines, review_notes, told_to_ward
from wardstats.charts.html import components
from wardstats.intake import checking
from wardstats.intake.queue import OPEN, hand_ins
from wardstats.ledger.access import may
from wardstats.session import hand_ins as steps
from wardstats.session.corrections import adjust_part, correct_part
from wardstats.session.harvest import harvest_part
from wardstats.session.publish import publish_part
from wardstats.session.several import choose_hand_ins, several_part

view = session.view()
speak = view.speak
session.page_head(view, speak("Check and publish"))
actor = session.require_actor(view, "cross_check", "accept")
with session.explained(view):
    head = st.container()
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
        chosen = choose_hand_ins(view, actor)
        steps.hand_in_overview(view, "read_queue", chosen)
        several_part(view, actor, chosen)
        entries = workspace.ledger.entries()
        seen = [item for item in hand_ins(entries) if may(actor, "read_queue", item.unit_code)]
        asked = st.query_params.get("handin", "")  # a cell of the overview leads to it, once
        found = [item for item in seen if chosen.has_hand_in(item) or item.subject == asked]
        if asked != st.session_state.get("handin_taken") and asked in {item.subject for item in found}:
            st.session_state["check_subject"], st.session_state["check_all"] = asked, True
        st.session_state["handin_taken"] = asked
        is_all = st.toggle(speak("Settled and returned ones too"), key="check_all")
        open_ones = [item for item in found if item.state in OPEN or checking.can_be_undone(entries, item)]
        listed = {item.subject: item for item in (found if is_all else open_ones)}
        labels = {subject: hand_in_label(item, workspace, speak) for subject, item in listed.items()}
        if st.session_state.get("check_subject") not in labels:
            st.session_state.pop("check_subject", None)
        if not listed:
            st.info(speak("Nothing waits to be checked."), icon=":material/done_all:")
        elif subject := st.selectbox(
            speak("Submission"), list(labels), format_func=lambda key: labels.get(str(key), ""), key="check_subject"
        ):
            item = listed[str(subject)]
            form = workspace.form(item.unit_code, item.period)
            for entry in item.story:
                st.text("\n".join([step_line(entry, speak), *line_remarks(entry, item, workspace, speak)]))
            steps.file_buttons(item, speak)
            for note in review_notes(item, form, speak):
                st.warning(session.plain(note), icon=":material/visibility:")
            if len(notices := told_to_ward(item, form, speak)):
                with st.expander(speak("What the ward was told when it submitted ({count})", count=len(notices))):
                    st.html(components.text_table(notices))
            shown = steps.preview_of(view, item) if item.state in OPEN else None
            if shown:
                st.subheader(speak("What acceptance would do to points and rank"))
                steps.preview_cards(shown, speak)
            lines = review_lines(item, form, shown, speak)
            st.html(review_html(lines, speak))
            st.caption(speak("Places: how many the ward would lose if this line alone stayed as it is published."))
            steps.review_downloads(view, item, form, lines)
            if item in open_ones:
                steps.step_form(view, item, offered_steps(item, actor, speak))
    with head:  # what has no button of its own any more
        session.told()
