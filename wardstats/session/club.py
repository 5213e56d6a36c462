"""The parts of the club's pages that need a session: choosing a year, files, the calendar's address, the map."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from wardstats.boards.block import summary
from wardstats.boards.block.calendar_feed import FILE_NAME, MEDIA_TYPE, calendar_feed
from wardstats.boards.contract.board import Contract, contract_years, default_year, pledge_head
from wardstats.boards.contract.pace_path import draw_pledge_line
from wardstats.boards.models.model_map import draw_model_map
from wardstats.boards.page_frame import draw_sources
from wardstats.boards.print.block_documents import contract_file, contract_pdf, minutes_file, minutes_pdf
from wardstats.charts.html import components
from wardstats.core.languages import local_today
from wardstats.intake.evidence import safe_media_type
from wardstats.ledger import LedgerError
from wardstats.session.address import choose, share
from wardstats.session.caches import cached, places
from wardstats.session.frame import chart, html
from wardstats.session.maps import choose_panels, clickable, geography, map_panels
from wardstats.session.practices import write_practice
from wardstats.session.signin import plain, workspace
from wardstats.view.club_words import sample_words
from wardstats.view.view import View

__all__ = ["write_practice"]
_LOG = logging.getLogger(__name__)
_PER_ROW = 3


def club_summary(view: View) -> None:
    """Draw what is due next and what is behind in the contract; nothing where the block has neither."""
    if found := cached(summary.draw_summary, view, local_today()):
        html(view, f'<div class="ws-summary">{components.cards(found)}</div>')


def choose_contract_year(view: View) -> int:
    """Let the reader choose a year of the block; lives in the address as year=."""
    years = [str(year) for year in contract_years(view)]
    year = choose("year", years, str(default_year(view)))
    if len(years) > 1:
        # A browser that comes from another page with this choice may still say that nothing is chosen.
        year = st.segmented_control(view.speak("Year"), years, key="year", required=True) or year
    share(year=year)
    return int(year)


def sample_notice(view: View, has_sample: bool) -> None:
    """Say loudly that lines of the page are samples, where some are."""
    if has_sample:
        html(view, components.banner(*sample_words(view)))


def sources(view: View, *names: str) -> None:
    """Cite where the lines of some queries come from, beside the figures of the period."""
    if line := cached(draw_sources, view, names):
        html(view, line)


def contract_button(view: View, year: int) -> None:
    """Offer the whole contract as a printable file; it is made when it is asked for."""
    _pdf_button(view.speak("Whole contract (PDF)"), lambda: contract_pdf(view, year), contract_file(view, year))


def minutes_button(view: View, year: int) -> None:
    """Offer the draft of the year's minutes, likewise."""
    _pdf_button(view.speak("Draft minutes (PDF)"), lambda: minutes_pdf(view, year), minutes_file(view, year))


def _pdf_button(label: str, make: Callable[[], bytes], name: str) -> None:
    st.download_button(
        label, make, file_name=name, mime="application/pdf", icon=":material/print:", on_click="ignore", key=name
    )


def pace_lines(view: View, board: Contract, unit_code: str) -> None:
    """Draw one member's pledges, each against the line that leads to its target."""
    own = board.of(unit_code)
    for start in range(0, len(own), _PER_ROW):
        for column, pledge in zip(st.columns(_PER_ROW), own[start : start + _PER_ROW], strict=False):
            line = cached(draw_pledge_line, view, board.year, unit_code, pledge.indicator_code)
            with column:
                html(view, pledge_head(view, pledge))
                chart(line.drawing, key=f"pace_{unit_code}_{pledge.indicator_code}", alt=line.alt_text)


def calendar_buttons(view: View) -> None:
    """Offer the programme as a file, and the address that calendars subscribe to."""
    speak = view.speak
    st.download_button(
        speak("Download the calendar (.ics)"), lambda: calendar_feed(view), file_name=FILE_NAME,
        mime=MEDIA_TYPE.partition(";")[0], icon=":material/event:", on_click="ignore", key="calendar",
    )  # fmt: skip
    address = st.context.url or ""
    base = "/".join(address.split("/")[:3]) if "://" in address else ""
    st.caption(speak("Or subscribe in your calendar to this address; it follows every change:"))
    st.html(components.code(f"{base}/api/v1/{FILE_NAME}?lang={view.language}"))


def file_buttons(view: View, items: list[tuple[str, str]], key: str) -> None:
    """Offer files of the data folder as (path, title); a file that has gone since the build is left out."""
    root = places().data.resolve()
    for number, (path, title) in enumerate(items):
        file = (root / path).resolve()
        if file.is_relative_to(root) and file.is_file():
            st.download_button(
                view.speak("File: {title}", title=plain(title)), partial(_content, file), file_name=file.name,
                mime=safe_media_type(mimetypes.guess_type(file.name)[0]), icon=":material/attach_file:",
                on_click="ignore", key=f"file_{key}_{number}",
            )  # fmt: skip


def attached_files(view: View, practice_ids: list[str]) -> None:
    """Offer the files that members attached to practices they wrote here."""
    wanted = set(practice_ids)
    ledger = workspace().ledger
    try:
        entries = ledger.entries()
    except LedgerError as error:
        _LOG.error("Files of practices are not offered: %s", error)
        st.caption(view.speak("Attached files cannot be shown at the moment."))
        return
    for entry in entries:
        if entry.action == "practice_draft" and entry.subject in wanted:
            for item in entry.attachments:
                st.download_button(
                    view.speak("File: {title}", title=plain(item.name)), partial(_content, ledger.path(item.sha256)),
                    file_name=item.name, mime=safe_media_type(item.media_type), icon=":material/attach_file:",
                    on_click="ignore", key=f"attached_{entry.number}_{item.sha256[:12]}",
                )  # fmt: skip


def _content(file: Path) -> bytes:
    return file.read_bytes()


def choose_model(view: View, codes: dict[str, str]) -> str | None:
    """Let the reader choose a model for the map; lives in the address as model=."""
    names = {"": view.speak("All models"), **codes}
    choose("model", list(names), "")
    st.selectbox(view.speak("Show on the map"), list(names), key="model", format_func=names.__getitem__, width=360)
    share(model=st.session_state["model"])
    return st.session_state["model"] or None


def model_map(view: View, codes: dict[str, str]) -> None:
    """Draw how far the members are with a model on the map; nothing where no place is known."""
    if (layout := geography(view)) is None:
        return
    st.subheader(view.speak("On the map"))
    drawn = cached(draw_model_map, view, layout, local_today(), choose_model(view, codes))
    charts = [("overview", drawn.overview)]
    charts += [(code, drawn.clusters[code]) for code in choose_panels(view, list(drawn.clusters))]
    with map_panels("model_map_panels", len(charts)):
        for key, figure in charts:
            with st.container():
                clickable(view, figure, f"model_map_{key}", alt=drawn.alt_text)
