"""Who may upload, and how much: a session to which a page shows a place for files, within totals for it and for all.

Streamlit takes files of 10 MB from any open tab, as many as are sent, and keeps them in memory. Here a file is refused
before its first byte is read. A page opens its session with ``Uploads.open``; Streamlit itself forgets the files of a
session that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from wardstats.core.languages import Translator, best_language, translator
from wardstats.frontend.streamlit_files import NotAsExpectedError, module

MEGABYTE = 1_000_000
_PATH = "/_stcore/upload_file/"
_LEAST = 64_000  # bytes that a file counts at least: there is more to keep than its content


@dataclass(frozen=True)
class UploadLimits:
    """How much is kept at the same time.

    Attributes:
        session_bytes: Of one session: a workbook, evidence of 40 MB, and once more what replaces some of it.
        total_bytes: Of all sessions together.
        file_bytes: What a file counts whose size is not announced.
        names: Files that a session may ask places for at once.
    """

    session_bytes: int = 80 * MEGABYTE
    total_bytes: int = 400 * MEGABYTE
    file_bytes: int = 11 * MEGABYTE
    names: int = 40


def _held() -> Mapping[str, Mapping[str, Any]]:
    """Return the files that Streamlit keeps, by session and id."""
    return runtime.get_instance().uploaded_file_mgr.file_storage if runtime.exists() else {}  # pyright: ignore


def _is_connected(session_id: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session_id)


class Uploads:
    """The sessions that may upload, and what is on its way."""

    def __init__(
        self,
        limits: UploadLimits = UploadLimits(),
        held: Callable[[], Mapping[str, Mapping[str, Any]]] = _held,
        is_connected: Callable[[str], bool] = _is_connected,
    ) -> None:
        """Nobody may upload yet; a test brings its own files and sessions."""
        self.limits = limits
        self._held, self._is_connected = held, is_connected
        self._open: dict[str, Translator] = {}
        self._arriving: dict[object, tuple[str, int]] = {}

    def open(self, session_id: str, speak: Translator) -> None:
        """Let a session upload, as long as it is connected; refusals are told in its reader's language."""
        others = {each: words for each, words in list(self._open.items()) if self._is_connected(each)}
        self._open = others | {session_id: speak}

    def close(self, session_id: str) -> None:
        """Let a session upload no longer."""
        self._open = {each: words for each, words in list(self._open.items()) if each != session_id}

    def refusal(
        self, session_id: str, size: int = 0, speak: Translator | None = None, count: int = 1
    ) -> tuple[HTTPStatus, str] | None:
        """Tell why a session may not upload so many bytes more, or return None.

        Args:
            session_id: Whose files.
            size: Bytes, where they are known.
            speak: The language where the session has told none.
            count: How many files.
        """
        speak = self._open.get(session_id) or speak or translator("en")
        if session_id not in self._open:
            return HTTPStatus.FORBIDDEN, speak(
                "Files can be uploaded only by somebody who is signed in and may submit."
            )
        if count > self.limits.names:
            told = speak("Choose at most {count} files at once.", count=self.limits.names)
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told
        used, total = self._used(session_id), self._used()
        size = max(size, _LEAST)
        if used + size > self.limits.session_bytes:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, speak(
                "Your files would take {size} MB together; {most} MB are possible. Remove some, then try again.",
                size=speak.number((used + size) / MEGABYTE, 0),
                most=speak.number(self.limits.session_bytes / MEGABYTE, 0),
            )
        if total + size > self.limits.total_bytes:
            return HTTPStatus.SERVICE_UNAVAILABLE, speak(
                "Many people are uploading files right now. Try again in a few minutes; nothing of yours is lost."
            )
        return None

    @contextmanager
    def arriving(self, session_id: str, size: int) -> Iterator[None]:
        """Count a file while it arrives."""
        file = object()
        self._arriving[file] = session_id, max(size, _LEAST)
        try:
            yield
        finally:
            del self._arriving[file]

    def _used(self, session_id: str | None = None) -> int:
        """Return the bytes that a session's files take, or those of all."""
        kept = list(self._held().items())
        files = [file for whose, found in kept if session_id in (None, whose) for file in list(found.values())]
        arriving = [size for whose, size in self._arriving.values() if session_id in (None, whose)]
        return sum(max(len(file.data) + len(file.name) + len(file.type), _LEAST) for file in files) + sum(arriving)


class UploadGuard:
    """Middleware that refuses files before they are read."""

    def __init__(self, app: ASGIApp, uploads: Uploads) -> None:
        """Stand before an application."""
        self.app, self.uploads = app, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a file, or count it while it arrives; hand everything else on."""
        _, is_upload, address = scope["path"].partition(_PATH) if scope["type"] == "http" else ("", "", "")
        if not is_upload or scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        headers, session_id = Headers(scope=scope), address.partition("/")[0]
        announced = headers.get("content-length", "")
        size = int(announced) if announced.isascii() and announced.isdecimal() else self.uploads.limits.file_bytes
        speak = translator(best_language(headers.get("accept-language", "").split(",")[0], "vi"))
        if refused := self.uploads.refusal(session_id, size, speak):
            await PlainTextResponse(refused[1], refused[0], {"connection": "close"})(scope, receive, send)
            return
        with self.uploads.arriving(session_id, size):
            await self.app(scope, receive, send)


def check_what_is_counted() -> None:
    """Check that Streamlit keeps uploaded files where they are counted.

    Raises:
        NotAsExpectedError: It keeps them elsewhere, or takes them under another address.
    """
    manager = getattr(module("streamlit.runtime.memory_uploaded_file_manager"), "MemoryUploadedFileManager", None)
    fields = getattr(module("streamlit.runtime.uploaded_file_manager").UploadedFileRec, "_fields", ())
    routes = module("streamlit.web.server.starlette.starlette_routes")
    if manager is None or not hasattr(manager(""), "file_storage") or not {"name", "type", "data"} <= set(fields):
        raise NotAsExpectedError("uploaded files are not in MemoryUploadedFileManager.file_storage")
    if f"/{getattr(routes, 'BASE_ROUTE_UPLOAD_FILE', '')}/" != _PATH:
        raise NotAsExpectedError(f"files are not uploaded to {_PATH}")
