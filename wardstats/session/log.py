"""The page that shows the ledger: who did what when, what it changed, and that nothing was altered."""

from __future__ import annotations

import streamlit as st

from wardstats.charts.html import components
from wardstats.intake import tables
from wardstats.ledger import Entry
from wardstats.ledger.access import Actor, may
from wardstats.session.signin import explained, plain, workspace
from wardstats.view.view import View

_SHOWN = 500


@explained
def log_page(view: View, actor: Actor) -> None:
    """Draw the page for somebody who may read the log: all of it, or what is about their ward and about everybody."""
    speak = view.speak
    entries = [entry for entry in workspace().ledger.entries() if _may_see(actor, entry)]
    if not entries:
        st.info(speak("No entry yet."), icon=":material/menu_book:")
        return
    units = sorted({entry.unit_code for entry in entries if entry.unit_code})
    names = {"": speak("All units")} | {code: workspace().unit_name(code, view.language) for code in units}
    left, right = st.columns(2)
    unit = left.selectbox(speak("Unit"), list(names), format_func=names.__getitem__, key="log_unit")
    listed = [entry for entry in entries if unit in ("", entry.unit_code)][-_SHOWN:]
    st.dataframe(tables.log_table(listed, workspace(), speak), hide_index=True, width="stretch", key="log")
    labels = {entry.number: f"{entry.number} · {tables.action_names(speak).get(entry.action, entry.action)}"
              for entry in reversed(listed)}  # fmt: skip
    number = right.selectbox(speak("Entry"), list(labels), format_func=lambda key: labels.get(key, ""), key="log_entry")
    chosen = next((entry for entry in listed if entry.number == number), listed[-1])
    _one(view, chosen)
    if st.button(speak("Prove that nothing was altered"), key="verify", icon=":material/link:"):
        problems = workspace().ledger.verify()
        for problem in problems:
            st.error(plain(problem))
        if not problems:
            st.success(speak("Every entry is as it was written: {count} entries in one chain.",
                             count=workspace().ledger.head))  # fmt: skip


def _may_see(actor: Actor, entry: Entry) -> bool:
    if entry.unit_code:
        return may(actor, "read_log", entry.unit_code)
    return entry.action in ("publish", "rollback") or may(actor, "read_log", "")


def _one(view: View, entry: Entry) -> None:
    speak = view.speak
    st.subheader(speak("Entry {number}", number=entry.number))
    st.text(f"SHA-256 {entry.sha256}")
    if entry.note:
        st.text(entry.note)
    for code, note in entry.details.get("lines", {}).items():
        st.text(f"{code}: {note}")
    if entry.changes:
        st.html(components.text_table(tables.change_table(entry, workspace().catalogue(), speak)))
    st.download_button(
        speak("This entry as it stands in the ledger (JSON)"), entry.written, file_name=f"{entry.number:08}.json",
        mime="application/json", icon=":material/download:", on_click="ignore", key="log_json",
    )  # fmt: skip
