"""What the pages of handing in and checking share: choosing a ward and period, judging a file, previews, and steps.

The steps are what buttons do: each is taken as whoever is signed in at that moment, and what was typed is read then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wardstats.boards.check.hand_ins import Step
from wardstats.boards.check.overview import draw_overview, owed
from wardstats.boards.check.review import FILES, ReviewLine, review_file
from wardstats.boards.club.topics import TAB, owed_answers
from wardstats.boards.print.file_names import PDF
from wardstats.boards.print.receipt import receipt_file, receipt_pdf
from wardstats.boards.submit import dropped_note, preview_table, standing_cards
from wardstats.charts.html import components
from wardstats.core.errors import WardStatsError
from wardstats.core.export_files import FORMATS
from wardstats.core.languages import Translator, local_today
from wardstats.intake import checking, handing_in
from wardstats.intake.evidence import safe_media_type
from wardstats.intake.faults import IntakeError
from wardstats.intake.form import Form, choosable_periods
from wardstats.intake.handing_in import Upload
from wardstats.intake.health import refusal
from wardstats.intake.judge import LIMITS
from wardstats.intake.overview import EVERYTHING, Chosen
from wardstats.intake.preview import Preview, preview
from wardstats.intake.queue import HandIn
from wardstats.intake.validation import Validated
from wardstats.intake.words import action_names
from wardstats.ledger import Attachment, Entry
from wardstats.ledger.access import Action, Actor, RateError, may, require
from wardstats.session.appraisal import appraisal_fields, appraised_figures
from wardstats.session.caches import session_id, store, uploads
from wardstats.session.frame import html
from wardstats.session.signin import (
    acting,
    at_click,
    attempt,
    explained,
    limits,
    plain,
    tell,
    told,
    visitor,
    workspace,
)
from wardstats.view.addresses import page_address
from wardstats.view.view import View

_OVERVIEW_EVERY_S = 10.0
_PATIENCE_S = 1.0  # a file that takes longer is told how long it may take


@dataclass(frozen=True)
class Seen:
    """What was shown of one file: judged once, not at every click."""

    judged: Validated
    form: Form
    shown: Preview | None


def units_of(actor: Actor, action: Action) -> list[str]:
    """Return the members for which somebody may do something."""
    members = [unit.unit_code for unit in workspace().catalogue().units if unit.is_member]
    return [code for code in members if may(actor, action, code)]


def choose_ward(view: View, units: Sequence[str], key: str) -> tuple[str, str]:
    """Let the reader choose a ward and a period; the last period that is over stands first, the one that runs above."""
    speak = view.speak
    periods = choosable_periods(workspace().catalogue(), local_today())
    left, right = st.columns(2)
    unit = left.selectbox(
        speak("Unit"), units, format_func=lambda code: workspace().unit_name(code, view.language), key=f"{key}_unit"
    )
    period = right.selectbox(
        speak("Period"), periods, index=min(1, len(periods) - 1), format_func=speak.period, key=f"{key}_period"
    )
    return unit, period


@st.fragment(run_every=_OVERVIEW_EVERY_S)
def hand_in_overview(view: View, action: Action, chosen: Chosen = EVERYTHING) -> None:
    """Draw where the wards for which the visitor may do something stand with the last periods; follows the ledger."""
    with explained(view):
        actor = visitor()
        units = units_of(actor, action) if actor else []
        if not units:  # the right was taken away while the page was open
            return
        opens = action == "read_queue"
        address = partial(page_address, view, "check") if opens else None
        shown = draw_overview(workspace(), units, local_today(), view.speak, address, chosen)
        if shown.finding:
            html(view, components.paragraph(shown.finding))
        html(view, shown.table)


def owed_notice(view: View, actor: Actor | None) -> None:
    """Tell on every page what a ward still has to hand in or to answer, and the head what waits; with the way there."""
    if actor is None or actor.role == "viewer":
        return
    speak, notes = view.speak, []
    try:
        if actor.unit_code and actor.unit_code in units_of(actor, "handin"):
            text = owed(workspace(), actor.unit_code, local_today(), speak)
            notes.append((text, speak("Submit"), page_address(view, "submit")))
        club = page_address(view, "club", tab=TAB)
        notes += [(text, link, club) for text, link in owed_answers(workspace(), actor, local_today(), speak)]
    except WardStatsError:  # the pages that cannot do without the data folder say what is wrong with it
        return
    for text, link, address in notes:
        if text:
            html(view, components.note_with_link(text, link, address))


def prepare_uploader(view: View) -> None:
    """Let this session upload, and put the reader's language where Streamlit's uploader speaks English only.

    The limits stand in the uploader's label.
    """
    uploads.open(session_id(), view.speak)
    zone = "[data-testid=stFileUploaderDropzone]"
    words = view.speak("Choose a file")
    st.html(
        f"<style>[data-testid=stFileUploaderDropzoneInstructions] {{ display: none; }}"
        f"{zone} button [data-testid=stMarkdownContainer] p {{ font-size: 0; }}"
        f"{zone} button [data-testid=stMarkdownContainer] p::after {{ content: '{words}'; font-size: 1rem; }}</style>"
    )


def judged(view: View, actor: Actor, unit: str, period: str, upload: Upload) -> Seen | None:
    """Judge a file, once for each state of what it is compared with; what keeps it from being judged is said here."""
    key = (sha256(upload.content).hexdigest(), upload.name, unit, period, view.language, workspace().ledger.head)
    kept: dict[Any, Seen] = st.session_state.setdefault("judged", {})
    if key in kept:
        return kept[key]
    try:
        limits()["judge"].count(actor.identity)
        with st.spinner(view.speak("Reading the workbook")):
            progress = partial(_progress, st.empty(), view.speak)
            found, form = handing_in.validate_file(workspace(), actor, unit, period, upload, view.speak, progress)
            shown = None
            if not found.faults:
                draft = handing_in.draft_of(workspace(), actor, form, found, view.speak)
                shown = preview(workspace(), form, draft, store().snapshot(view.snapshot_id))
    except (RateError, WardStatsError) as error:
        st.error(plain(refusal(error, view.speak)))
        return None
    kept.clear()
    kept[key] = Seen(found, form, shown)
    return kept[key]


def _progress(place: DeltaGenerator, speak: Translator, seconds: float) -> None:
    """Draw how long a file has been read so far; the run ends here where its reader has left or chosen another."""
    st.session_state.get("judged")  # each look at it is where Streamlit ends a run that nobody waits for
    if seconds >= _PATIENCE_S:
        most = LIMITS.seconds
        text = speak("Reading the workbook: {seconds} s, at most {most}", seconds=int(seconds), most=int(most))
        place.progress(min(seconds / most, 1.0), text)


def preview_part(view: View, shown: Preview) -> None:
    """Draw what figures would do to points and rank, and each of them."""
    preview_cards(shown, view.speak)
    st.html(components.text_table(preview_table(shown, workspace().catalogue(), view.speak)))


def preview_cards(shown: Preview, speak: Translator) -> None:
    """Draw what figures would do to rank, points and coverage, and which made-up ones would go."""
    if note := dropped_note(shown, speak):
        st.warning(plain(note), icon=":material/swap_horiz:")
    if cards := standing_cards(shown, speak):
        st.html(components.cards(cards))


def preview_of(view: View, item: HandIn) -> Preview:
    """Preview what accepting a hand-in would do."""
    return _kept_preview(item.subject, item.last_number, workspace().ledger.head, view.snapshot_id, item)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs={HandIn: lambda item: item.subject})
def _kept_preview(subject: str, last: int, head: int, snapshot_id: str, item: HandIn) -> Preview:
    """Preview a hand-in once for all who look at it."""
    form = workspace().form(item.unit_code, item.period)
    return preview(workspace(), form, item.proposal, store().snapshot(snapshot_id))


def file_buttons(item: HandIn, speak: Translator) -> None:
    """Offer the files of every version of a hand-in."""
    files: dict[str, Attachment] = {file.sha256: file for entry in item.story for file in entry.attachments}
    st.subheader(speak("Files"), anchor=FILES)  # what a line names as its evidence leads here
    with st.container(horizontal=True, gap="small"):
        for digest, file in files.items():
            content = partial(_content, item.unit_code, workspace().ledger.path(digest))
            st.download_button(
                plain(file.name), at_click(content), file_name=file.name, mime=safe_media_type(file.media_type),
                icon=":material/attach_file:", on_click="ignore", key=f"file_{item.subject}_{digest[:16]}",
            )  # fmt: skip


def review_downloads(view: View, item: HandIn, form: Form, lines: Sequence[ReviewLine]) -> None:
    """Offer the table of review as files."""

    def written(kind: str, actor: Actor) -> bytes:
        require(actor, "read_queue", item.unit_code)
        return FORMATS[kind][0](review_file(view, item, form, lines))

    with st.container(horizontal=True, gap="small"):
        for kind in ("CSV", "Excel"):
            _, ending, mime = FORMATS[kind]
            st.download_button(
                view.speak("Download {format}", format=kind), at_click(partial(written, kind)), mime=mime,
                file_name=f"wardstats_review_{item.subject}.{ending}", icon=":material/download:", on_click="ignore",
                key=f"review_{item.subject}_{ending}",
            )  # fmt: skip


def receipt_button(view: View, item: HandIn, key: str) -> None:
    """Offer the receipt of a hand-in, to print."""

    def made(actor: Actor) -> bytes:
        require(actor, "handin", item.unit_code)
        return receipt_pdf(view, workspace(), item)

    st.download_button(
        view.speak("Receipt to print (PDF)"), at_click(made), file_name=receipt_file(view, item), mime=PDF,
        icon=":material/print:", on_click="ignore", key=f"{key}_{item.subject}",
    )  # fmt: skip


def _content(unit: str, path: Path, actor: Actor) -> bytes:
    require(actor, "read_queue", unit)
    return path.read_bytes() if path.is_file() else b""


def step_form(view: View, item: HandIn, offers: Sequence[tuple[Action, str, str, Step]]) -> None:
    """Draw the fields of notes, and the buttons of the steps that are offered."""
    speak = view.speak
    names = {found.indicator_code: found.text(view.language) for found in workspace().catalogue().indicators}
    with st.container(border=True):
        lines = st.multiselect(
            speak("Lines with a note"), list(item.figures), format_func=lambda code: names.get(code, str(code)),
            key=f"noted_{item.subject}", placeholder=speak("Choose indicators"),
        )  # fmt: skip
        for code in lines:
            st.text_input(plain(names.get(code, str(code))), key=f"line_{item.subject}_{code}", max_chars=500)
        if any(action == "appraise" for action, *_ in offers):
            appraisal_fields(item, names, speak)
        st.text_area(speak("Note on the whole"), key=f"note_{item.subject}_{item.last_number}", max_chars=2000)
        with st.container(horizontal=True, gap="small"):
            for action, label, icon, work in offers:
                st.button(
                    label, key=f"{action}_{item.subject}", icon=icon, on_click=take,
                    type="primary" if action == "accept" else "secondary",
                    args=(view, work, item.subject, item.last_number),
                )  # fmt: skip
        told(f"step_{item.subject}")


def hand_in(view: View, unit: str, period: str, upload: Upload, files: str, note: str, head: int) -> None:
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
        typed["handed_in"] = entry.subject
        text = view.speak("Submitted: entry {number} of the ledger, SHA-256 {digest}. It counts once it is accepted.",
                          number=entry.number, digest=entry.sha256[:16])  # fmt: skip
        changed = [notice.told(view.speak) for notice in handing_in.evidence_notices(entry)]
        tell("submit", "success", " ".join([text, *changed]))

    attempt(view, "handin", work)


def withdraw(view: View, subject: str, seen: int) -> None:
    """Take a hand-in back."""

    def work() -> None:
        handing_in.withdraw(workspace(), acting(), subject, expected=seen)
        tell("submit", "success", view.speak("Withdrawn."))

    attempt(view, f"withdraw_{subject}", work)


def take(view: View, work: Step, subject: str, seen: int) -> None:
    """Take a step with a hand-in. What was typed is read here: the page may not have been drawn again since."""
    typed = st.session_state
    lines = {code: typed.get(f"line_{subject}_{code}", "") for code in typed.get(f"noted_{subject}", ())}

    def step() -> None:
        note, more = typed.get(f"note_{subject}_{seen}", ""), {}
        if own := appraised_figures(workspace(), subject, view.speak):
            if work is not checking.appraise:
                raise IntakeError(
                    lambda speak: speak(
                        "Figures of your own are typed for this submission. Record the appraisal first, or leave those "
                        "lines out."
                    )
                )
            more = {"figures": own, "speak": view.speak}
        entry = work(workspace(), acting(), subject, note=note, lines=lines, expected=seen, **more)
        done(view, f"step_{subject}", entry)

    attempt(view, f"step_{subject}", step)


def done(view: View, key: str, entry: Entry, what_for: str = "") -> None:
    """Tell beside a button that its step was taken; ``what_for`` says with which number."""
    what = action_names(view.speak)[entry.action]
    text = view.speak("Entry {number} of the ledger: {action}.", number=entry.number, action=what)
    tell(key, "success", f"{text} {what_for}".strip())
