"""Files that prove figures: PDF and pictures, told by their content, within limits, kept under their digest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from wardstats.core.languages import Translator
from wardstats.intake.faults import Finding, RejectedError

MAX_FILES = 20
MAX_FILE_BYTES = 10_000_000
MAX_TOTAL_BYTES = 40_000_000
KINDS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
# puremagic looks at the first bytes; the last ones tell a file that was cut off, or one with another behind it.
_STARTS = {
    "application/pdf": re.compile(rb"%PDF-[12]\.\d"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBPVP8", re.DOTALL),
}


@dataclass(frozen=True)
class Evidence:
    """A file that was found fit to be kept."""

    name: str
    content: bytes
    media_type: str


def check_evidence(files: Sequence[tuple[str, bytes]], speak: Translator) -> list[Evidence]:
    """Return the files with their media types, by content and never by name.

    Raises:
        RejectedError: One or more cannot be kept; all faults are listed.
    """
    findings, found = [], []
    allowed = speak("a PDF file or a picture (PNG, JPEG, WebP)")
    if len(files) > MAX_FILES or sum(len(content) for _, content in files) > MAX_TOTAL_BYTES:
        size = speak.number(sum(len(content) for _, content in files) / 1e6)
        whole = speak("{count} {count:file|files}, {size} megabytes", count=len(files), size=size)
        expected = speak(
            "{count} {count:file|files}, {size} megabytes", count=MAX_FILES, size=MAX_TOTAL_BYTES // 1_000_000
        )
        findings.append(Finding(speak("Evidence"), "", whole, expected, speak("Submit fewer files.")))
    for name, content in files:
        name = safe_name(name)
        if len(content) > MAX_FILE_BYTES:
            size = speak("{size} megabytes", size=speak.number(len(content) / 1e6))
            expected = speak("at most {size} megabytes", size=MAX_FILE_BYTES // 1_000_000)
            findings.append(Finding(name, "", size, expected, speak("Make the file smaller.")))
        elif (media_type := sniff_evidence(content)) is None:
            remedy = speak("Save it as PDF, or take a picture of it.")
            findings.append(Finding(name, "", speak("a file of another kind"), allowed, remedy))
        else:
            found.append(Evidence(name, content, media_type))
    if findings:
        raise RejectedError(findings)
    return found


def sniff_evidence(content: bytes) -> str | None:
    """Return the media type of a file by its first bytes, where two ways of telling agree; None for any other."""
    import puremagic

    for media_type, start in _STARTS.items():
        if start.match(content):
            try:
                matches = puremagic.magic_string(content[:4096])
            except (puremagic.PureError, ValueError):
                return None
            return media_type if any(match.mime_type == media_type for match in matches) else None
    return None


def safe_name(name: str) -> str:
    """Return a file's name without folders, control characters and marks that turn the direction of writing."""
    base = PureWindowsPath(PurePosixPath(unicodedata.normalize("NFC", name)).name).name
    kept = "".join("_" if unicodedata.category(sign).startswith("C") or sign in '<>:"|?*' else sign for sign in base)
    return kept.strip(". ")[:120] or "file"
