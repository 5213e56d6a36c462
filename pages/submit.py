"""A ward hands its figures in, by workbook or on the web: every fault by cell or field, preview, evidence."""

import streamlit as st

from wardstats import session
from wardstats.boards.check.hand_ins import hand_in_label, line_remarks, step_line
from wardstats.intake.queue import hand_ins, state_names
from wardstats.session import hand_ins as steps
from wardstats.session.officer_home import officer_home
from wardstats.session.submitting import judged_part, workbook_part
from wardstats.session.web_form import hand_in_typed, web_form_part

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
    officer_home(view, actor)
    steps.hand_in_overview(view, "handin")
    unit, period = steps.choose_ward(view, units, "submit")
    form = workspace.form(unit, period)
    own = [item for item in hand_ins(workspace.ledger.entries()) if item.unit_code == unit]
    if form.deadline:
        st.caption(speak("Submit by {day}.", day=speak.day(form.deadline)))
    ways = {"workbook": speak("By workbook"), "web": speak("Fill in here")}
    way = st.segmented_control(
        speak("How to submit"), ways, default="workbook", format_func=ways.__getitem__, key="submit_way", required=True
    )
    head = st.container()
    if way == "workbook":
        upload = workbook_part(view, form)
    else:
        last = next((item for item in own if item.period == period and item.state != "withdrawn"), None)
        upload = web_form_part(view, actor, form, last)
    if upload and (seen := steps.judged(view, actor, unit, period, upload)):
        judged_part(view, form, upload, seen, steps.hand_in if way == "workbook" else hand_in_typed)
    st.subheader(speak("Earlier submissions"))
    if not own:
        st.caption(speak("Nothing yet."))
    for item in own[:SHOWN]:
        title = session.plain(hand_in_label(item, workspace, speak))
        with st.expander(title, expanded=item.state == "returned"):
            for entry in item.story:
                st.text(step_line(entry, speak))
                for remark in line_remarks(entry, item, workspace, speak):
                    st.text(f"    {remark}")
            steps.receipt_button(view, item, "receipt")
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
        for item in own:
            if item.subject == st.session_state.get("handed_in"):
                steps.receipt_button(view, item, "receipt_now")
