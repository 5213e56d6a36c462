"""PDF files that prove figures: read to their end, without anything that acts by itself or hides behind them."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_OBJECTS = 200_000
MAX_PAGES = 2_000
_ENDS_WITHIN = 2_048  # bytes before the end
_ACTS = {"/JavaScript": "script", "/Rendition": "script", "/Launch": "program", "/ImportData": "program",
         "/SubmitForm": "program", "/GoToE": "embedded", "/RichMediaExecute": "program"}  # fmt: skip
_HOLDS = {"/JS": "script", "/XFA": "script", "/JavaScript": "script", "/EmbeddedFiles": "embedded", "/EF": "embedded",
          "/RichMediaContent": "embedded"}  # fmt: skip
_TYPES = {"/EmbeddedFile": "embedded", "/FileAttachment": "embedded", "/RichMedia": "embedded", "/3D": "embedded",
          "/Movie": "embedded", "/Screen": "embedded"}  # fmt: skip
# What other readers may find where this one does not look; so long that no compressed data holds it by chance.
_PLAIN = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)(?=[\s/<>()\[\]]|$)")


class DocumentError(Exception):
    """A PDF file cannot be kept. ``reason`` is damaged, password, script, program, embedded, behind or large."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(reason)


def check_pdf(content: bytes) -> None:
    """Read a PDF file to its end; nothing is changed in it.

    Raises:
        DocumentError: It is cut off, damaged or locked, holds what acts by itself or another file, or has no end.
    """
    from pypdf import PdfReader  # here, because most commands need none

    _check_end(content)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would tell of every oddity of a stranger's file
    try:
        _check_objects(PdfReader(io.BytesIO(content)))
    except DocumentError:
        raise
    # Readers of other people's files fail in more ways than they declare; whatever it is, it is not whole.
    except Exception:  # noqa: BLE001
        raise DocumentError("damaged") from None
    if found := _PLAIN.search(content):
        raise DocumentError({b"J": "script", b"L": "program"}.get(found[1][:1], "embedded"))


def _check_end(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content[max(0, end - _ENDS_WITHIN) : end]:
        raise DocumentError("damaged")
    if content[end + 5 :].strip(b"\x00\t\n\x0c\r "):
        raise DocumentError("behind")
    if _holds_archive(content):
        raise DocumentError("behind")


def _holds_archive(content: bytes) -> bool:
    """Tell whether the same file is an archive too, for programs that read it from its end."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return False


def _check_objects(reader: PdfReader) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentError("password")
    count = len(reader.pages)
    if not count:
        raise DocumentError("damaged")
    if count > MAX_PAGES:
        raise DocumentError("large")
    for found in _dictionaries(reader.trailer):
        for key in found:
            if reason := _HOLDS.get(str(key)):
                raise DocumentError(reason)
        for key in ("/S", "/Type", "/Subtype"):
            value = str(found.raw_get(key)) if key in found else ""
            if reason := _ACTS.get(value) if key == "/S" else _TYPES.get(value):
                raise DocumentError(reason)
    for page in reader.pages:
        if "/Contents" in page and page["/Contents"].get_object() is None:
            raise DocumentError("damaged")


def _dictionaries(trailer: Any) -> Iterator[Any]:
    """Return every dictionary that can be reached from a file's trailer, each once."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [trailer]
    count = 0
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = found.idnum, found.generation
            if place in seen:
                continue
            seen.add(place)
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            waiting.extend(found.raw_get(key) for key in found)
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))
        count += 1
        if count > MAX_OBJECTS * 10 or len(seen) > MAX_OBJECTS:
            raise DocumentError("large")
