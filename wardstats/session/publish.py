"""The part of the page of checking that publishes what was accepted, and rolls back."""

from __future__ import annotations

import streamlit as st

from wardstats.boards.check.publication import history, what_is_up
from wardstats.boards.log import log_table
from wardstats.charts.html import components
from wardstats.core.pointer import read_history
from wardstats.intake import publishing
from wardstats.intake.basis import waiting_entries
from wardstats.ledger.access import Actor
from wardstats.session.signin import acting, attempt, tell, workspace
from wardstats.view.view import View


def publish_part(view: View, actor: Actor) -> None:
    """Draw what waits to be published, the way to publish it, and what was published before."""
    speak = view.speak
    publishing.complete_where_possible(workspace())
    published = read_history(workspace().places.var)
    up = published[-1] if published else None
    waiting = waiting_entries(workspace().ledger.entries(), up.snapshot_id if up else None)
    st.caption(speak("Entries that change the board and are not on it yet: {count}", count=len(waiting)))
    if waiting:
        st.html(components.text_table(log_table(waiting, workspace(), speak)))
    if up:
        st.text(what_is_up(up, speak))
    note = st.text_input(speak("Note, shown on every board"), key="publish_note", max_chars=300)
    # Box and button are new ones with each publication: the box begins with the state of the board that is up, and a
    # click on a page that was drawn before another publication does nothing but draw it again.
    seen = up.key if up else ""
    is_final = st.checkbox(
        speak("Publish as the final result"), value=bool(up and up.is_final),
        key=f"publish_final_{seen}",
    )  # fmt: skip
    if not is_final and not (up and up.is_final):
        is_final = None  # nothing said: refused where somebody has published a final board meanwhile
    if st.button(speak("Publish now"), type="primary", key=f"publish_{seen}", icon=":material/campaign:"):
        bar = st.progress(0.0, text=speak("Building the board"))

        def progress(step: int, steps: int, what: str) -> None:
            bar.progress(min(step / max(steps, 1), 1.0), text=what)

        def work() -> None:
            chosen = publishing.publish(workspace(), acting(), note, is_final=is_final, progress=progress)
            tell("check", "success", speak("Published: {snapshot}", snapshot=chosen))

        attempt(view, "check", work)
        bar.empty()
        st.rerun()
    st.subheader(speak("What was published"))
    for snapshot_id, about in history(published, speak):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(about)
            if up and snapshot_id == up.snapshot_id:
                st.badge(speak("up now"))
            else:
                st.button(
                    speak("Roll back to this"), key=f"rollback_{snapshot_id}", icon=":material/history:",
                    on_click=_roll_back, args=(view, snapshot_id),
                )  # fmt: skip


def _roll_back(view: View, snapshot_id: str) -> None:
    def work() -> None:
        chosen = publishing.roll_back(workspace(), acting(), snapshot_id)
        tell("check", "success", view.speak("Restored: {snapshot}", snapshot=chosen))

    attempt(view, "check", work)
