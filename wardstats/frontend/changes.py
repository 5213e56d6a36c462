"""The registry of everything that is changed of Streamlit as it runs: what each change expects, and whether it applies.

A change that finds Streamlit built otherwise leaves it as it is: pages work, only slower. It is logged once at the
start, and /healthz tells it. ``WARDSTATS_PLAIN_STREAMLIT=1`` makes none of them.

Guards are changes that keep a visitor from harming others. They are always made: no setting leaves them out, and a
server on which one does not apply does not start.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from wardstats.frontend import drawing_program
from wardstats.frontend.browser_messages import take_needed_messages_only
from wardstats.frontend.compressed_files import EAGER_SCRIPTS, ICONS, ICONS_OF_STREAMLIT, CompressedFiles
from wardstats.frontend.ended_sessions import end_sessions_on_time
from wardstats.frontend.first_page import Card, CompletePage, FirstPage, no_card
from wardstats.frontend.one_app import make_one_app
from wardstats.frontend.sockets import send_at_once
from wardstats.frontend.streamlit_files import (
    STREAMLIT_FILES,
    NotAsExpectedError,
    files_like,
    first_scripts,
    first_styles,
    index,
)
from wardstats.frontend.theme import read_theme_once
from wardstats.frontend.uploads import UploadGuard, Uploads, check_what_is_counted

_LOG = logging.getLogger(__name__)
_HAS_DIGEST = re.compile(r"\.[\w-]{8}\.(?:js|css)$")
_PLAIN = "WARDSTATS_PLAIN_STREAMLIT is set"


@dataclass
class _Files:
    """Streamlit's files, and what has been decided to send in their place."""

    folder: Path
    traces: Collection[str]
    warm: list[str] | None = None  # None: they are sent by Streamlit itself
    replaced: dict[str, bytes] = field(default_factory=dict)
    eager: set[str] = field(default_factory=set)
    page: CompletePage | None = None
    uploads: Uploads = field(default_factory=Uploads)

    def replace(self, pattern: str, edit: Callable[[bytes], bytes]) -> None:
        """Send an edited file instead of the one whose name is like a pattern."""
        self.must_be_ours()
        found = files_like(self.folder / "static", pattern)
        if len(found) > 1:
            raise NotAsExpectedError(f"there are {len(found)} files {pattern}, not one")
        [file] = found
        self.replaced[file.name] = edit(self.replaced.get(file.name) or file.read_bytes())

    def must_be_ours(self) -> None:
        """Refuse a change of files that Streamlit sends itself."""
        if self.warm is None:
            raise NotAsExpectedError("files_compressed does not apply, and it is what sends changed files")


def _compress(files: _Files) -> None:
    scripts = first_scripts(files.folder)
    first = [*first_styles(files.folder), *(f"js/{name}" for name in scripts)]
    if not scripts:
        raise NotAsExpectedError("index.html names no script below ./static/js/")
    if without := [name for name in first if not _HAS_DIGEST.search(name)]:
        raise NotAsExpectedError(f"{without[0]} has no digest in its name")
    if gone := [name for name in first if not (files.folder / "static" / name).is_file()]:
        raise NotAsExpectedError(f"index.html names {gone[0]}, which is not in static/static/")
    files.warm = first


def _compile_whole(files: _Files) -> None:
    files.must_be_ours()
    files.eager = {file.name for pattern in EAGER_SCRIPTS for file in files_like(files.folder / "static/js", pattern)}


def _complete_page(files: _Files) -> None:
    files.page = CompletePage(files.folder)
    if files.warm is not None:
        files.warm += [f"js/{name}" for name in files.page.scripts]


def _send_at_once(_: _Files) -> None:
    if not send_at_once():
        raise NotAsExpectedError("this process has no TCP socket to serve on")


@dataclass(frozen=True)
class Change:
    """One thing that is changed of Streamlit.

    Attributes:
        name: What docs/architecture.md, /healthz and the log call it.
        expects: What of Streamlit it relies on.
        make: Makes it; raises NotAsExpectedError, and changes nothing, where Streamlit is built otherwise.
        at_start: It changes the running process, not what is sent: made once the server starts.
        is_guard: It protects: made always, and the server does not start without it.
    """

    name: str
    expects: str
    make: Callable[[_Files], None]
    at_start: bool = False
    is_guard: bool = False


