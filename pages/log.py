"""The ledger: every step, who took it, when, and what it changed; and the proof that nothing was altered."""

import streamlit as st

from wardstats import session
from wardstats.boards.log import change_table, entry_names, log_table, may_see
from wardstats.boards.upkeep.sections import sections
from wardstats.boards.upkeep.tables import change_table as change_table_of_rows
from wardstats.charts.html import components
from wardstats.ledger.rows import row_changes

SHOWN = 500
COLUMNS = (60, 150, 240, 150, 190, 150, 100, 80, 420)  # pixels of each: names and periods are read whole

view = session.view()
speak = view.speak
session.page_head(view, speak("The ledger"), back=0)
actor = session.require_actor(view, "read_log")
with session.explained(view):
    workspace = session.workspace()
    entries = [entry for entry in workspace.ledger.entries() if may_see(actor, entry)]
    if not entries:
        session.empty_state(speak("No entry yet."))
    units = sorted({entry.unit_code for entry in entries if entry.unit_code})
    names = {"": speak("All units")} | {code: workspace.unit_name(code, view.language) for code in units}
    left, right = st.columns(2)
    unit = left.selectbox(speak("Unit"), list(names), format_func=names.__getitem__, key="log_unit")
    listed = [entry for entry in entries if unit in ("", entry.unit_code)][-SHOWN:]
    table = log_table(listed, workspace, speak)
    widths = {name: st.column_config.Column(width=width) for name, width in zip(map(str, table), COLUMNS, strict=True)}
    st.dataframe(table, hide_index=True, width="stretch", key="log", column_config=widths)
    labels = entry_names(listed, speak)
    number = right.selectbox(speak("Entry"), list(labels), format_func=lambda key: labels.get(key, ""), key="log_entry")
    chosen = next((entry for entry in listed if entry.number == number), listed[-1])
    st.subheader(speak("Entry {number}", number=chosen.number))
    st.text(f"SHA-256 {chosen.sha256}")
    if chosen.note:
        st.text(chosen.note)
    for code, note in chosen.details.get("lines", {}).items():
        st.text(f"{code}: {note}")
    if rows := row_changes(chosen.details):
        kinds = list(sections(workspace.catalogue(), speak).values())
        st.html(components.text_table(change_table_of_rows(rows, kinds, speak)))
    if chosen.changes:
        st.html(components.text_table(change_table(chosen, workspace.catalogue(), speak)))
    st.download_button(
        speak("This entry as it stands in the ledger (JSON)"),
        session.at_click(lambda actor: chosen.written() if may_see(actor, chosen) else b""),
        file_name=f"{chosen.number:08}.json", mime="application/json", icon=":material/download:", on_click="ignore",
        key="log_json",
    )  # fmt: skip
    if st.button(speak("Check the log's integrity"), key="verify", icon=":material/link:"):
        for problem in (problems := workspace.ledger.verify()):
            st.error(session.plain(problem))
        if not problems:
            count = workspace.ledger.head
            st.success(
                speak("Every entry is as it was written: {count} {count:entry|entries} in one chain.", count=count)
            )
