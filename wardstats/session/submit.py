"""The page on which a ward hands its figures in: workbook out, workbook in, faults or preview, evidence, hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import streamlit as st

from wardstats.charts.html import components
from wardstats.charts.html.pieces import Card
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import TIME_ZONE
from wardstats.intake import handing_in, tables
from wardstats.intake.evidence import MAX_FILE_BYTES as MAX_EVIDENCE_BYTES
from wardstats.intake.form import Form, choosable_periods
from wardstats.intake.handing_in import Upload
from wardstats.intake.health import refusal
from wardstats.intake.limits import MAX_FILE_BYTES
from wardstats.intake.marking import marked_copy
from wardstats.intake.preview import Preview, preview
from wardstats.intake.queue import hand_ins, state_names
from wardstats.intake.validation import Validated
from wardstats.intake.workbook import MEDIA_TYPES, file_name
from wardstats.ledger.access import Actor, RateError, may
from wardstats.session.caches import store
from wardstats.session.signin import acting, attempt, explained, limits, plain, tell, told, workspace
from wardstats.view.view import View

_HISTORY = 12


@dataclass(frozen=True)
class _Seen:
    """What was shown of one file: judged once, not at every click."""

    judged: Validated
    form: Form
    shown: Preview | None


@explained
def submit_page(view: View, actor: Actor) -> None:
    """Draw the page for somebody who may hand in."""
    speak = view.speak
    unit, period = _choose(view, actor)
    form = workspace().form(unit, period)
    st.subheader(speak("1. Download the workbook"))
    if form.deadline:
        st.caption(speak("Hand in by {day}.", day=speak.day(form.deadline)))
    st.download_button(
        speak("Workbook of {unit}, {period}", unit=plain(workspace().unit_name(unit, view.language)),
              period=speak.period(period)),
        lambda: handing_in.make_template(workspace(), actor, unit, period, speak),
        file_name=file_name(form), mime=MEDIA_TYPES["xlsx"], icon=":material/download:", on_click="ignore",
        key="template",
    )  # fmt: skip
    st.subheader(speak("2. Hand it in again, filled in"))
    told("submit")
    _own_words(view)
    version = st.session_state.get("upload_version", 0)
    file = st.file_uploader(
        speak("The filled-in workbook (.xlsx, .ods or .csv; at most {size} MB)", size=MAX_FILE_BYTES // 1_000_000),
        key=f"workbook_{unit}_{period}_{version}",
        max_upload_size=MAX_FILE_BYTES // 1_000_000,
    )  # fmt: skip
    if file is not None:
        _show_file(view, actor, unit, period, Upload(file.name, file.getvalue()))
    _own(view, actor, unit)


def _own_words(view: View) -> None:
    """Put the reader's language where Streamlit's uploader speaks English only; the limits stand in its label."""
    zone = "[data-testid=stFileUploaderDropzone]"
    words = view.speak("Choose a file")
    st.html(
        f"<style>[data-testid=stFileUploaderDropzoneInstructions] {{ display: none; }}"
        f"{zone} button [data-testid=stMarkdownContainer] p {{ font-size: 0; }}"
        f"{zone} button [data-testid=stMarkdownContainer] p::after {{ content: '{words}'; font-size: 1rem; }}</style>"
    )


def _choose(view: View, actor: Actor) -> tuple[str, str]:
    speak, catalogue = view.speak, workspace().catalogue()
    units = [unit.unit_code for unit in catalogue.units if unit.is_member and may(actor, "handin", unit.unit_code)]
    if not units:
        st.warning(speak("Your ward is not a member of this block. Ask the administrator to correct your role."))
        st.stop()
    periods = choosable_periods(catalogue, datetime.now(TIME_ZONE).date())
    left, right = st.columns(2)
    unit = left.selectbox(
        speak("Unit"), units, format_func=lambda code: workspace().unit_name(code, view.language), key="submit_unit"
    )
    # The last period that is over is what most come for; the one that runs stands above it.
    period = right.selectbox(
        speak("Period"), periods, index=min(1, len(periods) - 1), format_func=speak.period, key="submit_period"
    )
    return unit, period


def _show_file(view: View, actor: Actor, unit: str, period: str, upload: Upload) -> None:
    speak = view.speak
    seen = _judge(view, actor, unit, period, upload)
    if seen is None:
        return
    judged = seen.judged
    if judged.faults or seen.shown is None:
        count = len(judged.faults)
        st.error(speak("{count} faults. Nothing was handed in. Mend them, then choose the file again.", count=count))
        st.html(components.text_table(tables.findings_table(judged.faults, speak)))
        if judged.grid is not None:
            grid = judged.grid
            st.download_button(
                speak("Copy with the faulty cells marked"),
                lambda: marked_copy(grid, upload.content, judged.findings, speak),
                file_name="marked_" + judged.name.rpartition(".")[0] + ".xlsx", mime=MEDIA_TYPES["xlsx"],
                icon=":material/format_color_fill:", on_click="ignore", key="marked",
            )  # fmt: skip
        return
    st.success(speak("{count} figures, no fault. This is what they would change:", count=len(judged.figures)))
    if judged.findings:
        with st.expander(speak("{count} things worth a second look", count=len(judged.findings)), expanded=True):
            st.html(components.text_table(tables.findings_table(judged.findings, speak)))
    preview_part(view, seen.shown)
    st.subheader(speak("3. Evidence, and hand in"))
    version = st.session_state.get("upload_version", 0)
    files = f"evidence_{unit}_{period}_{version}"
    st.file_uploader(
        speak("Evidence: PDF files or pictures (at most {size} MB each)", size=MAX_EVIDENCE_BYTES // 1_000_000),
        accept_multiple_files=True, key=files,
        max_upload_size=MAX_EVIDENCE_BYTES // 1_000_000,
    )  # fmt: skip
    st.text_area(speak("Note to those who check"), key=f"handin_note_{version}", max_chars=2000)
    st.button(
        speak("Hand in"), type="primary", key="handin", icon=":material/send:", on_click=_hand_in,
        args=(view, unit, period, upload, files, f"handin_note_{version}", seen.shown.head),
    )  # fmt: skip


def _judge(view: View, actor: Actor, unit: str, period: str, upload: Upload) -> _Seen | None:
    """Judge a file once for each state of what it is compared with."""
    key = (sha256(upload.content).hexdigest(), upload.name, unit, period, view.language, workspace().ledger.head)
    kept: dict[Any, _Seen] = st.session_state.setdefault("judged", {})
    if key in kept:
        return kept[key]
    try:
        limits()["judge"].count(actor.identity)
        with st.spinner(view.speak("Reading the workbook")):
            judged, form = handing_in.validate_file(workspace(), actor, unit, period, upload, view.speak)
            shown = None
            if not judged.faults:
                draft = handing_in.draft_of(workspace(), actor, form, judged, view.speak)
                shown = preview(workspace(), form, draft, store().snapshot(view.snapshot_id))
    except (RateError, WardStatsError) as error:
        st.error(plain(refusal(error, view.speak)))
        return None
    kept.clear()
    kept[key] = _Seen(judged, form, shown)
    return kept[key]


def preview_part(view: View, shown: Preview) -> None:
    """Draw what figures would do to points and rank, and each of them."""
    speak = view.speak
    if note := tables.dropped_note(shown, speak):
        st.warning(note, icon=":material/swap_horiz:")
    if cards := tables.standing_cards(shown, speak):
        st.html(components.cards(Card(*card) for card in cards))
    st.html(components.text_table(tables.preview_table(shown, workspace().catalogue(), speak)))


def _hand_in(view: View, unit: str, period: str, upload: Upload, files: str, note: str, head: int) -> None:
    """Hand in, as whoever is signed in at this moment.

    Evidence and note are read here, from their widgets: the page may not have been drawn again since they were given.
    """
    typed = st.session_state

    def work() -> None:
        actor = acting("handin")
        evidence = [Upload(item.name, item.getvalue()) for item in typed.get(files) or ()]
        entry = handing_in.hand_in(
            workspace(), actor, unit, period, upload, evidence, view.speak, note=typed.get(note, ""), expected=head
        )
        typed["upload_version"] = typed.get("upload_version", 0) + 1
        text = view.speak("Handed in: entry {number} of the ledger, SHA-256 {digest}. It counts once it is accepted.",
                          number=entry.number, digest=entry.sha256[:16])  # fmt: skip
        tell("submit", "success", text)

    attempt(view, "submit", work)


def _own(view: View, actor: Actor, unit: str) -> None:
    """Draw what the ward handed in before, with the notes of those who checked it."""
    speak = view.speak
    own = [item for item in hand_ins(workspace().ledger.entries()) if item.unit_code == unit][:_HISTORY]
    st.subheader(speak("What was handed in before"))
    if not own:
        st.caption(speak("Nothing yet."))
    catalogue = workspace().catalogue()
    names = {item.indicator_code: item.text(view.language) for item in catalogue.indicators}
    for item in own:
        title = plain(tables.hand_in_label(item, workspace(), speak))
        with st.expander(title, expanded=item.state == "returned"):
            for entry in item.story:
                who = entry.details.get("actor_name") or entry.actor
                what = tables.action_names(speak)[entry.action]
                st.text(f"{tables.moment(entry.at, speak)} · {who}: {what}" + (f"\n{entry.note}" if entry.note else ""))
                for code, note in entry.details.get("lines", {}).items():
                    st.text(f"    {names.get(code, code)}: {note}")
            if item.state not in ("accepted", "withdrawn"):
                st.button(
                    speak("Withdraw"), key=f"withdraw_{item.subject}", icon=":material/undo:", on_click=_withdraw,
                    args=(view, item.subject, item.last_number),
                )  # fmt: skip
            else:
                st.caption(state_names(speak)[item.state])


def _withdraw(view: View, subject: str, seen: int) -> None:
    def work() -> None:
        handing_in.withdraw(workspace(), acting(), subject, expected=seen)
        tell("submit", "success", view.speak("Withdrawn."))

    attempt(view, "submit", work)