CHANGES = (  # those of files follow the one that sends files
    Change("files_compressed", "scripts and style sheets below ./static/, digests in their names", _compress),
    Change(
        "drawing_program_cut",
        "Plotly in one script, its kinds of trace in a list of lib/index.js",
        lambda files: files.replace(
            drawing_program.NAMES, lambda script: drawing_program.only_traces(script, files.traces)
        ),
    ),
    Change(
        "figures_drawn_once",
        "a width that PlotlyChart asks for, one copy of a figure for its theme, and one place that makes it draggable",
        lambda files: files.replace(drawing_program.NAMES, drawing_program.drawn_once),
    ),
    Change(
        "icons_cut",
        "one font of icons",
        lambda files: files.replace(ICONS_OF_STREAMLIT, lambda _: ICONS.read_bytes()),
    ),
    Change("scripts_compiled_whole", "the scripts of the page under the names they have", _compile_whole),
    Change("first_page", "one index.html, a script of each component, BACKEND_BASE_URL", _complete_page),
    Change("sockets_without_delay", "a TCP socket that is open when the server starts", _send_at_once, at_start=True),
    Change("theme_read_once", "AppSession reads the theme by one function", lambda _: read_theme_once(), at_start=True),
    Change("one_app", "PagesManager.uses_pages_directory", lambda _: make_one_app(), at_start=True),
    Change(
        "needed_messages_only",
        "AppSession.handle_backmsg, messages and operations under the names they have",
        lambda files: take_needed_messages_only(files.uploads),
        at_start=True,
        is_guard=True,
    ),
    Change(
        "uploads_bounded",
        "files put to /_stcore/upload_file/, kept in MemoryUploadedFileManager.file_storage",
        lambda _: check_what_is_counted(),
        at_start=True,
        is_guard=True,
    ),
    Change(
        "sessions_end_on_time",
        "sessions without a tab in MemorySessionStorage, which expire",
        lambda _: end_sessions_on_time(),
        at_start=True,
        is_guard=True,
    ),
)
GUARDS = tuple(change.name for change in CHANGES if change.is_guard)


class Changes:
    """The changes of one server: makes them, and knows which apply."""

    def __init__(
        self,
        traces: Collection[str],
        plain: bool = False,
        folder: Path = STREAMLIT_FILES,
        uploads: Uploads | None = None,
    ) -> None:
        """Make the changes of what is sent.

        Args:
            traces: Kinds of trace that charts use, beside scatter.
            plain: Make the guards only.
            folder: Streamlit's files.
            uploads: Who may upload; nobody where it is not given.
        """
        self._is_plain = plain
        self._files = _Files(folder, traces, uploads=uploads or Uploads())
        self._why_not: dict[str, str | None] = {}
        self._make(at_start=False)

    def start(self) -> None:
        """Make the changes of the running process, and log once which do not apply. Call it before ``gc.freeze``.

        Raises:
            NotAsExpectedError: A guard does not apply: the server must not start.
        """
        self._make(at_start=True)
        count, version, not_applied = len(CHANGES), st.__version__, self.report()["not_applied"]
        if self._is_plain:
            left_out = count - len(GUARDS)
            _LOG.warning("Streamlit %s is served as it comes, without %d changes: %s", version, left_out, _PLAIN)
        elif not_applied:
            told = [f"{one['name']}: expected {one['expects']}; found that {one['why']}" for one in not_applied]
            _LOG.warning(
                "%d of %d changes of Streamlit %s do not apply, so pages are slower. %s. "
                "See docs/how-to-move-to-the-next-streamlit.md",
                len(told), count, version, ". ".join(told),
            )  # fmt: skip
        else:
            _LOG.info("All %d changes of Streamlit %s apply", count, version)

    def middleware(self, card: Card = no_card) -> list[Middleware]:
        """Return what to put before Streamlit.

        Args:
            card: Tells what a messenger shows of a link to a page; called in a thread.
        """
        files, found = self._files, [Middleware(UploadGuard, uploads=self._files.uploads)]  # pyright: ignore
        if files.page is not None:
            found.append(Middleware(FirstPage, complete=files.page, card=card))  # pyright: ignore[reportArgumentType]
        if files.warm is not None:
            found.append(
                Middleware(
                    CompressedFiles,  # pyright: ignore[reportArgumentType]
                    path="/static/",
                    folder=files.folder / "static",
                    warm=files.warm,
                    replaced=files.replaced,
                    eager=files.eager,
                )
            )
        return found

    def pages(self) -> list[bytes]:
        """Return the HTML of Streamlit whose scripts may run: as it comes, and what is added to it."""
        try:
            found = [index(self._files.folder).encode()]
        except NotAsExpectedError:  # told by first_page, which expects it too
            found = []
        return found + ([self._files.page.inline()] if self._files.page is not None else [])

    def report(self) -> dict[str, list[Any]]:
        """Return the names of the changes that apply; and name, expectation and reason of those that do not."""
        made = [change for change in CHANGES if change.name in self._why_not]
        return {
            "applied": [change.name for change in made if self._why_not[change.name] is None],
            "not_applied": [
                {"name": change.name, "expects": change.expects, "why": why}
                for change in made
                if (why := self._why_not[change.name]) is not None
            ],
        }

    def _make(self, at_start: bool) -> None:
        for change in CHANGES:
            if change.at_start == at_start:
                is_left_out = self._is_plain and not change.is_guard
                self._why_not[change.name] = _PLAIN if is_left_out else self._try(change)

    def _try(self, change: Change) -> str | None:
        try:
            change.make(self._files)
        except NotAsExpectedError as error:
            if change.is_guard:
                raise NotAsExpectedError(
                    f"Streamlit {st.__version__}: the guard {change.name} expected {change.expects}; found that "
                    f"{error}. The server does not start without it. See docs/how-to-move-to-the-next-streamlit.md"
                ) from error
            return str(error)
        return None
