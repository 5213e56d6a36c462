"""The part of the page of checking that publishes and rolls back: it shows what would change, and asks."""

from __future__ import annotations

import streamlit as st

from wardstats.boards.check.publication import (
    BoardChanges,
    board_changes,
    publication_line,
    waiting_table,
    what_is_up,
)
from wardstats.charts.html import components
from wardstats.core.languages import translator
from wardstats.core.pointer import Published, read_history
from wardstats.intake import publishing
from wardstats.intake.basis import waiting_entries
from wardstats.ledger.access import Actor, require
from wardstats.session.caches import store
from wardstats.session.frame import html
from wardstats.session.signin import acting, attempt, plain, tell, told, workspace
from wardstats.snapshot.build import build_snapshot
from wardstats.view.view import View

_LOOK = "publish_look"  # what is looked at: the state in which it was asked for, the snapshot, whether it was up before
_SHOWN = 30


def publish_part(view: View, actor: Actor) -> None:
    """Draw what waits to be published, what it would change, the way to publish it, and what was published before."""
    speak = view.speak
    publishing.complete_where_possible(workspace())
    published = read_history(workspace().places.var)
    up = published[-1] if published else None
    waiting = waiting_entries(workspace().ledger.entries(), up.snapshot_id if up else None)
    st.caption(speak("Entries that change the board and are not on it yet: {count}", count=len(waiting)))
    if waiting:
        table, left_out = waiting_table(waiting, workspace(), speak)
        html(view, components.text_table(table))
        if left_out:
            st.caption(speak("{count} more {count:figure is|figures are} not listed here.", count=left_out))
    if up:
        st.text(what_is_up(up, speak))
    # Buttons are new ones with each publication: a click on a page that was drawn before it only draws it again. What
    # was looked at counts only as long as neither the board nor what waits has changed.
    key = up.key if up else ""
    seen = (key, workspace().state())
    if st.button(speak("Look at what would change"), key=f"look_{key}", icon=":material/visibility:"):
        attempt(view, "look", lambda: _look(view, seen))
    told("look", "published")
    looked = st.session_state.get(_LOOK)
    if looked and looked[0] == seen:
        _decide(view, up, published, *looked[1:])
    elif looked:
        st.session_state.pop(_LOOK)
        st.info(speak("Something was accepted or published meanwhile. Look again at what would change."))
    st.subheader(speak("What was published"))
    _history(view, published[::-1][:_SHOWN], seen)


def _look(view: View, seen: object) -> None:
    """Build the board that would be up, and keep it to be looked at."""
    speak = view.speak
    require(acting(), "publish")
    bar = st.progress(0.0, text=speak("Building the board"))

    def progress(step: int, steps: int, what: str) -> None:
        text = speak("Building the board: step {step} of {steps}", step=step + 1, steps=steps)
        bar.progress(min(step / max(steps, 1), 1.0), text=text)

    try:
        chosen = build_snapshot(workspace().catalogue(), workspace().places.var, progress)
    finally:
        bar.empty()
    st.session_state[_LOOK] = (seen, chosen, False)


@st.cache_resource(max_entries=20, show_spinner=False)
def _changes(before: str | None, after: str, language: str) -> BoardChanges:
    boards = store()
    return board_changes(boards.snapshot(before) if before else None, boards.snapshot(after), translator(language))


def _decide(view: View, up: Published | None, published: list[Published], chosen: str, is_back: bool) -> None:
    """Show what a board would change, ask as what it is put up, and put it up."""
    speak, key = view.speak, up.key if up else ""
    changes = _changes(up.snapshot_id if up else None, chosen, view.language)
    with st.container(border=True):
        st.subheader(speak("What would change"))
        st.html(components.paragraph(changes.finding))
        if len(changes.table):
            html(view, components.text_table(changes.table))
        if changes.more:
            st.caption(plain(changes.more))
        note, is_final = "", None
        if is_back:
            earlier = [found for found in published if found.snapshot_id == chosen][-1]
            is_final = earlier.is_final
            st.text(speak("It comes back as it was: {what}", what=publication_line(earlier, speak)))
        else:
            note = st.text_input(speak("Note, shown on every board"), key=f"publish_note_{key}", max_chars=300)
            is_final = st.checkbox(
                speak("Publish as the final result"), value=bool(up and up.is_final),
                key=f"publish_final_{key}",
            )  # fmt: skip
        reason = ""
        if up and up.is_final and not is_final:
            st.warning(speak("The board that is up is a final result. This takes it back: say why."))
            reason = st.text_input(speak("Reason"), key=f"publish_reason_{key}", max_chars=300)
        label = speak("Roll back now") if is_back else speak("Publish now")
        with st.container(horizontal=True):
            is_asked = st.button(label, type="primary", key=f"publish_{key}", icon=":material/campaign:")
            st.button(speak("Leave it"), key=f"leave_{key}", on_click=lambda: st.session_state.pop(_LOOK, None))

        def work() -> None:
            if is_back:
                publishing.roll_back(workspace(), acting(), chosen, reason=reason)
                tell("published", "success", speak("Restored: {snapshot}", snapshot=chosen))
            else:
                publishing.publish(workspace(), acting(), note, is_final=is_final, snapshot_id=chosen, reason=reason)
                tell("published", "success", speak("Published: {snapshot}", snapshot=chosen))
            st.session_state.pop(_LOOK)

        if is_asked:
            attempt(view, "publish", work)
            if _LOOK not in st.session_state:
                st.rerun()
        told("publish")


def _history(view: View, newest: list[Published], seen: object) -> None:
    """Draw every publication, the newest first, with a way back to each board that is not up."""
    speak = view.speak
    offered = {newest[0].snapshot_id} if newest else set()
    for number, entry in enumerate(newest):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(publication_line(entry, speak))
            if number == 0:
                st.badge(speak("up now"))
            elif entry.snapshot_id not in offered:
                offered.add(entry.snapshot_id)
                st.button(
                    speak("Roll back to this"), key=f"rollback_{entry.snapshot_id}", icon=":material/history:",
                    on_click=_look_back, args=(view, seen, entry.snapshot_id),
                )  # fmt: skip
    told("rollback")


def _look_back(view: View, seen: object, snapshot_id: str) -> None:
    """Keep a board that was up before to be looked at; nothing is put up yet."""

    def work() -> None:
        require(acting(), "rollback")
        st.session_state[_LOOK] = (seen, snapshot_id, True)

    attempt(view, "rollback", work)
